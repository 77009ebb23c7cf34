package dev.islet.dns.fast;

import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.NameKey;
import dev.islet.dns.wire.ResponseWriter;

/**
 * A question of the plain form, read in place: one question of class IN, and after it nothing or an
 * OPT record of version 0. Filled again for each message; serves one thread.
 */
public final class FastQuestion {
  private static final int HEADER = 12;
  private static final int OPT_BYTES = 11;
  private static final int TYPE_OPT = 41;
  private static final int CLASS_IN = 1;
  private static final int OPTION_NSID = 3;
  private static final int OPTION_COOKIE = 10;
  private static final int OPTION_KEEPALIVE = 11;
  private static final int OPTION_PADDING = 12;

  private final NameKey name = new NameKey();
  private final byte[] address = new byte[16];
  private long clientHigh;
  private long clientLow;
  private int flags;
  private int end;
  private int type;
  private int limit;
  private boolean edns;
  private boolean dnssecOk;
  private boolean cached;
  private boolean stream;
  private boolean encrypted;
  private boolean padding;
  private boolean nsid;

  /** How many bytes the asker's cookie has; 0 without one. */
  private int cookie;

  private long clientCookie;

  // Of the asker's cookie, and then of that in the reply.
  private long serverHead;
  private long serverHash;
  private boolean answered;
  private boolean proven;

  /** Whether a message has the plain form; if not, nothing here is of use. */
  public boolean read(byte[] message, int length, long high, long low, Transport transport) {
    // A query, no response, with no bits but RD, AD and CD; one question, at most one record more.
    if (length < HEADER + 5
        || (message[2] & 0xFE) != 0
        || (message[3] & 0xCF) != 0
        || u16(message, 4) != 1
        || (message[6] | message[7] | message[8] | message[9] | message[10]) != 0
        || (message[11] & 0xFE) != 0) {
      return false;
    }
    int at = name.read(message, HEADER, length);
    if (at < 0 || at + 4 > length || u16(message, at + 2) != CLASS_IN) {
      return false;
    }
    stream = transport.stream();
    encrypted = transport.encrypted();
    clientHigh = high;
    clientLow = low;
    flags = u16(message, 2);
    type = u16(message, at);
    end = at + 4;
    edns = message[11] != 0;
    nsid = false;
    padding = false;
    cookie = 0;
    answered = false;
    proven = false;
    return edns ? opt(message, length) : plain(length);
  }

  private boolean plain(int length) {
    dnssecOk = false;
    limit = stream ? ResponseWriter.MAX_SIZE : ResponseWriter.PLAIN_UDP_SIZE;
    return end == length;
  }

  private boolean opt(byte[] message, int length) {
    int options = end + OPT_BYTES;
    if (length < options
        || message[end] != 0
        || u16(message, end + 1) != TYPE_OPT
        || message[end + 6] != 0
        || length != options + u16(message, end + 9)) {
      return false;
    }
    dnssecOk = (message[end + 7] & 0x80) != 0;
    int size = u16(message, end + 3);
    limit =
        stream
            ? ResponseWriter.MAX_SIZE
            : Math.clamp(size, ResponseWriter.PLAIN_UDP_SIZE, ResponseWriter.UDP_SIZE);
    return options == length || options(message, options, length);
  }

  /** Takes what shapes a reply, as {@code wire.MessageView} does; if all are well made. */
  private boolean options(byte[] message, int start, int length) {
    int at = start;
    while (at < length) {
      if (at + 4 > length || at + 4 + u16(message, at + 2) > length) {
        return false;
      }
      int size = u16(message, at + 2);
      int code = u16(message, at);
      nsid |= code == OPTION_NSID;
      padding |= code == OPTION_PADDING;
      // How long a connection may be idle is not for here to say (RFC 7828).
      if (code == OPTION_KEEPALIVE && stream
          || code == OPTION_COOKIE && !cookie(message, at + 4, size)) {
        return false;
      }
      at += 4 + size;
    }
    return true;
  }

  /** If there are more, the first counts. */
  private boolean cookie(byte[] message, int at, int size) {
    if (size != 8 && (size < 16 || size > 40)) {
      return false;
    }
    if (cookie == 0) {
      cookie = size;
      clientCookie = u64(message, at);
      serverHead = size == 24 ? u64(message, at + 8) : 0;
      serverHash = size == 24 ? u64(message, at + 16) : 0;
    }
    return true;
  }

  /** The name that is asked for. */
  public NameKey name() {
    return name;
  }

  public int type() {
    return type;
  }

  /** The second word of the header. */
  public int flags() {
    return flags;
  }

  /** Where the question ends in the message. */
  int end() {
    return end;
  }

  /** Whether there is an OPT record. */
  public boolean edns() {
    return edns;
  }

  /** DO: signatures wanted. */
  public boolean dnssecOk() {
    return dnssecOk;
  }

  /** CD: the asker validates by itself. */
  public boolean checkingDisabled() {
    return (flags & 0x0010) != 0;
  }

  /** Whether the server's name is asked for (RFC 5001). */
  boolean nsid() {
    return nsid;
  }

  /** Whether there is a cookie (RFC 7873). */
  public boolean hasCookie() {
    return cookie > 0;
  }

  /** The asker's part of the cookie, in network order. */
  public long clientCookie() {
    return clientCookie;
  }

  /** Bytes of the server's part of the asker's cookie. */
  public int serverCookieSize() {
    return cookie - 8;
  }

  /**
   * A word of the server's part, 0 or 1: first of the asker's, if that has 16 bytes, then of the
   * reply's.
   */
  public long serverCookie(int word) {
    return word == 0 ? serverHead : serverHash;
  }

  /**
   * Gives the server's part of the cookie that the reply gets.
   *
   * @param known whether the asker showed one that was given to its address
   */
  public void cookie(long head, long hash, boolean known) {
    serverHead = head;
    serverHash = hash;
    answered = true;
    proven = known;
  }

  /** Whether it has no cookie, or the reply's was given. */
  boolean isAnswered() {
    return cookie == 0 || answered;
  }

  /** Whether the asker's address is known to be its own, by a cookie or a handshake. */
  public boolean isProven() {
    return proven || stream;
  }

  /** Whether it came over a stream, which has room for every reply. */
  boolean stream() {
    return stream;
  }

  /** Whether the reply is to be padded: nobody can read it, and the asker pads (RFC 8467). */
  boolean padded() {
    return encrypted && padding;
  }

  /** How many bytes the reply may have. */
  public int limit() {
    return limit;
  }

  void fromCache(boolean yes) {
    cached = yes;
  }

  /** Whether the answer is one of others that is remembered; else it is of our zones. */
  public boolean cached() {
    return cached;
  }

  /** The upper half of the asker's address; 0 for IPv4. */
  public long clientHigh() {
    return clientHigh;
  }

  /** The lower half of the asker's address; {@code ::ffff:a.b.c.d} for IPv4. */
  public long clientLow() {
    return clientLow;
  }

  /**
   * The asker's address as bytes, for tables keyed by client; the same array each time.
   *
   * @see #addressLength
   */
  public byte[] address() {
    int bits = (addressLength() - 1) * 8;
    for (int i = 0; bits >= 0; i++, bits -= 8) {
      address[i] = (byte) (bits >= 64 ? clientHigh >>> bits - 64 : clientLow >>> bits);
    }
    return address;
  }

  /** How many bytes the asker's address has, 4 or 16. */
  public int addressLength() {
    return clientHigh == 0 && clientLow >>> 32 == 0xFFFF ? 4 : 16;
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
  }

  private static long u64(byte[] b, int at) {
    long word = 0;
    for (int i = 0; i < 8; i += 2) {
      word = word << 16 | u16(b, at + i);
    }
    return word;
  }
}
