package dev.islet.web.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The head of an HTTP/1 request, read as strictly as RFC 9112 allows: whatever two readers could
 * understand in two ways is refused, since behind or before a proxy such a request smuggles
 * another.
 *
 * <pre>
 * method SP target SP "HTTP/1." ("0" / "1") CRLF
 * *( token ":" OWS value OWS CRLF )
 * CRLF
 * </pre>
 *
 * @param framing how the content that follows ends
 * @param length of the content in bytes, where framing is LENGTH
 * @param fields name and value of each field line, in order
 */
public record RequestHead(
    String method, String target, int minor, Framing framing, long length, List<String[]> fields) {
  /** How the content of a request ends (RFC 9112 section 6.3). */
  public enum Framing {
    NONE,
    LENGTH,
    CHUNKED
  }

  /** Either a head or why there is none. */
  public sealed interface Parsed {
    record Good(RequestHead head) implements Parsed {}

    record Bad(Refusal refusal) implements Parsed {}
  }

  /**
   * Reads a head.
   *
   * @param from offset of the request line's first byte
   * @param to offset after the empty line that ends the head
   */
  public static Parsed parse(byte[] bytes, int from, int to, HeadLimits limits) {
    try {
      return new Parsed.Good(new Reader(bytes, from, to, limits).head());
    } catch (Unacceptable e) {
      return new Parsed.Bad(e.refusal);
    }
  }

  /** Ends the reading; carries no stack trace, and never leaves this class. */
  private static final class Unacceptable extends Exception {
    private static final long serialVersionUID = 1;
    final transient Refusal refusal;

    Unacceptable(int status, String why) {
      super(why, null, false, false);
      this.refusal = new Refusal(status, why);
    }
  }

  private static final class Reader {
    private final byte[] bytes;
    private final int to;
    private final HeadLimits limits;
    private final List<String[]> fields = new ArrayList<>(16);
    private int at;

    Reader(byte[] bytes, int from, int to, HeadLimits limits) {
      this.bytes = bytes;
      this.at = from;
      this.to = to;
      this.limits = limits;
    }

    RequestHead head() throws Unacceptable {
      var method = word("method", 32, 501);
      var target = word("request target", limits.targetBytes(), 414);
      int minor = version();
      while (bytes[at] != '\r') {
        if (fields.size() == limits.fields()) {
          throw new Unacceptable(
              431, "more than " + limits.fields() + " header fields (RFC 6585 section 5)");
        }
        fields.add(field());
      }
      if (at != to - 2) {
        throw new Unacceptable(400, "a line begins with CR (RFC 9112 section 2.2)");
      }
      method(method);
      var host = host(minor);
      target(method, target, host);
      return framed(method, target, minor);
    }

    /** Up to a single space. */
    private String word(String what, int most, int tooLong) throws Unacceptable {
      int from = at;
      while (bytes[at] > ' ' && bytes[at] < 0x7F) {
        at++;
      }
      if (at == from || bytes[at] != ' ') {
        throw new Unacceptable(
            400, "the " + what + " does not end in a single space (RFC 9112 section 3)");
      }
      if (at - from > most) {
        throw new Unacceptable(tooLong, "the " + what + " has more than " + most + " bytes");
      }
      return new String(bytes, from, at++ - from, StandardCharsets.ISO_8859_1);
    }

    private int version() throws Unacceptable {
      int from = at;
      while (bytes[at] != '\r' && bytes[at] != '\n') {
        at++;
      }
      var version = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
      lineEnd();
      return switch (version) {
        case "HTTP/1.1" -> 1;
        case "HTTP/1.0" -> 0;
        default ->
            throw new Unacceptable(
                version.matches("HTTP/\\d\\.\\d") ? 505 : 400,
                "the version is neither HTTP/1.1 nor HTTP/1.0 (RFC 9110 section 2.5)");
      };
    }

    private String[] field() throws Unacceptable {
      if (bytes[at] == ' ' || bytes[at] == '\t') {
        throw new Unacceptable(400, "a header line is folded (RFC 9112 section 5.2)");
      }
      int from = at;
      while (Chars.isToken(bytes[at] & 0xFF)) {
        at++;
      }
      if (at == from || bytes[at] != ':') {
        throw new Unacceptable(
            400, "a header name is not a token followed by a colon (RFC 9112 section 5.1)");
      }
      var name = new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
      int begin = ++at;
      while (Chars.isValue(bytes[at] & 0xFF)) {
        at++;
      }
      var value = new String(bytes, begin, at - begin, StandardCharsets.ISO_8859_1);
      if (bytes[at] != '\r' && bytes[at] != '\n') {
        throw new Unacceptable(
            400, "the value of " + name + " has a control character (RFC 9110 section 5.5)");
      }
      lineEnd();
      return new String[] {name, value.strip()};
    }

    private void lineEnd() throws Unacceptable {
      if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
        throw new Unacceptable(400, "a line does not end in CR and LF (RFC 9112 section 2.2)");
      }
      at += 2;
    }

    private void method(String method) throws Unacceptable {
      if (!Chars.allTokens(method)) {
        throw new Unacceptable(400, "the method is not a token (RFC 9110 section 9.1)");
      }
      if (method.equals("CONNECT") || method.equals("TRACE")) {
        throw new Unacceptable(405, method + " is not served here");
      }
    }

    private Authority host(int minor) throws Unacceptable {
      var hosts = values("host");
      if (hosts.size() > 1) {
        throw new Unacceptable(400, "several Host fields (RFC 9112 section 3.2)");
      }
      if (hosts.isEmpty()) {
        if (minor == 1) {
          throw new Unacceptable(400, "no Host field (RFC 9112 section 3.2)");
        }
        return new Authority("", java.util.OptionalInt.empty());
      }
      return Authority.parse(hosts.getFirst())
          .orElseThrow(
              () -> new Unacceptable(400, "the Host field names no host (RFC 9112 section 3.2)"));
    }

    private void target(String method, String target, Authority host) throws Unacceptable {
      if (target.indexOf('#') >= 0) {
        throw new Unacceptable(400, "the request target has a fragment (RFC 9112 section 3.2)");
      }
      if (target.charAt(0) == '/') {
        return;
      }
      if (target.equals("*")) {
        if (method.equals("OPTIONS")) {
          return;
        }
        throw new Unacceptable(400, "only OPTIONS may ask for * (RFC 9112 section 3.2.4)");
      }
      var lower = target.toLowerCase(Locale.ROOT);
      int slashes = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
      if (slashes < 0) {
        throw new Unacceptable(400, "the request target is no path (RFC 9112 section 3.2)");
      }
      int end = slashes;
      while (end < target.length() && "/?".indexOf(target.charAt(end)) < 0) {
        end++;
      }
      var named = Authority.parse(target.substring(slashes, end));
      if (named.isEmpty() || !named.get().host().equals(host.host())) {
        throw new Unacceptable(400, "the request target and Host differ (RFC 9112 section 3.2.2)");
      }
    }

    private RequestHead framed(String method, String target, int minor) throws Unacceptable {
      var codings = values("transfer-encoding");
      var lengths = values("content-length");
      for (var expectation : values("expect")) {
        if (!expectation.equalsIgnoreCase("100-continue")) {
          throw new Unacceptable(
              417, "an expectation other than 100-continue (RFC 9110 section 10.1.1)");
        }
      }
      if (!codings.isEmpty()) {
        if (!lengths.isEmpty()) {
          throw new Unacceptable(
              400, "both Transfer-Encoding and Content-Length (RFC 9112 section 6.1)");
        }
        if (minor == 0) {
          throw new Unacceptable(400, "Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1)");
        }
        if (codings.size() > 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
          throw new Unacceptable(
              501, "a Transfer-Encoding other than chunked (RFC 9112 section 6.1)");
        }
        return new RequestHead(method, target, minor, Framing.CHUNKED, 0, fields);
      }
      if (lengths.isEmpty()) {
        return new RequestHead(method, target, minor, Framing.NONE, 0, fields);
      }
      var digits = lengths.getFirst();
      if (lengths.size() > 1 || !digits.matches("[0-9]{1,18}")) {
        throw new Unacceptable(400, "Content-Length is not one number (RFC 9112 section 6.3)");
      }
      long length = Long.parseLong(digits);
      if (length > limits.bodyBytes()) {
        throw new Unacceptable(
            413,
            "content of "
                + length
                + " bytes, more than "
                + limits.bodyBytes()
                + " (RFC 9110 section 15.5.14)");
      }
      return new RequestHead(
          method, target, minor, length == 0 ? Framing.NONE : Framing.LENGTH, length, fields);
    }

    private List<String> values(String name) {
      var values = new ArrayList<String>(1);
      for (var field : fields) {
        if (field[0].equalsIgnoreCase(name)) {
          values.add(field[1]);
        }
      }
      return values;
    }
  }
}
