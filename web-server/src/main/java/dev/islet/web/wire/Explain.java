package dev.islet.web.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Names every part of a message's bytes: an HTTP/1 head line by line, or HTTP/2 frames field by
 * field. For people who look at a trace; takes anything and never fails.
 */
public final class Explain {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final String[] FRAMES = {
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION"
  };

  private Explain() {}

  /**
   * A named stretch of bytes.
   *
   * @param offset of its first byte
   * @param length in bytes
   * @param name of the field
   * @param value as people write it
   * @param section where it is specified
   */
  public record Part(int offset, int length, String name, String value, String section) {}

  /** Takes a message apart. */
  public static List<Part> bytes(byte[] bytes) {
    var parts = new ArrayList<Part>();
    if (startsWith(bytes, PREFACE)) {
      parts.add(
          new Part(
              0, PREFACE.length, "connection preface", "PRI * HTTP/2.0", "RFC 9113 section 3.4"));
      frames(bytes, PREFACE.length, parts);
    } else if (bytes.length >= 9 && (bytes[3] & 0xFF) < FRAMES.length && bytes[0] == 0) {
      frames(bytes, 0, parts);
    } else {
      lines(bytes, parts);
    }
    return parts;
  }

  private static void lines(byte[] bytes, List<Part> parts) {
    int at = 0;
    boolean first = true;
    while (at < bytes.length) {
      int end = at;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int text = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
      int next = Math.min(end + 1, bytes.length);
      var line = new String(bytes, at, text - at, StandardCharsets.ISO_8859_1);
      if (line.isEmpty()) {
        parts.add(new Part(at, next - at, "end of head", "", "RFC 9112 section 2.1"));
        if (next < bytes.length) {
          parts.add(
              new Part(
                  next,
                  bytes.length - next,
                  "content",
                  (bytes.length - next) + " bytes",
                  "RFC 9112 section 6"));
        }
        return;
      }
      if (first) {
        startLine(at, line, parts);
      } else {
        int colon = line.indexOf(':');
        parts.add(
            colon < 0
                ? new Part(at, next - at, "malformed line", line, "RFC 9112 section 5")
                : new Part(
                    at,
                    next - at,
                    line.substring(0, colon),
                    Masks.value(line.substring(0, colon), line.substring(colon + 1).strip()),
                    section(line.substring(0, colon))));
      }
      first = false;
      at = next;
    }
  }

  private static void startLine(int at, String line, List<Part> parts) {
    var words = line.split(" ", 3);
    var names =
        line.startsWith("HTTP/")
            ? new String[] {"version", "status", "reason"}
            : new String[] {"method", "target", "version"};
    var section = line.startsWith("HTTP/") ? "RFC 9112 section 4" : "RFC 9112 section 3";
    for (int i = 0; i < words.length; i++) {
      parts.add(new Part(at, words[i].length(), names[i], words[i], section));
      at += words[i].length() + 1;
    }
  }

  private static String section(String field) {
    return "RFC 9110 section "
        + switch (field.toLowerCase(java.util.Locale.ROOT)) {
          case "host" -> "7.2";
          case "connection" -> "7.6.1";
          case "via" -> "7.6.3";
          case "upgrade" -> "7.8";
          case "content-type" -> "8.3";
          case "content-encoding" -> "8.4";
          case "content-length" -> "8.6";
          case "last-modified" -> "8.8.2";
          case "etag" -> "8.8.3";
          case "expect" -> "10.1.1";
          case "location" -> "10.2.2";
          case "authorization" -> "11.6.2";
          case "accept" -> "12.5.1";
          case "accept-encoding" -> "12.5.3";
          case "vary" -> "12.5.5";
          case "if-match" -> "13.1.1";
          case "if-none-match" -> "13.1.2";
          case "if-modified-since" -> "13.1.3";
          case "if-unmodified-since" -> "13.1.4";
          case "if-range" -> "13.1.5";
          case "range" -> "14.2";
          case "accept-ranges" -> "14.3";
          case "content-range" -> "14.4";
          default -> "5";
        };
  }

  /** RFC 9113 section 4.1: 24 bits length, 8 type, 8 flags, 1 reserved, 31 stream. */
  private static void frames(byte[] bytes, int at, List<Part> parts) {
    while (at + 9 <= bytes.length) {
      int length = (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | bytes[at + 2] & 0xFF;
      int type = bytes[at + 3] & 0xFF;
      var name = type < FRAMES.length ? FRAMES[type] : "type " + type;
      parts.add(new Part(at, 3, "length", length + " bytes", "RFC 9113 section 4.1"));
      parts.add(new Part(at + 3, 1, "type", name, "RFC 9113 section 6"));
      parts.add(
          new Part(
              at + 4,
              1,
              "flags",
              "0x%02x".formatted(bytes[at + 4] & 0xFF),
              "RFC 9113 section 4.1"));
      parts.add(
          new Part(
              at + 5,
              4,
              "stream",
              Integer.toString(number(bytes, at + 5) & 0x7FFF_FFFF),
              "RFC 9113 section 5.1.1"));
      int end = Math.min(at + 9 + length, bytes.length);
      if (type == 4) {
        settings(bytes, at + 9, end, parts);
      } else if (end > at + 9) {
        parts.add(
            new Part(
                at + 9,
                end - at - 9,
                name + " payload",
                HexFormat.of().formatHex(bytes, at + 9, Math.min(end, at + 41)),
                "RFC 9113 section 6"));
      }
      at = end;
    }
    if (at < bytes.length) {
      parts.add(
          new Part(
              at,
              bytes.length - at,
              "cut off",
              (bytes.length - at) + " bytes",
              "RFC 9113 section 4.1"));
    }
  }

  private static void settings(byte[] bytes, int from, int to, List<Part> parts) {
    var names =
        new String[] {
          "0",
          "HEADER_TABLE_SIZE",
          "ENABLE_PUSH",
          "MAX_CONCURRENT_STREAMS",
          "INITIAL_WINDOW_SIZE",
          "MAX_FRAME_SIZE",
          "MAX_HEADER_LIST_SIZE"
        };
    for (int at = from; at + 6 <= to; at += 6) {
      int id = (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
      parts.add(
          new Part(
              at,
              6,
              id > 0 && id < names.length ? names[id] : "setting " + id,
              Integer.toUnsignedString(number(bytes, at + 2)),
              "RFC 9113 section 6.5.2"));
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 24
        | (bytes[at + 1] & 0xFF) << 16
        | (bytes[at + 2] & 0xFF) << 8
        | bytes[at + 3] & 0xFF;
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    return bytes.length >= prefix.length
        && java.util.Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
  }
}
