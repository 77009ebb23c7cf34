package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final Map<Integer, ByteArrayOutputStream> parts = new LinkedHashMap<>();
  private final Map<Integer, Integer> offsets = new LinkedHashMap<>();

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
    var overloadPart = parts.get(Code.OVERLOAD);
    if (overloadPart != null) {
      overload = overloadPart.size() == 1 ? overloadPart.toByteArray()[0] : -1;
      if (overload < 1 || overload > 3) {
        return bad(offset(Code.OVERLOAD), "option 52 is not 1, 2 or 3");
      }
      fault = (overload & 1) != 0 ? options(FILE, FILE + 128) : null;
      if (fault == null && (overload & 2) != 0) {
        fault = options(SNAME, SNAME + 64);
      }
      if (fault != null) {
        return fault;
      }
    }
    var options = new LinkedHashMap<Integer, Octets>();
    parts.forEach((code, part) -> options.put(code, Octets.of(part.toByteArray())));
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
            Options.of(options)));
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
      offsets.putIfAbsent(code, at);
      parts
          .computeIfAbsent(code, c -> new ByteArrayOutputStream(length))
          .write(bytes, at + 2, length);
      at += 2 + length;
    }
    return null;
  }

  /** The options every decision rests on must have the right length. */
  private Decoded.@Nullable Malformed lengths(Map<Integer, Octets> options) {
    for (var entry : options.entrySet()) {
      int size = entry.getValue().size();
      var wrong =
          switch (entry.getKey()) {
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
            offset(entry.getKey()),
            "option " + entry.getKey() + " has " + size + " bytes instead of " + wrong);
      }
    }
    return null;
  }

  private int offset(int code) {
    var at = offsets.get(code);
    return at == null ? Message.HEADER : at;
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
