package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.web.model.Reply;
import dev.islet.web.model.WebEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServerTest {
  @TempDir Path folder;

  @Test
  void the_sketch_of_the_house_runs() throws Exception {
    Files.writeString(folder.resolve("index.html"), "<p>www");
    var backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write("back".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    backend.start();
    try (var web =
        WebServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .site("www.home.arpa", s -> s.files("/", folder))
                    .site(
                        "web1.home.arpa",
                        s -> s.proxy("/", "http://127.0.0.1:" + backend.getAddress().getPort()))
                    .site(
                        "web2.home.arpa",
                        s -> s.get("/time", _ -> Reply.text(Instant.now().toString()))))) {
      web.start();
      assertThat(Raw.get(web, "www.home.arpa", "/").text()).isEqualTo("<p>www");
      assertThat(Raw.get(web, "WEB1.home.arpa:80", "/x").text()).isEqualTo("back");
      assertThat(Raw.get(web, "web2.home.arpa", "/time").text()).startsWith("20").endsWith("Z");
      assertThat(Raw.get(web, "web2.home.arpa", "/other").status()).isEqualTo(404);
      assertThat(
              Raw.once(
                      web,
                      "POST /time HTTP/1.1\r\nHost: web2.home.arpa\r\nContent-Length: 0\r\n\r\n")
                  .status())
          .isEqualTo(405);
      assertThat(Raw.get(web, "web3.home.arpa", "/").status()).isEqualTo(421);
    } finally {
      backend.stop(0);
    }
  }

  @Test
  void handlers_get_the_whole_request_and_their_failures_are_500() throws Exception {
    try (var web =
        WebServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .limits(l -> LimitsFixture.handlerBody(l, 100))
                    .site(
                        "x",
                        s ->
                            s.post(
                                    "/echo/*",
                                    r ->
                                        Reply.text(
                                                r.method()
                                                    + r.path()
                                                    + r.query("q").orElse("-")
                                                    + r.text()
                                                    + r.host()
                                                    + r.header("X-A").orElse("-"))
                                            .status(201)
                                            .with("X-B", "b"))
                                .get(
                                    "/fails",
                                    r -> {
                                      throw new IllegalStateException("on purpose");
                                    })
                                .get(
                                    "/virtual",
                                    r -> Reply.text("" + Thread.currentThread().isVirtual()))
                                .get("/empty", r -> Reply.of(204))))) {
      web.start();
      var echoed =
          Raw.once(
              web,
              "POST /echo/a%20b?q=%3D HTTP/1.1\r\nHost: x\r\nX-A: a\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(echoed.status()).isEqualTo(201);
      assertThat(echoed.text()).isEqualTo("POST/echo/a b=bodyxa");
      assertThat(echoed.header("X-B")).isEqualTo("b");
      assertThat(
              Raw.once(
                      web,
                      "POST /echo/c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                  .text())
          .isEqualTo("POST/echo/c-abcx-");
      assertThat(Raw.get(web, "x", "/fails").status()).isEqualTo(500);
      assertThat(Raw.get(web, "x", "/virtual").text()).isEqualTo("true");
      assertThat(Raw.get(web, "x", "/empty").status()).isEqualTo(204);
      assertThat(
              Raw.once(web, "HEAD /virtual HTTP/1.1\r\nHost: x\r\n\r\n").header("Content-Length"))
          .isEqualTo("4");
      assertThat(
              Raw.once(web, "POST /echo/d HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n")
                  .status())
          .isEqualTo(413);
      assertThat(
              Raw.once(
                      web,
                      "POST /echo/d HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                          + ("20\r\n" + "a".repeat(32) + "\r\n").repeat(5)
                          + "0\r\n\r\n")
                  .status())
          .isEqualTo(413);
    }
  }

  @Test
  void requests_one_behind_the_other_are_answered_in_order() throws Exception {
    try (var web =
        WebServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .site(
                        "x",
                        s ->
                            s.handle(
                                "/*", java.util.Set.of(), r -> Reply.text(r.path() + r.text()))))) {
      web.start();
      try (var raw = Raw.to(web)) {
        raw.send(
            "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
                + "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\n"
                + "GET /4 HTTP/1.1\r\nHost: x\r\n\r\nGET /5 HTTP/1.1\r\nHost: x\r\nBad Line\r\n\r\n");
        assertThat(raw.answer().text()).isEqualTo("/1");
        assertThat(raw.answer().text()).isEqualTo("/2hi");
        assertThat(raw.answer().text()).isEqualTo("/3ho");
        assertThat(raw.answer().text()).isEqualTo("/4");
        assertThat(raw.answer().status()).isEqualTo(400);
        assertThat(raw.isClosedWithin(2_000)).isTrue();
      }
    }
  }

  @Test
  void large_files_are_sent_whole_and_in_parts() throws Exception {
    var bytes = new byte[3_000_000];
    new java.util.Random(1).nextBytes(bytes);
    Files.write(folder.resolve("big.bin"), bytes);
    try (var web =
        WebServer.create(c -> c.listen("127.0.0.1", 0).site("x", s -> s.files("/", folder)))) {
      web.start();
      assertThat(java.util.Arrays.equals(Raw.get(web, "x", "/big.bin").body(), bytes)).isTrue();
      var part = Raw.get(web, "x", "/big.bin", "Range: bytes=1000000-1999999");
      assertThat(part.status()).isEqualTo(206);
      assertThat(
              java.util.Arrays.equals(
                  part.body(), java.util.Arrays.copyOfRange(bytes, 1_000_000, 2_000_000)))
          .isTrue();
      var parts = Raw.get(web, "x", "/big.bin", "Range: bytes=0-9,2000000-2999999");
      assertThat(parts.header("Content-Type")).startsWith("multipart/byteranges");
      assertThat(parts.body().length).isGreaterThan(1_000_010);
      assertThat(
              Raw.once(web, "HEAD /big.bin HTTP/1.1\r\nHost: x\r\n\r\n").header("Content-Length"))
          .isEqualTo("3000000");
      var tag = Raw.get(web, "x", "/big.bin", "Range: bytes=0-0").header("ETag");
      assertThat(Raw.get(web, "x", "/big.bin", "If-None-Match: " + tag).status()).isEqualTo(304);
    }
  }

  @Test
  void paths_do_not_lead_out_of_the_folder() throws Exception {
    var root = Files.createDirectory(folder.resolve("root"));
    Files.writeString(folder.resolve("secret"), "secret");
    Files.writeString(root.resolve(".env"), "secret");
    Files.createSymbolicLink(root.resolve("link"), folder.resolve("secret"));
    try (var web =
        WebServer.create(c -> c.listen("127.0.0.1", 0).site("x", s -> s.files("/", root, true)))) {
      web.start();
      for (var path :
          java.util.List.of(
              "/../secret",
              "/%2e%2e/secret",
              "/..%2fsecret",
              "/.%2e/secret",
              "/a/../../secret",
              "/..\\secret",
              "/%2e%2e%5csecret",
              "/secret%00.html",
              "/.env",
              "/%2eenv",
              "/link",
              "//secret",
              "/..;/secret")) {
        var answer = Raw.get(web, "x", path);
        assertThat(answer.status()).as(path).isIn(400, 404);
        assertThat(answer.text()).doesNotContain("secret\n").isNotEqualTo("secret");
      }
    }
  }

  @Test
  void the_trace_tells_what_was_asked_and_answered_without_secrets() throws Exception {
    var events = new LinkedBlockingQueue<WebEvent>();
    try (var web =
        WebServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .onTrace(events::add)
                    .site("x", s -> s.get("/", r -> Reply.text("hi"))))) {
      web.start();
      Raw.get(web, "x", "/?q=1", "Cookie: id=secret", "Authorization: Basic c2VjcmV0");
      Raw.once(
          web,
          "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\nCookie: secret\r\n\r\n");
      var told = new java.util.HashMap<Class<?>, WebEvent>();
      while (told.size() < 3) {
        var event = events.poll(5, TimeUnit.SECONDS);
        told.put(event.getClass(), event);
      }
      var requested = (WebEvent.Requested) told.get(WebEvent.Requested.class);
      var answered = (WebEvent.Answered) told.get(WebEvent.Answered.class);
      var refused = (WebEvent.Refused) told.get(WebEvent.Refused.class);
      assertThat(requested.target()).isEqualTo("/?q=1");
      assertThat(new String(requested.packet().orElseThrow().payload(), StandardCharsets.US_ASCII))
          .startsWith("GET /?q=1 HTTP/1.1\r\n")
          .contains("hidden")
          .doesNotContain("secret", "c2VjcmV0");
      assertThat(answered.status()).isEqualTo(200);
      assertThat(answered.bytes()).isEqualTo(2);
      assertThat(answered.by()).isEqualTo("handler");
      assertThat(refused.status()).isEqualTo(501);
      assertThat(refused.note()).contains("RFC 9112 section 6.1");
      assertThat(new String(refused.seen(), StandardCharsets.US_ASCII)).doesNotContain("secret");
    }
  }

  @Test
  void a_port_in_use_is_told_with_its_holder() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var web =
          WebServer.create(
              c ->
                  c.listen("127.0.0.1", other.getLocalPort()).site("x", s -> s.files("/", folder)));
      assertThatThrownBy(web::start)
          .isInstanceOfSatisfying(
              StartException.class, e -> assertThat(e.id()).isEqualTo("NET-BIND-001"))
          .hasMessageContaining(":" + other.getLocalPort())
          .hasMessageContaining("pid " + ProcessHandle.current().pid());
      assertThat(web.state()).isEqualTo(State.FAILED);
      assertThat(web.endpoints()).isEmpty();
    }
  }

  @Test
  void starting_and_closing_leaves_no_thread_and_no_folder() throws Exception {
    for (int i = 0; i < 5; i++) {
      var web =
          WebServer.create(
              c ->
                  c.listen("127.0.0.1", 0)
                      .listenTls("127.0.0.1", 0)
                      .drain(Duration.ofMillis(200))
                      .site("x", s -> s.get("/", r -> Reply.text("hi"))));
      web.start();
      assertThat(Raw.get(web, "x", "/").text()).isEqualTo("hi");
      assertThat(web.endpoints()).hasSize(2);
      web.close();
      web.close();
      assertThat(web.state()).isEqualTo(State.STOPPED);
      assertThatThrownBy(web::start).isInstanceOf(IllegalStateException.class);
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("web"));
  }

  @Test
  void closing_waits_for_requests_under_way() throws Exception {
    var entered = new java.util.concurrent.CountDownLatch(1);
    var go = new java.util.concurrent.CountDownLatch(1);
    var web =
        WebServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .site(
                        "x",
                        s ->
                            s.get(
                                "/",
                                r -> {
                                  entered.countDown();
                                  go.await();
                                  return Reply.text("done");
                                })));
    web.start();
    try (var raw = Raw.to(web)) {
      raw.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
      var closing = Thread.ofVirtual().start(web::close);
      while (web.state() != State.STOPPING) {
        Thread.onSpinWait();
      }
      go.countDown();
      assertThat(raw.answer().text()).isEqualTo("done");
      assertThat(closing.join(Duration.ofSeconds(5))).isTrue();
    }
  }
}
