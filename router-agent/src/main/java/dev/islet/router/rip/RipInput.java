package dev.islet.router.rip;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.Route;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** What can happen to RIP. */
public sealed interface RipInput {
  /** An interface can be used, with these IPv4 addresses; again when the addresses change. */
  record PortUp(String nic, List<LinkAddress> addresses) implements RipInput {
    public PortUp {
      addresses = List.copyOf(addresses);
    }
  }

  /** An interface cannot be used any more. */
  record PortDown(String nic) implements RipInput {}

  /** The socket of an interface could not be opened; it is tried again. */
  record OpenFailed(String nic) implements RipInput {}

  /** A datagram came in. */
  record Arrived(String nic, InetSocketAddress source, InetAddress destination, byte[] payload)
      implements RipInput {}

  /** The best route to a prefix is now this one, or none. */
  record BestChanged(Prefix prefix, Optional<Route> best) implements RipInput {}

  /** Other settings; every best route follows as {@link BestChanged}. */
  record Reconfigured(RipSettings settings) implements RipInput {}

  /** The router stops: say farewell. */
  record Stop() implements RipInput {}
}
