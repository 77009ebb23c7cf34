package dev.islet.ftp.wire;

import java.util.List;

/**
 * An answer of the server (RFC 959 section 4.2).
 *
 * @param code three digits
 * @param lines one or more lines of text; with more than one, the first and the last carry the code
 */
public record Reply(int code, List<String> lines) {
  public Reply {
    lines = lines.stream().map(Reply::oneLine).toList();
    if (code < 100 || code > 659 || lines.isEmpty()) {
      throw new IllegalArgumentException("a reply has a code of three digits and text: " + code);
    }
  }

  /** A reply of one line. */
  public static Reply of(int code, String text) {
    return new Reply(code, List.of(text));
  }

  /** As it crosses the wire. */
  public String text() {
    if (lines.size() == 1) {
      return code + " " + lines.getFirst() + "\r\n";
    }
    var out = new StringBuilder();
    out.append(code).append('-').append(lines.getFirst()).append("\r\n");
    for (var line : lines.subList(1, lines.size() - 1)) {
      // A line in the middle must not look like the end: every one of ours begins with a space.
      out.append(line.startsWith(" ") ? "" : " ").append(line).append("\r\n");
    }
    return out.append(code).append(' ').append(lines.getLast()).append("\r\n").toString();
  }

  /** Whether the client may go on as it meant to. */
  public boolean positive() {
    return code < 400;
  }

  /** A name with a line break in it must not forge a reply. */
  private static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
        return text.replaceAll("[\\x00-\\x1f\\x7f]", "?");
      }
    }
    return text;
  }
}
