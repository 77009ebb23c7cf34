package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Message;

/** What can happen to the lease engine. */
public sealed interface Input {
  /**
   * A client's message came in.
   *
   * @param link where
   * @param source who sent the datagram
   * @param port from which port
   * @param unicast whether it was sent to us alone
   */
  record Arrived(Message message, Link link, Ip4 source, int port, boolean unicast)
      implements Input {}

  /**
   * Somebody was seen using an address that no client should have: the door for a probe by ARP or
   * ICMP.
   */
  record Conflict(Ip4 address, String seen) implements Input {}
}
