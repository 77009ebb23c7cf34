package dev.islet.core.net.socket;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket that moves datagrams in batches and answers from the address that was asked.
 *
 * <p>On Linux it is {@code recvmmsg(2)} and {@code sendmmsg(2)} with packet info (RFC 3542 section
 * 6): a reply sent from the slot its question came in leaves from the address the question went to,
 * also on a wildcard socket of a machine with many addresses. Nothing is allocated per packet.
 * Elsewhere, or with the system property {@code islet.net=nio}, it is a {@code DatagramChannel}:
 * one datagram a call, and the kernel chooses the source address.
 *
 * <p>One thread receives at a time, on a platform thread, since a waiting receiver holds its
 * carrier; any thread may send. Multicast groups, closing and sending need no care about the
 * receiver.
 *
 * <pre>{@code
 * try (var socket = UdpSocket.open(UdpOptions.on(new InetSocketAddress(53)))) {
 *   var batch = new DatagramBatch(32, 1500);
 *   for (int n; (n = socket.receive(batch, Duration.ofSeconds(1))) >= 0; ) {
 *     for (int i = 0; i < n; i++) batch.length(i, answer(batch.payload(i), batch.length(i)));
 *     socket.send(batch, n);
 *   }
 * }
 * }</pre>
 */
public sealed interface UdpSocket extends AutoCloseable permits LinuxUdpSocket, NioUdpSocket {
  /**
   * Opens and binds a socket.
   *
   * @throws java.net.BindException if the address is taken, not ours, or not allowed; the message
   *     is the system's
   * @throws IOException if an option cannot be set
   */
  static UdpSocket open(UdpOptions options) throws IOException {
    return Libc.usable() ? LinuxUdpSocket.open(options) : NioUdpSocket.open(options);
  }

  /** Where it is bound, with the real port. */
  InetSocketAddress local();

  /**
   * Waits for at least one datagram and takes all that have come, into the first slots.
   *
   * <p>A datagram longer than a slot is cut; {@link DatagramBatch#truncated} tells.
   *
   * @param timeout how long to wait; zero asks once without waiting
   * @return how many slots are filled; 0 when the time has passed; -1 once the socket is closed
   */
  int receive(DatagramBatch batch, Duration timeout) throws IOException;

  /**
   * Sends the slots 0 to {@code count - 1} that have a length above zero, each to its remote and
   * from its local address. A datagram that the system refuses (no route, too long, buffer full) is
   * skipped and does not hold up the others.
   *
   * @return how many were handed to the network
   * @throws java.nio.channels.ClosedChannelException if the socket is closed
   */
  int send(DatagramBatch batch, int count) throws IOException;

  /**
   * Sends one datagram.
   *
   * @param from the source address, or null to let the system choose; one of this machine's
   * @throws IOException if the system refuses it
   */
  void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from) throws IOException;

  /** Sends one datagram out of a certain interface: multicast, limited broadcast, link-local. */
  void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from, Nic nic)
      throws IOException;

  /** Joins a multicast group on an interface. */
  void join(InetAddress group, Nic nic) throws IOException;

  /** Leaves a group joined before. */
  void leave(InetAddress group, Nic nic) throws IOException;

  /** Whether replies can leave from the address that was asked: false for the NIO fallback. */
  boolean keepsAskedAddress();

  /**
   * From now on the address that each datagram was sent to, and its interface, are not noted: a
   * socket bound to one address spares that time, and its replies leave from there anyway.
   *
   * @throws IOException if the system refuses
   */
  void omitAskedAddress() throws IOException;

  /**
   * From now on datagrams leave in one piece (RFC 9715): nobody who tells lies about a path's width
   * has them sent in fragments, whose second half is easily forged. A link of this machine that is
   * too narrow for one ends this. Also spares the time to number what could be cut. Without effect
   * for the NIO fallback.
   */
  void forbidFragments();

  /** Whether it was not closed. */
  boolean isOpen();

  /** Closes it and wakes a waiting receiver; may be repeated. */
  @Override
  void close();
}
