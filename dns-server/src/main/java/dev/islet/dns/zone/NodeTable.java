package dev.islet.dns.zone;

import dev.islet.dns.wire.WireName;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain Node nodes} of a zone by name: an immutable hash table in pages, so that a table
 * with one name changed shares all pages but one. Looking up allocates nothing.
 *
 * <p>A page holds a few nodes, at the place their hash says or the next free one after it.
 */
final class NodeTable {
  private static final int FIRST_PAGE = 16;

  /**
   * Pages are doubled when they hold more than this on the average: so few that a name is mostly at
   * its place, since each look at another node is a wait for memory.
   */
  private static final int CROWD = 6;

  private static final int MAX_PAGE_BITS = 20;

  private final byte[][] @Nullable [] pages;
  private final int size;

  private NodeTable(byte[][] @Nullable [] pages, int size) {
    this.pages = pages;
    this.size = size;
  }

  static final NodeTable EMPTY = new NodeTable(new byte[][][] {new byte[FIRST_PAGE][]}, 0);

  int size() {
    return size;
  }

  /**
   * Finds the node of a name.
   *
   * @param key holds the name from {@code from} on, in any case
   * @param hash of these octets, as {@link WireName#hash} has it
   */
  byte @Nullable [] find(byte[] key, int from, int length, int hash) {
    return find(pages, key, from, length, hash);
  }

  private static byte @Nullable [] find(
      byte[][] @Nullable [] pages, byte[] key, int from, int length, int hash) {
    int mixed = mix(hash);
    var page = pages[page(mixed, pages.length)];
    int mask = page.length - 1;
    for (int slot = mixed >>> 5 & mask; ; slot = slot + 1 & mask) {
      var node = page[slot];
      if (node == null) {
        return null;
      }
      if (Node.nameLength(node) == length && WireName.same(node, Node.NAME, key, from, length)) {
        return node;
      }
    }
  }

  /** Reads what {@link #find} reads first for a name of this hash. */
  int touch(int hash) {
    int mixed = mix(hash);
    var page = pages[page(mixed, pages.length)];
    var node = page[mixed >>> 5 & page.length - 1];
    return node == null ? 0 : node[0];
  }

  Stream<byte[]> nodes() {
    return Arrays.stream(pages).flatMap(Arrays::stream).filter(n -> n != null);
  }

  /** The nodes that another table does not share with this one. */
  Stream<byte[]> nodesUnlike(NodeTable other) {
    return IntStream.range(0, pages.length)
        .filter(i -> pages.length != other.pages.length || pages[i] != other.pages[i])
        .mapToObj(i -> pages[i])
        .flatMap(Arrays::stream)
        .filter(n -> n != null && other.find(n, Node.NAME, Node.nameLength(n), hash(n)) != n);
  }

  Editor edit() {
    return new Editor(this);
  }

  private static int mix(int hash) {
    return (hash ^ hash >>> 15) * 0x9E37_79B9;
  }

  private static int page(int mixed, int pages) {
    return pages == 1 ? 0 : mixed >>> 32 - Integer.numberOfTrailingZeros(pages);
  }

  private static int hash(byte[] node) {
    return WireName.hash(node, Node.NAME, Node.NAME + Node.nameLength(node));
  }

  /** A table in the making; copies a page before it first changes it. */
  static final class Editor {
    private byte[][] @Nullable [] pages;
    private final BitSet owned = new BitSet();
    private int size;

    private Editor(NodeTable table) {
      this.pages = table.pages.clone();
      this.size = table.size;
    }

    byte @Nullable [] find(byte[] name) {
      return find(name, 0, name.length);
    }

    /** The node of the name at {@code from}. */
    byte @Nullable [] find(byte[] name, int from, int length) {
      return NodeTable.find(pages, name, from, length, WireName.hash(name, from, from + length));
    }

    /** Puts a node in the place of the one of its name. */
    void put(byte[] node) {
      if (size >= pages.length * CROWD && pages.length < 1 << MAX_PAGE_BITS) {
        spread();
      }
      int mixed = mix(hash(node));
      int number = page(mixed, pages.length);
      if (place(own(number), mixed, node)) {
        size++;
        var page = pages[number];
        if (count(page) * 4 > page.length * 3) {
          pages[number] = wider(page);
        }
      }
    }

    /** Takes a name away, if it is there. */
    void remove(byte[] name) {
      int mixed = mix(WireName.hash(name, 0, name.length));
      int number = page(mixed, pages.length);
      var page = own(number);
      int mask = page.length - 1;
      int slot = mixed >>> 5 & mask;
      while (true) {
        var node = page[slot];
        if (node == null) {
          return;
        }
        if (Node.nameLength(node) == name.length
            && WireName.same(node, Node.NAME, name, 0, name.length)) {
          break;
        }
        slot = slot + 1 & mask;
      }
      page[slot] = null;
      size--;
      // What stood behind it may only have been there because this place was taken.
      for (int next = slot + 1 & mask; page[next] != null; next = next + 1 & mask) {
        var moved = page[next];
        page[next] = null;
        place(page, mix(hash(moved)), moved);
      }
    }

    /** The table; this editor is of no use any more. */
    NodeTable done() {
      var table = new NodeTable(pages, size);
      pages = new byte[0][][];
      return table;
    }

    private byte[] @Nullable [] own(int number) {
      if (!owned.get(number)) {
        owned.set(number);
        pages[number] = pages[number].clone();
      }
      return pages[number];
    }

    /** Whether it is new. */
    private static boolean place(byte[] @Nullable [] page, int mixed, byte[] node) {
      int mask = page.length - 1;
      int length = Node.nameLength(node);
      for (int slot = mixed >>> 5 & mask; ; slot = slot + 1 & mask) {
        var there = page[slot];
        if (there == null) {
          page[slot] = node;
          return true;
        }
        if (Node.nameLength(there) == length
            && WireName.same(there, Node.NAME, node, Node.NAME, length)) {
          page[slot] = node;
          return false;
        }
      }
    }

    private static int count(byte[] @Nullable [] page) {
      int count = 0;
      for (var node : page) {
        count += node == null ? 0 : 1;
      }
      return count;
    }

    private static byte[] @Nullable [] wider(byte[] @Nullable [] page) {
      var wide = new byte[page.length * 2][];
      for (var node : page) {
        if (node != null) {
          place(wide, mix(hash(node)), node);
        }
      }
      return wide;
    }

    private void spread() {
      var old = pages;
      pages = new byte[old.length * 2][][];
      Arrays.setAll(pages, i -> new byte[FIRST_PAGE][]);
      owned.set(0, pages.length);
      size = 0;
      for (var page : old) {
        for (var node : page) {
          if (node != null) {
            put(node);
          }
        }
      }
    }
  }
}
