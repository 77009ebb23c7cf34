package dev.islet.dhcp.model;

import dev.islet.core.net.Prefix;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * An IPv6 address, ordered as an unsigned number.
 *
 * @param high its upper half
 * @param low its lower half
 */
public record Ip6(long high, long low) implements Ip, Comparable<Ip6> {
  /** ::, no address. */
  public static final Ip6 NONE = new Ip6(0, 0);

  /**
   * Reads an address like {@code 2001:db8::1}.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Ip6 parse(String text) {
    try {
      if (text.indexOf('%') < 0 && InetAddress.ofLiteral(text) instanceof Inet6Address six) {
        return of(six);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IPv6 address", e);
    }
    throw new IllegalArgumentException("\"" + text + "\" is not an IPv6 address");
  }

  /** Reads sixteen bytes. */
  public static Ip6 of(byte[] bytes, int offset) {
    var buffer = ByteBuffer.wrap(bytes, offset, 16);
    return new Ip6(buffer.getLong(), buffer.getLong());
  }

  /** The same address, without an interface; {@link #NONE} for anything that is not IPv6. */
  public static Ip6 of(InetAddress address) {
    return address instanceof Inet6Address six ? of(six.getAddress(), 0) : NONE;
  }

  /** Whether it is ::. */
  public boolean isNone() {
    return high == 0 && low == 0;
  }

  /** Whether it lies in fe80::/10. */
  public boolean isLinkLocal() {
    return high >>> 54 == 0xFE80 >>> 6;
  }

  /** The address a number of places further. */
  public Ip6 plus(long places) {
    long sum = low + places;
    return new Ip6(Long.compareUnsigned(sum, low) < 0 ? high + 1 : high, sum);
  }

  /** How many places this lies behind another, at most {@link Long#MAX_VALUE}. */
  public long minus(Ip6 other) {
    long difference = low - other.low;
    boolean far = high - other.high != (Long.compareUnsigned(low, other.low) < 0 ? 1 : 0);
    return far || difference < 0 ? Long.MAX_VALUE : difference;
  }

  /** The network of a length that it lies in. */
  public Prefix network(int length) {
    return Prefix.of(toInet(), length);
  }

  @Override
  public byte[] toBytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
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
  public int compareTo(Ip6 other) {
    int upper = Long.compareUnsigned(high, other.high);
    return upper != 0 ? upper : Long.compareUnsigned(low, other.low);
  }

  /** In the form of RFC 5952: the longest run of zeros is left out. */
  @Override
  public String toString() {
    int best = -1;
    int longest = 1;
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && group(i + run) == 0) {
        run++;
      }
      if (run > longest) {
        best = i;
        longest = run;
      }
      i += run;
    }
    var text = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == best) {
        text.append("::");
        i += longest - 1;
        continue;
      }
      text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
          .append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }

  private int group(int i) {
    return (int) ((i < 4 ? high >>> 48 - 16 * i : low >>> 112 - 16 * i) & 0xFFFF);
  }
}
