package dev.islet.voip.wire;

import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipHeaders;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.Vitals;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads one whole message (RFC 3261 §7): start line, header fields with folding and short names,
 * body by Content-Length. Only the fields that every decision needs are read further; the others
 * stay text until somebody asks.
 *
 * <p>Works in one pass without recursion; cost and memory are linear in the input. Characters of
 * the result stand for bytes one to one, so that text in any charset passes through unchanged.
 */
public final class SipParser {
  private static final String VERSION = "SIP/2.0";

  private final int maxHeaders;

  /**
   * @param maxHeaders how many header fields a message may have
   */
  public SipParser(int maxHeaders) {
    this.maxHeaders = maxHeaders;
  }

  /** Reads a datagram: the body ends with it, or earlier if Content-Length says so. */
  public Parsed datagram(byte[] bytes) {
    return parse(bytes, false);
  }

  /** Reads a message cut out of a stream by {@link StreamFramer}: Content-Length is exact. */
  public Parsed framed(byte[] bytes) {
    return parse(bytes, true);
  }

  private Parsed parse(byte[] bytes, boolean framed) {
    int at = 0;
    while (at < bytes.length && (bytes[at] == '\r' || bytes[at] == '\n')) {
      at++;
    }
    if (at == bytes.length || at + 4 >= bytes.length && allZero(bytes, at)) {
      return new Parsed.KeepAlive(at >= 4);
    }
    int lineEnd = lineEnd(bytes, at);
    if (lineEnd < 0) {
      return bad(at, "no line end after the start line");
    }
    var start = text(bytes, at, contentEnd(bytes, at, lineEnd));
    var fields = new ArrayList<SipHeader>(16);
    var faulty = new ArrayList<String>(0);
    int body = fields(bytes, lineEnd, fields, faulty);
    if (body < 0) {
      return bad(-body, "not a header field, or more than " + maxHeaders);
    }
    var headers = new SipHeaders(fields);
    var fault = Grammar.fault(headers);
    if (fault.isPresent()) {
      return bad(at, fault.get() + " is absent or faulty");
    }
    var vitals = Grammar.vitals(headers).orElseThrow();
    var parsed =
        start.startsWith(VERSION + " ")
            ? response(bytes, start, vitals, headers, body, framed)
            : request(bytes, start, vitals, headers, body, framed);
    if (!faulty.isEmpty() && parsed instanceof Parsed.Good(var message)) {
      return message instanceof SipRequest request
          ? malformed(400, faulty.getFirst(), request)
          : bad(at, faulty.getFirst());
    }
    return parsed;
  }

  private static boolean allZero(byte[] bytes, int from) {
    for (int n = from; n < bytes.length; n++) {
      if (bytes[n] != 0) {
        return false;
      }
    }
    return true;
  }

  private Parsed request(
      byte[] bytes, String start, Vitals vitals, SipHeaders headers, int bodyAt, boolean framed) {
    int first = start.indexOf(' ');
    int last = start.lastIndexOf(' ');
    if (first <= 0 || last == first || !isToken(start.substring(0, first))) {
      return bad(0, "neither a request line nor a status line");
    }
    var method = start.substring(0, first);
    var uri = start.substring(first + 1, last);
    var version = start.substring(last + 1);
    var whole = new SipRequest(method, uri, vitals, headers, new byte[0]);
    if (!version.regionMatches(true, 0, "SIP/", 0, 4)) {
      return new Parsed.Malformed(0, "not SIP", 400, Optional.empty());
    }
    if (!version.equalsIgnoreCase(VERSION)) {
      return malformed(505, "SIP version " + version, whole);
    }
    if (uri.isEmpty() || uri.indexOf(' ') >= 0 || uri.indexOf('<') >= 0 || uri.indexOf(':') <= 0) {
      return malformed(400, "faulty Request-URI", whole);
    }
    if (!vitals.cseq().method().equals(method)) {
      return malformed(400, "CSeq names another method", whole);
    }
    var once = repeated(headers);
    if (once.isPresent()) {
      return malformed(400, once.get() + " stands more than once", whole);
    }
    if (headers.first("Max-Forwards").isPresent()
        && headers.first("Max-Forwards").flatMap(Grammar::number).filter(n -> n <= 255).isEmpty()) {
      return malformed(400, "faulty Max-Forwards", whole);
    }
    var length = length(headers, bytes.length - bodyAt, framed);
    if (length < 0) {
      return malformed(400, "Content-Length does not fit the message", whole);
    }
    var body = length == 0 ? EMPTY : Arrays.copyOfRange(bytes, bodyAt, bodyAt + length);
    return new Parsed.Good(new SipRequest(method, uri, vitals, headers, body));
  }

  private Parsed response(
      byte[] bytes, String start, Vitals vitals, SipHeaders headers, int bodyAt, boolean framed) {
    // "SIP/2.0 200 OK"; the phrase may be empty.
    if (start.length() < 11 || start.length() > 11 && start.charAt(11) != ' ') {
      return bad(0, "faulty status line");
    }
    int status = 0;
    for (int n = 8; n < 11; n++) {
      int digit = start.charAt(n) - '0';
      if (digit < 0 || digit > 9) {
        return bad(8, "the status is not three digits");
      }
      status = status * 10 + digit;
    }
    if (status < 100 || status > 699) {
      return bad(8, "the status is not from 100 to 699");
    }
    if (repeated(headers).isPresent()) {
      return bad(0, "a field stands more than once");
    }
    var length = length(headers, bytes.length - bodyAt, framed);
    if (length < 0) {
      return bad(bodyAt, "Content-Length does not fit the message");
    }
    var body = length == 0 ? EMPTY : Arrays.copyOfRange(bytes, bodyAt, bodyAt + length);
    var reason = start.length() > 12 ? start.substring(12) : "";
    SipMessage message = new SipResponse(status, reason, vitals, headers, body);
    return new Parsed.Good(message);
  }

  private static final byte[] EMPTY = new byte[0];

  private static Optional<String> repeated(SipHeaders headers) {
    int from = 0;
    int to = 0;
    int callId = 0;
    int cseq = 0;
    int length = 0;
    int forwards = 0;
    for (var header : headers.all()) {
      switch (header.name()) {
        case "From" -> from++;
        case "To" -> to++;
        case "Call-ID" -> callId++;
        case "CSeq" -> cseq++;
        case "Content-Length" -> length++;
        case "Max-Forwards" -> forwards++;
        default -> {}
      }
    }
    if (from > 1) {
      return Optional.of("From");
    }
    if (to > 1) {
      return Optional.of("To");
    }
    if (callId > 1) {
      return Optional.of("Call-ID");
    }
    if (cseq > 1) {
      return Optional.of("CSeq");
    }
    if (length > 1) {
      return Optional.of("Content-Length");
    }
    return forwards > 1 ? Optional.of("Max-Forwards") : Optional.empty();
  }

  /** Bytes of the body, or -1 if the field is faulty or claims more than there is. */
  private static int length(SipHeaders headers, int available, boolean framed) {
    var written = headers.first("Content-Length");
    if (written.isEmpty()) {
      return framed ? 0 : available;
    }
    var number = Grammar.number(written.get());
    return number.isEmpty() || number.get() > available ? -1 : number.get().intValue();
  }

  /**
   * Reads fields up to the empty line.
   *
   * @return where the body begins, or the negated place of a fault
   */
  private int fields(byte[] bytes, int from, List<SipHeader> fields, List<String> faulty) {
    int at = from;
    while (at < bytes.length) {
      int end = lineEnd(bytes, at);
      if (end < 0) {
        return -at;
      }
      int content = contentEnd(bytes, at, end);
      if (content == at) {
        return end;
      }
      boolean folded = false;
      while (end < bytes.length && (bytes[end] == ' ' || bytes[end] == '\t')) {
        end = lineEnd(bytes, end);
        if (end < 0) {
          return -at;
        }
        folded = true;
      }
      content = contentEnd(bytes, at, end);
      int colon = at;
      while (colon < content && bytes[colon] != ':') {
        colon++;
      }
      if (fields.size() == maxHeaders) {
        return -at;
      }
      var name = text(bytes, at, colon).stripTrailing();
      if (colon == content || !isToken(name)) {
        // Read on: with the fields around it the sender can at least be told.
        faulty.add("a line that is no header field");
        if (faulty.size() > 8) {
          return -at;
        }
        at = end;
        continue;
      }
      var value = text(bytes, colon + 1, content).strip();
      fields.add(new SipHeader(HeaderNames.usual(name), folded ? unfold(value) : value));
      at = end;
    }
    // RFC 3261 §7: the empty line must be there even without a body.
    return -Math.max(1, at);
  }

  /** A fold counts as one space (RFC 3261 §7.3.1). */
  private static String unfold(String value) {
    var out = new StringBuilder(value.length());
    boolean space = false;
    for (int n = 0; n < value.length(); n++) {
      char c = value.charAt(n);
      if (c == '\r' || c == '\n') {
        space = true;
      } else if (space && (c == ' ' || c == '\t')) {
        continue;
      } else {
        if (space) {
          out.append(' ');
          space = false;
        }
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Just behind the next LF, or -1. A lone LF ends a line too: some senders know no CR. */
  private static int lineEnd(byte[] bytes, int from) {
    for (int n = from; n < bytes.length; n++) {
      if (bytes[n] == '\n') {
        return n + 1;
      }
    }
    return -1;
  }

  private static int contentEnd(byte[] bytes, int from, int lineEnd) {
    int end = lineEnd - 1;
    return end > from && bytes[end - 1] == '\r' ? end - 1 : end;
  }

  private static boolean isToken(String text) {
    for (int n = 0; n < text.length(); n++) {
      if (!Scanner.isToken(text.charAt(n))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= 64;
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  private static Parsed bad(int offset, String reason) {
    return new Parsed.Malformed(offset, reason, 400, Optional.empty());
  }

  private static Parsed malformed(int status, String reason, SipRequest request) {
    return new Parsed.Malformed(0, reason, status, Optional.of(request));
  }
}
