package dev.islet.web.log;

import dev.islet.core.trace.Json;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How a line of the access log is written. */
public enum AccessFormat {
  /** The line that log readers know: client, time, request, status, bytes, referer, agent. */
  COMBINED(".log"),
  /** One JSON object a line. */
  JSON(".jsonl");

  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final String ending;

  AccessFormat(String ending) {
    this.ending = ending;
  }

  /** The ending of the file's name. */
  public String ending() {
    return ending;
  }

  /** The line, without its end. What a client sent cannot begin another line or end a quote. */
  public String line(AccessEntry e) {
    return switch (this) {
      case COMBINED ->
          e.client()
              + " - - ["
              + WHEN.format(e.at())
              + "] \""
              + quoted(e.method() + " " + e.target() + " " + e.protocol())
              + "\" "
              + e.status()
              + " "
              + e.bytes()
              + " \""
              + quoted(e.referer().isEmpty() ? "-" : e.referer())
              + "\" \""
              + quoted(e.agent().isEmpty() ? "-" : e.agent())
              + "\"";
      case JSON -> Json.write(e);
    };
  }

  private static String quoted(String text) {
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || c >= 0x7F) {
        out.append("\\x%02X".formatted((int) c & 0xFF));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
