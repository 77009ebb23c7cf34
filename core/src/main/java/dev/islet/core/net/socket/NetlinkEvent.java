package dev.islet.core.net.socket;

/** What the kernel tells without being asked, see {@link NetlinkWatch}. */
public sealed interface NetlinkEvent {
  /** A link is there, or is different. */
  record LinkSeen(NetlinkLink link) implements NetlinkEvent {}

  /** A link is gone. */
  record LinkGone(NetlinkLink link) implements NetlinkEvent {}

  /** An address is there. */
  record AddressSeen(NetlinkAddress address) implements NetlinkEvent {}

  /** An address is gone. */
  record AddressGone(NetlinkAddress address) implements NetlinkEvent {}

  /** A route was made or replaced. IPv4 routes that go with their link are not told. */
  record RouteSeen(NetlinkRoute route) implements NetlinkEvent {}

  /** A route was deleted. */
  record RouteGone(NetlinkRoute route) implements NetlinkEvent {}

  /** A neighbour's link-layer address is known, or was heard of again. */
  record NeighborSeen(NetlinkNeighbor neighbor) implements NetlinkEvent {}

  /** The kernel's queue ran over (ENOBUFS): some events are lost, so ask for everything anew. */
  record Lost() implements NetlinkEvent {}
}
