package dev.islet.dhcp.model;

import dev.islet.core.net.MacAddress;

/**
 * A client's link-layer address as its messages carry it: {@code htype} and {@code chaddr}.
 *
 * @param type the hardware type of RFC 1700, 1 for Ethernet
 * @param address up to 16 bytes
 */
public record HardwareAddress(int type, Octets address) {
  /** Ethernet, and everything that looks like it. */
  public static final int ETHERNET = 1;

  public HardwareAddress {
    if (type < 0 || type > 255 || address.size() > 16) {
      throw new IllegalArgumentException("type " + type + " with " + address.size() + " bytes");
    }
  }

  /** An Ethernet address. */
  public static HardwareAddress of(MacAddress mac) {
    return new HardwareAddress(ETHERNET, Octets.of(mac.toBytes()));
  }

  /** Reads an Ethernet address like {@code b8:27:eb:00:00:01}. */
  public static HardwareAddress parse(String text) {
    return of(MacAddress.parse(text));
  }

  /** Whether a frame can be sent to it on an Ethernet link. */
  public boolean isEthernet() {
    return type == ETHERNET && address.size() == 6;
  }

  /** As an Ethernet address; only if {@link #isEthernet}. */
  public MacAddress mac() {
    return MacAddress.of(address.toBytes(), 0);
  }

  /** {@code b8:27:eb:00:00:01}, or {@code 32-0102…} for other hardware types. */
  @Override
  public String toString() {
    return isEthernet() ? mac().toString() : type + "-" + address;
  }
}
