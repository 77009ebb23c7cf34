package dev.islet.dns.wire;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an HTTP request means to a DNS server (RFC 8484 section 4.1): a message, or a status. */
public sealed interface DohRequest {
  /** The media type of DNS messages (RFC 8484 section 6). */
  String MEDIA_TYPE = "application/dns-message";

  /** The longest message, and so the longest body. */
  int MAX_MESSAGE = 65_535;

  /** A message to be answered. */
  record Ask(byte[] message) implements DohRequest {}

  /** An HTTP status to be answered with; {@code why} is for people. */
  record Refused(int status, String why) implements DohRequest {}

  /**
   * Judges method, target and headers; the body may still be under way.
   *
   * @param path the one that is served, like {@code /dns-query}
   * @param target path and query as they came, in origin form
   * @param contentType empty if there is none
   * @param encoding of the content, empty if there is none
   * @param accept empty if there is none
   * @param length of the content as announced, -1 if it was not
   * @return null if a body is to come with the message
   */
  static @Nullable DohRequest head(
      String path,
      String method,
      String target,
      String contentType,
      String encoding,
      String accept,
      long length) {
    int mark = target.indexOf('?');
    if (!(mark < 0 ? target : target.substring(0, mark)).equals(path)) {
      return new Refused(404, "DNS is served at " + path);
    }
    boolean get = method.equals("GET") || method.equals("HEAD");
    if (!get && !method.equals("POST")) {
      return new Refused(405, "GET and POST are served (RFC 8484 section 4.1)");
    }
    if (!accepts(accept)) {
      return new Refused(406, "replies are " + MEDIA_TYPE);
    }
    if (get) {
      return query(mark < 0 ? "" : target.substring(mark + 1));
    }
    if (!type(contentType).equals(MEDIA_TYPE)) {
      return new Refused(415, "expected content of type " + MEDIA_TYPE);
    }
    if (!encoding.isEmpty() && !encoding.equalsIgnoreCase("identity")) {
      return new Refused(415, "expected content without an encoding");
    }
    return length > MAX_MESSAGE ? tooLong() : null;
  }

  /** The message in a body. */
  static DohRequest body(byte[] content) {
    return content.length == 0 ? new Refused(400, "there is no message") : new Ask(content);
  }

  /** A body of more than 65535 bytes. */
  static Refused tooLong() {
    return new Refused(413, "a message has at most " + MAX_MESSAGE + " bytes");
  }

  private static DohRequest query(String query) {
    String value = null;
    for (var pair : query.split("&", -1)) {
      if (pair.startsWith("dns=")) {
        if (value != null) {
          return new Refused(400, "the parameter dns is there twice");
        }
        value = pair.substring(4);
      }
    }
    if (value == null || value.isEmpty()) {
      return new Refused(400, "expected the parameter dns with a message in base64url");
    }
    try {
      var plain =
          value.indexOf('%') < 0 ? value : URLDecoder.decode(value, StandardCharsets.US_ASCII);
      if (plain.indexOf('=') >= 0) {
        return new Refused(400, "base64url is written without padding (RFC 8484 section 6)");
      }
      var message = Base64.getUrlDecoder().decode(plain);
      return message.length > MAX_MESSAGE
          ? new Refused(414, "a message has at most " + MAX_MESSAGE + " bytes")
          : body(message);
    } catch (IllegalArgumentException e) {
      return new Refused(400, "the parameter dns is not base64url (RFC 4648 section 5)");
    }
  }

  private static String type(String contentType) {
    int end = contentType.indexOf(';');
    return (end < 0 ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  private static boolean accepts(String accept) {
    if (accept.isBlank()) {
      return true;
    }
    for (var range : accept.split(",", -1)) {
      var type = type(range);
      if (type.equals(MEDIA_TYPE) || type.equals("application/*") || type.equals("*/*")) {
        return true;
      }
    }
    return false;
  }
}
