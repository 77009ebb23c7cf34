package dev.islet.router.rip.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Names every field of a RIP message for people: dashboard, documentation, failing tests. */
public final class Explain {
  private final byte[] bytes;
  private final ByteBuffer in;
  private final List<Field> fields = new ArrayList<>();

  private Explain(byte[] bytes) {
    this.bytes = bytes;
    this.in = ByteBuffer.wrap(bytes);
  }

  /**
   * A field of a message.
   *
   * @param offset in bytes from the start
   * @param length in bytes
   * @param name as the RFC calls it
   * @param value for people
   * @param section where it is described
   */
  public record Field(int offset, int length, String name, String value, String section) {}

  /** The fields of any bytes whatever; what cannot be told is named so. */
  public static List<Field> explain(byte[] bytes) {
    var explain = new Explain(bytes);
    explain.message();
    return List.copyOf(explain.fields);
  }

  private void message() {
    if (bytes.length < RipMessage.HEADER) {
      rest(0, "shorter than a header", "RFC 2453 section 3.6");
      return;
    }
    add(
        0,
        1,
        "command",
        switch (bytes[0]) {
          case 1 -> "1 request";
          case 2 -> "2 response";
          default -> (bytes[0] & 0xFF) + " unknown";
        },
        "RFC 2453 section 3.6");
    add(1, 1, "version", String.valueOf(bytes[1] & 0xFF), "RFC 2453 section 3.6");
    add(2, 2, "must be zero", hex(2, 2), "RFC 2453 section 3.6");
    int at = RipMessage.HEADER;
    int end = bytes.length;
    int number = 1;
    while (at < end) {
      if (end - at < RipEntry.BYTES) {
        rest(at, "cut entry", "RFC 2453 section 3.6");
        return;
      }
      if (u16(at) == RipEntry.AUTH && u16(at + 2) == 2) {
        add(at, 2, "family", "FFFF authentication", "RFC 2453 section 4.1");
        add(at + 2, 2, "authentication type", "2 simple password", "RFC 2453 section 4.1");
        add(at + 4, 16, "password", "16 bytes, not shown", "RFC 2453 section 4.1");
      } else if (u16(at) == RipEntry.AUTH && u16(at + 2) == 3) {
        end = Math.clamp(u16(at + 4), at + RipEntry.BYTES, bytes.length);
        keyed(at);
      } else {
        entry(at, number++);
      }
      at += RipEntry.BYTES;
    }
    trailer(end);
  }

  private void keyed(int at) {
    add(at, 2, "family", "FFFF authentication", "RFC 4822 section 2");
    add(at + 2, 2, "authentication type", "3 keyed digest", "RFC 4822 section 2");
    add(
        at + 4,
        2,
        "packet length",
        u16(at + 4) + ", where the digest begins",
        "RFC 4822 section 2");
    add(at + 6, 1, "key id", String.valueOf(bytes[at + 6] & 0xFF), "RFC 4822 section 2");
    add(at + 7, 1, "digest length", String.valueOf(bytes[at + 7] & 0xFF), "RFC 4822 section 2");
    add(at + 8, 4, "sequence", Integer.toUnsignedString(in.getInt(at + 8)), "RFC 4822 section 2");
    add(at + 12, 8, "must be zero", hex(at + 12, 8), "RFC 4822 section 2");
  }

  private void entry(int at, int number) {
    int family = u16(at);
    var prefix = "entry " + number + " ";
    add(
        at,
        2,
        prefix + "family",
        family == RipEntry.IPV4 ? "2 IPv4" : family == 0 ? "0 everything" : family + " unknown",
        "RFC 2453 section 3.6");
    add(at + 2, 2, prefix + "route tag", String.valueOf(u16(at + 2)), "RFC 2453 section 4.2");
    add(at + 4, 4, prefix + "address", ip(at + 4), "RFC 2453 section 3.6");
    add(at + 8, 4, prefix + "subnet mask", mask(in.getInt(at + 8)), "RFC 2453 section 4.3");
    add(
        at + 12,
        4,
        prefix + "next hop",
        in.getInt(at + 12) == 0 ? "0.0.0.0 the sender" : ip(at + 12),
        "RFC 2453 section 4.4");
    var metric = Integer.toUnsignedString(in.getInt(at + 16));
    add(
        at + 16,
        4,
        prefix + "metric",
        in.getInt(at + 16) == RipEntry.INFINITY ? "16 unreachable" : metric,
        "RFC 2453 section 3.6");
  }

  private void trailer(int at) {
    if (at >= bytes.length) {
      return;
    }
    if (bytes.length - at > 4 && u16(at) == RipEntry.AUTH && u16(at + 2) == 1) {
      add(at, 4, "digest mark", "FFFF 0001", "RFC 4822 section 2");
      add(
          at + 4,
          bytes.length - at - 4,
          "digest",
          hex(at + 4, bytes.length - at - 4),
          "RFC 4822 section 2");
    } else {
      rest(at, "not a digest", "RFC 4822 section 2");
    }
  }

  private static String mask(int mask) {
    if (mask == 0) {
      return "0.0.0.0 none given, or the default route";
    }
    return Ipv4.text(mask)
        + (Ipv4.contiguous(mask) ? " /" + Integer.bitCount(mask) : " with holes: not valid");
  }

  private void rest(int at, String what, String section) {
    add(at, bytes.length - at, what, hex(at, bytes.length - at), section);
  }

  private void add(int offset, int length, String name, String value, String section) {
    fields.add(new Field(offset, length, name, value, section));
  }

  private int u16(int at) {
    return in.getShort(at) & 0xFFFF;
  }

  private String ip(int at) {
    return Ipv4.text(in.getInt(at));
  }

  private String hex(int at, int length) {
    return HexFormat.of().formatHex(bytes, at, at + length);
  }
}
