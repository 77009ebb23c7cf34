package dev.islet.voip.wire;

import java.nio.ByteBuffer;

/** What shares a media port, told apart by the first bytes (RFC 7983 §7, RFC 5761 §4). */
public enum MediaKind {
  RTP,
  RTCP,
  /** Handshake of DTLS-SRTP (RFC 5764), passed on unopened. */
  DTLS,
  /** Connectivity checks (RFC 8489); the relay has no part in them. */
  STUN,
  OTHER;

  /** Looks at no more than two bytes; the codecs check the rest. */
  public static MediaKind of(ByteBuffer packet, int offset, int length) {
    if (length < 2) {
      return OTHER;
    }
    int first = packet.get(offset) & 0xFF;
    if (first >= 128 && first <= 191) {
      int second = packet.get(offset + 1) & 0xFF;
      // RTCP types 192 to 223 are what RTP with marker and payload types 64 to 95 would look like.
      return second >= 192 && second <= 223 ? RTCP : RTP;
    }
    if (first >= 20 && first <= 63) {
      return DTLS;
    }
    return first <= 3 ? STUN : OTHER;
  }
}
