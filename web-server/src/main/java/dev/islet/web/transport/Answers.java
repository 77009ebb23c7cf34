package dev.islet.web.transport;

import dev.islet.web.route.Pages;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The short answers the server gives in its own name. */
final class Answers {
  private static final HttpString POLICY = new HttpString("Content-Security-Policy");
  private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

  private Answers() {}

  /** A status with a page or a line that tells why. */
  static void error(HttpServerExchange exchange, int status, String detail) {
    if (exchange.isResponseStarted()) {
      return;
    }
    var accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
    boolean html = accept != null && accept.contains("text/html");
    var body =
        html
            ? Pages.error(status, detail)
            : status + " " + Pages.phrase(status) + ": " + detail + "\n";
    var headers = exchange.getResponseHeaders();
    headers.put(
        Headers.CONTENT_TYPE, html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    headers.put(NOSNIFF, "nosniff");
    headers.put(POLICY, Pages.POLICY);
    exchange.setStatusCode(status);
    bytes(exchange, body.getBytes(StandardCharsets.UTF_8));
  }

  /** The same, and the connection is closed behind it. */
  static void errorAndClose(HttpServerExchange exchange, int status, String detail) {
    exchange.setPersistent(false);
    error(exchange, status, detail);
  }

  /** An answer as bytes, behind which the connection closes. */
  static byte[] raw(int status, String detail) {
    var body = status + " " + Pages.phrase(status) + ": " + detail + "\n";
    return ("HTTP/1.1 "
            + status
            + " "
            + Pages.phrase(status)
            + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Sends content whose head is set already. */
  static void bytes(HttpServerExchange exchange, byte[] body) {
    exchange.setResponseContentLength(body.length);
    exchange.getResponseSender().send(ByteBuffer.wrap(body));
  }

  static void redirect(HttpServerExchange exchange, int status, String location) {
    exchange.getResponseHeaders().put(Headers.LOCATION, location);
    error(exchange, status, "It is at " + location);
  }
}
