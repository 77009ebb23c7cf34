package dev.islet.dns.fast;

import dev.islet.dns.cache.KeptReply;
import dev.islet.dns.wire.NameTable;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Node;
import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Type;

/**
 * A reply that grows set by set out of nodes' bytes, as {@code ResponseWriter} makes it of values:
 * the same compression, whole sets or none. Used again for each reply; serves one thread.
 */
final class FastReply {
  static final int ANSWER = 0;
  static final int AUTHORITY = 1;
  static final int ADDITIONAL = 2;

  private static final int HEADER = 12;

  /** Every record of a set, not only the signatures of a type. */
  private static final int ALL = -1;

  private static final int OPT_BYTES = 11;

  private static final int OPTION_HEAD = 4;
  private static final int OPTION_NSID = 3;
  private static final int OPTION_COOKIE = 10;
  private static final int OPTION_PADDING = 12;
  private static final int COOKIE = 24;
  private static final int BADCOOKIE = 23;

  private final byte[] nsid;
  private final NameTable names = new NameTable();
  private final int[] counts = new int[3];
  private byte[] out = new byte[0];
  private int at;
  private int limit;
  private boolean edns;

  /** Whether the names of this reply are remembered yet; the simplest replies need it never. */
  private boolean named;

  // The owner of the record before, and where it stands: a set has one, and so have its signatures.
  private byte[] lastOwner = out;
  private int lastOwnerAt;
  private int lastAt;

  /**
   * @param nsid what is told to those who ask for the server's name; nothing if empty
   */
  FastReply(byte[] nsid) {
    this.nsid = nsid;
  }

  /** Begins with the header and the question of a message. */
  void begin(byte[] message, FastQuestion question, byte[] into) {
    out = into;
    at = question.end();
    edns = question.edns();
    limit = question.limit() - (edns ? OPT_BYTES + options(question) : 0);
    named = false;
    counts[ANSWER] = 0;
    counts[AUTHORITY] = 0;
    counts[ADDITIONAL] = 0;
    System.arraycopy(message, 0, out, 0, at);
  }

  /** How many bytes the options of the reply have. */
  private int options(FastQuestion question) {
    return (names(question) ? OPTION_HEAD + nsid.length : 0)
        + (question.hasCookie() ? OPTION_HEAD + COOKIE : 0);
  }

  private boolean names(FastQuestion question) {
    return question.nsid() && nsid.length > 0;
  }

  /** Writes a set whose owner is the name in the question; whether it fits. */
  boolean asked(int section, byte[] node, int set) {
    int ttl = Node.ttl(node, set);
    return named || hasNames(Node.type(node, set))
        ? set(section, node, set, ttl, out, HEADER)
        : pointed(section, node, set, ALL, ttl);
  }

  /** Writes the signatures of a set that {@link #asked} wrote; whether they fit. */
  boolean askedSignatures(int section, byte[] node, int set) {
    int signatures = Node.set(node, Type.RRSIG);
    int type = Node.type(node, set);
    int ttl = Node.ttl(node, set);
    return signatures < 0
        || (named
            ? records(section, node, signatures, type, ttl, out, HEADER)
            : pointed(section, node, signatures, type, ttl));
  }

  /** Writes a set with another TTL, its owner being at {@code ownerAt}; whether it fits. */
  boolean set(int section, byte[] node, int set, int ttl, byte[] owner, int ownerAt) {
    return records(section, node, set, ALL, ttl, owner, ownerAt);
  }

  /**
   * Writes the signatures of a node's set of a type, if there are any; whether they fit.
   *
   * @param ttl of the set (RFC 4034 section 3)
   */
  boolean signatures(int section, byte[] node, int type, int ttl, byte[] owner, int ownerAt) {
    int signatures = Node.set(node, Type.RRSIG);
    return signatures < 0 || records(section, node, signatures, type, ttl, owner, ownerAt);
  }

  /** Writes records whose owner is the name in the question, of which no name points elsewhere. */
  private boolean pointed(int section, byte[] node, int set, int covered, int ttl) {
    int start = at;
    int count = 0;
    int end = Node.next(node, set);
    long head = (long) Node.type(node, set) << 48 | (long) DClass.IN << 32 | ttl & 0xFFFF_FFFFL;
    for (int from = set + Node.SET_HEAD; from < end; ) {
      int size = 2 + Node.dataLength(node, from);
      if (covers(node, from, covered)) {
        if (at + 10 + size > limit) {
          at = start;
          return false;
        }
        out[at] = (byte) 0xC0;
        out[at + 1] = HEADER;
        put16(at + 2, (int) (head >>> 48));
        put16(at + 4, (int) (head >>> 32));
        put32(at + 6, (int) head);
        System.arraycopy(node, from, out, at + 10, size);
        at += 10 + size;
        count++;
      }
      from += size;
    }
    counts[section] += count;
    return true;
  }

  private boolean records(
      int section, byte[] node, int set, int covered, int ttl, byte[] owner, int ownerAt) {
    if (!named) {
      named = true;
      names.forgetFrom(0);
      lastOwner = out;
      lastAt = 0;
      names.write(out, HEADER, out.length, out, HEADER, true);
    }
    int start = at;
    int count = 0;
    int type = Node.type(node, set);
    int end = Node.next(node, set);
    for (int from = set + Node.SET_HEAD; from < end; ) {
      int size = Node.dataLength(node, from);
      if (covers(node, from, covered)) {
        int head = owner(owner, ownerAt);
        int next = head < 0 || head + 10 > limit ? -1 : data(head + 10, type, node, from + 2, size);
        if (next < 0) {
          names.forgetFrom(start);
          lastAt = 0;
          at = start;
          return false;
        }
        put16(head, type);
        put16(head + 2, DClass.IN);
        put32(head + 4, ttl);
        put16(head + 8, next - head - 10);
        lastAt = hasNames(type) ? 0 : lastAt; // names in data may stand nearer, in another case
        at = next;
        count++;
      }
      from += 2 + size;
    }
    counts[section] += count;
    return true;
  }

  /** Writes the owner of a record; the offset after it, or -1 if it does not fit. */
  private int owner(byte[] owner, int ownerAt) {
    if (lastAt > 0 && owner == lastOwner && ownerAt == lastOwnerAt) {
      if (at + 2 > limit) {
        return -1;
      }
      put16(at, 0xC000 | lastAt);
      return at + 2;
    }
    int head = names.write(out, at, limit, owner, ownerAt, false);
    if (head >= 0) {
      boolean pointer = (out[at] & 0xC0) == 0xC0;
      int target = pointer ? (out[at] & 0x3F) << 8 | out[at + 1] & 0xFF : at;
      lastOwner = owner;
      lastOwnerAt = ownerAt;
      lastAt = out[at] == 0 || target > NameTable.MAX_TARGET ? 0 : target; // the root needs none
    }
    return head;
  }

  /** Whether a record is a signature of sets of a type; all are of {@link #ALL}. */
  private static boolean covers(byte[] node, int record, int type) {
    return type == ALL || ((node[record + 2] & 0xFF) << 8 | node[record + 3] & 0xFF) == type;
  }

  /** Only the types of RFC 1035 may have compressed names in them (RFC 3597 section 4). */
  private static boolean hasNames(int type) {
    return switch (type) {
      case Type.NS, Type.CNAME, Type.PTR, Type.MB, Type.MG, Type.MR, Type.MD, Type.MF -> true;
      case Type.MX, Type.SOA -> true;
      default -> false;
    };
  }

  /** The offset after the data, or -1 if it does not fit. */
  private int data(int to, int type, byte[] node, int from, int size) {
    if (!hasNames(type)) {
      return copy(to, node, from, size);
    }
    switch (type) {
      case Type.MX -> {
        int name = copy(to, node, from, 2);
        return name < 0 ? -1 : names.write(out, name, limit, node, from + 2, true);
      }
      case Type.SOA -> {
        int second = from + WireName.length(node, from);
        int rest = second + WireName.length(node, second);
        int next = names.write(out, to, limit, node, from, true);
        if (next >= 0) {
          next = names.write(out, next, limit, node, second, true);
        }
        return next < 0 ? -1 : copy(next, node, rest, size - (rest - from));
      }
      default -> {
        return names.write(out, to, limit, node, from, true);
      }
    }
  }

  private int copy(int to, byte[] node, int from, int size) {
    if (to + size > limit) {
      return -1;
    }
    System.arraycopy(node, from, out, to, size);
    return to + size;
  }

  /** Writes the records of a reply out of the cache; whether they fit. */
  boolean kept(KeptReply kept, long now) {
    if (at + kept.length() > limit) {
      return false;
    }
    kept.write(out, at, now);
    at += kept.length();
    counts[ANSWER] = kept.answers();
    counts[AUTHORITY] = kept.authorities();
    counts[ADDITIONAL] = kept.additionals();
    return true;
  }

  /** Ends one out of the cache; how many bytes it has. */
  int finish(FastQuestion question, KeptReply kept) {
    boolean authentic = kept.secure() && (question.dnssecOk() || (question.flags() & 0x0020) != 0);
    return finish(question, kept.flags() | 0x0080 | (authentic ? 0x0020 : 0));
  }

  /** Ends it; how many bytes it has. */
  int finish(FastQuestion question, int rcode, boolean authoritative, boolean cut, boolean ra) {
    return finish(
        question, (authoritative ? 0x0400 : 0) | (cut ? 0x0200 : 0) | (ra ? 0x0080 : 0) | rcode);
  }

  /** Ends one that gives a cookie and asks for it (RFC 7873 section 5.2.3). */
  int badCookie(FastQuestion question, boolean ra) {
    return finish(question, (ra ? 0x0080 : 0) | BADCOOKIE & 0xF, BADCOOKIE >> 4);
  }

  private int finish(FastQuestion question, int flags) {
    return finish(question, flags, 0);
  }

  private int finish(FastQuestion question, int flags, int extendedRcode) {
    int additional = counts[ADDITIONAL];
    if (edns) {
      out[at] = 0;
      put16(at + 1, Type.OPT);
      put16(at + 3, ResponseWriter.UDP_SIZE);
      put16(at + 5, extendedRcode << 8);
      put16(at + 7, question.dnssecOk() ? 0x8000 : 0);
      put16(at + 9, options(question));
      at += OPT_BYTES;
      additional++;
      finishOptions(question);
      if (question.padded()) {
        pad(at - OPT_BYTES - options(question));
      }
    }
    put16(
        2,
        0x8000
            | question.flags() & 0x0110 // RD, CD
            | flags);
    put16(6, counts[ANSWER]);
    put16(8, counts[AUTHORITY]);
    put16(10, additional);
    return at;
  }

  private void finishOptions(FastQuestion question) {
    if (names(question)) {
      put16(at, OPTION_NSID);
      put16(at + 2, nsid.length);
      System.arraycopy(nsid, 0, out, at + OPTION_HEAD, nsid.length);
      at += OPTION_HEAD + nsid.length;
    }
    if (question.hasCookie()) {
      put16(at, OPTION_COOKIE);
      put16(at + 2, COOKIE);
      put64(at + 4, question.clientCookie());
      put64(at + 12, question.serverCookie(0));
      put64(at + 20, question.serverCookie(1));
      at += OPTION_HEAD + COOKIE;
    }
  }

  /** As {@code ResponseWriter} does. */
  private void pad(int opt) {
    int bytes = ResponseWriter.padding(at, ResponseWriter.MAX_SIZE);
    if (bytes > 0) {
      put16(opt + 9, at + bytes - opt - OPT_BYTES);
      Arrays.fill(out, at, at + bytes, (byte) 0);
      put16(at, OPTION_PADDING);
      put16(at + 2, bytes - OPTION_HEAD);
      at += bytes;
    }
  }

  private void put16(int to, int value) {
    out[to] = (byte) (value >> 8);
    out[to + 1] = (byte) value;
  }

  private void put32(int to, int value) {
    put16(to, value >>> 16);
    put16(to + 2, value);
  }

  private void put64(int to, long value) {
    put32(to, (int) (value >>> 32));
    put32(to + 4, (int) value);
  }
}
