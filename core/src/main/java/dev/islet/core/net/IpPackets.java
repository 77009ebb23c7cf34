package dev.islet.core.net;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Writes IP packets around a payload, checksums included: for a packet socket, which sends them as
 * they are, and for capture files, whose readers want headers.
 *
 * <p>Addresses of different families are both written as IPv6, the IPv4 one mapped (RFC 4291
 * section 2.5.5.2).
 */
public final class IpPackets {
  /** TCP flag: no more data from the sender (RFC 9293 section 3.1). */
  public static final int FIN = 0x01;

  /** TCP flag: synchronise sequence numbers. */
  public static final int SYN = 0x02;

  /** TCP flag: push. */
  public static final int PSH = 0x08;

  /** TCP flag: the acknowledgment number counts. */
  public static final int ACK = 0x10;

  /** The longest UDP payload in an IPv4 packet: 65,535 less 20 for IP and 8 for UDP. */
  public static final int MAX_UDP_PAYLOAD = 65_507;

  /** The longest TCP payload in an IPv4 packet without options. */
  public static final int MAX_TCP_PAYLOAD = 65_495;

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int UDP_HEADER = 8;
  private static final int TCP_HEADER = 20;

  private IpPackets() {}

  /**
   * A UDP datagram (RFC 768) in an IP packet.
   *
   * @param ttl time to live or hop limit
   * @throws IllegalArgumentException if the payload is longer than {@link #MAX_UDP_PAYLOAD}
   */
  public static byte[] udp(
      InetSocketAddress source, InetSocketAddress destination, int ttl, byte[] payload) {
    if (payload.length > MAX_UDP_PAYLOAD) {
      throw new IllegalArgumentException(payload.length + " bytes do not fit a UDP datagram");
    }
    int length = UDP_HEADER + payload.length;
    var packet = ip(source, destination, UDP, ttl, length);
    int transport = packet.position();
    packet.putShort((short) source.getPort());
    packet.putShort((short) destination.getPort());
    packet.putShort((short) length);
    packet.putShort((short) 0);
    packet.put(payload);
    int sum = transportChecksum(packet.array(), transport, UDP);
    packet.putShort(transport + 6, (short) (sum == 0 ? 0xFFFF : sum)); // zero means "none"
    return packet.array();
  }

  /**
   * A TCP segment without options (RFC 9293) in an IP packet with TTL 64 and a window of 65,535.
   *
   * @param sequence number of the first byte
   * @param acknowledgment number of the byte expected next
   * @param flags like {@code PSH | ACK}
   * @throws IllegalArgumentException if the payload is longer than {@link #MAX_TCP_PAYLOAD}
   */
  public static byte[] tcp(
      InetSocketAddress source,
      InetSocketAddress destination,
      int sequence,
      int acknowledgment,
      int flags,
      ByteBuffer payload) {
    if (payload.remaining() > MAX_TCP_PAYLOAD) {
      throw new IllegalArgumentException(payload.remaining() + " bytes do not fit a TCP segment");
    }
    var packet = ip(source, destination, TCP, 64, TCP_HEADER + payload.remaining());
    int transport = packet.position();
    packet.putShort((short) source.getPort());
    packet.putShort((short) destination.getPort());
    packet.putInt(sequence);
    packet.putInt(acknowledgment);
    packet.putShort((short) (TCP_HEADER / 4 << 12 | flags));
    packet.putShort((short) 0xFFFF);
    packet.putInt(0); // checksum, urgent pointer
    packet.put(payload.duplicate());
    int sum = transportChecksum(packet.array(), transport, TCP);
    packet.putShort(transport + 16, (short) sum);
    return packet.array();
  }

  /** The Internet checksum of a stretch of bytes (RFC 1071). */
  public static int checksum(byte[] bytes, int offset, int length) {
    return fold(sum(bytes, offset, length));
  }

  /** An IP header (RFC 791, RFC 8200) with room for what follows. */
  private static ByteBuffer ip(
      InetSocketAddress source, InetSocketAddress destination, int protocol, int ttl, int length) {
    var from = source.getAddress().getAddress();
    var to = destination.getAddress().getAddress();
    if (from.length == 4 && to.length == 4) {
      var packet = ByteBuffer.allocate(20 + length);
      packet.putShort((short) 0x4500);
      packet.putShort((short) (20 + length));
      packet.putShort((short) 0); // identification
      packet.putShort((short) 0x4000); // don't fragment: the identification need not be unique
      packet.put((byte) ttl);
      packet.put((byte) protocol);
      packet.putShort((short) 0);
      packet.put(from);
      packet.put(to);
      packet.putShort(10, (short) checksum(packet.array(), 0, 20));
      return packet;
    }
    return ByteBuffer.allocate(40 + length)
        .putInt(0x6000_0000)
        .putShort((short) length)
        .put((byte) protocol)
        .put((byte) ttl)
        .put(six(from))
        .put(six(to));
  }

  private static byte[] six(byte[] address) {
    return address.length == 16
        ? address
        : ByteBuffer.allocate(16).putLong(0).putInt(0xFFFF).put(address).array();
  }

  /** With the pseudo-header of RFC 9293 section 3.1 or RFC 8200 section 8.1. */
  private static int transportChecksum(byte[] packet, int transport, int protocol) {
    int addresses = transport == 20 ? 12 : 8;
    int length = packet.length - transport;
    long total =
        sum(packet, addresses, transport - addresses)
            + protocol
            + length
            + sum(packet, transport, length);
    return fold(total);
  }

  private static long sum(byte[] bytes, int offset, int length) {
    long sum = 0;
    int end = offset + length;
    int i = offset;
    for (; i + 1 < end; i += 2) {
      sum += (bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF;
    }
    return i < end ? sum + ((bytes[i] & 0xFF) << 8) : sum;
  }

  private static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xFFFF) + (folded >>> 16);
    }
    return (int) (~folded & 0xFFFF);
  }
}
