package dev.islet.dhcp.lease6;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip6;
import java.util.OptionalLong;

/**
 * Addresses, or prefixes of one length, that any client may get.
 *
 * @param first the lowest
 * @param length 128 for addresses
 * @param count how many there are
 */
public record Pool6(Ip6 first, int length, long count) {
  public Pool6 {
    if (count < 1) {
      throw new IllegalArgumentException("nothing lies in the pool that begins at " + first);
    }
  }

  /**
   * Reads {@code 2001:db8::1000-2001:db8::1fff}, or one address.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Pool6 parse(String text) {
    int dash = text.indexOf('-');
    var first = Ip6.parse((dash < 0 ? text : text.substring(0, dash)).strip());
    var last = dash < 0 ? first : Ip6.parse(text.substring(dash + 1).strip());
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException(first + " lies behind " + last);
    }
    long places = last.minus(first);
    return new Pool6(first, 128, places == Long.MAX_VALUE ? places : places + 1);
  }

  /**
   * The prefixes of a length that lie in a network.
   *
   * @throws IllegalArgumentException if the length does not lie between the network's and 64
   */
  public static Pool6 prefixes(Prefix network, int length) {
    if (network.isIpv4() || length <= network.length() || length > 64) {
      throw new IllegalArgumentException(
          "prefixes of /" + length + " cannot be delegated from " + network);
    }
    return new Pool6(Ip6.of(network.address()), length, 1L << length - network.length());
  }

  /** One of them. */
  Ip6 at(long index) {
    return length == 128
        ? first.plus(index)
        : new Ip6(first.high() + (index << 64 - length), first.low());
  }

  /** Which of them it is; empty if it is none of them. */
  OptionalLong indexOf(Ip6 address, int itsLength) {
    if (itsLength != length || address.compareTo(first) < 0) {
      return OptionalLong.empty();
    }
    long index =
        length == 128 ? address.minus(first) : address.high() - first.high() >>> 64 - length;
    return index >= 0 && index < count && at(index).equals(address)
        ? OptionalLong.of(index)
        : OptionalLong.empty();
  }

  /** The highest address. */
  public Ip6 last() {
    return at(count - 1);
  }

  @Override
  public String toString() {
    return first + (length == 128 ? "-" + last() : "/" + length + " and on");
  }
}
