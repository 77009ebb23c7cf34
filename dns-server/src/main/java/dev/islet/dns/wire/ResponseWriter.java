package dev.islet.dns.wire;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Record;
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

  private static final int MAX_SIZE = 65_535;
  private static final int TYPE_OPT = 41;
  private static final int OPT_HEAD = 11;
  private static final int OPTION_NSID = 3;
  private static final int OPTION_EDE = 15;
  private static final int MAX_EDE_TEXT = 100;

  private final byte[] nsid;

  /**
   * @param nsid what is told to those who ask for the server's name (RFC 5001); none without it
   */
  public ResponseWriter(Optional<String> nsid) {
    this.nsid = nsid.map(s -> s.getBytes(StandardCharsets.UTF_8)).orElseGet(() -> new byte[0]);
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
    int limit = limit(request);
    var options = request.edns().map(e -> options(e, answer.error(), limit));
    int reserved = options.map(o -> OPT_HEAD + o.length).orElse(0);
    var page = new Page(limit - reserved);
    page.question(request);
    boolean cut = !page.all(1, answer.answer());
    cut = cut || !page.all(2, answer.authority());
    if (!cut) {
      cut = page.optional(answer.additional()) && answer.glue();
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
    options.ifPresent(o -> page.opt(answer.rcode() >> 4, request.dnssecOk(), o));
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

  private byte[] options(Request.Edns edns, Optional<ExtendedError> error, int limit) {
    boolean name = edns.nsid() && nsid.length > 0;
    var text =
        error
            .map(e -> e.text().getBytes(StandardCharsets.UTF_8))
            .map(t -> t.length <= MAX_EDE_TEXT && limit > PLAIN_UDP_SIZE ? t : new byte[0])
            .orElse(new byte[0]);
    var out = new byte[(name ? 4 + nsid.length : 0) + (error.isPresent() ? 6 + text.length : 0)];
    int at = 0;
    if (name) {
      put16(out, at, OPTION_NSID);
      put16(out, at + 2, nsid.length);
      System.arraycopy(nsid, 0, out, at + 4, nsid.length);
      at += 4 + nsid.length;
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

  /** The data of a record, uncompressed, in its own case. */
  public static byte[] data(Record record) {
    var whole = record.toWire(Section.ANSWER);
    return Arrays.copyOfRange(whole, record.getName().length() + 10, whole.length);
  }

  /** A message that grows set by set and can take back the last one. */
  private static final class Page {
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
      at = names.write(out, at, out.length, question.name().toWire(), true);
      put16(out, at, question.type());
      put16(out, at + 2, question.dclass());
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

    /** Writes those sets that fit; whether one had to be left out. */
    boolean optional(List<RrSet> sets) {
      boolean left = false;
      for (var set : sets) {
        left |= !set(3, set);
      }
      return left;
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
      int head = names.write(out, at, limit, owner, false);
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
            names.write(out, at, limit, data, true);
        case Type.MX -> {
          int name = copy(at, data, 0, 2);
          yield name < 0 ? -1 : names.write(out, name, limit, tail(data, 2), true);
        }
        case Type.SOA -> {
          int second = nameLength(data, 0);
          int rest = second + nameLength(data, second);
          int next = names.write(out, at, limit, Arrays.copyOfRange(data, 0, second), true);
          if (next >= 0) {
            next = names.write(out, next, limit, Arrays.copyOfRange(data, second, rest), true);
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

    private static byte[] tail(byte[] data, int from) {
      return Arrays.copyOfRange(data, from, data.length);
    }

    private static int nameLength(byte[] data, int from) {
      int at = from;
      while (data[at] != 0) {
        at += data[at] + 1;
      }
      return at + 1 - from;
    }

    void opt(int extendedRcode, boolean dnssecOk, byte[] options) {
      room(OPT_HEAD + options.length);
      out[at] = 0;
      put16(out, at + 1, TYPE_OPT);
      put16(out, at + 3, UDP_SIZE);
      out[at + 5] = (byte) extendedRcode;
      out[at + 6] = 0;
      put16(out, at + 7, dnssecOk ? 0x8000 : 0);
      put16(out, at + 9, options.length);
      System.arraycopy(options, 0, out, at + OPT_HEAD, options.length);
      at += OPT_HEAD + options.length;
      counts[3]++;
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
