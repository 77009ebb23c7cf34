package dev.islet.web.route;

import dev.islet.web.model.Headers;
import dev.islet.web.model.Headers.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a proxy changes in the fields that pass through it (RFC 9110 section 7.6, RFC 7239). */
public final class Forwarding {
  /** Meant for one connection only (RFC 9110 section 7.6.1). */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /** What this proxy says itself, so that a client cannot say it. */
  private static final Set<String> OURS =
      Set.of(
          "forwarded",
          "x-forwarded-for",
          "x-forwarded-proto",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-server",
          "x-real-ip");

  /** A field named in Connection never takes these away (they frame or route the message). */
  private static final Set<String> KEPT = Set.of("host", "content-length", "cache-control");

  private Forwarding() {}

  /**
   * The fields to send on.
   *
   * @param client the client's address without its port
   * @param scheme {@code http} or {@code https}
   * @param authority the value of Host
   * @param upgrade whether the protocol may be changed to WebSocket; then the two fields that ask
   *     for it are kept
   */
  public static Headers request(
      Headers from, String client, String scheme, String authority, boolean upgrade) {
    var drop = named(from);
    var out = new ArrayList<Field>();
    for (var field : from.fields()) {
      var name = field.name().toLowerCase(Locale.ROOT);
      if (!OURS.contains(name) && !drop.contains(name)) {
        out.add(field);
      }
    }
    if (upgrade) {
      out.add(new Field("Connection", "Upgrade"));
      out.add(new Field("Upgrade", "websocket"));
    }
    out.add(new Field("X-Forwarded-For", client));
    out.add(new Field("X-Forwarded-Proto", scheme));
    out.add(new Field("X-Forwarded-Host", authority));
    var node = client.indexOf(':') >= 0 ? "\"[" + client + "]\"" : client;
    out.add(new Field("Forwarded", "for=" + node + ";host=\"" + authority + "\";proto=" + scheme));
    return new Headers(out);
  }

  /** The fields of an answer to send on to the client. */
  public static Headers response(Headers from) {
    var drop = named(from);
    return new Headers(
        from.fields().stream()
            .filter(f -> !drop.contains(f.name().toLowerCase(Locale.ROOT)))
            .toList());
  }

  /** Whether a request asks to speak WebSocket from here on (RFC 6455 section 4.1). */
  public static boolean asksForWebSocket(String method, Headers headers) {
    return method.equals("GET")
        && headers.first("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent()
        && members(headers.joined("Connection").orElse("")).contains("upgrade");
  }

  private static Set<String> named(Headers from) {
    var drop = new HashSet<>(HOP_BY_HOP);
    for (var name : members(from.joined("Connection").orElse(""))) {
      if (!KEPT.contains(name)) {
        drop.add(name);
      }
    }
    return drop;
  }

  private static List<String> members(String list) {
    var members = new ArrayList<String>();
    for (var member : list.split(",")) {
      var name = member.strip().toLowerCase(Locale.ROOT);
      if (!name.isEmpty()) {
        members.add(name);
      }
    }
    return members;
  }
}
