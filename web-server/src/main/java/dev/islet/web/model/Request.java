package dev.islet.web.model;

import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request as a handler sees it.
 *
 * @param method as sent: {@code GET}; case matters
 * @param scheme {@code http} or {@code https}, as the connection is
 * @param host the name asked for, lower case, without a port
 * @param path decoded and free of dot segments, beginning with a slash
 * @param rawQuery what followed the question mark, not decoded; empty if nothing did
 * @param protocol {@code HTTP/1.1}, {@code HTTP/2.0}
 * @param headers the request's fields
 * @param from the client's address
 * @param body the whole content; empty if there was none
 */
public record Request(
    String method,
    String scheme,
    String host,
    String path,
    String rawQuery,
    String protocol,
    Headers headers,
    InetSocketAddress from,
    byte[] body) {
  /** The first value of a header. */
  public Optional<String> header(String name) {
    return headers.first(name);
  }

  /** The first value of a query parameter, decoded. */
  public Optional<String> query(String name) {
    for (var pair : rawQuery.split("&")) {
      int equals = pair.indexOf('=');
      if (decoded(equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
        return Optional.of(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return Optional.empty();
  }

  /** The content as UTF-8 text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  private static String decoded(String form) {
    try {
      return URLDecoder.decode(form, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return form; // a stray percent sign stands for itself
    }
  }
}
