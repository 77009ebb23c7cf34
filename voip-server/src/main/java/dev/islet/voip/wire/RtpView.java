package dev.islet.voip.wire;

import java.nio.ByteBuffer;

/**
 * An RTP packet where it lies in a buffer (RFC 3550 §5.1). One object serves all packets.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |            contributing source (CSRC) identifiers ...         |
 * |  extension: profile (16)      |  extension: words (16)        |
 * |  payload ...                              padding, last = n   |
 * </pre>
 */
public final class RtpView {
  /** Bytes of the fixed header. */
  public static final int HEADER = 12;

  /** What {@link #wrap} found. */
  public enum Check {
    OK,
    /** Shorter than the fixed header. */
    SHORT,
    /** The version is not 2. */
    VERSION,
    /** The contributing sources reach beyond the packet. */
    CSRC,
    /** The header extension reaches beyond the packet (§5.3.1). */
    EXTENSION,
    /** The padding is zero or longer than the payload. */
    PADDING
  }

  private ByteBuffer buffer = ByteBuffer.allocate(HEADER);
  private int offset;
  private int length;
  private int payloadOffset;
  private int payloadLength;

  /** Takes a packet and checks every length in it (RFC 3550 A.1); allocates nothing. */
  public Check wrap(ByteBuffer packet, int at, int size) {
    buffer = packet;
    offset = at;
    length = size;
    if (size < HEADER) {
      return Check.SHORT;
    }
    int first = packet.get(at) & 0xFF;
    if (first >> 6 != 2) {
      return Check.VERSION;
    }
    int used = HEADER + 4 * (first & 0x0F);
    if (used > size) {
      return Check.CSRC;
    }
    if ((first & 0x10) != 0) {
      if (used + 4 > size) {
        return Check.EXTENSION;
      }
      used += 4 + 4 * u16(used + 2);
      if (used > size) {
        return Check.EXTENSION;
      }
    }
    int padding = 0;
    if ((first & 0x20) != 0) {
      padding = packet.get(at + size - 1) & 0xFF;
      if (padding == 0 || used + padding > size) {
        return Check.PADDING;
      }
    }
    payloadOffset = at + used;
    payloadLength = size - used - padding;
    return Check.OK;
  }

  public boolean marker() {
    return (buffer.get(offset + 1) & 0x80) != 0;
  }

  public int payloadType() {
    return buffer.get(offset + 1) & 0x7F;
  }

  /** 0 to 65535. */
  public int sequence() {
    return u16(2);
  }

  /** All 32 bits; differences are meant, so the sign does not matter. */
  public int timestamp() {
    return u32(4);
  }

  /** All 32 bits. */
  public int ssrc() {
    return u32(8);
  }

  /** How many contributing sources are named. */
  public int csrcCount() {
    return buffer.get(offset) & 0x0F;
  }

  /** Where the payload begins in the buffer. */
  public int payloadOffset() {
    return payloadOffset;
  }

  /** Bytes of payload, padding left out. */
  public int payloadLength() {
    return payloadLength;
  }

  /** Bytes of the packet, header included. */
  public int length() {
    return length;
  }

  private int u16(int at) {
    return (buffer.get(offset + at) & 0xFF) << 8 | buffer.get(offset + at + 1) & 0xFF;
  }

  private int u32(int at) {
    return u16(at) << 16 | u16(at + 2);
  }
}
