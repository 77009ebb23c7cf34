package dev.islet.dns.zone;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a name with many records holds while records come and go. A {@link Node} is looked through
 * and copied for each of them, so that a million at one name would take days; here each takes the
 * time of one look into a hash table.
 */
final class Crowd {
  /** Octets of a node from which on this is worth its price. */
  static final int WORTH = 4_096;

  private final Map<Integer, Pile> piles = new LinkedHashMap<>();

  /** Takes over the sets of a node. */
  Crowd(byte[] node) {
    for (int set = Node.sets(node); set < node.length; set = Node.next(node, set)) {
      piles.put(Node.type(node, set), new Pile(node, set));
    }
  }

  Iterable<Integer> types() {
    return piles.keySet();
  }

  /** The TTL of a set; -1 if there is none. */
  int ttl(int type) {
    var pile = piles.get(type);
    return pile == null ? -1 : pile.ttl;
  }

  /** Gives another TTL to a set that is there. */
  void ttl(int type, int ttl) {
    var pile = piles.get(type);
    if (pile != null) {
      pile.ttl = ttl;
    }
  }

  /** Whether a set has the record that {@code data} begins with. */
  boolean holds(int type, byte[] data, int length) {
    var pile = piles.get(type);
    return pile != null && pile.find(data, length) >= 0;
  }

  /** Adds a record that is not there, to a set that takes over its TTL. */
  void add(int type, int ttl, byte[] data, int length) {
    var pile = piles.computeIfAbsent(type, Pile::new);
    pile.ttl = ttl;
    pile.add(data, length);
  }

  /** Takes a record away, if it is there; whether that leaves no record of its type. */
  boolean remove(int type, byte[] data, int length) {
    var pile = piles.get(type);
    int entry = pile == null ? -1 : pile.find(data, length);
    if (pile == null || entry < 0) {
      return false;
    }
    pile.remove(entry);
    if (pile.live == 0) {
      piles.remove(type);
    }
    return pile.live == 0;
  }

  /** The octets of all sets, as a node has them. */
  long bytes() {
    return piles.values().stream().mapToLong(p -> Node.SET_HEAD + (long) p.liveBytes).sum();
  }

  /**
   * A node with these sets.
   *
   * @param node has its name, and what is below it
   */
  byte[] whole(byte[] node) {
    var whole = Arrays.copyOf(node, Math.toIntExact(Node.sets(node) + bytes()));
    int at = Node.sets(node);
    for (var pile : piles.values()) {
      at = pile.write(whole, at);
    }
    return Node.marked(whole);
  }

  /** One set: records one after another, and where each begins, to be found by a hash. */
  private static final class Pile {
    private static final int GONE = -1;

    private final int type;
    private byte[] records;
    private int end;
    private int[] starts;
    private int entries;

    /** Numbers of entries, one more than they are, at the place of their hash or behind it. */
    private int[] slots;

    int ttl;
    int live;
    int liveBytes;

    Pile(int type) {
      this.type = type;
      this.records = new byte[256];
      this.starts = new int[16];
      this.slots = new int[32];
    }

    Pile(byte[] node, int set) {
      int next = Node.next(node, set);
      int count = Node.records(node, set);
      this.type = Node.type(node, set);
      this.ttl = Node.ttl(node, set);
      this.records = new byte[Math.max(16, next - set - Node.SET_HEAD)];
      this.starts = new int[Math.max(16, count)];
      this.slots = new int[Math.max(32, Integer.highestOneBit(count) * 4)];
      for (int at = set + Node.SET_HEAD; at < next; at += 2 + Node.dataLength(node, at)) {
        add(node, at + 2, Node.dataLength(node, at));
      }
    }

    void add(byte[] data, int length) {
      add(data, 0, length);
    }

    private void add(byte[] data, int from, int length) {
      int needed = Math.addExact(end, 2 + length);
      if (needed > records.length) {
        records = Arrays.copyOf(records, roomier(records.length, needed));
      }
      if (entries == starts.length) {
        starts = Arrays.copyOf(starts, roomier(entries, entries + 1));
      }
      if (entries * 2 >= slots.length) {
        widen();
      }
      Node.record(records, end, data, from, length);
      starts[entries++] = end;
      place(entries, Sameness.hash(type, data, from, length));
      end = needed;
      live++;
      liveBytes += 2 + length;
    }

    /** The number of a record that is there; -1 if it is not. */
    int find(byte[] data, int length) {
      int mask = slots.length - 1;
      for (int slot = Sameness.hash(type, data, 0, length) & mask;
          slots[slot] != 0;
          slot = slot + 1 & mask) {
        int start = starts[slots[slot] - 1];
        if (start != GONE
            && Node.dataLength(records, start) == length
            && Sameness.same(type, records, start + 2, data, 0, length)) {
          return slots[slot] - 1;
        }
      }
      return -1;
    }

    void remove(int entry) {
      live--;
      liveBytes -= 2 + Node.dataLength(records, starts[entry]);
      starts[entry] = GONE;
    }

    int write(byte[] out, int from) {
      int at = Node.head(out, from, type, ttl, live, liveBytes);
      for (int i = 0; i < entries; i++) {
        if (starts[i] != GONE) {
          int length = 2 + Node.dataLength(records, starts[i]);
          System.arraycopy(records, starts[i], out, at, length);
          at += length;
        }
      }
      return at;
    }

    private void place(int entry, int hash) {
      int mask = slots.length - 1;
      int slot = hash & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = entry;
    }

    private void widen() {
      slots = new int[slots.length * 2];
      for (int i = 0; i < entries; i++) {
        int start = starts[i];
        if (start != GONE) {
          int length = Node.dataLength(records, start);
          place(i + 1, Sameness.hash(type, records, start + 2, length));
        }
      }
    }

    private static int roomier(int now, int needed) {
      return Math.max(needed, (int) Math.min(now * 2L, Integer.MAX_VALUE - 8L));
    }
  }
}
