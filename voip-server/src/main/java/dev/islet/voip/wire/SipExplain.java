package dev.islet.voip.wire;

import dev.islet.voip.wire.RtpExplain.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names every field of a SIP message with its place and its RFC section, for the trace page, the
 * documentation and failing tests. Takes any bytes: what is no SIP is named so.
 */
public final class SipExplain {
  private static final Map<String, String> SECTIONS = new HashMap<>();

  static {
    var numbered =
        "Accept 1 Alert-Info 4 Allow 5 Authentication-Info 6 Authorization 7 Call-ID 8 Call-Info 9 "
            + "Contact 10 Content-Disposition 11 Content-Encoding 12 Content-Language 13 "
            + "Content-Length 14 Content-Type 15 CSeq 16 Date 17 Error-Info 18 Expires 19 From 20 "
            + "In-Reply-To 21 Max-Forwards 22 Min-Expires 23 MIME-Version 24 Organization 25 "
            + "Priority 26 Proxy-Authenticate 27 Proxy-Authorization 28 Proxy-Require 29 "
            + "Record-Route 30 Reply-To 31 Require 32 Retry-After 33 Route 34 Server 35 Subject 36 "
            + "Supported 37 Timestamp 38 To 39 Unsupported 40 User-Agent 41 Via 42 Warning 43 "
            + "WWW-Authenticate 44";
    var words = numbered.split(" ");
    for (int n = 0; n < words.length; n += 2) {
      SECTIONS.put(words[n], "RFC 3261 §20." + words[n + 1]);
    }
    SECTIONS.put("RAck", "RFC 3262 §7.2");
    SECTIONS.put("RSeq", "RFC 3262 §7.1");
    SECTIONS.put("Refer-To", "RFC 3515 §2.1");
    SECTIONS.put("Event", "RFC 6665 §8.2.1");
    SECTIONS.put("Session-Expires", "RFC 4028 §4");
    SECTIONS.put("Reason", "RFC 3326 §2");
    SECTIONS.put("Path", "RFC 3327 §4");
    SECTIONS.put("Replaces", "RFC 3891 §6");
  }

  private SipExplain() {}

  /** The fields of a message, in order. */
  public static List<Field> explain(byte[] message) {
    var fields = new ArrayList<Field>();
    int at = line(message, 0);
    if (at < 0) {
      fields.add(new Field("no SIP", 0, message.length, "no line end", "RFC 3261 §7"));
      return fields;
    }
    startLine(text(message, 0, content(message, 0, at)), fields);
    while (at < message.length) {
      int end = line(message, at);
      if (end < 0) {
        fields.add(new Field("cut off", at, message.length - at, "no line end", "RFC 3261 §7.3"));
        return fields;
      }
      if (content(message, at, end) == at) {
        fields.add(new Field("empty line", at, end - at, "", "RFC 3261 §7"));
        if (end < message.length) {
          fields.add(
              new Field(
                  "body",
                  end,
                  message.length - end,
                  text(message, end, message.length),
                  "RFC 3261 §7.4"));
        }
        return fields;
      }
      while (end < message.length && (message[end] == ' ' || message[end] == '\t')) {
        int next = line(message, end);
        end = next < 0 ? message.length : next;
      }
      header(message, at, end, fields);
      at = end;
    }
    return fields;
  }

  private static void startLine(String line, List<Field> fields) {
    var words = line.split(" ", 3);
    if (words.length < 2) {
      fields.add(new Field("start line", 0, line.length(), line, "RFC 3261 §7"));
      return;
    }
    int second = words[0].length() + 1;
    int third = second + words[1].length() + 1;
    var last = words.length > 2 ? words[2] : "";
    if (line.startsWith("SIP/")) {
      fields.add(new Field("SIP-Version", 0, words[0].length(), words[0], "RFC 3261 §7.1"));
      fields.add(new Field("Status-Code", second, words[1].length(), words[1], "RFC 3261 §21"));
      fields.add(new Field("Reason-Phrase", third, last.length(), last, "RFC 3261 §7.2"));
    } else {
      fields.add(new Field("Method", 0, words[0].length(), words[0], "RFC 3261 §7.1"));
      fields.add(
          new Field("Request-URI", second, words[1].length(), words[1], "RFC 3261 §8.1.1.1"));
      fields.add(new Field("SIP-Version", third, last.length(), last, "RFC 3261 §7.1"));
    }
  }

  private static void header(byte[] message, int at, int end, List<Field> fields) {
    var line = text(message, at, content(message, at, end));
    int colon = line.indexOf(':');
    if (colon <= 0) {
      fields.add(new Field("no header field", at, end - at, line, "RFC 3261 §7.3.1"));
      return;
    }
    var name = HeaderNames.usual(line.substring(0, colon).strip());
    var value = line.substring(colon + 1).replaceAll("\r?\n[ \t]+", " ").strip();
    fields.add(
        new Field(name, at, end - at, value, SECTIONS.getOrDefault(name, "RFC 3261 §7.3.1")));
  }

  private static int line(byte[] bytes, int from) {
    for (int n = from; n < bytes.length; n++) {
      if (bytes[n] == '\n') {
        return n + 1;
      }
    }
    return -1;
  }

  private static int content(byte[] bytes, int from, int lineEnd) {
    int end = lineEnd;
    while (end > from && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
      end--;
    }
    return end;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }
}
