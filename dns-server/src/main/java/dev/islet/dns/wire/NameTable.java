package dev.islet.dns.wire;

import java.util.Arrays;

/**
 * Remembers where in a message each name ends up, so that a later name can point to it (RFC 1035
 * section 4.1.4). Keeps no names, only offsets into the message itself.
 */
public final class NameTable {
  private static final int BUCKETS = 128;

  /** The last offset that a name can point to. */
  public static final int MAX_TARGET = 0x3FFF;

  private final int[] heads = new int[BUCKETS];
  private int[] offsets = new int[64];
  private int[] hashes = new int[64];
  private int[] nexts = new int[64];
  private int size;
  private final int[] labels = new int[WireName.MAX_LABELS];
  private final int[] suffixes = new int[WireName.MAX_LABELS];

  public NameTable() {
    Arrays.fill(heads, -1);
  }

  /**
   * Writes a name at {@code at}, as short as what was written before allows.
   *
   * @param name holds the name from {@code from} on
   * @param exact whether letters must match in case too: owners may take over the case of the
   *     question, names inside data may not
   * @return the offset after it, or -1 if it does not fit into {@code limit}
   */
  public int write(byte[] out, int at, int limit, byte[] name, int from, boolean exact) {
    int count = split(name, from);
    int match = -1;
    int whole = count;
    for (int i = 0; i < count && match < 0; i++) {
      match = find(out, at, name, from + labels[i], suffixes[i], exact);
      whole = match < 0 ? whole : i;
    }
    int literal = whole == count ? labels[count] + 1 : labels[whole];
    int end = at + literal + (match < 0 ? 0 : 2);
    if (end > limit) {
      return -1;
    }
    System.arraycopy(name, from, out, at, literal);
    if (match >= 0) {
      out[at + literal] = (byte) (0xC0 | match >> 8);
      out[at + literal + 1] = (byte) match;
    }
    for (int i = 0; i < whole; i++) {
      add(at + labels[i], suffixes[i]);
    }
    return end;
  }

  /** Forgets all names at or after an offset, whose bytes were taken back. */
  public void forgetFrom(int offset) {
    while (size > 0 && offsets[size - 1] >= offset) {
      size--;
      heads[bucket(hashes[size])] = nexts[size];
    }
  }

  /** Finds the labels and the hash of each suffix; the root's own label is not counted. */
  private int split(byte[] name, int from) {
    int count = 0;
    int end = from;
    for (; name[end] != 0; end += name[end] + 1) {
      labels[count++] = end - from;
    }
    labels[count] = end - from;
    int hash = WireName.SEED;
    for (int i = count - 1, at = end - 1; i >= 0; i--) {
      for (int start = from + labels[i]; at >= start; at--) {
        hash = WireName.step(hash, WireName.lower(name[at]));
      }
      suffixes[i] = hash;
    }
    return count;
  }

  private static int bucket(int hash) {
    return (hash ^ hash >>> 16) & BUCKETS - 1;
  }

  private int find(byte[] out, int written, byte[] name, int from, int hash, boolean exact) {
    for (int i = heads[bucket(hash)]; i >= 0; i = nexts[i]) {
      if (hashes[i] == hash && same(out, written, offsets[i], name, from, exact)) {
        return offsets[i];
      }
    }
    return -1;
  }

  private static boolean same(
      byte[] out, int written, int at, byte[] name, int from, boolean exact) {
    int here = from;
    while (at < written) {
      if ((out[at] & 0xC0) == 0xC0) {
        at = (out[at] & 0x3F) << 8 | out[at + 1] & 0xFF;
        continue;
      }
      int label = out[at];
      if (label != name[here]) {
        return false;
      }
      if (label == 0) {
        return true;
      }
      for (int i = 1; i <= label; i++) {
        byte a = out[at + i];
        byte b = name[here + i];
        if (a != b && (exact || WireName.lower(a) != WireName.lower(b))) {
          return false;
        }
      }
      at += label + 1;
      here += label + 1;
    }
    return false;
  }

  private void add(int offset, int hash) {
    if (offset > MAX_TARGET) {
      return;
    }
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, size * 2);
      hashes = Arrays.copyOf(hashes, size * 2);
      nexts = Arrays.copyOf(nexts, size * 2);
    }
    int bucket = bucket(hash);
    offsets[size] = offset;
    hashes[size] = hash;
    nexts[size] = heads[bucket];
    heads[bucket] = size++;
  }
}
