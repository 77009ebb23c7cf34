package dev.islet.router.rip.neighbor;

import dev.islet.core.engine.Engine;
import dev.islet.router.rip.wire.Proof;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routers heard lately, at most {@link #LIMIT} of them. Not thread-safe: the router's loop owns
 * it.
 */
public final class NeighborTable {
  /** How many neighbours are kept; more are listened to but not listed. */
  public static final int LIMIT = 1024;

  private record Key(String nic, InetAddress address) {}

  private static final class Entry {
    long heard;
    int version;
    long sequence = -1;
    long messages;
    long badMessages;
    long badEntries;
  }

  /**
   * A neighbour as people see it.
   *
   * @param heardAt nanoseconds, of the engine's clock
   * @param version of its last message
   * @param messages admitted
   * @param badMessages refused for a sequence number that went back
   * @param badEntries entries that made no sense
   */
  public record Neighbor(
      String nic,
      InetAddress address,
      long heardAt,
      int version,
      long messages,
      long badMessages,
      long badEntries) {}

  /** What hearing a router came to. */
  public enum Heard {
    /** For the first time, or for the first time since it went silent. */
    NEW,
    KNOWN,
    /** Its sequence number went back: a replay, or a restart without memory. */
    REPLAYED,
    /** The table is full. */
    UNLISTED
  }

  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  /** An admitted message has come. */
  public Heard heard(long now, String nic, InetAddress address, int version, Proof proof) {
    var key = new Key(nic, address);
    var entry = entries.get(key);
    var outcome = entry == null ? Heard.NEW : Heard.KNOWN;
    if (entry == null) {
      if (entries.size() >= LIMIT) {
        return Heard.UNLISTED;
      }
      entry = new Entry();
      entries.put(key, entry);
    }
    if (proof instanceof Proof.Digest digest) {
      if (digest.sequence() < entry.sequence) {
        entry.badMessages++;
        return Heard.REPLAYED;
      }
      entry.sequence = digest.sequence();
    }
    entry.heard = now;
    entry.version = version;
    entry.messages++;
    return outcome;
  }

  /** An entry of a neighbour made no sense. */
  public void badEntry(String nic, InetAddress address) {
    Optional.ofNullable(entries.get(new Key(nic, address))).ifPresent(e -> e.badEntries++);
  }

  /** Forgets those not heard since; their addresses. */
  public List<InetAddress> expire(long since) {
    var gone = new ArrayList<InetAddress>();
    entries
        .entrySet()
        .removeIf(
            e -> {
              boolean silent = e.getValue().heard <= since;
              if (silent) {
                gone.add(e.getKey().address());
              }
              return silent;
            });
    return gone;
  }

  /** Forgets those of an interface; their addresses. */
  public List<InetAddress> drop(String nic) {
    var gone = new ArrayList<InetAddress>();
    entries
        .keySet()
        .removeIf(
            k -> {
              if (k.nic().equals(nic)) {
                gone.add(k.address());
                return true;
              }
              return false;
            });
    return gone;
  }

  /** When the first of them will have been silent for so long; {@link Engine#NEVER} if none. */
  public long deadline(long silence) {
    long first = Engine.NEVER;
    for (var entry : entries.values()) {
      first = Math.min(first, entry.heard + silence);
    }
    return first;
  }

  /** All of them, in the order they were first heard. */
  public List<Neighbor> list() {
    return entries.entrySet().stream()
        .map(
            e ->
                new Neighbor(
                    e.getKey().nic(),
                    e.getKey().address(),
                    e.getValue().heard,
                    e.getValue().version,
                    e.getValue().messages,
                    e.getValue().badMessages,
                    e.getValue().badEntries))
        .toList();
  }
}
