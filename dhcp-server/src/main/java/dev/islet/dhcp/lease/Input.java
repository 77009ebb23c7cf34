package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Message;
import java.util.Optional;

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
   * Somebody was seen using an address that no client should have.
   *
   * @param by the hardware address, if the probe tells it: a client that still uses its address is
   *     in nobody's way
   * @param seen how, for people
   */
  record Conflict(Ip4 address, Optional<HardwareAddress> by, String seen) implements Input {}
}
