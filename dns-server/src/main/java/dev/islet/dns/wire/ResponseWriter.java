package dev.islet.dns.wire;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import dev.islet.dns.model.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Makes the bytes of a reply. Names are compressed, inside data only for the types of RFC 1035 (RFC
 * 3597 section 4). A set of records is in the message whole or not at all (RFC 2181 section 9):
 * what does not fit sets TC, except additional sets that nobody needs.
 */
public final class ResponseWriter {
  /** The largest UDP reply: fits into one packet on every path of 1280 bytes (RFC 9715). */
  public static final int UDP_SIZE = 1232;

  /** The largest UDP reply to an asker without EDNS (RFC 1035 section 2.3.4). */
  public static final int PLAIN_UDP_SIZE = 512;

  /** The largest reply over a stream (RFC 1035 section 4.2.2). */
  public static final int MAX_SIZE = 65_535;

  private static final int TYPE_OPT = 41;
  private static final int OPT_HEAD = 11;
  private static final int OPTION_NSID = 3;
  private static final int OPTION_COOKIE = 10;
  private static final int COOKIE = 24;
  private static final int OPTION_KEEPALIVE = 11;
  private static final int OPTION_PADDING = 12;
  private static final int OPTION_EDE = 15;
  private static final int MAX_EDE_TEXT = 100;

  /** Replies over encrypted transports come in multiples of this (RFC 8467 section 4.1). */
  private static final int PADDED = 468;

  private final byte[] nsid;
  private final int idle;

  /**
   * @param nsid what is told to those who ask for the server's name (RFC 5001); none without it
   * @param idle how long a connection may be idle, told to those who ask (RFC 7828)
   */
  public ResponseWriter(Optional<String> nsid, Duration idle) {
    this.nsid = nsid.map(s -> s.getBytes(StandardCharsets.UTF_8)).orElseGet(() -> new byte[0]);
    this.idle = (int) Math.min(0xFFFF, idle.toMillis() / 100);
  }

  /** How many bytes the reply to a request may have. */
  public static int limit(Request request) {
    if (request.tcp()) {
      return MAX_SIZE;
    }
    return request
        .edns()
        .map(e -> Math.clamp(e.udpSize(), PLAIN_UDP_SIZE, UDP_SIZE))
        .orElse(PLAIN_UDP_SIZE);
  }

  /**
   * The reply to a request.
   *
   * @param recursionAvailable the RA bit, true if this asker may have recursion
   */
  public byte[] write(Request request, Answer answer, boolean recursionAvailable) {
    return write(request, answer, recursionAvailable, false);
  }

  /** A reply with TC and nothing else, so that the asker comes again over TCP. */
  public byte[] writeCut(Request request, boolean recursionAvailable) {
    return write(request, Answer.of(Rcode.NOERROR), recursionAvailable, true);
  }

  private byte[] write(
      Request request, Answer answer, boolean recursionAvailable, boolean onlyCut) {
    int limit = limit(request);
    var options = request.edns().map(e -> options(e, request.transport(), answer.error(), limit));
    int reserved = options.map(o -> OPT_HEAD + o.length).orElse(0);
    var page = new Page(limit - reserved);
    page.question(request);
    boolean cut = onlyCut || !page.all(1, answer.answer()) || !page.all(2, answer.authority());
    if (!cut) {
      cut = page.additional(answer);
    }
    int flags =
        0x8000
            | request.flags() & 0x7910 // opcode, RD, CD
            | (answer.authoritative() ? 0x0400 : 0)
            | (cut ? 0x0200 : 0)
            | (recursionAvailable ? 0x0080 : 0)
            | (authentic(request, answer) ? 0x0020 : 0)
            | answer.rcode() & 0xF;
    page.limit = limit;
    boolean padded =
        request.transport().encrypted() && request.edns().map(Request.Edns::padding).orElse(false);
    options.ifPresent(o -> page.opt(answer.rcode() >> 4, request.dnssecOk(), o, padded));
    return page.finish(request.id(), flags);
  }

  /** The AD bit: a secure answer, for those who understand the bit (RFC 6840 section 5.8). */
  private static boolean authentic(Request request, Answer answer) {
    return answer.security() == Security.SECURE
        && (request.dnssecOk() || request.authenticDataWanted());
  }

  /**
   * A reply of a header alone, for messages whose question cannot be read.
   *
   * @param requestFlags second word of the request's header
   */
  public static byte[] headerOnly(int id, int requestFlags, int rcode) {
    int flags = 0x8000 | requestFlags & 0x7900 | rcode & 0xF;
    var out = new byte[MessageView.HEADER];
    put16(out, 0, id);
    put16(out, 2, flags);
    return out;
  }

  /** A NOTIFY that tells a zone's new start of authority (RFC 1996 section 3.7). */
  public static byte[] notify(int id, SOARecord start) {
    var page = new Page(MAX_SIZE);
    page.question(start.getName().toWire(), Type.SOA, start.getDClass());
    page.one(1, start);
    return page.finish(id, 4 << 11 | 0x0400);
  }

  private byte[] options(
      Request.Edns edns, Transport transport, Optional<ExtendedError> error, int limit) {
    boolean name = edns.nsid() && nsid.length > 0;
    // Over UDP it must not be said, over HTTPS and QUIC the layer below has its own.
    boolean keepalive =
        edns.keepalive() && (transport == Transport.TCP || transport == Transport.TLS);
    var cookie = edns.cookie();
    var text =
        error
            .map(e -> e.text().getBytes(StandardCharsets.UTF_8))
            .map(t -> t.length <= MAX_EDE_TEXT && limit > PLAIN_UDP_SIZE ? t : new byte[0])
            .orElse(new byte[0]);
    int size =
        (name ? 4 + nsid.length : 0)
            + (cookie.isPresent() ? 4 + COOKIE : 0)
            + (keepalive ? 6 : 0)
            + (error.isPresent() ? 6 + text.length : 0);
    var out = new byte[size];
    int at = 0;
    if (name) {
      put16(out, at, OPTION_NSID);
      put16(out, at + 2, nsid.length);
      System.arraycopy(nsid, 0, out, at + 4, nsid.length);
      at += 4 + nsid.length;
    }
    if (cookie.isPresent()) {
      put16(out, at, OPTION_COOKIE);
      put16(out, at + 2, COOKIE);
      put64(out, at + 4, cookie.get().client());
      put64(out, at + 12, cookie.get().head());
      put64(out, at + 20, cookie.get().hash());
      at += 4 + COOKIE;
    }
    if (keepalive) {
      put16(out, at, OPTION_KEEPALIVE);
      put16(out, at + 2, 2);
      put16(out, at + 4, idle);
      at += 6;
    }
    if (error.isPresent()) {
      put16(out, at, OPTION_EDE);
      put16(out, at + 2, 2 + text.length);
      put16(out, at + 4, error.get().code());
      System.arraycopy(text, 0, out, at + 6, text.length);
    }
    return out;
  }

  static void put16(byte[] out, int at, int value) {
    out[at] = (byte) (value >> 8);
    out[at + 1] = (byte) value;
  }

  static void put32(byte[] out, int at, long value) {
    put16(out, at, (int) (value >>> 16));
    put16(out, at + 2, (int) value);
  }

  private static void put64(byte[] out, int at, long value) {
    put32(out, at, value >>> 32);
    put32(out, at + 4, value);
  }

  /**
   * Bytes of a padding option, its head included, that make a message a whole multiple (RFC 8467
   * section 4.1).
   */
  public static int padding(int size, int limit) {
    int target = Math.min(limit, (size + 4 + PADDED - 1) / PADDED * PADDED);
    return Math.max(target - size, 0) < 4 ? 0 : target - size;
  }

  /** The data of a record, uncompressed, in its own case. */
  public static byte[] data(Record record) {
    var whole = record.toWire(Section.ANSWER);
    return Arrays.copyOfRange(whole, record.getName().length() + 10, whole.length);
  }

  /** A message that grows set by set and can take back the last one. */
  static final class Page {
    private final NameTable names = new NameTable();
    private final int[] counts = new int[4];
    private byte[] out;
    private int limit;
    private int at = MessageView.HEADER;

    Page(int limit) {
      this.limit = limit;
      this.out = new byte[Math.min(limit, 2048) + 64];
    }

    void question(Request request) {
      var question = request.question();
      question(question.name().toWire(), question.type(), question.dclass());
    }

    void question(byte[] name, int type, int dclass) {
      at = names.write(out, at, out.length, name, 0, true);
      put16(out, at, type);
      put16(out, at + 2, dclass);
      at += 4;
      counts[0] = 1;
    }

    /** Writes sets until one does not fit; whether all did. */
    boolean all(int section, List<RrSet> sets) {
      for (var set : sets) {
        if (!set(section, set)) {
          return false;
        }
      }
      return true;
    }

    /**
     * Writes those additional sets that fit; whether one had to be left out without which a
     * referral leads nowhere: an address below the cut (RFC 9471 section 3). Signatures come right
     * after their set, and go with it.
     */
    boolean additional(Answer answer) {
      boolean left = false;
      boolean fits = true;
      for (var set : answer.additional()) {
        if (set.type() == Type.RRSIG && !fits) {
          continue;
        }
        fits = set(3, set);
        left |=
            !fits && answer.glue() && set.name().subdomain(answer.authority().getFirst().name());
      }
      return left;
    }

    /** Writes one record; whether it fitted. */
    boolean one(int section, Record record) {
      int start = at;
      if (!record(record.getName().toWire(), record.getTTL(), record)) {
        names.forgetFrom(start);
        at = start;
        return false;
      }
      counts[section]++;
      return true;
    }

    private boolean set(int section, RrSet set) {
      int start = at;
      var owner = set.name().toWire();
      for (var record : set.records()) {
        if (!record(owner, set.ttl(), record)) {
          names.forgetFrom(start);
          at = start;
          return false;
        }
      }
      counts[section] += set.size();
      return true;
    }

    private boolean record(byte[] owner, long ttl, Record record) {
      var data = data(record);
      room(owner.length + 10 + data.length);
      int head = names.write(out, at, limit, owner, 0, false);
      if (head < 0 || head + 10 > limit) {
        return false;
      }
      put16(out, head, record.getType());
      put16(out, head + 2, record.getDClass());
      put32(out, head + 4, ttl);
      int end = write(head + 10, record.getType(), data);
      if (end < 0) {
        return false;
      }
      put16(out, head + 8, end - head - 10);
      at = end;
      return true;
    }

    /** Only the types of RFC 1035 may have compressed names in them (RFC 3597 section 4). */
    private int write(int at, int type, byte[] data) {
      return switch (type) {
        case Type.NS, Type.CNAME, Type.PTR, Type.MB, Type.MG, Type.MR, Type.MD, Type.MF ->
            names.write(out, at, limit, data, 0, true);
        case Type.MX -> {
          int name = copy(at, data, 0, 2);
          yield name < 0 ? -1 : names.write(out, name, limit, data, 2, true);
        }
        case Type.SOA -> {
          int second = WireName.length(data, 0);
          int rest = second + WireName.length(data, second);
          int next = names.write(out, at, limit, data, 0, true);
          if (next >= 0) {
            next = names.write(out, next, limit, data, second, true);
          }
          yield next < 0 ? -1 : copy(next, data, rest, data.length - rest);
        }
        default -> copy(at, data, 0, data.length);
      };
    }

    private int copy(int at, byte[] data, int from, int count) {
      if (at + count > limit) {
        return -1;
      }
      System.arraycopy(data, from, out, at, count);
      return at + count;
    }

    void opt(int extendedRcode, boolean dnssecOk, byte[] options, boolean padded) {
      int whole = at + OPT_HEAD + options.length;
      int padding = padded ? padding(whole, limit) : 0;
      room(whole + padding - at);
      out[at] = 0;
      put16(out, at + 1, TYPE_OPT);
      put16(out, at + 3, UDP_SIZE);
      out[at + 5] = (byte) extendedRcode;
      out[at + 6] = 0;
      put16(out, at + 7, dnssecOk ? 0x8000 : 0);
      put16(out, at + 9, options.length + padding);
      System.arraycopy(options, 0, out, at + OPT_HEAD, options.length);
      at = whole + padding;
      counts[3]++;
      if (padding > 0) {
        Arrays.fill(out, whole, at, (byte) 0);
        put16(out, whole, OPTION_PADDING);
        put16(out, whole + 2, padding - 4);
      }
    }

    byte[] finish(int id, int flags) {
      put16(out, 0, id);
      put16(out, 2, flags);
      for (int i = 0; i < 4; i++) {
        put16(out, 4 + 2 * i, counts[i]);
      }
      return Arrays.copyOf(out, at);
    }

    private void room(int more) {
      if (at + more + 16 > out.length) {
        out = Arrays.copyOf(out, Math.max(out.length * 2, at + more + 16));
      }
    }
  }
}
