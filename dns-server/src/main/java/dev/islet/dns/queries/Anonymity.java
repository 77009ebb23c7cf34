package dev.islet.dns.queries;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** How much of an asker's address is remembered. */
public enum Anonymity {
  /** All of it. */
  FULL,
  /** The network: /24 of IPv4, /48 of IPv6. */
  NETWORK,
  /** Nothing. */
  NONE;

  private static final int IPV4 = 24;
  private static final int IPV6 = 48;

  /**
   * The text of an address.
   *
   * @param bytes 16; IPv4 as {@code ::ffff:a.b.c.d}
   */
  String text(byte[] bytes) {
    if (this == NONE) {
      return "";
    }
    try {
      var address = InetAddress.getByAddress(Arrays.copyOf(bytes, 16)); // unmaps IPv4
      int length = address.getAddress().length == 4 ? IPV4 : IPV6;
      return this == FULL ? address.getHostAddress() : Prefix.of(address, length).toString();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
