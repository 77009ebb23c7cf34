package dev.islet.router.rip;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.Route;
import dev.islet.router.model.RouterEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What RIP can want done. */
public sealed interface RipAction {
  /** Open a socket on an interface and join the group there. */
  record Open(String nic) implements RipAction {}

  /** Close the socket of an interface. */
  record Close(String nic) implements RipAction {}

  /**
   * Send a message from the RIP port.
   *
   * @param from our address on that interface
   * @param why for the trace
   */
  record Send(String nic, InetAddress from, InetSocketAddress to, byte[] payload, String why)
      implements RipAction {}

  /** Tell the RIB of a route. */
  record Announce(Route route) implements RipAction {}

  /** Tell the RIB that RIP has no route to a prefix. */
  record Withdraw(Prefix prefix) implements RipAction {}

  /** Keep this sequence number: a next life begins no lower (RFC 4822 section 3.2). */
  record KeepSequence(long bound) implements RipAction {}

  /** Tell the world. */
  record Tell(RouterEvent event) implements RipAction {}
}
