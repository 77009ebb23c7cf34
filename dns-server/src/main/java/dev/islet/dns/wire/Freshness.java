package dev.islet.dns.wire;

/**
 * How long an HTTP cache may keep a reply (RFC 8484 section 5.1): the lowest TTL of the answer
 * section, for a negative reply what its SOA record allows (RFC 2308 section 5), else not at all.
 */
public final class Freshness {
  private static final int TYPE_SOA = 6;
  private static final int NOERROR = 0;
  private static final int NXDOMAIN = 3;

  private Freshness() {}

  /**
   * In seconds.
   *
   * @param reply a message of our own making
   */
  public static long seconds(byte[] reply) {
    int rcode = reply[3] & 0xF;
    if (rcode != NOERROR && rcode != NXDOMAIN) {
      return 0;
    }
    int at = MessageView.HEADER;
    for (int i = u16(reply, 4); i > 0; i--) {
      at = name(reply, at) + 4;
    }
    int answers = u16(reply, 6);
    int all = answers + u16(reply, 8);
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < all; i++) {
      int head = name(reply, at);
      int type = u16(reply, head);
      long ttl = (long) u16(reply, head + 4) << 16 | u16(reply, head + 6);
      int end = head + 10 + u16(reply, head + 8);
      if (i < answers) {
        lowest = Math.min(lowest, ttl);
      } else if (answers == 0 && type == TYPE_SOA) {
        long minimum = (long) u16(reply, end - 4) << 16 | u16(reply, end - 2);
        lowest = Math.min(lowest, Math.min(ttl, minimum));
      }
      at = end;
    }
    return lowest == Long.MAX_VALUE ? 0 : lowest;
  }

  private static int name(byte[] message, int from) {
    int at = from;
    while (message[at] != 0) {
      if ((message[at] & 0xC0) == 0xC0) {
        return at + 2;
      }
      at += 1 + message[at];
    }
    return at + 1;
  }

  private static int u16(byte[] message, int at) {
    return (message[at] & 0xFF) << 8 | message[at + 1] & 0xFF;
  }
}
