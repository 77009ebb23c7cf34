package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyTest {
  private HttpServer backend;
  private WebServer web;
  private final CountDownLatch release = new CountDownLatch(1);

  @BeforeEach
  void start() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    backend.createContext("/", ProxyTest::echo);
    backend.createContext(
        "/slow",
        exchange -> {
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    backend.createContext("/dies", HttpExchange::close);
    backend.createContext(
        "/stream",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write("first\n".getBytes(StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.getResponseBody().write("last\n".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    backend.start();
    var to = URI.create("http://127.0.0.1:" + backend.getAddress().getPort());
    web =
        WebServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .drain(Duration.ofMillis(100))
                        .site(
                            "x",
                            s ->
                                s.route(route("/", to, true, false))
                                    .route(route("/own", to, false, false))
                                    .route(route("/strip", URI.create(to + "/base/"), true, true))
                                    .route(
                                        route(
                                            "/nobody",
                                            URI.create("http://127.0.0.1:1"),
                                            true,
                                            false))))
            .start();
  }

  private static WebConfig.RouteConfig.Proxy route(
      String at, URI to, boolean keepHost, boolean strip) {
    return new WebConfig.RouteConfig.Proxy(
        at, to, keepHost, strip, Duration.ofSeconds(2), Duration.ofMillis(600), 8);
  }

  @AfterEach
  void stop() {
    release.countDown();
    web.close();
    backend.stop(0);
  }

  /** Answers with what arrived. */
  private static void echo(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    Map<String, List<String>> headers = new TreeMap<>(exchange.getRequestHeaders());
    var text =
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + headers
            + " "
            + body.length;
    exchange.getResponseHeaders().add("Connection", "X-Hop");
    exchange.getResponseHeaders().add("X-Hop", "1");
    exchange.getResponseHeaders().add("X-End", "1");
    exchange.getResponseHeaders().add("Set-Cookie", "a=1");
    exchange.getResponseHeaders().add("Set-Cookie", "b=2");
    exchange.sendResponseHeaders(200, text.length());
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.ISO_8859_1));
    exchange.close();
  }

  @Test
  void fields_for_one_connection_stop_here_and_ours_are_added() throws Exception {
    var answer =
        Raw.get(
            web,
            "x:8080",
            "/a%20b?q=%31",
            "Connection: X-Once",
            "X-Once: 1",
            "X-Forwarded-For: 6.6.6.6",
            "Keep-Alive: 5",
            "X-Kept: yes");
    assertThat(answer.text())
        .startsWith("GET /a%20b?q=%31 ")
        .contains(
            "Host=[x:8080]",
            "X-forwarded-for=[127.0.0.1]",
            "X-forwarded-proto=[http]",
            "X-forwarded-host=[x:8080]",
            "Forwarded=[for=127.0.0.1;host=\"x:8080\";proto=http]",
            "X-kept=[yes]")
        .doesNotContain("X-once", "6.6.6.6", "Keep-alive=[5]");
    assertThat(answer.header("X-End")).isEqualTo("1");
    assertThat(answer.header("X-Hop")).isEmpty();
    assertThat(answer.header("Set-Cookie")).isEqualTo("a=1, b=2");
  }

  @Test
  void the_server_behind_may_be_told_its_own_name_and_another_path() throws Exception {
    assertThat(Raw.get(web, "x", "/own/a").text())
        .startsWith("GET /own/a ")
        .contains("Host=[127.0.0.1:" + backend.getAddress().getPort() + "]");
    assertThat(Raw.get(web, "x", "/strip/a?b").text()).startsWith("GET /base/a?b ");
  }

  @Test
  void content_passes_with_either_framing() throws Exception {
    var big = "a".repeat(300_000);
    assertThat(
            Raw.once(web, "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + big)
                .text())
        .endsWith(" 300000");
    assertThat(
            Raw.once(
                    web,
                    "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n493e0\r\n"
                        + big
                        + "\r\n0\r\n\r\n")
                .text())
        .endsWith(" 300000");
  }

  @Test
  void malformed_content_never_looks_complete_to_the_server_behind() throws Exception {
    try (var raw = Raw.to(web)) {
      raw.send("POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
      raw.send("0 \r\n\r\n");
      assertThat(raw.answer().status()).isEqualTo(400);
      assertThat(raw.answer().status()).isZero();
    }
  }

  @Test
  void answers_stream() throws Exception {
    try (var raw = Raw.to(web)) {
      raw.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
      var seen = new String(raw.read(1), StandardCharsets.US_ASCII);
      while (!seen.contains("first")) {
        seen += new String(raw.read(1), StandardCharsets.US_ASCII);
      }
      assertThat(release.getCount()).isEqualTo(1);
      release.countDown();
      while (!seen.contains("last")) {
        seen += new String(raw.read(1), StandardCharsets.US_ASCII);
      }
    }
  }

  @Test
  void a_server_that_is_not_there_is_502() throws Exception {
    for (int i = 0; i < 3; i++) {
      var answer = Raw.get(web, "x", "/nobody/");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.text()).contains("no connection to 127.0.0.1:1");
    }
  }

  @Test
  void a_server_that_hangs_up_is_502() throws Exception {
    var answer = Raw.get(web, "x", "/dies");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.text()).contains("without an answer");
  }

  @Test
  void a_server_that_says_nothing_is_504() throws Exception {
    var answer = Raw.get(web, "x", "/slow");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.text()).contains("no answer within 600 ms");
    assertThat(Raw.get(web, "x", "/after").status()).isEqualTo(200);
  }

  @Test
  void a_slow_upload_is_not_the_fault_of_the_server_behind() throws Exception {
    try (var raw = Raw.to(web)) {
      raw.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab");
      assertThat(raw.isClosedWithin(900)).isFalse();
      assertThat(raw.send("cd").answer().text()).endsWith(" 4");
    }
  }

  @Test
  void websockets_become_a_tunnel() throws Exception {
    var heads = new LinkedBlockingQueue<String>();
    try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        var proxy =
            WebServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .drain(Duration.ofMillis(100))
                            .site(
                                "x",
                                s -> s.proxy("/", "http://127.0.0.1:" + listening.getLocalPort())))
                .start()) {
      Thread.ofVirtual()
          .start(
              () -> {
                try (var peer = listening.accept()) {
                  var head = new StringBuilder();
                  while (!head.toString().endsWith("\r\n\r\n")) {
                    head.append((char) peer.getInputStream().read());
                  }
                  heads.add(head.toString());
                  var out = peer.getOutputStream();
                  out.write(
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                          .getBytes(StandardCharsets.US_ASCII));
                  out.flush();
                  for (int b = peer.getInputStream().read();
                      b >= 0;
                      b = peer.getInputStream().read()) {
                    out.write(b + 1);
                    out.flush();
                  }
                } catch (IOException e) {
                  heads.add(e.toString());
                }
              });
      try (var raw = Raw.to(proxy)) {
        raw.send(
            "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n\r\n");
        var answer = raw.answer();
        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.header("Upgrade")).isEqualTo("websocket");
        assertThat(heads.poll(5, TimeUnit.SECONDS))
            .contains("Upgrade: websocket", "Sec-WebSocket-Key: eA==");
        raw.send(new byte[] {1, 2, 10, 13, 0});
        assertThat(raw.read(5)).containsExactly(2, 3, 11, 14, 1);
      }
    }
  }
}
