package dev.islet.core.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.core.trace.TraceEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
  record Said(String text) implements TraceEvent {
    @Override
    public String note() {
      return text;
    }
  }

  private static final class View implements AdminView {
    final Trace<TraceEvent> trace = new Trace<>("test", TimeSource.system());
    final Metrics metrics = new Metrics("test");
    volatile State state = State.RUNNING;
    volatile Optional<String> notReady = Optional.empty();
    volatile Reload reload = new Reload.Applied(List.of("zones"), List.of("listen"));
    volatile boolean faulty;

    @Override
    public String name() {
      return "test";
    }

    @Override
    public State state() {
      return state;
    }

    @Override
    public List<Endpoint> endpoints() {
      return List.of(new Endpoint("dns/udp", new InetSocketAddress("127.0.0.1", 53)));
    }

    @Override
    public Optional<String> notReady() {
      return notReady;
    }

    @Override
    public Object snapshot() {
      if (faulty) {
        throw new IllegalStateException("snapshot broke");
      }
      return Map.of("leases", List.of(1, 2));
    }

    @Override
    public Optional<Object> explain(Map<String, String> asked) {
      if (asked.isEmpty()) {
        throw new IllegalArgumentException("say which name");
      }
      return asked.containsKey("none") ? Optional.empty() : Optional.of(asked);
    }

    @Override
    public Reload reload() {
      return reload;
    }

    @Override
    public Trace<?> trace() {
      return trace;
    }

    @Override
    public Metrics metrics() {
      return metrics;
    }
  }

  @TempDir Path folder;
  private final View view = new View();
  private AdminServer server;

  @BeforeEach
  void start() {
    server =
        AdminServer.start(
            AdminConfig.loopback(0),
            new Home(folder.resolve("data"), folder.resolve("logs")),
            view);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private record Answer(int status, String head, String body) {}

  /** A raw request: the JDK's client does not let a Host header be set. */
  private Answer ask(String method, String path, String... headers) throws IOException {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
      boolean host = false;
      for (var header : headers) {
        request.append(header).append("\r\n");
        host |= header.startsWith("Host:");
      }
      if (!host) {
        request.append("Host: 127.0.0.1:").append(server.address().getPort()).append("\r\n");
      }
      socket.getOutputStream().write(request.append("\r\n").toString().getBytes(UTF_8));
      var all = new String(socket.getInputStream().readAllBytes(), UTF_8);
      int end = all.indexOf("\r\n\r\n");
      return new Answer(
          Integer.parseInt(all.substring(9, 12)), all.substring(0, end), all.substring(end + 4));
    }
  }

  private String token() {
    return "Authorization: Bearer " + server.token();
  }

  @Test
  void healthAndReadinessAreOpen() throws Exception {
    var health = ask("GET", "/health");
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.body())
        .isEqualTo(
            "{\"service\":\"test\",\"state\":\"RUNNING\",\"endpoints\":[\"dns/udp 127.0.0.1:53\"]}\n");
    assertThat(health.head()).contains("application/json").containsIgnoringCase("nosniff");
    assertThat(ask("GET", "/ready").status()).isEqualTo(200);
    view.notReady = Optional.of("no answer on 127.0.0.1:53");
    var ready = ask("GET", "/ready");
    assertThat(ready.status()).isEqualTo(503);
    assertThat(ready.body())
        .isEqualTo(
            "{\"service\":\"test\",\"ready\":false,\"why\":\"no answer on 127.0.0.1:53\"}\n");
    view.state = State.STOPPING;
    assertThat(ask("GET", "/health").status()).isEqualTo(503);
    assertThat(ask("GET", "/ready").body()).contains("the service is STOPPING");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/state", "/trace", "/explain", "/reload", "/nosuch"})
  void theRestAsksForTheToken(String path) throws Exception {
    for (var header : List.of("X: y", "Authorization: Bearer wrong", "Authorization: Basic eA==")) {
      var answer = ask("GET", path, header);
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.head()).containsIgnoringCase("www-authenticate: bearer");
    }
  }

  @Test
  void theTokenIsKeptForItsOwnerOnly() throws Exception {
    var file = folder.resolve("data").resolve("admin.token");
    assertThat(Files.readString(file).strip()).isEqualTo(server.token());
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);
  }

  @Test
  void aConfiguredTokenIsTaken() throws Exception {
    server.close();
    server =
        AdminServer.start(
            new AdminConfig(new InetSocketAddress("127.0.0.1", 0), Optional.of("my own")),
            new Home(folder, folder),
            view);
    assertThat(ask("GET", "/state", "Authorization: Bearer my own").status()).isEqualTo(200);
    assertThat(folder.resolve("admin.token")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:9053", "bad.cafe", "1.2", "10.0.0.1", "[fe80::1]"})
  void aHostHeaderOfAnotherServerIsRefused(String host) throws Exception {
    assertThat(ask("GET", "/health", "Host: " + host).status()).isEqualTo(421);
    assertThat(ask("GET", "/state", "Host: " + host).status()).isEqualTo(421);
    // With the token it is no browser that was lured here, but a container that knows our name.
    assertThat(ask("GET", "/state", "Host: " + host, token()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:9053", "127.0.0.1", "127.9.9.9:1", "[::1]:9053"})
  void ownNamesAreTaken(String host) throws Exception {
    assertThat(ask("GET", "/health", "Host: " + host).status()).isEqualTo(200);
  }

  @Test
  void stateAndMetricsAreShown() throws Exception {
    view.metrics.counter("queries", "Questions").inc();
    assertThat(ask("GET", "/state", token()).body()).isEqualTo("{\"leases\":[1,2]}\n");
    var metrics = ask("GET", "/metrics", token());
    assertThat(metrics.head()).contains("application/openmetrics-text; version=1.0.0");
    assertThat(metrics.body()).contains("islet_test_queries_total 1.0").endsWith("# EOF\n");
  }

  @Test
  void methodsAndPagesThatAreNotThereAreTold() throws Exception {
    var answer = ask("POST", "/state", token());
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.head()).containsIgnoringCase("allow: GET");
    answer = ask("GET", "/reload", token());
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.head()).containsIgnoringCase("allow: POST");
    answer = ask("GET", "/nosuch", token());
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("/metrics");
  }

  @Test
  void explainHandsOnItsParameters() throws Exception {
    var answer = ask("GET", "/explain?name=a%20b&client=%3A%3A1", token());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"name\":\"a b\",\"client\":\"::1\"}\n");
    answer = ask("GET", "/explain", token());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("say which name");
    assertThat(ask("GET", "/explain?none=1", token()).status()).isEqualTo(404);
    assertThat(ask("GET", "/explain?name=%zz", token()).status()).isEqualTo(400);
  }

  @Test
  void reloadTellsWhatChangedOrWhyNot() throws Exception {
    var answer = ask("POST", "/reload", token(), "Content-Length: 0");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo("{\"changed\":[\"zones\"],\"needsRestart\":[\"listen\"]}\n");
    view.reload = new Reload.Refused("dns.yaml:3:1: unknown key");
    answer = ask("POST", "/reload", token(), "Content-Length: 0");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body()).isEqualTo("{\"why\":\"dns.yaml:3:1: unknown key\"}\n");
  }

  @Test
  void aFaultInsideIsAnAnswerAndTheServerGoesOn() throws Exception {
    view.faulty = true;
    var answer = ask("GET", "/state", token());
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("snapshot broke");
    view.faulty = false;
    assertThat(ask("GET", "/state", token()).status()).isEqualTo(200);
  }

  @Test
  void anEndlessRequestBodyIsNotKept() throws Exception {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      var out = socket.getOutputStream();
      out.write(
          ("POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")
              .getBytes(UTF_8));
      out.write(new byte[1 << 17]);
      out.flush();
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertThat(in.readLine()).contains("401");
    }
  }

  @Test
  void theTraceStreamsEveryEvent() throws Exception {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET /trace HTTP/1.1\r\nHost: localhost\r\n" + token() + "\r\n\r\n")
                  .getBytes(UTF_8));
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertThat(until(in, ": listening")).isNotNull();
      view.trace.emit(new Said("one"));
      view.trace.emit(new Said("two"));
      assertThat(until(in, "data: "))
          .startsWith("data: {\"seq\":0,")
          .endsWith("\"service\":\"test\",\"event\":\"Said\",\"note\":\"one\",\"text\":\"one\"}");
      assertThat(until(in, "data: ")).contains("\"note\":\"two\"");
      server.close(); // ends the stream and the listening
      String line;
      do {
        line = readOrEnd(in);
      } while (line != null);
    }
    long end = System.nanoTime() + 10_000_000_000L;
    while (view.trace.on() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(view.trace.on()).isFalse();
  }

  record Sent(String text) implements TraceEvent {
    @Override
    public String note() {
      return text;
    }

    @Override
    public Optional<Packet> packet() {
      var here = new InetSocketAddress("127.0.0.1", 5300);
      return Optional.of(new Packet(Packet.Transport.UDP, here, here, "payload".getBytes(UTF_8)));
    }
  }

  @Test
  void theTraceIsACaptureForThoseWhoAskForOne() throws Exception {
    try (var socket = new Socket(server.address().getAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET /trace?format=pcapng HTTP/1.1\r\nHost: localhost\r\n" + token() + "\r\n\r\n")
                  .getBytes(UTF_8));
      var in = socket.getInputStream();
      var seen = new StringBuilder();
      // The section header block says that whoever asks now misses nothing from here on.
      read(in, seen, "\n\r\r\n");
      assertThat(seen).contains("200 OK").containsIgnoringCase("application/x-pcapng");
      view.trace.emit(new Sent("why it was said"));
      read(in, seen, "payload");
      read(in, seen, "why it was said");
    }
    assertThat(ask("GET", "/trace?format=other", token()).status()).isEqualTo(400);
  }

  private static void read(InputStream in, StringBuilder seen, String until) throws IOException {
    while (seen.indexOf(until) < 0) {
      int next = in.read();
      assertThat(next).as("the stream ended after " + seen).isNotNegative();
      seen.append((char) next);
    }
  }

  private static String readOrEnd(BufferedReader in) {
    try {
      return in.readLine();
    } catch (IOException e) {
      return null;
    }
  }

  private static String until(BufferedReader in, String beginning) throws IOException {
    String line;
    do {
      line = in.readLine();
    } while (line != null && !line.startsWith(beginning));
    return line;
  }

  @Test
  void aTakenPortNamesItsHolder() {
    assertThatThrownBy(
            () ->
                AdminServer.start(
                    new AdminConfig(server.address(), Optional.empty()),
                    new Home(folder, folder),
                    view))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("NET-BIND-001")
        .hasMessageContaining("pid " + ProcessHandle.current().pid());
  }
}
