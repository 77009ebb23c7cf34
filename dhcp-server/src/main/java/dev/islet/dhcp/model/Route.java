package dev.islet.dhcp.model;

import dev.islet.core.net.Prefix;

/**
 * A route a client shall install (RFC 3442).
 *
 * @param to the IPv4 network; 0.0.0.0/0 is the default route
 * @param via the next hop, 0.0.0.0 for a network on the link
 */
public record Route(Prefix to, Ip4 via) {
  public Route {
    if (!to.isIpv4()) {
      throw new IllegalArgumentException(to + " is not an IPv4 network");
    }
  }

  /** Reads {@code 10.0.0.0/8 via 192.168.7.2}. */
  public static Route parse(String text) {
    var parts = text.strip().split("\\s+via\\s+");
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a route like 10.0.0.0/8 via 192.168.7.2");
    }
    return new Route(Prefix.parse(parts[0]), Ip4.parse(parts[1]));
  }

  @Override
  public String toString() {
    return to + " via " + via;
  }
}
