package dev.islet.dhcp.subnet;

import dev.islet.dhcp.model.Ip4;

/**
 * A run of addresses, both ends included.
 *
 * @param first the lowest
 * @param last the highest
 */
public record Range(Ip4 first, Ip4 last) {
  public Range {
    if (first.compareTo(last) > 0) {
      throw new IllegalArgumentException(first + " lies behind " + last);
    }
  }

  /** Reads {@code 192.168.7.100-192.168.7.200}, or one address. */
  public static Range parse(String text) {
    int dash = text.indexOf('-');
    var first = Ip4.parse((dash < 0 ? text : text.substring(0, dash)).strip());
    return new Range(first, dash < 0 ? first : Ip4.parse(text.substring(dash + 1).strip()));
  }

  /** Whether an address lies in it. */
  public boolean contains(Ip4 address) {
    return address.compareTo(first) >= 0 && address.compareTo(last) <= 0;
  }

  /** Whether some address lies in both. */
  public boolean overlaps(Range other) {
    return contains(other.first) || other.contains(first);
  }

  /** How many addresses it has. */
  public long size() {
    return Integer.toUnsignedLong(last.bits()) - Integer.toUnsignedLong(first.bits()) + 1;
  }

  @Override
  public String toString() {
    return first.equals(last) ? first.toString() : first + "-" + last;
  }
}
