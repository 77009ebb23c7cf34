package dev.islet.dhcp.lease6;

import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.wire.Message6;
import java.util.Optional;

/** What the engine wants done. What follows a {@link Keep} waits until that is durable. */
public sealed interface Action6 {
  /** Writes down what was decided about an address or prefix. */
  record Keep(Lease6Record record) implements Action6 {}

  /**
   * Sends a reply.
   *
   * @param client who it is for, in words
   * @param name what DNS should hold before the client hears of it
   */
  record Send(
      Message6 message, String client, String link, Ip6 to, int port, Optional<NameClaim> name)
      implements Action6 {}

  /** Takes out of DNS what a client had there. */
  record Unname(NameClaim claim) implements Action6 {}

  /**
   * Tells what happened.
   *
   * @param outcome what to count, if it is an end and not a step
   */
  record Tell(DhcpTrace event, Optional<Outcome> outcome) implements Action6 {
    Tell(DhcpTrace event, Outcome outcome) {
      this(event, Optional.of(outcome));
    }
  }
}
