package dev.islet.voip.wire;

import dev.islet.voip.model.CSeq;
import dev.islet.voip.model.NameAddress;
import dev.islet.voip.model.Param;
import dev.islet.voip.model.SipHeaders;
import dev.islet.voip.model.SipUri;
import dev.islet.voip.model.Via;
import dev.islet.voip.model.Vitals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads the values of the header fields that signalling decides on (RFC 3261 §25). Each method
 * answers empty for text that is not in the grammar; none throws.
 */
public final class Grammar {
  private Grammar() {}

  /** One name-addr or addr-spec with parameters: From, To, Contact, Route (RFC 3261 §20.10). */
  public static Optional<NameAddress> nameAddress(String value) {
    return attempt(value, Grammar::nameAddress);
  }

  /** Every element of a header that lists addresses, in order; empty if any is faulty. */
  public static Optional<List<NameAddress>> addresses(List<String> values) {
    var all = new ArrayList<NameAddress>();
    for (var value : values) {
      for (var element : split(value)) {
        var address = nameAddress(element);
        if (address.isEmpty()) {
          return Optional.empty();
        }
        all.add(address.get());
      }
    }
    return Optional.of(all);
  }

  /** The topmost of the Vias in one header value. */
  public static Optional<Via> via(String value) {
    return attemptFirst(value, Grammar::via);
  }

  /** Number and method (RFC 3261 §8.1.1.5). */
  public static Optional<CSeq> cseq(String value) {
    return attempt(
        value,
        in -> {
          var number = in.run("");
          var method = in.token();
          return new CSeq(number(number, 0x7FFF_FFFFL), method);
        });
  }

  /** A sip or sips URI (RFC 3261 §19.1.1); other schemes are empty. */
  public static Optional<SipUri> uri(String text) {
    return attempt(text, in -> uri(text, in));
  }

  /** A whole number from 0 to 2^32 - 1, as in Expires and Max-Forwards. */
  public static Optional<Long> number(String text) {
    return attempt(text, in -> number(in.run(""), 0xFFFF_FFFFL));
  }

  /**
   * The parameters of digest credentials or a challenge with names in lower case and quotes taken
   * off (RFC 7616 §3.4); empty if the scheme is not Digest.
   */
  public static Optional<Map<String, String>> digest(String value) {
    return attempt(
        value,
        in -> {
          if (!in.token().equalsIgnoreCase("Digest")) {
            throw new BadValueFound("not the Digest scheme");
          }
          var params = new LinkedHashMap<String, String>();
          do {
            var name = in.token().toLowerCase(Locale.ROOT);
            in.expect('=');
            var text = in.peek() == '"' ? unquote(in.quoted()) : in.run(",");
            if (params.put(name, text) != null || params.size() > 24) {
              throw new BadValueFound("parameter " + name + " stands twice, or there are too many");
            }
          } while (in.take(','));
          return params;
        });
  }

  /** Cuts a list at its commas, except those in quotes and angle brackets (RFC 3261 §7.3.1). */
  public static List<String> split(String value) {
    if (value.indexOf(',') < 0) {
      return List.of(value);
    }
    var parts = new ArrayList<String>();
    boolean quoted = false;
    boolean bracketed = false;
    int from = 0;
    for (int n = 0; n < value.length(); n++) {
      char c = value.charAt(n);
      if (quoted) {
        if (c == '\\') {
          n++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '<') {
        bracketed = true;
      } else if (c == '>') {
        bracketed = false;
      } else if (c == ',' && !bracketed) {
        parts.add(value.substring(from, n).strip());
        from = n + 1;
      }
    }
    parts.add(value.substring(from).strip());
    return parts;
  }

  /** Tokens of a list such as Require or Supported, in lower case. */
  public static List<String> tokens(List<String> values) {
    var all = new ArrayList<String>();
    for (var value : values) {
      for (var part : split(value)) {
        if (!part.isBlank()) {
          all.add(part.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return all;
  }

  /** The five fields every message must have; empty with the first that is absent or faulty. */
  public static Optional<Vitals> vitals(SipHeaders headers) {
    return fault(headers).isPresent() ? Optional.empty() : Optional.of(read(headers));
  }

  /** Which of the five fields is absent or faulty. */
  static Optional<String> fault(SipHeaders headers) {
    if (headers.first("Via").flatMap(Grammar::via).isEmpty()) {
      return Optional.of("Via");
    }
    if (headers.first("CSeq").flatMap(Grammar::cseq).isEmpty()) {
      return Optional.of("CSeq");
    }
    if (headers.first("Call-ID").filter(Grammar::isCallId).isEmpty()) {
      return Optional.of("Call-ID");
    }
    if (headers.first("From").flatMap(Grammar::nameAddress).isEmpty()) {
      return Optional.of("From");
    }
    if (headers.first("To").flatMap(Grammar::nameAddress).isEmpty()) {
      return Optional.of("To");
    }
    return Optional.empty();
  }

  private static Vitals read(SipHeaders headers) {
    return new Vitals(
        headers.first("Via").flatMap(Grammar::via).orElseThrow(),
        headers.first("CSeq").flatMap(Grammar::cseq).orElseThrow(),
        headers.first("Call-ID").orElseThrow(),
        headers.first("From").flatMap(Grammar::nameAddress).orElseThrow(),
        headers.first("To").flatMap(Grammar::nameAddress).orElseThrow());
  }

  private static boolean isCallId(String value) {
    return !value.isEmpty()
        && value.length() <= 512
        && value.chars().noneMatch(c -> c <= ' ' || c == 127);
  }

  private static NameAddress nameAddress(Scanner in) {
    if (in.peek() == '"') {
      var display = in.quoted();
      in.expect('<');
      return bracketed(display, in);
    }
    if (in.take('<')) {
      return bracketed("", in);
    }
    var first = in.run("<;\"");
    var display = new StringBuilder(first);
    while (!in.done() && in.peek() != '<' && in.peek() != ';') {
      var word = in.run("<;\"");
      if (word.isEmpty()) {
        throw new BadValueFound("quotes inside a display name");
      }
      display.append(' ').append(word);
    }
    if (in.take('<')) {
      for (int n = 0; n < display.length(); n++) {
        char c = display.charAt(n);
        if (!Scanner.isToken(c) && c != ' ' && c < 128) {
          throw new BadValueFound("a display name with '" + c + "' needs quotes");
        }
      }
      return bracketed(display.toString(), in);
    }
    // Without brackets every parameter belongs to the header (RFC 3261 §20.10).
    var uri = display.toString();
    if (uri.indexOf(' ') >= 0 || uri.indexOf('?') >= 0 || uri.indexOf(',') >= 0) {
      throw new BadValueFound("an address with blank, comma or question mark needs brackets");
    }
    checkUri(uri);
    var params = in.params();
    end(in);
    return new NameAddress("", uri, params);
  }

  private static NameAddress bracketed(String display, Scanner in) {
    var uri = in.until('>').strip();
    checkUri(uri);
    var params = in.params();
    end(in);
    return new NameAddress(display, uri, params);
  }

  /** Any scheme will do here; sip and sips must also be well-formed. */
  private static void checkUri(String uri) {
    int colon = uri.indexOf(':');
    if (colon <= 0 || colon == uri.length() - 1) {
      throw new BadValueFound("no URI: " + uri);
    }
    for (int n = 0; n < uri.length(); n++) {
      char c = uri.charAt(n);
      if (c <= ' ' || c == '<' || c == '>' || c == '"' || c == 127) {
        throw new BadValueFound("a URI cannot hold character " + (int) c);
      }
    }
    var scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
    if ((scheme.equals("sip") || scheme.equals("sips")) && uri(uri).isEmpty()) {
      throw new BadValueFound("no SIP URI: " + uri);
    }
  }

  private static Via via(Scanner in) {
    if (!in.token().equalsIgnoreCase("SIP")) {
      throw new BadValueFound("not a SIP Via");
    }
    in.expect('/');
    if (!in.token().equals("2.0")) {
      throw new BadValueFound("not SIP/2.0");
    }
    in.expect('/');
    var transport = in.token().toUpperCase(Locale.ROOT);
    String host;
    if (in.peek() == '[') {
      host = in.until(']') + "]";
      in.skipSpace();
    } else {
      host = in.run(":;,");
    }
    checkHost(host);
    int port = 0;
    if (in.take(':')) {
      port = (int) number(in.run(";,"), 65_535);
    }
    return new Via(transport, host, port, in.params());
  }

  private static SipUri uri(String text, Scanner in) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new BadValueFound("no scheme");
    }
    var scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.equals("sip") && !scheme.equals("sips")) {
      throw new BadValueFound("not sip or sips");
    }
    in.until(':');
    var user = Optional.<String>empty();
    int at = text.indexOf('@', colon);
    if (at >= 0) {
      var info = in.until('@');
      int password = info.indexOf(':');
      user = Optional.of(unescape(password < 0 ? info : info.substring(0, password)));
      if (user.get().isEmpty()) {
        throw new BadValueFound("an empty user");
      }
    }
    var host = in.peek() == '[' ? in.until(']') + "]" : in.run(":;?");
    checkHost(host);
    int port = in.take(':') ? (int) number(in.run(";?"), 65_535) : 0;
    var params = uriParams(in);
    if (in.take('?')) {
      in.rest();
    }
    end(in);
    return new SipUri(scheme.equals("sips"), user, host.toLowerCase(Locale.ROOT), port, params);
  }

  private static List<Param> uriParams(Scanner in) {
    var params = new ArrayList<Param>(2);
    while (in.take(';')) {
      var whole = in.run(";?");
      int equals = whole.indexOf('=');
      if (whole.isEmpty() || params.size() > 32) {
        throw new BadValueFound("an empty URI parameter, or too many");
      }
      params.add(
          equals < 0
              ? new Param(whole, Optional.empty())
              : new Param(whole.substring(0, equals), Optional.of(whole.substring(equals + 1))));
    }
    return params;
  }

  private static void checkHost(String host) {
    if (host.isEmpty() || host.length() > 255) {
      throw new BadValueFound("no host");
    }
    boolean literal = host.charAt(0) == '[';
    for (int n = 0; n < host.length(); n++) {
      char c = host.charAt(n);
      boolean ok =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '.'
              || c == '-'
              || c == '_'
              || literal && (c == ':' || c == '[' && n == 0 || c == ']' || c == '%');
      if (!ok) {
        throw new BadValueFound("a host cannot hold '" + c + "'");
      }
    }
  }

  private static String unescape(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    var out = new StringBuilder();
    for (int n = 0; n < text.length(); n++) {
      char c = text.charAt(n);
      if (c == '%') {
        int high = n + 2 < text.length() ? Character.digit(text.charAt(n + 1), 16) : -1;
        int low = high >= 0 ? Character.digit(text.charAt(n + 2), 16) : -1;
        if (low < 0) {
          throw new BadValueFound("a bad escape");
        }
        out.append((char) (high << 4 | low));
        n += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** The text inside quotes with its backslashes resolved (RFC 3261 §25.1). */
  public static String unquote(String quoted) {
    if (quoted.length() < 2 || quoted.charAt(0) != '"') {
      return quoted;
    }
    var out = new StringBuilder(quoted.length());
    for (int n = 1; n < quoted.length() - 1; n++) {
      char c = quoted.charAt(n);
      if (c == '\\' && n + 1 < quoted.length() - 1) {
        c = quoted.charAt(++n);
      }
      out.append(c);
    }
    return out.toString();
  }

  private static long number(String digits, long max) {
    long n = 0;
    if (digits.isEmpty()) {
      throw new BadValueFound("expected a number");
    }
    for (int i = 0; i < digits.length(); i++) {
      int d = digits.charAt(i) - '0';
      if (d < 0 || d > 9) {
        throw new BadValueFound("expected a number, found " + digits);
      }
      n = n * 10 + d;
      if (n > max) {
        throw new BadValueFound("a number above " + max);
      }
    }
    return n;
  }

  private static void end(Scanner in) {
    if (!in.done()) {
      throw new BadValueFound("more than one value at " + in.at());
    }
  }

  private static <T> Optional<T> attempt(String value, Function<Scanner, T> reader) {
    try {
      var in = new Scanner(value);
      var result = reader.apply(in);
      end(in);
      return Optional.of(result);
    } catch (BadValueFound e) {
      return Optional.empty();
    }
  }

  /** For lists: only the first element is read here. */
  private static <T> Optional<T> attemptFirst(String value, Function<Scanner, T> reader) {
    try {
      var in = new Scanner(value);
      var result = reader.apply(in);
      return in.done() || in.peek() == ',' ? Optional.of(result) : Optional.empty();
    } catch (BadValueFound e) {
      return Optional.empty();
    }
  }
}
