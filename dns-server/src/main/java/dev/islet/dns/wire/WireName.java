package dev.islet.dns.wire;

/**
 * Names as they are on the wire, without pointers: labels, each after its length, and the root's
 * empty one (RFC 1035 section 3.1). What compares and hashes them without making objects.
 *
 * <p>The hash runs from the last byte to the first, so that one pass over a name gives the hash of
 * every name above it as well.
 */
public final class WireName {
  /** The longest name (RFC 1035 section 2.3.4). */
  public static final int MAX = 255;

  /** More labels than any name has. */
  public static final int MAX_LABELS = 128;

  /** The hash before the first step. */
  public static final int SEED = 0x811C_9DC5;

  private static final int PRIME = 0x0100_0193;
  private static final byte[] LOWER = new byte[256];

  static {
    for (int i = 0; i < 256; i++) {
      LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
    }
  }

  private WireName() {}

  /** A letter without its case (RFC 4343); every other octet, a label's length too, as it is. */
  public static byte lower(byte b) {
    return LOWER[b & 0xFF];
  }

  /** The hash with one more octet before what it covers. */
  public static int step(int hash, byte lower) {
    return (hash ^ lower) * PRIME;
  }

  /** The hash of the octets from {@code from} to {@code end}, in any case. */
  public static int hash(byte[] bytes, int from, int end) {
    int hash = SEED;
    for (int at = end - 1; at >= from; at--) {
      hash = step(hash, lower(bytes[at]));
    }
    return hash;
  }

  /** How many bytes the name at {@code at} has, its last empty label included. */
  public static int length(byte[] bytes, int at) {
    int end = at;
    while (bytes[end] != 0) {
      end += bytes[end] + 1;
    }
    return end + 1 - at;
  }

  /** Whether two names, or pieces of them, differ at most in the case of letters. */
  public static boolean same(byte[] a, int at, byte[] b, int bt, int length) {
    for (int i = 0; i < length; i++) {
      byte x = a[at + i];
      byte y = b[bt + i];
      if (x != y && LOWER[x & 0xFF] != LOWER[y & 0xFF]) {
        return false;
      }
    }
    return true;
  }

  /**
   * Which of two names comes first in canonical order: label by label from the root down, letters
   * without their case (RFC 4034 section 6.1).
   *
   * @return below 0 if the one at {@code at} comes first, 0 if they are the same
   */
  public static int compare(byte[] a, int at, byte[] b, int bt) {
    int more = labels(a, at);
    int others = labels(b, bt);
    int common = Math.min(more, others);
    for (int i = 1; i <= common; i++) {
      int side = compareLabels(a, label(a, at, more - i), b, label(b, bt, others - i));
      if (side != 0) {
        return side;
      }
    }
    return more - others;
  }

  /** In how many labels two names end alike; the root's is not counted. */
  public static int common(byte[] a, int at, byte[] b, int bt) {
    int more = labels(a, at);
    int others = labels(b, bt);
    int most = Math.min(more, others);
    for (int i = 0; i < most; i++) {
      int here = label(a, at, more - i - 1);
      int there = label(b, bt, others - i - 1);
      if (compareLabels(a, here, b, there) != 0) {
        return i;
      }
    }
    return most;
  }

  /**
   * The first eight octets of the label before the last {@code above} ones, without case, as a
   * number without sign; 0 if there is none. Of two names that end alike in those, one with a
   * smaller number comes first in canonical order.
   */
  public static long head(byte[] name, int at, int above) {
    int number = labels(name, at) - above - 1;
    if (number < 0) {
      return 0;
    }
    int label = label(name, at, number);
    long head = 0;
    for (int i = 1; i <= Long.BYTES; i++) {
      head = head << 8 | (i <= name[label] ? LOWER[name[label + i] & 0xFF] & 0xFF : 0);
    }
    return head;
  }

  private static int compareLabels(byte[] a, int at, byte[] b, int bt) {
    int length = Math.min(a[at], b[bt]);
    for (int i = 1; i <= length; i++) {
      int side = (LOWER[a[at + i] & 0xFF] & 0xFF) - (LOWER[b[bt + i] & 0xFF] & 0xFF);
      if (side != 0) {
        return side;
      }
    }
    return a[at] - b[bt];
  }

  private static int labels(byte[] name, int at) {
    int count = 0;
    for (int next = at; name[next] != 0; next += name[next] + 1) {
      count++;
    }
    return count;
  }

  /** Where a label begins; the first has the number 0. */
  private static int label(byte[] name, int at, int number) {
    int next = at;
    for (int i = 0; i < number; i++) {
      next += name[next] + 1;
    }
    return next;
  }
}
