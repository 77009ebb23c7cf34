package dev.islet.dns.filter;

import java.nio.ByteBuffer;
import org.xbill.DNS.Name;

/**
 * A domain name prepared for look-ups: its bytes in lower case, where each label begins, and a hash
 * of each suffix, all made in one pass. One key serves one thread and is filled again for the next
 * name; nothing is allocated then.
 */
public final class NameKey {
  private static final int MAX_NAME = 255;
  private static final int MAX_LABELS = 127;
  private static final long PRIME = 0x100000001b3L;
  private static final long BASIS = 0xcbf29ce484222325L;

  private final byte[] bytes;
  private final short[] starts;
  private final long[] hashes;
  private int labels;
  private int length;

  /** An empty key with room for any name. */
  public NameKey() {
    this(MAX_NAME, MAX_LABELS);
  }

  private NameKey(int size, int labels) {
    this.bytes = new byte[size];
    this.starts = new short[labels + 1];
    this.hashes = new long[labels + 1];
  }

  /** The key of a name, with no more room than it needs. */
  public static NameKey of(Name name) {
    var wire = name.toWire();
    return new NameKey(wire.length, name.labels() - 1).fill(wire, 0);
  }

  /** Takes a name without compression from a message; it must have been checked before. */
  public NameKey fill(ByteBuffer message, int at) {
    int from = at;
    length = 0;
    while (true) {
      byte b = message.get(from++);
      bytes[length++] = b;
      if (b == 0) {
        return index();
      }
      for (int i = b; i > 0; i--) {
        bytes[length++] = lower(message.get(from++));
      }
    }
  }

  /** Takes a name without compression from an array. */
  public NameKey fill(byte[] wire, int at) {
    int from = at;
    length = 0;
    while (true) {
      byte b = wire[from++];
      bytes[length++] = b;
      if (b == 0) {
        return index();
      }
      for (int i = b; i > 0; i--) {
        bytes[length++] = lower(wire[from++]);
      }
    }
  }

  private NameKey index() {
    labels = 0;
    int at = 0;
    while (bytes[at] != 0) {
      starts[labels++] = (short) at;
      at += bytes[at] + 1;
    }
    starts[labels] = (short) at;
    long hash = BASIS;
    hashes[labels] = mix(hash);
    for (int label = labels - 1; label >= 0; label--) {
      for (int i = starts[label]; i < starts[label + 1]; i++) {
        hash = (hash ^ bytes[i]) * PRIME;
      }
      hashes[label] = mix(hash);
    }
    return this;
  }

  private static long mix(long hash) {
    long h = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }

  private static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
  }

  /** How many labels, the root not counted. */
  int labels() {
    return labels;
  }

  /** The hash of the name from a label on; the label of number {@link #labels()} is the root. */
  long hash(int label) {
    return hashes[label];
  }

  /** How many bytes the name has from a label on. */
  int length(int label) {
    return length - starts[label];
  }

  /** Whether the name from a label on is the one at an offset of a buffer. */
  boolean same(int label, ByteBuffer names, int at) {
    int size = length(label);
    int from = starts[label];
    if (names.limit() - at < size) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (bytes[from + i] != names.get(at + i)) {
        return false;
      }
    }
    return true;
  }

  /** The bytes from a label on. */
  void copy(int label, byte[] out, int at) {
    System.arraycopy(bytes, starts[label], out, at, length(label));
  }
}
