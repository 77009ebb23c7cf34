package dev.islet.dns.transport;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.socket.Netlink;
import dev.islet.core.net.socket.NetlinkEvent;
import dev.islet.core.net.socket.NetlinkNeighbor;
import dev.islet.core.net.socket.NetlinkWatch;
import dev.islet.core.service.StartException;
import dev.islet.dns.filter.Cards;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The hardware addresses of those on the same link, copied from the kernel's neighbour table as it
 * changes. Whoever asks us over a link has told the kernel its hardware address before, by ARP or
 * neighbour discovery; the kernel's word of it comes by another way than the question, so that for
 * an address that is not known the kernel is asked, once in a while.
 *
 * <p>What the kernel forgets for want of use is kept here: an asker that still knows our hardware
 * address sends at once, and is to be in its group then too. Another card that takes over an
 * address is heard of and takes its place.
 */
public final class NeighborTable implements Cards, AutoCloseable {
  private static final System.Logger LOG = System.getLogger("islet.dns");
  private static final Duration TURN = Duration.ofMinutes(1);

  /** Of a small network's neighbours these are many; who makes up more makes us ask anew. */
  private static final int MOST = 4096;

  /** An asker behind a router has no entry, and asks often. */
  private static final long AGAIN = Duration.ofSeconds(10).toNanos();

  // The values are Optionals already, so that a question makes no object.
  private final Map<InetAddress, Optional<MacAddress>> cards = new ConcurrentHashMap<>();

  /** When the kernel did not know an address, by the clock of {@link System#nanoTime}. */
  private final Map<InetAddress, Long> missed = new ConcurrentHashMap<>();

  private volatile @Nullable NetlinkWatch watch;

  @Override
  public Optional<MacAddress> of(InetAddress address) {
    var known = cards.get(address);
    return known != null ? known : missing(address);
  }

  /** Asks the kernel, which answers at once; of an address that it does not know, seldom. */
  private Optional<MacAddress> missing(InetAddress address) {
    long now = System.nanoTime();
    var before = missed.get(address);
    if (watch == null || before != null && now - before < AGAIN) {
      return Optional.empty();
    }
    if (missed.size() >= MOST) {
      missed.clear();
    }
    missed.put(address, now);
    try {
      refill();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "service=dns the neighbour table cannot be read", e);
    }
    return cards.getOrDefault(address, Optional.empty());
  }

  /**
   * Begins to listen to the kernel, if it does not yet; knows all present neighbours afterwards.
   *
   * @throws StartException if the kernel cannot be asked, as elsewhere than on Linux
   */
  public synchronized void listen() {
    if (watch != null) {
      return;
    }
    try {
      var opened = NetlinkWatch.openNeighbors();
      watch = opened;
      refill();
      Thread.ofPlatform().daemon().name("dns-neighbours").start(() -> follow(opened));
    } catch (IOException e) {
      close();
      throw new StartException(
          "DNS-CARD-001",
          "the kernel's neighbour table cannot be read: " + e.getMessage(),
          "Name clients by address or network in filter.groups; hardware addresses need Linux",
          e);
    }
  }

  private void follow(NetlinkWatch opened) {
    try {
      Optional<List<NetlinkEvent>> events;
      while ((events = opened.next(TURN)).isPresent()) {
        for (var event : events.get()) {
          switch (event) {
            case NetlinkEvent.NeighborSeen(var neighbor) -> put(neighbor);
            case NetlinkEvent.Lost() -> refill();
            default -> {} // not asked for
          }
        }
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "service=dns no more hardware addresses are learned, those known are kept",
          e);
    }
  }

  private void put(NetlinkNeighbor neighbor) throws IOException {
    if (cards.size() >= MOST && !cards.containsKey(neighbor.address())) {
      cards.clear();
      refill();
    }
    cards.put(neighbor.address(), Optional.of(neighbor.mac()));
  }

  private void refill() throws IOException {
    try (var netlink = Netlink.open()) {
      netlink.neighbors().stream()
          .limit(MOST)
          .forEach(n -> cards.put(n.address(), Optional.of(n.mac())));
    }
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }
}
