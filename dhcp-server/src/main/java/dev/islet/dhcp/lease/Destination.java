package dev.islet.dhcp.lease;

import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.model.Ip4;

/** Where a reply goes (RFC 2131 section 4.1). */
public sealed interface Destination {
  /** The relay that forwarded the request. */
  record Relay(Ip4 address, int port) implements Destination {}

  /** A client that has its address. */
  record Unicast(Ip4 address) implements Destination {}

  /** A client that does not have its address yet: a frame to its link-layer address. */
  record Hardware(MacAddress mac, Ip4 address) implements Destination {}

  /** Everybody on the link. */
  record Broadcast() implements Destination {}

  /** Wherever the request came from, on a plain socket. */
  record Source(Ip4 address, int port) implements Destination {}
}
