package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages. Never throws for what the network sends: what cannot be a message is {@link
 * Decoded.Malformed} with the offset of the fault.
 *
 * <p>Options of one code are joined in the order of RFC 3396 section 5: the options field, then
 * {@code file}, then {@code sname}, the latter two if option 52 says that they carry options.
 */
public final class Decoder {
  private static final int COOKIE = 0x63825363;
  private static final int SNAME = 44;
  private static final int FILE = 108;

  private final byte[] bytes;

  /** Where the pieces of options begin, in the order of RFC 3396. */
  private int[] pieces = new int[24];

  private int count;

  private Decoder(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Reads the payload of a datagram. */
  public static Decoded decode(byte[] payload) {
    return new Decoder(payload).run();
  }

  private Decoded run() {
    if (bytes.length < Message.HEADER) {
      return bad(bytes.length, "only " + bytes.length + " bytes, a message has at least 240");
    }
    int op = bytes[0];
    if (op != Message.REQUEST && op != Message.REPLY) {
      return bad(0, "op is neither 1 nor 2");
    }
    int hlen = bytes[2] & 0xFF;
    if (hlen > 16) {
      return bad(2, "hlen is more than 16");
    }
    if (int32(236) != COOKIE) {
      return bad(236, "no magic cookie, so no options (RFC 2131 section 3)");
    }
    var fault = options(Message.HEADER, bytes.length);
    if (fault != null) {
      return fault;
    }
    int overload = 0;
    int mark = first(Code.OVERLOAD);
    if (mark >= 0) {
      overload = length(mark) == 1 && !again(Code.OVERLOAD, mark) ? bytes[mark + 2] : -1;
      if (overload < 1 || overload > 3) {
        return bad(mark, "option 52 is not 1, 2 or 3");
      }
      fault = (overload & 1) != 0 ? options(FILE, FILE + 128) : null;
      if (fault == null && (overload & 2) != 0) {
        fault = options(SNAME, SNAME + 64);
      }
      if (fault != null) {
        return fault;
      }
    }
    var options = joined();
    fault = lengths(options);
    if (fault != null) {
      return fault;
    }
    return new Decoded.Ok(
        new Message(
            op,
            new HardwareAddress(bytes[1] & 0xFF, Octets.of(bytes, 28, hlen)),
            bytes[3] & 0xFF,
            int32(4),
            int32(8) >>> 16,
            int32(8) & 0xFFFF,
            Ip4.of(bytes, 12),
            Ip4.of(bytes, 16),
            Ip4.of(bytes, 20),
            Ip4.of(bytes, 24),
            (overload & 2) != 0 ? Octets.EMPTY : text(SNAME, 64),
            (overload & 1) != 0 ? Octets.EMPTY : text(FILE, 128),
            options));
  }

  /** Walks one area; a missing end mark is forgiven, an option over the edge is not. */
  private Decoded.@Nullable Malformed options(int from, int to) {
    int at = from;
    while (at < to) {
      int code = bytes[at] & 0xFF;
      if (code == Code.PAD) {
        at++;
        continue;
      }
      if (code == Code.END) {
        return null;
      }
      if (at + 1 >= to) {
        return bad(at, "option " + code + " has no length");
      }
      int length = bytes[at + 1] & 0xFF;
      if (at + 2 + length > to) {
        return bad(at, "option " + code + " runs over the end");
      }
      if (count == pieces.length) {
        pieces = Arrays.copyOf(pieces, 2 * count);
      }
      pieces[count++] = at;
      at += 2 + length;
    }
    return null;
  }

  /** Every option whole; hardly ever is one in pieces. */
  private Options joined() {
    var draft = new Options.Draft();
    var seen = new boolean[256];
    boolean pieced = false;
    for (int i = 0; i < count; i++) {
      int code = bytes[pieces[i]] & 0xFF;
      pieced |= seen[code];
      seen[code] = true;
    }
    if (!pieced) {
      for (int i = 0; i < count; i++) {
        int at = pieces[i];
        draft.put(bytes[at] & 0xFF, Octets.of(bytes, at + 2, length(at)));
      }
      return draft.done();
    }
    var parts = new LinkedHashMap<Integer, ByteArrayOutputStream>();
    for (int i = 0; i < count; i++) {
      int at = pieces[i];
      parts
          .computeIfAbsent(bytes[at] & 0xFF, c -> new ByteArrayOutputStream())
          .write(bytes, at + 2, length(at));
    }
    parts.forEach((code, part) -> draft.put(code, Octets.of(part.toByteArray())));
    return draft.done();
  }

  /** The options every decision rests on must have the right length. */
  private Decoded.@Nullable Malformed lengths(Options options) {
    for (int i = 0; i < options.size(); i++) {
      int code = options.code(i);
      int size = options.value(i).size();
      var wrong =
          switch (code) {
            case Code.MESSAGE_TYPE -> size != 1 ? "1 byte" : "";
            case Code.REQUESTED_ADDRESS, Code.SERVER_ID, Code.LEASE_TIME ->
                size != 4 ? "4 bytes" : "";
            case Code.MAX_SIZE -> size != 2 ? "2 bytes" : "";
            case Code.CLIENT_ID -> size < 2 ? "at least 2 bytes (RFC 2132 9.14)" : "";
            case Code.PARAMETER_LIST -> size < 1 ? "at least 1 byte" : "";
            default -> "";
          };
      if (!wrong.isEmpty()) {
        return bad(
            Math.max(first(code), Message.HEADER),
            "option " + code + " has " + size + " bytes instead of " + wrong);
      }
    }
    return null;
  }

  /** Where an option begins; -1 if it is not there. */
  private int first(int code) {
    for (int i = 0; i < count; i++) {
      if ((bytes[pieces[i]] & 0xFF) == code) {
        return pieces[i];
      }
    }
    return -1;
  }

  private boolean again(int code, int first) {
    for (int i = 0; i < count; i++) {
      if ((bytes[pieces[i]] & 0xFF) == code && pieces[i] != first) {
        return true;
      }
    }
    return false;
  }

  private int length(int piece) {
    return bytes[piece + 1] & 0xFF;
  }

  private Octets text(int from, int size) {
    int length = 0;
    while (length < size && bytes[from + length] != 0) {
      length++;
    }
    return Octets.of(bytes, from, length);
  }

  private int int32(int at) {
    return Ip4.of(bytes, at).bits();
  }

  private static Decoded.Malformed bad(int offset, String reason) {
    return new Decoded.Malformed(offset, reason);
  }
}
