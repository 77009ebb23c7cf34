package dev.islet.dns.wire;

import dev.islet.dns.wire.Malformed.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.xbill.DNS.Name;

/**
 * A flyweight over the bytes of one message (RFC 1035 section 4): walks all of it once, throws
 * nothing, allocates nothing, and keeps the offsets that matter. One view serves one thread and is
 * used again for the next message.
 *
 * <pre>
 *  0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * |                      ID                       |
 * |QR|  Opcode   |AA|TC|RD|RA| Z|AD|CD|   RCODE   |
 * |  QDCOUNT  |  ANCOUNT  |  NSCOUNT  |  ARCOUNT  |   16 bits each
 * +--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+--+
 * </pre>
 */
public final class MessageView {
  /** Bytes of a header. */
  public static final int HEADER = 12;

  private static final int TYPE_OPT = 41;
  private static final int TYPE_TSIG = 250;
  private static final int OPTION_NSID = 3;
  private static final int OPTION_COOKIE = 10;
  private static final int OPTION_KEEPALIVE = 11;
  private static final int OPTION_PADDING = 12;
  private static final int MAX_NAME = 255;
  private static final int MAX_LABELS = 127;

  private ByteBuffer message = ByteBuffer.allocate(0);
  private int length;
  private Reason reason = Reason.SHORT_HEADER;
  private int faultAt;
  private int questionEnd;
  private int opt;
  private int tsig;
  private boolean nsid;
  private boolean keepalive;
  private boolean padding;
  private int cookie;

  /**
   * Walks a message from index 0 to its limit.
   *
   * @return whether it is well-formed; if not, see {@link #malformed()}
   */
  public boolean read(ByteBuffer bytes) {
    message = bytes;
    length = bytes.limit();
    reason = Reason.NONE;
    faultAt = 0;
    questionEnd = HEADER;
    opt = -1;
    tsig = -1;
    nsid = false;
    keepalive = false;
    padding = false;
    cookie = -1;
    if (length < HEADER) {
      return fault(length, Reason.SHORT_HEADER);
    }
    int at = HEADER;
    for (int i = count(0); i > 0; i--) {
      at = skipName(at);
      if (at < 0) {
        return false;
      }
      at += 4;
      if (at > length) {
        return fault(length, Reason.SHORT);
      }
      if (questionEnd == HEADER) {
        questionEnd = at;
      }
    }
    for (int section = 1; section <= 3; section++) {
      for (int i = count(section); i > 0; i--) {
        at = skipRecord(at, section);
        if (at < 0) {
          return false;
        }
      }
    }
    return at == length || fault(at, Reason.TRAILING);
  }

  /** What is wrong, after {@link #read} has said so. */
  public Malformed malformed() {
    return new Malformed(faultAt, reason);
  }

  /** Whether there is a header at all, so that an error can be answered. */
  public boolean hasHeader() {
    return length >= HEADER;
  }

  public int length() {
    return length;
  }

  public int id() {
    return u16(0);
  }

  /** The second word of the header. */
  public int flags() {
    return u16(2);
  }

  /** QR: this is a response. */
  public boolean isResponse() {
    return (flags() & 0x8000) != 0;
  }

  public int opcode() {
    return flags() >> 11 & 0xF;
  }

  /** TC: this message was cut. */
  public boolean isTruncated() {
    return (flags() & 0x0200) != 0;
  }

  /** How many entries the header announces: 0 questions, 1 answer, 2 authority, 3 additional. */
  public int count(int section) {
    return u16(4 + 2 * section);
  }

  /** Where the first question ends; 12 if there is none. */
  public int questionEnd() {
    return questionEnd;
  }

  public int questionType() {
    return u16(questionEnd - 4);
  }

  public int questionClass() {
    return u16(questionEnd - 2);
  }

  /** Whether there is an OPT record (RFC 6891). */
  public boolean hasOpt() {
    return opt >= 0;
  }

  /** The largest datagram the other side can take; what is said below 512 means 512. */
  public int udpSize() {
    return Math.max(512, u16(opt + 3));
  }

  public int ednsVersion() {
    return message.get(opt + 6) & 0xFF;
  }

  /** The upper eight bits of the response code. */
  public int extendedRcode() {
    return message.get(opt + 5) & 0xFF;
  }

  /** DO: signatures wanted. */
  public boolean dnssecOk() {
    return (message.get(opt + 7) & 0x80) != 0;
  }

  /** Whether the server's name is asked for (RFC 5001). */
  public boolean nsidAsked() {
    return nsid;
  }

  /** Whether the client asks how long a connection may be idle (RFC 7828). */
  public boolean keepaliveAsked() {
    return keepalive;
  }

  /** Whether the client pads, and wants padding back (RFC 7830). */
  public boolean paddingAsked() {
    return padding;
  }

  /** Whether there is a cookie (RFC 7873); if there are more, the first counts. */
  public boolean hasCookie() {
    return cookie >= 0;
  }

  /** The client's part of the cookie. */
  public long clientCookie() {
    return message.getLong(cookie);
  }

  /** Bytes of the server's part of the cookie: none, or 8 to 32. */
  public int serverCookieSize() {
    return u16(cookie - 2) - 8;
  }

  /** The server's part of the cookie. */
  public byte[] serverCookie() {
    var part = new byte[serverCookieSize()];
    message.get(cookie + 8, part);
    return part;
  }

  /** A word of the server's part of the cookie, 0 or 1. */
  public long serverCookie(int word) {
    return message.getLong(cookie + 8 + 8 * word);
  }

  /** Where the TSIG record begins, or -1. */
  public int tsigAt() {
    return tsig;
  }

  /** The name of the first question, in its own case; only after a good read with a question. */
  public Name questionName() {
    var wire = new byte[questionEnd - 4 - HEADER];
    message.get(HEADER, wire);
    try {
      return new Name(wire);
    } catch (IOException e) {
      throw new IllegalStateException("a name that was walked cannot be read", e);
    }
  }

  /** Whether the first question is the given one, letters compared without case (RFC 4343). */
  public boolean asks(byte[] nameOnWire, int type, int dclass) {
    if (count(0) != 1 || questionEnd - 4 - HEADER != nameOnWire.length) {
      return false;
    }
    for (int i = 0; i < nameOnWire.length; i++) {
      if (WireName.lower(message.get(HEADER + i)) != WireName.lower(nameOnWire[i])) {
        return false;
      }
    }
    return questionType() == type && questionClass() == dclass;
  }

  /** Skips a record; the offset after it, or -1. */
  private int skipRecord(int start, int section) {
    int at = skipName(start);
    if (at < 0) {
      return -1;
    }
    if (at + 10 > length) {
      return broken(length, Reason.SHORT);
    }
    int type = u16(at);
    int end = at + 10 + u16(at + 8);
    if (end > length) {
      return broken(at + 8, Reason.SHORT);
    }
    if (tsig >= 0) {
      return broken(tsig, Reason.TSIG_PLACE);
    }
    if (type == TYPE_OPT) {
      if (section != 3) {
        return broken(start, Reason.OPT_PLACE);
      }
      if (message.get(start) != 0) {
        return broken(start, Reason.OPT_OWNER);
      }
      if (opt >= 0) {
        return broken(start, Reason.OPT_TWICE);
      }
      opt = start;
      return options(at + 10, end) ? end : -1;
    }
    if (type == TYPE_TSIG) {
      if (section != 3) {
        return broken(start, Reason.TSIG_PLACE);
      }
      tsig = start;
    }
    return end;
  }

  private boolean options(int start, int end) {
    int at = start;
    while (at < end) {
      if (at + 4 > end || at + 4 + u16(at + 2) > end) {
        return fault(at, Reason.OPT_FORM);
      }
      int size = u16(at + 2);
      switch (u16(at)) {
        case OPTION_NSID -> nsid = true;
        case OPTION_KEEPALIVE -> keepalive = true;
        case OPTION_PADDING -> padding = true;
        case OPTION_COOKIE -> {
          if (size != 8 && (size < 16 || size > 40)) {
            return fault(at, Reason.COOKIE_FORM);
          }
          cookie = cookie < 0 ? at + 4 : cookie;
        }
        default -> {} // others are ignored (RFC 6891 section 6.1.2)
      }
      at += 4 + size;
    }
    return true;
  }

  /**
   * Skips a name; the offset after it, or -1. Pointers are followed to measure the whole name: each
   * must lead to an earlier place than the part it ends, so the walk ends; and there are no more of
   * them than a name has labels, or a long message of names that share a long chain of pointers
   * would cost the square of its length.
   */
  private int skipName(int start) {
    int at = start;
    int size = 0;
    int end = -1;
    int part = start;
    int pointers = 0;
    while (true) {
      if (at >= length) {
        return broken(length, Reason.SHORT);
      }
      int octet = message.get(at) & 0xFF;
      switch (octet >> 6) {
        case 0 -> {
          size += octet + 1;
          if (size > MAX_NAME) {
            return broken(at, Reason.LONG_NAME);
          }
          at += octet + 1;
          if (octet == 0) {
            return end < 0 ? at : end;
          }
        }
        case 3 -> {
          if (at + 2 > length) {
            return broken(length, Reason.SHORT);
          }
          int target = u16(at) & 0x3FFF;
          if (target >= part || target < HEADER || ++pointers > MAX_LABELS) {
            return broken(at, Reason.POINTER);
          }
          end = end < 0 ? at + 2 : end;
          at = target;
          part = target;
        }
        default -> {
          return broken(at, Reason.LABEL);
        }
      }
    }
  }

  private int broken(int at, Reason why) {
    fault(at, why);
    return -1;
  }

  private boolean fault(int at, Reason why) {
    faultAt = at;
    reason = why;
    return false;
  }

  private int u16(int at) {
    return message.getShort(at) & 0xFFFF;
  }
}
