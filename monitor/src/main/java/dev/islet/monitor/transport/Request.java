package dev.islet.monitor.transport;

import com.sun.net.httpserver.HttpExchange;
import dev.islet.core.trace.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** One request to the page's server, and the ways to answer it. */
public final class Request {
  /** A content that is worth the work of compressing it. */
  private static final int WORTH_COMPRESSING = 1024;

  private static final int LONGEST_CONTENT = 1 << 16;

  private final HttpExchange exchange;
  private final Map<String, String> parameters;

  Request(HttpExchange exchange) {
    this.exchange = exchange;
    this.parameters = parameters(exchange.getRequestURI().getRawQuery());
  }

  /** The path, decoded. */
  public String path() {
    return exchange.getRequestURI().getPath();
  }

  /** A parameter of the query, or what stands for it where it is missing. */
  public String parameter(String name, String otherwise) {
    return parameters.getOrDefault(name, otherwise);
  }

  /**
   * A parameter that is a number.
   *
   * @throws IllegalArgumentException if it is another
   */
  public int number(String name, int otherwise, int least, int most) {
    var text = parameters.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Math.clamp(Integer.parseInt(text), least, most);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is not a whole number: " + text, e);
    }
  }

  /** A header of the request. */
  @Nullable String header(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  /** Sets a header of the answer. */
  public void header(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
  }

  /** Answers with JSON. */
  public void json(int status, Object body) throws IOException {
    json(status, Json.write(body));
  }

  /** Answers with JSON that is written already. */
  public void json(int status, String body) throws IOException {
    header("Cache-Control", "no-store");
    send(status, "application/json; charset=utf-8", (body + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Answers that something is wrong. */
  public void error(int status, String why) throws IOException {
    json(status, Map.of("error", why));
  }

  /** Answers with content that is whole, compressed for those who can read that. */
  public void send(int status, String type, byte[] body) throws IOException {
    exchange.getRequestBody().readNBytes(LONGEST_CONTENT); // none is needed
    header("Content-Type", type);
    header("Vary", "Accept-Encoding");
    var content = body;
    var accepted = header("Accept-Encoding");
    if (body.length >= WORTH_COMPRESSING && accepted != null && accepted.contains("gzip")) {
      var out = new ByteArrayOutputStream(body.length / 2);
      try (var gzip = new GZIPOutputStream(out)) {
        gzip.write(body);
      }
      content = out.toByteArray();
      header("Content-Encoding", "gzip");
    }
    exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
    exchange.getResponseBody().write(content);
  }

  /** Answers with content that goes on. */
  public OutputStream stream(String type) throws IOException {
    header("Content-Type", type);
    header("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (var part : query == null ? new String[0] : query.split("&")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
