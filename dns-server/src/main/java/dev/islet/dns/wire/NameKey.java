package dev.islet.dns.wire;

/**
 * A name made ready to be looked up: its octets in lower case, where each label begins, and the
 * hash of the name from there on. Filled again for each name; serves one thread.
 */
public final class NameKey {
  private final byte[] bytes = new byte[WireName.MAX + 1];
  private final int[] starts = new int[WireName.MAX_LABELS];
  private final int[] hashes = new int[WireName.MAX_LABELS];
  private int length;
  private int labels;
  private boolean lower;

  /**
   * Takes the name at {@code at}.
   *
   * @param end where the bytes end
   * @return the offset after the name; -1 if it has a pointer, or is no name, or goes on beyond the
   *     end
   */
  public int read(byte[] source, int at, int end) {
    int from = at;
    int to = 0;
    int count = 0;
    int other = 0;
    while (true) {
      if (from >= end) {
        return -1;
      }
      int label = source[from];
      if (label == 0) {
        break;
      }
      int next = from + 1 + label;
      if (label < 0 || label > 63 || next >= end || to + label + 2 > WireName.MAX) {
        return -1;
      }
      starts[count++] = to;
      while (from < next) {
        byte octet = source[from++];
        byte small = WireName.lower(octet);
        other |= octet ^ small;
        bytes[to++] = small;
      }
    }
    bytes[to++] = 0;
    length = to;
    labels = count;
    lower = other == 0;
    int hash = WireName.step(WireName.SEED, (byte) 0);
    starts[count] = to - 1;
    hashes[count] = hash;
    for (int i = count - 1, b = to - 2; i >= 0; i--) {
      for (int start = starts[i]; b >= start; b--) {
        hash = WireName.step(hash, bytes[b]);
      }
      hashes[i] = hash;
    }
    return from + 1;
  }

  /** The octets in lower case; only read them. */
  public byte[] bytes() {
    return bytes;
  }

  /** Whether the name had no capital letters. */
  public boolean isLower() {
    return lower;
  }

  /** How many octets the name has. */
  public int length() {
    return length;
  }

  /** How many labels, the root's not counted. */
  public int labels() {
    return labels;
  }

  /** Where the name without its first {@code i} labels begins; all labels off, the root is left. */
  public int start(int i) {
    return starts[i];
  }

  /** The hash of the name without its first {@code i} labels. */
  public int hash(int i) {
    return hashes[i];
  }
}
