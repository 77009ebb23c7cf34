package dev.islet.core.net.socket;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends and receives the payload of one IP protocol on one interface: OSPF (89), VRRP (112), IGMP
 * (2). Packets leave with TTL or hop limit 1 and traffic class CS6 (0xC0), and own multicast is not
 * seen. The kernel writes the IP header. Needs CAP_NET_RAW. Linux only.
 */
public final class RawIpSocket implements AutoCloseable {
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
   * @param family {@link java.net.StandardProtocolFamily#INET} or {@code INET6}
   */
  public static RawIpSocket open(int protocol, ProtocolFamily family, Nic nic) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Opens an IPv4 socket bound to an interface. */
  public static RawIpSocket open(int protocol, Nic nic) throws IOException {
    return open(protocol, java.net.StandardProtocolFamily.INET, nic);
  }

  /** Joins a multicast group on the interface. */
  public void join(InetAddress group) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Leaves a group joined before. */
  public void leave(InetAddress group) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Sends a payload to an address or group on the interface. */
  public void send(byte[] payload, InetAddress to) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Sends a payload from one of the interface's addresses. */
  public void send(byte[] payload, InetAddress to, InetAddress from) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * For OSPFv3 and other ICMPv6-like protocols: the kernel writes and checks a checksum at this
   * offset of the payload (RFC 3542 section 3.1). IPv6 only.
   */
  public void checksumAt(int offset) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Waits for one packet; empty when the time has passed or the socket is closed. */
  public Optional<Received> receive(Duration timeout) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Until it is closed. */
  public boolean isOpen() {
    return false;
  }

  @Override
  public void close() {}
}
