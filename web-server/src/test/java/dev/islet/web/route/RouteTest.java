package dev.islet.web.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.islet.web.model.Headers;
import dev.islet.web.model.Reply;
import dev.islet.web.wire.TargetPath;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static TargetPath path(String text) {
    return ((TargetPath.Parsed.Good) TargetPath.parse(text)).path();
  }

  private static Route.HandlerRoute code(String at, boolean below, String... methods) {
    return new Route.HandlerRoute(path(at), below, Set.of(methods), request -> Reply.of(204));
  }

  private static final Route ROOT = new Route.RedirectRoute(path("/"), "/x", 308, false);
  private static final Route API = new Route.RedirectRoute(path("/api"), "/y", 308, true);
  private static final Route TIME = code("/api/time", false, "GET");
  private static final Route ITEMS = code("/api/items", true, "POST");
  private static final List<Route> ALL = List.of(ROOT, API, TIME, ITEMS);

  private static Object chosen(List<Route> routes, String path, String method) {
    return switch (Route.choose(routes, path(path), method)) {
      case Route.Choice.Chosen(var route) -> route;
      case Route.Choice.NoSuchPath() -> "none";
      case Route.Choice.OtherMethods(var allowed) -> allowed;
    };
  }

  @Test
  void the_longest_path_wins_by_whole_segments() {
    assertThat(chosen(ALL, "/", "GET")).isEqualTo(ROOT);
    assertThat(chosen(ALL, "/apix", "GET")).isEqualTo(ROOT);
    assertThat(chosen(ALL, "/api", "GET")).isEqualTo(API);
    assertThat(chosen(ALL, "/api/other", "GET")).isEqualTo(API);
    assertThat(chosen(ALL, "/api/time", "GET")).isEqualTo(TIME);
    assertThat(chosen(ALL, "/api/time", "HEAD")).isEqualTo(TIME);
    assertThat(chosen(ALL, "/api/time/x", "GET")).isEqualTo(API);
    assertThat(chosen(ALL, "/api/items/7", "POST")).isEqualTo(ITEMS);
  }

  @Test
  void methods_that_are_not_served_are_told_apart_from_paths() {
    assertThat(chosen(List.of(TIME), "/api/time", "POST")).isEqualTo(Set.of("GET", "HEAD"));
    assertThat(chosen(List.of(TIME), "/other", "POST")).isEqualTo("none");
  }

  @Test
  void redirects_may_keep_the_rest() {
    var route = (Route.RedirectRoute) API;
    assertThat(route.location(path("/api/a b/"), "q=1")).isEqualTo("/y/a%20b/?q=1");
    assertThat(((Route.RedirectRoute) ROOT).location(path("/a"), "")).isEqualTo("/x");
  }

  @Test
  void fields_for_one_connection_do_not_pass() {
    var sent =
        Forwarding.request(
            Headers.of(
                "Host",
                "web1",
                "Connection",
                "close, X-Once, content-length",
                "X-Once",
                "1",
                "Content-Length",
                "3",
                "Keep-Alive",
                "9",
                "TE",
                "gzip",
                "Upgrade",
                "h2c",
                "Proxy-Authorization",
                "x",
                "X-Forwarded-For",
                "6.6.6.6",
                "Forwarded",
                "for=6.6.6.6",
                "X-Real-IP",
                "6.6.6.6",
                "Accept",
                "*/*"),
            "fd00::7",
            "https",
            "web1:8443",
            false);
    assertThat(sent)
        .isEqualTo(
            Headers.of(
                "Host", "web1",
                "Content-Length", "3",
                "Accept", "*/*",
                "X-Forwarded-For", "fd00::7",
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Host", "web1:8443",
                "Forwarded", "for=\"[fd00::7]\";host=\"web1:8443\";proto=https"));
  }

  @Test
  void websockets_may_pass() {
    var headers = Headers.of("Connection", "keep-alive, Upgrade", "Upgrade", "WebSocket");
    assertThat(Forwarding.asksForWebSocket("GET", headers)).isTrue();
    assertThat(Forwarding.asksForWebSocket("POST", headers)).isFalse();
    assertThat(Forwarding.asksForWebSocket("GET", Headers.of("Upgrade", "websocket"))).isFalse();
    assertThat(Forwarding.request(headers, "1.2.3.4", "http", "x", true).all("Upgrade"))
        .containsExactly("websocket");
  }

  @Test
  void answers_lose_what_is_for_one_connection() {
    assertThat(
            Forwarding.response(
                Headers.of(
                    "Connection",
                    "X-A",
                    "X-A",
                    "1",
                    "Keep-Alive",
                    "5",
                    "Server",
                    "s",
                    "Set-Cookie",
                    "a=1",
                    "Set-Cookie",
                    "b=2")))
        .isEqualTo(Headers.of("Server", "s", "Set-Cookie", "a=1", "Set-Cookie", "b=2"));
  }

  @Test
  void only_plain_servers_are_asked() {
    for (var bad : List.of("ftp://x", "https://x", "/x", "http://u:p@x", "http://x?q")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new Upstream(URI.create(bad), true, "", Duration.ZERO, Duration.ZERO, 1));
    }
  }
}
