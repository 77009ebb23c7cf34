package dev.islet.dhcp.model;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IPv4 address, ordered as an unsigned number.
 *
 * @param bits the address, first byte highest
 */
public record Ip4(int bits) implements Ip, Comparable<Ip4> {
  /** 0.0.0.0: no address. */
  public static final Ip4 NONE = new Ip4(0);

  /** 255.255.255.255: everybody on the link. */
  public static final Ip4 BROADCAST = new Ip4(-1);

  private static final Pattern TEXT = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /**
   * Reads four decimal numbers.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Ip4 parse(String text) {
    if (!TEXT.matcher(text).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 address");
    }
    int bits = 0;
    for (var part : text.split("\\.")) {
      int n = Integer.parseInt(part);
      if (n > 255) {
        throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 address");
      }
      bits = bits << 8 | n;
    }
    return new Ip4(bits);
  }

  /** Reads four bytes. */
  public static Ip4 of(byte[] bytes, int offset) {
    int bits = 0;
    for (int i = 0; i < 4; i++) {
      bits = bits << 8 | bytes[offset + i] & 0xFF;
    }
    return new Ip4(bits);
  }

  /** The same address; {@link #NONE} for anything that is not IPv4. */
  public static Ip4 of(InetAddress address) {
    return address instanceof Inet4Address v4 ? of(v4.getAddress(), 0) : NONE;
  }

  /** Whether it is 0.0.0.0. */
  public boolean isNone() {
    return bits == 0;
  }

  @Override
  public byte[] toBytes() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  @Override
  public InetAddress toInet() {
    try {
      return InetAddress.getByAddress(toBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int compareTo(Ip4 other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
