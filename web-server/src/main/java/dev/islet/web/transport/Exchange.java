package dev.islet.web.transport;

import dev.islet.web.model.Headers;
import dev.islet.web.model.Headers.Field;
import dev.islet.web.wire.Masks;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/**
 * What this server notes of one of Undertow's exchanges, and the ways between both vocabularies.
 */
final class Exchange {
  static final AttachmentKey<Exchange> KEY = AttachmentKey.create(Exchange.class);

  final long id;
  final long began;
  final Connection connection;
  volatile String site = "-";
  volatile String by = "server";

  Exchange(long id, long began, Connection connection) {
    this.id = id;
    this.began = began;
    this.connection = connection;
  }

  static Headers headers(HeaderMap from) {
    var fields = new ArrayList<Field>(from.size());
    for (var values : from) {
      for (var value : values) {
        fields.add(new Field(values.getHeaderName().toString(), value));
      }
    }
    return new Headers(fields);
  }

  /** Puts fields in place of those of their names. */
  static void put(Headers from, HeaderMap to) {
    for (var field : from.fields()) {
      to.remove(new HttpString(field.name()));
    }
    for (var field : from.fields()) {
      to.add(new HttpString(field.name()), field.value());
    }
  }

  /** Path and query as they were sent. */
  static String target(HttpServerExchange exchange) {
    var query = exchange.getQueryString();
    return query.isEmpty() ? exchange.getRequestURI() : exchange.getRequestURI() + "?" + query;
  }

  static byte[] requestHead(HttpServerExchange exchange) {
    return head(
        exchange.getRequestMethod() + " " + target(exchange) + " " + exchange.getProtocol(),
        exchange.getRequestHeaders());
  }

  static byte[] responseHead(HttpServerExchange exchange) {
    return head(
        exchange.getProtocol() + " " + exchange.getStatusCode(), exchange.getResponseHeaders());
  }

  private static byte[] head(String first, HeaderMap headers) {
    var out = new StringBuilder(first).append("\r\n");
    for (var values : headers) {
      for (var value : values) {
        var name = values.getHeaderName().toString();
        out.append(name).append(": ").append(Masks.value(name, value)).append("\r\n");
      }
    }
    return out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
