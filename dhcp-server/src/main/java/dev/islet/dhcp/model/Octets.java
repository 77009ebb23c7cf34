package dev.islet.dhcp.model;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of bytes with the equality of its content; prints as hex. */
public final class Octets {
  /** No bytes at all. */
  public static final Octets EMPTY = new Octets(new byte[0]);

  private final byte[] bytes;

  private Octets(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies the bytes. */
  public static Octets of(byte... bytes) {
    return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
  }

  /** Copies a part of an array. */
  public static Octets of(byte[] bytes, int offset, int length) {
    return length == 0 ? EMPTY : new Octets(Arrays.copyOfRange(bytes, offset, offset + length));
  }

  /**
   * Reads hexadecimal digits; colons, dashes and spaces between bytes will do.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Octets parse(String text) {
    try {
      return of(HexFormat.of().parseHex(text.replaceAll("[:\\- ]", "")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a string of hexadecimal bytes like 01:b8:27:eb:00:00:01", e);
    }
  }

  /** How many bytes there are. */
  public int size() {
    return bytes.length;
  }

  /** One byte, from 0 to 255. */
  public int at(int index) {
    return bytes[index] & 0xFF;
  }

  /** Two bytes as a number, the first one highest. */
  public int uint16(int index) {
    return at(index) << 8 | at(index + 1);
  }

  /** Four bytes as a number, the first one highest; may be negative. */
  public int int32(int index) {
    return uint16(index) << 16 | uint16(index + 2);
  }

  /** The bytes from an offset to the end. */
  public Octets from(int offset) {
    return of(bytes, offset, bytes.length - offset);
  }

  /** These bytes followed by others. */
  public Octets plus(Octets more) {
    var joined = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
    System.arraycopy(more.bytes, 0, joined, bytes.length, more.bytes.length);
    return new Octets(joined);
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Copies the bytes into an array. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets o && Arrays.equals(bytes, o.bytes);
  }

  @Override
  public int hashCode() {
    // Neighbouring hardware addresses are the usual keys: the sum of Arrays.hashCode gives
    // thousands
    // of them the same value.
    int hash = 0x811C9DC5;
    for (byte b : bytes) {
      hash = (hash ^ b & 0xFF) * 0x01000193;
    }
    return hash ^ hash >>> 15;
  }

  /** Hexadecimal digits without separators. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
