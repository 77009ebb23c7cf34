package dev.islet.dns.filter;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Addresses that a public name has no reason to have: those of this machine, of the link and of
 * private networks (RFC 1122, 1918, 3927, 4193, 4291, 6598). An IPv6 address that carries an IPv4
 * one (mapped, RFC 4291; translated, RFC 6052; 6to4, RFC 3056) is as private as that.
 */
final class PrivateAddresses {
  private static final List<Prefix> NETWORKS =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "::/127",
              "fc00::/7",
              "fe80::/10")
          .map(Prefix::parse)
          .toList();

  private PrivateAddresses() {}

  static boolean has(byte[] bytes) {
    try {
      // A mapped address becomes one of IPv4 here.
      return has(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      return false;
    }
  }

  static boolean has(InetAddress address) {
    for (var network : NETWORKS) {
      if (network.contains(address)) {
        return true;
      }
    }
    var bytes = address.getAddress();
    if (bytes.length != 16) {
      return false;
    }
    boolean translated =
        startsWith(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)
            || startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    if (translated) {
      return has(Arrays.copyOfRange(bytes, 12, 16));
    }
    return startsWith(bytes, 0x20, 0x02) && has(Arrays.copyOfRange(bytes, 2, 6));
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    for (int i = 0; i < start.length; i++) {
      if (bytes[i] != (byte) start[i]) {
        return false;
      }
    }
    return true;
  }
}
