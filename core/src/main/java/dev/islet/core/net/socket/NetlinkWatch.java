package dev.islet.core.net.socket;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hears of changes to links, addresses and routes, or of neighbours, IPv4 and IPv6, as the kernel
 * makes them. Needs no privilege. Open it first, then ask {@link Netlink} for the state as it is:
 * so nothing is missed. One thread receives at a time, on a platform thread.
 */
public final class NetlinkWatch implements AutoCloseable {
  // RTNLGRP numbers: LINK, IPV4_IFADDR, IPV4_ROUTE, IPV6_IFADDR, IPV6_ROUTE.
  private static final int[] ROUTING = {1, 5, 7, 9, 11};
  private static final int[] NEIGH = {3};

  private final NetlinkSocket socket;

  private NetlinkWatch(NetlinkSocket socket) {
    this.socket = socket;
  }

  /**
   * Begins to listen for links, addresses and routes.
   *
   * @throws java.net.SocketException elsewhere than on Linux
   */
  public static NetlinkWatch open() throws IOException {
    return new NetlinkWatch(NetlinkSocket.open(ROUTING));
  }

  /**
   * Begins to listen for neighbours.
   *
   * @throws java.net.SocketException elsewhere than on Linux
   */
  public static NetlinkWatch openNeighbors() throws IOException {
    return new NetlinkWatch(NetlinkSocket.open(NEIGH));
  }

  /**
   * Waits for events.
   *
   * @return some, in order; none when the time has passed; empty once closed
   */
  public Optional<List<NetlinkEvent>> next(Duration timeout) throws IOException {
    try {
      var datagram = socket.receive(timeout);
      if (datagram == null) {
        return Optional.empty();
      }
      var events = new ArrayList<NetlinkEvent>();
      for (var message : NetlinkCodec.messages(datagram)) {
        read(message).ifPresent(events::add);
      }
      return Optional.of(events);
    } catch (NetlinkSocket.LostException e) {
      return Optional.of(List.of(new NetlinkEvent.Lost()));
    }
  }

  private static Optional<NetlinkEvent> read(NetlinkCodec.Message message) {
    return switch (message.type()) {
      case NetlinkCodec.RTM_NEWLINK -> NetlinkCodec.link(message).map(NetlinkEvent.LinkSeen::new);
      case NetlinkCodec.RTM_DELLINK -> NetlinkCodec.link(message).map(NetlinkEvent.LinkGone::new);
      case NetlinkCodec.RTM_NEWADDR ->
          NetlinkCodec.address(message).map(NetlinkEvent.AddressSeen::new);
      case NetlinkCodec.RTM_DELADDR ->
          NetlinkCodec.address(message).map(NetlinkEvent.AddressGone::new);
      case NetlinkCodec.RTM_NEWROUTE ->
          NetlinkCodec.route(message).map(NetlinkEvent.RouteSeen::new);
      case NetlinkCodec.RTM_DELROUTE ->
          NetlinkCodec.route(message).map(NetlinkEvent.RouteGone::new);
      case NetlinkCodec.RTM_NEWNEIGH ->
          NetlinkCodec.neighbor(message).map(NetlinkEvent.NeighborSeen::new);
      default -> Optional.empty();
    };
  }

  @Override
  public void close() {
    socket.close();
  }
}
