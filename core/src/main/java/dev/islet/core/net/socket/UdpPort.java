package dev.islet.core.net.socket;

import java.net.InetSocketAddress;

/** One UDP port of a {@link UdpPoller}. */
public sealed interface UdpPort extends AutoCloseable permits EpollPort, SelectorPort {
  /** Where it is bound, with the real port. */
  InetSocketAddress local();

  /** What was given when it was bound. */
  Object owner();

  /**
   * Sends the bytes of a received datagram from this port. Only within {@link
   * UdpPoller.Sink#packet}.
   *
   * @param high upper half of the destination address, in the form of {@link UdpPacket#high}
   * @param low lower half
   * @param port destination port
   * @return whether the system took it; false also for an address of another family
   */
  boolean send(UdpPacket packet, long high, long low, int port);

  /** Stops polling it soon after and gives the port back; may be repeated. */
  @Override
  void close();
}
