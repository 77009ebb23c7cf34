package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip4;

/**
 * An IPv4 packet around a UDP datagram (RFC 791, RFC 768), for a client that has no address yet and
 * cannot be asked for its link-layer address by ARP.
 */
public final class UdpFrame {
  private static final int IP = 20;
  private static final int UDP = 8;

  private UdpFrame() {}

  /** The packet, both checksums filled in. */
  public static byte[] of(Ip4 from, int fromPort, Ip4 to, int toPort, byte[] payload) {
    int total = IP + UDP + payload.length;
    var out = new byte[total];
    out[0] = 0x45;
    out[1] = 0x10; // low delay, as the peers set it
    put16(out, 2, total);
    out[8] = 64; // TTL
    out[9] = 17; // UDP
    System.arraycopy(from.toBytes(), 0, out, 12, 4);
    System.arraycopy(to.toBytes(), 0, out, 16, 4);
    put16(out, 10, ~fold(sum(out, 0, IP)) & 0xFFFF);
    put16(out, IP, fromPort);
    put16(out, IP + 2, toPort);
    put16(out, IP + 4, UDP + payload.length);
    System.arraycopy(payload, 0, out, IP + UDP, payload.length);
    // The pseudo header: both addresses, the protocol and the length.
    long pseudo = sum(out, 12, 8) + 17 + UDP + payload.length;
    int checksum = ~fold(pseudo + sum(out, IP, UDP + payload.length)) & 0xFFFF;
    put16(out, IP + 6, checksum == 0 ? 0xFFFF : checksum);
    return out;
  }

  /** The one's complement sum of 16-bit words, not yet folded (RFC 1071). */
  static long sum(byte[] bytes, int from, int length) {
    long sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (bytes[from + i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
    }
    return sum;
  }

  static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xFFFF) + (folded >>> 16);
    }
    return (int) folded;
  }

  private static void put16(byte[] out, int at, int value) {
    out[at] = (byte) (value >>> 8);
    out[at + 1] = (byte) value;
  }
}
