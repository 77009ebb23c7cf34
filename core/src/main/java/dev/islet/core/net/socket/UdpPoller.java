package dev.islet.core.net.socket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Many UDP ports served by one thread: what a media relay needs, which has a port for every stream
 * and a packet on each of them fifty times a second.
 *
 * <p>On Linux it is {@code epoll(7)}, {@code recvmmsg(2)} and {@code sendto(2)}, with the time of
 * arrival as the kernel noted it, and nothing is allocated per packet. Elsewhere, or with the
 * system property {@code islet.net=nio}, it is a {@code Selector}.
 *
 * <p>One thread polls; any thread may bind and close ports, and {@link #wake} or {@link #close} the
 * poller.
 *
 * <pre>{@code
 * var poller = UdpPoller.open();
 * var in = poller.bind(new InetSocketAddress("192.168.7.1", 10_000), 0xB8, call);
 * while (poller.poll((port, packet) -> port.send(packet, …), Duration.ofSeconds(1)) >= 0) {}
 * }</pre>
 */
public sealed interface UdpPoller extends AutoCloseable permits EpollPoller, SelectorPoller {
  /** The longest datagram taken; longer ones are dropped. */
  int MAX_DATAGRAM = 2048;

  /**
   * Opens one without ports.
   *
   * @throws IOException if the system has no descriptors left
   */
  static UdpPoller open() throws IOException {
    return Libc.usable() ? EpollPoller.open() : SelectorPoller.open();
  }

  /**
   * Binds a port and polls it from now on.
   *
   * @param local an address of this machine; port 0 takes any
   * @param tos traffic class byte of what is sent, 0 for the default
   * @param owner whatever {@link UdpPort#owner} shall give back
   * @throws java.net.BindException if the address is taken or not ours
   * @throws IOException if there are no descriptors left, or the poller is closed
   */
  UdpPort bind(InetSocketAddress local, int tos, Object owner) throws IOException;

  /**
   * Waits for datagrams and hands each that has come to the sink, a few of each port at most.
   *
   * @param timeout how long to wait; a wake-up ends it early
   * @return how many datagrams were handed on; -1 once closed
   */
  int poll(Sink sink, Duration timeout) throws IOException;

  /** Lets a waiting {@link #poll} return. */
  void wake();

  /** How many ports are open. */
  int ports();

  /** Closes it with all its ports, once the polling thread has left; may be repeated. */
  @Override
  void close();

  /** Takes datagrams. */
  @FunctionalInterface
  interface Sink {
    /** Called by the polling thread; port and packet are valid during the call only. */
    void packet(UdpPort port, UdpPacket packet);
  }
}
