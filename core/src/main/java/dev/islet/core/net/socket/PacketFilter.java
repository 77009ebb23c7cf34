package dev.islet.core.net.socket;

import java.util.stream.LongStream;

/**
 * What a {@link PacketSocket} lets through, decided in the kernel by a classic BPF program (McCanne
 * and Jacobson, 1993), so that a busy interface does not wake the server for every packet.
 */
public final class PacketFilter {
  private static final int LOAD_BYTE = 0x30;
  private static final int LOAD_HALF = 0x28;
  private static final int LOAD_HALF_AFTER_X = 0x48;
  private static final int X_IS_HEADER_LENGTH = 0xB1;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_ANY_SET = 0x45;
  private static final int RETURN = 0x06;

  /** Instead of a port. */
  private static final int EVERYTHING = -1;

  private static final int ARP_REPLIES = -2;

  private final int udpPort;

  private PacketFilter(int udpPort) {
    this.udpPort = udpPort;
  }

  /** Every packet. */
  public static PacketFilter everything() {
    return new PacketFilter(EVERYTHING);
  }

  /** ARP packets that answer (RFC 826, operation 2). */
  public static PacketFilter arpReplies() {
    return new PacketFilter(ARP_REPLIES);
  }

  /** Whole (not fragmented) UDP datagrams to a port, over IPv4 or IPv6 without extensions. */
  public static PacketFilter udpPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not from 0 to 65535");
    }
    return new PacketFilter(port);
  }

  /**
   * The program, one 64-bit word an instruction as in {@code struct sock_filter}; empty lets all
   * through. Offsets count from the IP header, where a cooked packet begins.
   */
  long[] program(int etherType) {
    if (udpPort == EVERYTHING) {
      return new long[0];
    }
    if (udpPort == ARP_REPLIES) {
      return LongStream.of(
              word(LOAD_HALF, 0, 0, 6), // operation
              word(JUMP_IF_EQUAL, 0, 1, 2),
              word(RETURN, 0, 0, 0x40000),
              word(RETURN, 0, 0, 0))
          .toArray();
    }
    return etherType == PacketSocket.IPV6
        ? LongStream.of(
                word(LOAD_BYTE, 0, 0, 6), // next header
                word(JUMP_IF_EQUAL, 0, 3, 17),
                word(LOAD_HALF, 0, 0, 42), // 40 of IPv6, 2 of UDP
                word(JUMP_IF_EQUAL, 0, 1, udpPort),
                word(RETURN, 0, 0, 0x40000),
                word(RETURN, 0, 0, 0))
            .toArray()
        : LongStream.of(
                word(LOAD_BYTE, 0, 0, 9), // protocol
                word(JUMP_IF_EQUAL, 0, 6, 17),
                word(LOAD_HALF, 0, 0, 6), // "more fragments" and offset must be zero
                word(JUMP_IF_ANY_SET, 4, 0, 0x3FFF),
                word(X_IS_HEADER_LENGTH, 0, 0, 0),
                word(LOAD_HALF_AFTER_X, 0, 0, 2),
                word(JUMP_IF_EQUAL, 0, 1, udpPort),
                word(RETURN, 0, 0, 0x40000),
                word(RETURN, 0, 0, 0))
            .toArray();
  }

  /** {@code code u16 | jump if true u8 | jump if false u8 | k u32}, little-endian. */
  private static long word(int code, int ifTrue, int ifFalse, int k) {
    return (code & 0xFFFFL) | (long) ifTrue << 16 | (long) ifFalse << 24 | (long) k << 32;
  }
}
