package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.SOL_IP;
import static dev.islet.core.net.socket.Libc.SOL_IPV6;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends and receives the payload of one IP protocol on one interface: OSPF (89), VRRP (112), IGMP
 * (2). Packets leave with TTL or hop limit 1 and traffic class CS6 (0xC0), and own multicast is not
 * seen. The kernel writes the IP header. Needs CAP_NET_RAW. Linux only. One thread receives at a
 * time; any thread may send.
 */
public final class RawIpSocket implements AutoCloseable {
  private static final int IP_TOS = 1;
  private static final int IP_TTL = 2;
  private static final int IP_MULTICAST_TTL = 33;
  private static final int IP_MULTICAST_LOOP = 34;
  private static final int IPV6_CHECKSUM = 7;
  private static final int IPV6_UNICAST_HOPS = 16;
  private static final int IPV6_MULTICAST_HOPS = 18;
  private static final int IPV6_MULTICAST_LOOP = 19;
  private static final int IPV6_RECVHOPLIMIT = 51;
  private static final int IPV6_TCLASS = 67;
  private static final int INTERNETWORK_CONTROL = 0xC0;

  private final MessageSocket socket;
  private final Nic nic;
  private final boolean six;

  /** Of the one receiver. */
  private final DatagramBatch in = new DatagramBatch(1, 65_535);

  private RawIpSocket(MessageSocket socket, Nic nic, boolean six) {
    this.socket = socket;
    this.nic = nic;
    this.six = six;
  }

  /**
   * A packet received.
   *
   * @param source the sender
   * @param destination where it was sent to: a group or an own address
   * @param ttl its time to live or hop limit on arrival
   * @param payload what follows the IP header
   */
  public record Received(InetAddress source, InetAddress destination, int ttl, byte[] payload) {}

  /**
   * Opens a socket bound to an interface.
   *
   * @param protocol the IP protocol number
   * @param family {@link StandardProtocolFamily#INET} or {@code INET6}
   * @throws SocketException without CAP_NET_RAW, or elsewhere than on Linux
   */
  public static RawIpSocket open(int protocol, ProtocolFamily family, Nic nic) throws IOException {
    Libc.requireLinux("raw IP sockets");
    boolean six = family == StandardProtocolFamily.INET6;
    MessageSocket socket;
    try {
      socket = MessageSocket.open(six ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_RAW, protocol);
    } catch (SocketException e) {
      throw new SocketException("raw socket (needs CAP_NET_RAW): " + e.getMessage(), e);
    }
    try {
      socket.device(nic.name());
      socket.multicastNic(nic.index());
      if (six) {
        socket.set(SOL_IPV6, IPV6_UNICAST_HOPS, 1);
        socket.set(SOL_IPV6, IPV6_MULTICAST_HOPS, 1);
        socket.set(SOL_IPV6, IPV6_MULTICAST_LOOP, 0);
        socket.set(SOL_IPV6, IPV6_TCLASS, INTERNETWORK_CONTROL);
        socket.set(SOL_IPV6, IPV6_RECVHOPLIMIT, 1);
      } else {
        socket.set(SOL_IP, IP_TTL, 1);
        socket.set(SOL_IP, IP_MULTICAST_TTL, 1);
        socket.set(SOL_IP, IP_MULTICAST_LOOP, 0);
        socket.set(SOL_IP, IP_TOS, INTERNETWORK_CONTROL);
      }
      return new RawIpSocket(socket, nic, six);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Opens an IPv4 socket bound to an interface. */
  public static RawIpSocket open(int protocol, Nic nic) throws IOException {
    return open(protocol, StandardProtocolFamily.INET, nic);
  }

  /** The interface it was opened on. */
  public Nic nic() {
    return nic;
  }

  /** Joins a multicast group on the interface. */
  public void join(InetAddress group) throws IOException {
    socket.join(group, nic);
  }

  /** Leaves a group joined before. */
  public void leave(InetAddress group) throws IOException {
    socket.leave(group, nic);
  }

  /** Sends packets with another TTL or hop limit than 1, as a multihop neighbour needs. */
  public void unicastTtl(int ttl) throws IOException {
    if (six) {
      socket.set(SOL_IPV6, IPV6_UNICAST_HOPS, ttl);
    } else {
      socket.set(SOL_IP, IP_TTL, ttl);
    }
  }

  /**
   * Sends everything with this hop limit: 255 for neighbour discovery, whose receivers take that as
   * the proof that no router has passed it on (RFC 4861 section 6.1). IPv6 only.
   */
  public void hopLimit(int hops) throws IOException {
    socket.set(SOL_IPV6, IPV6_UNICAST_HOPS, hops);
    socket.set(SOL_IPV6, IPV6_MULTICAST_HOPS, hops);
  }

  /** Sends a payload to an address or group on the interface. */
  public void send(byte[] payload, InetAddress to) throws IOException {
    socket.send(payload, to, 0, null, nic.index());
  }

  /** Sends a payload from one of the interface's addresses. */
  public void send(byte[] payload, InetAddress to, InetAddress from) throws IOException {
    socket.send(payload, to, 0, from, nic.index());
  }

  /**
   * For OSPFv3: the kernel writes and checks a checksum at this offset of the payload, the
   * pseudo-header included (RFC 3542 section 3.1). IPv6 only.
   */
  public void checksumAt(int offset) throws IOException {
    socket.set(SOL_IPV6, IPV6_CHECKSUM, offset);
  }

  /**
   * Waits for one packet; empty when the time has passed or the socket is closed. A packet whose IP
   * header does not hold together is dropped by the kernel.
   */
  public Optional<Received> receive(Duration timeout) throws IOException {
    if (socket.receive(in, timeout, 0) <= 0) {
      return Optional.empty();
    }
    var packet = in.bytes(0);
    var source = in.remote(0).getAddress();
    var destination = in.local(0).getAddress();
    if (six) {
      return Optional.of(new Received(source, destination, in.ttl(0), packet));
    }
    // IPv4 comes with its header: length in words in the low half of byte 0, TTL in byte 8.
    int header = packet.length == 0 ? 0 : (packet[0] & 0x0F) * 4;
    if (header < 20 || header > packet.length) {
      return Optional.empty();
    }
    return Optional.of(
        new Received(
            source,
            destination,
            packet[8] & 0xFF,
            Arrays.copyOfRange(packet, header, packet.length)));
  }

  /** Until it is closed. */
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() {
    socket.close();
  }
}
