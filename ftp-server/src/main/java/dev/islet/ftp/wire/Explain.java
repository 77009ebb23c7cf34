package dev.islet.ftp.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Names every field of what crossed a control connection, for people. */
public final class Explain {
  /**
   * One field.
   *
   * @param name what it is
   * @param offset of its first byte
   * @param length in bytes
   * @param value for people
   * @param reference where it is defined
   */
  public record Field(String name, int offset, int length, String value, String reference) {}

  private static final Map<String, String> SOURCES =
      Map.ofEntries(
          Map.entry("AUTH", "RFC 4217 section 4"),
          Map.entry("PBSZ", "RFC 4217 section 8"),
          Map.entry("PROT", "RFC 4217 section 9"),
          Map.entry("CCC", "RFC 4217 section 5"),
          Map.entry("FEAT", "RFC 2389 section 3"),
          Map.entry("OPTS", "RFC 2389 section 4"),
          Map.entry("EPRT", "RFC 2428 section 2"),
          Map.entry("EPSV", "RFC 2428 section 3"),
          Map.entry("MDTM", "RFC 3659 section 3"),
          Map.entry("SIZE", "RFC 3659 section 4"),
          Map.entry("REST", "RFC 3659 section 5"),
          Map.entry("MLST", "RFC 3659 section 7"),
          Map.entry("MLSD", "RFC 3659 section 7"),
          Map.entry("USER", "RFC 959 section 4.1.1"),
          Map.entry("PASS", "RFC 959 section 4.1.1"),
          Map.entry("PORT", "RFC 959 section 4.1.2"),
          Map.entry("PASV", "RFC 959 section 4.1.2"));

  private static final Pattern REPLY = Pattern.compile("(?s)([1-6])([0-9])([0-9])([ -]).*");
  private static final Pattern SIX =
      Pattern.compile("\\d{1,3},\\d{1,3},\\d{1,3},\\d{1,3},(\\d{1,3}),(\\d{1,3})");
  private static final Pattern EXTENDED = Pattern.compile("\\(\\|\\|\\|(\\d{1,5})\\|\\)");

  private Explain() {}

  /** The fields of one command line or one reply; never fails, whatever the bytes. */
  public static List<Field> explain(byte[] bytes) {
    // One byte is one character here, so that offsets are those of the wire.
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var fields = new ArrayList<Field>();
    if (REPLY.matcher(text).matches()) {
      reply(text, fields);
    } else {
      command(text, fields);
    }
    return fields;
  }

  private static void command(String text, List<Field> fields) {
    int end = lineEnd(text);
    int space = text.indexOf(' ');
    int verbEnd = space < 0 || space > end ? end : space;
    var verb = Command.of(text.substring(0, verbEnd)).verb();
    var source = SOURCES.getOrDefault(verb, "RFC 959 section 5.3.1");
    fields.add(new Field("verb", 0, verbEnd, utf8(text, 0, verbEnd), source));
    if (verbEnd < end) {
      fields.add(new Field("space", verbEnd, 1, "", "RFC 959 section 5.3.1"));
      boolean secret = verb.equals("PASS") || verb.equals("ACCT");
      int from = verbEnd + 1;
      fields.add(
          new Field("argument", from, end - from, secret ? "***" : utf8(text, from, end), source));
      if (verb.equals("PORT")) {
        port(text, from, fields);
      }
      if (verb.equals("EPRT")) {
        extended(text, from, end, fields);
      }
    }
    ending(text, end, fields);
  }

  private static void reply(String text, List<Field> fields) {
    var meaning =
        switch (text.charAt(0)) {
          case '1' -> "positive, more follows";
          case '2' -> "done";
          case '3' -> "positive, go on";
          case '4' -> "refused for now";
          case '6' -> "protected";
          default -> "refused for good";
        };
    var about =
        switch (text.charAt(1)) {
          case '0' -> "syntax";
          case '1' -> "information";
          case '2' -> "connections";
          case '3' -> "login and protection";
          case '5' -> "files";
          default -> "not specified";
        };
    fields.add(
        new Field(
            "code",
            0,
            3,
            text.substring(0, 3) + ": " + meaning + "; " + about,
            "RFC 959 s. 4.2.1"));
    fields.add(
        new Field(
            "separator",
            3,
            1,
            text.charAt(3) == '-' ? "more lines follow" : "the only line",
            "RFC 959 section 4.2"));
    int end = lineEnd(text);
    fields.add(new Field("text", 4, end - 4, utf8(text, 4, end), "RFC 959 section 4.2"));
    if (text.startsWith("227")) {
      port(text, 4, fields);
    }
    var extended = EXTENDED.matcher(text);
    if (text.startsWith("229") && extended.find()) {
      fields.add(
          new Field(
              "port",
              extended.start(1),
              extended.end(1) - extended.start(1),
              extended.group(1),
              "RFC 2428 section 3"));
    }
    int rest = Math.min(text.length(), end + 2);
    if (rest < text.length()) {
      fields.add(
          new Field(
              "further lines",
              rest,
              text.length() - rest,
              utf8(text, rest, text.length()).strip(),
              "RFC 959 section 4.2"));
    } else {
      ending(text, end, fields);
    }
  }

  private static void port(String text, int from, List<Field> fields) {
    var six = SIX.matcher(text);
    if (six.find(from)) {
      int high = Integer.parseInt(six.group(1));
      int low = Integer.parseInt(six.group(2));
      fields.add(
          new Field(
              "address",
              six.start(),
              six.start(1) - 1 - six.start(),
              text.substring(six.start(), six.start(1) - 1).replace(',', '.'),
              "RFC 959 section 5.3.2"));
      fields.add(
          new Field(
              "port",
              six.start(1),
              six.end() - six.start(1),
              Integer.toString(high * 256 + low),
              "RFC 959 section 5.3.2"));
    }
  }

  private static void extended(String text, int from, int end, List<Field> fields) {
    if (from >= end) {
      return;
    }
    var names = List.of("", "family", "address", "port", "");
    var parts = text.substring(from, end).split(Pattern.quote(text.substring(from, from + 1)), -1);
    int at = from;
    for (int i = 0; i < parts.length && i < names.size(); i++) {
      if (!names.get(i).isEmpty()) {
        fields.add(new Field(names.get(i), at, parts[i].length(), parts[i], "RFC 2428 section 2"));
      }
      at += parts[i].length() + 1;
    }
  }

  private static void ending(String text, int end, List<Field> fields) {
    if (end < text.length()) {
      fields.add(new Field("end", end, text.length() - end, "CR LF", "RFC 959 section 5.3.1"));
    }
  }

  private static int lineEnd(String text) {
    int feed = text.indexOf('\n');
    int end = feed < 0 ? text.length() : feed;
    return end > 0 && text.charAt(end - 1) == '\r' ? end - 1 : end;
  }

  private static String utf8(String text, int from, int to) {
    return new String(
        text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
