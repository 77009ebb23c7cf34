package dev.islet.voip.wire;

import java.nio.ByteBuffer;

/**
 * A compound RTCP packet where it lies in a buffer (RFC 3550 §6). One object serves all packets:
 * {@link #wrap} checks it, {@link #next} goes through its parts.
 *
 * <pre>
 * |V=2|P|  count  |  packet type  |    length in words - 1        |   every part
 * |                     SSRC of the sender                        |
 * |                  NTP timestamp, seconds                       |   sender report (200)
 * |                  NTP timestamp, fraction                      |
 * |                      RTP timestamp                            |
 * |                  sender's packet count                        |
 * |                  sender's octet count                         |
 * |                    SSRC reported on                           |   report block, 0 to 31 times
 * | fraction lost |      cumulative number of packets lost        |   (also in 201)
 * |           extended highest sequence number received           |
 * |                   interarrival jitter                         |
 * |                      last SR (LSR)                            |
 * |                delay since last SR (DLSR)                     |
 * </pre>
 */
public final class RtcpView {
  /** Sender report. */
  public static final int SR = 200;

  /** Receiver report. */
  public static final int RR = 201;

  /** Bytes of one report block. */
  private static final int BLOCK = 24;

  /** What {@link #wrap} found. */
  public enum Check {
    OK,
    /** Shorter than a header and an SSRC. */
    SHORT,
    /** The version of a part is not 2. */
    VERSION,
    /** A type outside 192 to 223 (RFC 5761 §4). */
    TYPE,
    /** The lengths of the parts do not add up to the packet (A.2). */
    LENGTH
  }

  private ByteBuffer buffer = ByteBuffer.allocate(8);
  private int end;
  private int part;
  private int following;

  /**
   * Takes a packet and checks its parts (RFC 3550 A.2). A packet that begins with something else
   * than a report is taken too: feedback may come alone (RFC 5506). Allocates nothing.
   */
  public Check wrap(ByteBuffer packet, int at, int size) {
    buffer = packet;
    following = at;
    part = at;
    end = at;
    if (size < 8) {
      return Check.SHORT;
    }
    int position = at;
    while (position < at + size) {
      if (at + size - position < 4) {
        return Check.LENGTH;
      }
      if ((packet.get(position) & 0xC0) != 0x80) {
        return Check.VERSION;
      }
      int type = packet.get(position + 1) & 0xFF;
      if (type < 192 || type > 223) {
        return Check.TYPE;
      }
      position += bytes(position);
      if (position > at + size) {
        return Check.LENGTH;
      }
    }
    end = at + size;
    return Check.OK;
  }

  /**
   * Like {@link #wrap} for encrypted packets (SRTCP, RFC 3711 §3.4), of which only the first eight
   * bytes can be read; the parts are then not gone through.
   */
  public static boolean looksEncrypted(ByteBuffer packet, int at, int size) {
    int type = size < 20 ? 0 : packet.get(at + 1) & 0xFF;
    return (type == SR || type == RR) && (packet.get(at) & 0xC0) == 0x80;
  }

  /** Goes to the next part; false after the last. */
  public boolean next() {
    if (following >= end) {
      return false;
    }
    part = following;
    following += bytes(part);
    return true;
  }

  /** The packet type of this part. */
  public int type() {
    return buffer.get(part + 1) & 0xFF;
  }

  /** The SSRC that sent this part; 0 if the part is too short to have one. */
  public int ssrc() {
    return bytes(part) >= 8 ? u32(part + 4) : 0;
  }

  /** Whether this part is a sender report that is complete. */
  public boolean senderReport() {
    return type() == SR && bytes(part) >= 28;
  }

  /** The middle 32 bits of the sender report's NTP timestamp: what LSR will repeat (§6.4.1). */
  public int middleNtp() {
    return u32(part + 8) << 16 | u32(part + 12) >>> 16;
  }

  /** How many report blocks this part has room for and claims; 0 if it is no report. */
  public int blocks() {
    int first = firstBlock();
    return first == 0 ? 0 : Math.min(buffer.get(part) & 0x1F, (part + bytes(part) - first) / BLOCK);
  }

  /** The SSRC a block reports on. */
  public int blockSsrc(int block) {
    return u32(firstBlock() + block * BLOCK);
  }

  /** The last sender report the reporter got, as {@link #middleNtp}; 0 for none. */
  public int lastReport(int block) {
    return u32(firstBlock() + block * BLOCK + 16);
  }

  /** How long ago that was, in units of 1/65536 s, unsigned. */
  public int delaySinceLastReport(int block) {
    return u32(firstBlock() + block * BLOCK + 20);
  }

  private int firstBlock() {
    return switch (type()) {
      case SR -> bytes(part) >= 28 ? part + 28 : 0;
      case RR -> bytes(part) >= 8 ? part + 8 : 0;
      default -> 0;
    };
  }

  private int bytes(int at) {
    return 4 * (u16(at + 2) + 1);
  }

  private int u16(int at) {
    return (buffer.get(at) & 0xFF) << 8 | buffer.get(at + 1) & 0xFF;
  }

  private int u32(int at) {
    return u16(at) << 16 | u16(at + 2);
  }
}
