package dev.islet.router.hub;

import dev.islet.router.fib.FibRoute;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.RouterSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** What can happen to the router. */
public sealed interface RouterInput {
  /** A link is there, or is different. */
  record LinkSeen(Link link) implements RouterInput {}

  /** A link is gone. */
  record LinkGone(int index) implements RouterInput {}

  /** An address is there. */
  record AddressSeen(LinkAddress address) implements RouterInput {}

  /** An address is gone. */
  record AddressGone(LinkAddress address) implements RouterInput {}

  /**
   * Everything the kernel holds, asked for by {@link RouterAction.Resync}.
   *
   * @param epoch from the request; routes are only compared if nothing was written since
   * @param because why it was asked for
   * @param ours the routes with our protocol number in our table
   */
  record KernelView(
      long epoch,
      String because,
      List<Link> links,
      List<LinkAddress> addresses,
      List<FibRoute> ours)
      implements RouterInput {
    public KernelView {
      links = List.copyOf(links);
      addresses = List.copyOf(addresses);
      ours = List.copyOf(ours);
    }
  }

  /** The kernel's events were lost, or its answer to a request: ask anew. */
  record KernelLost(String because) implements RouterInput {}

  /**
   * The kernel tells of a route in our table.
   *
   * @param ours whether it carries our protocol number
   * @param gone whether it was deleted
   */
  record RouteNotice(FibRoute route, boolean ours, boolean gone) implements RouterInput {}

  /**
   * A change was refused.
   *
   * @param change {@code add}, {@code replace} or {@code delete}
   */
  record ProgramFailed(FibRoute route, String change, String why) implements RouterInput {}

  /** A RIP datagram came in. */
  record RipArrived(String nic, InetSocketAddress source, InetAddress destination, Octets payload)
      implements RouterInput {}

  /** The RIP socket of an interface could not be opened. */
  record RipOpenFailed(String nic, String why) implements RouterInput {}

  /** Other settings. */
  record Configured(RouterSettings settings) implements RouterInput {}

  /** The router stops. */
  record Stop() implements RouterInput {}
}
