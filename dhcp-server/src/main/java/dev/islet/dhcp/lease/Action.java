package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Encoded;
import java.util.Optional;

/**
 * What the lease engine wants done. Everything said after a {@link Keep} may only be done once that
 * record is durable.
 */
public sealed interface Action {
  /** Writes down what was decided about an address. */
  record Keep(LeaseRecord record) implements Action {}

  /**
   * Sends a reply.
   *
   * @param from our address that it leaves from
   * @param name what DNS must be asked to hold before the reply leaves
   */
  record Send(
      MessageType type,
      HardwareAddress client,
      Ip4 address,
      Encoded message,
      Link link,
      Ip4 from,
      Destination to,
      Optional<NameClaim> name)
      implements Action {}

  /**
   * Asks whether anybody uses an address; who does comes back as {@link Input.Conflict}.
   *
   * @param routed the address is behind a router, where ARP does not reach
   */
  record Probe(Ip4 address, Link link, boolean routed) implements Action {}

  /** Takes a name out of DNS. */
  record Unname(NameClaim claim) implements Action {}

  /**
   * Tells what happened.
   *
   * @param outcome what to count, if it is an end and not a step
   */
  record Tell(DhcpTrace event, Optional<Outcome> outcome) implements Action {
    Tell(DhcpTrace event, Outcome outcome) {
      this(event, Optional.of(outcome));
    }
  }
}
