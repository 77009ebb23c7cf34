package dev.islet.web.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request target (RFC 3986 section 3.3), taken apart and decoded once. What could
 * mean one thing here and another thing to a file system or to a server behind is not a path at
 * all: dot segments, encoded slashes, backslashes, NUL, control characters, bytes that are not
 * UTF-8, empty segments inside.
 *
 * @param segments decoded; none for the root
 * @param folder whether the path ends in a slash
 */
public record TargetPath(List<String> segments, boolean folder) {
  public TargetPath {
    segments = List.copyOf(segments);
  }

  /** Either a path or why there is none. */
  public sealed interface Parsed {
    record Good(TargetPath path) implements Parsed {}

    record Bad(String why) implements Parsed {}
  }

  /** Takes apart the part of a request target before the question mark. */
  public static Parsed parse(String raw) {
    if (raw.isEmpty() || raw.charAt(0) != '/') {
      return new Parsed.Bad("the path does not begin with a slash (RFC 9112 section 3.2.1)");
    }
    if (raw.length() > 8_192) {
      return new Parsed.Bad("the path is too long");
    }
    var segments = new ArrayList<String>();
    int at = 1;
    while (at < raw.length()) {
      int slash = raw.indexOf('/', at);
      int end = slash < 0 ? raw.length() : slash;
      if (end == at) {
        return new Parsed.Bad("the path has an empty segment");
      }
      var decoded = decode(raw, at, end);
      if (decoded instanceof Parsed.Bad bad) {
        return bad;
      }
      segments.addAll(((Parsed.Good) decoded).path().segments());
      at = end + 1;
    }
    return new Parsed.Good(new TargetPath(segments, raw.endsWith("/")));
  }

  private static Parsed decode(String raw, int from, int to) {
    var bytes = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      int c = raw.charAt(i);
      if (c == '%') {
        int high = i + 2 < to ? Chars.hex(raw.charAt(i + 1)) : -1;
        int low = i + 2 < to ? Chars.hex(raw.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          return new Parsed.Bad("a percent sign is not followed by two hexadecimal digits");
        }
        c = high << 4 | low;
        i += 2;
        if (c == '/') {
          return new Parsed.Bad("the path has an encoded slash");
        }
      }
      if (c < 0x20 || c == 0x7F) {
        return new Parsed.Bad("the path has a control character");
      }
      if (c == '\\') {
        return new Parsed.Bad("the path has a backslash");
      }
      bytes.write(c);
    }
    String segment;
    try {
      segment =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes.toByteArray()))
              .toString();
    } catch (CharacterCodingException e) {
      return new Parsed.Bad("the path is not UTF-8");
    }
    if (segment.equals(".") || segment.equals("..")) {
      return new Parsed.Bad("the path has a dot segment");
    }
    return new Parsed.Good(new TargetPath(List.of(segment), false));
  }

  /** The text of a segment as it is written in a path: every other byte percent-encoded. */
  public static String encode(String segment) {
    var out = new StringBuilder();
    for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xFF;
      if (c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c >= '0' && c <= '9'
          || c == '-'
          || c == '.'
          || c == '_'
          || c == '~') {
        out.append((char) c);
      } else {
        out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
        out.append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
      }
    }
    return out.toString();
  }

  /** The path with every segment encoded, as it may be sent in a Location. */
  public String encoded() {
    var out = new StringBuilder();
    for (var segment : segments) {
      out.append('/').append(encode(segment));
    }
    return out.isEmpty() ? "/" : out.append(folder ? "/" : "").toString();
  }

  /** Decoded, beginning with a slash. */
  @Override
  public String toString() {
    return segments.isEmpty() ? "/" : "/" + String.join("/", segments) + (folder ? "/" : "");
  }
}
