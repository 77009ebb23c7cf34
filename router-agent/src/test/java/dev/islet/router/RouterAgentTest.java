package dev.islet.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.StartException;
import dev.islet.router.model.Fib;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipEvent;
import dev.islet.router.model.RouteEvent.Learned;
import dev.islet.router.model.RouteEvent.Lost;
import dev.islet.router.model.RouteEvent.NeighborState;
import dev.islet.router.model.RouterEvent;
import dev.islet.router.rip.wire.Parsed;
import dev.islet.router.rip.wire.RipCodec;
import dev.islet.router.rip.wire.RipEntry;
import dev.islet.router.rip.wire.RipMessage;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole router on the loopback interface, without privileges: nothing goes to the kernel. */
class RouterAgentTest {
  private static final AdminConfig ADMIN =
      new AdminConfig(HostPort.parse("127.0.0.1:0"), Optional.of("token"));

  private static String get(RouterAgent router, String page) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var address = router.adminAddress().orElseThrow();
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + page))
              .header("Authorization", "Bearer token")
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static Optional<Parsed.Good> ask(DatagramSocket socket, int port, byte[] question)
      throws IOException {
    socket.send(
        new DatagramPacket(question, question.length, new InetSocketAddress("127.0.0.1", port)));
    socket.setSoTimeout(200);
    var answer = new DatagramPacket(new byte[2000], 2000);
    try {
      socket.receive(answer);
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
    return RipCodec.read(Arrays.copyOf(answer.getData(), answer.getLength()))
            instanceof Parsed.Good good
        ? Optional.of(good)
        : Optional.empty();
  }

  private static DatagramSocket stranger() throws IOException {
    return new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.2"), 0));
  }

  @Test
  void the_sketch_of_the_house_runs() {
    var lines = new CopyOnWriteArrayList<String>();
    try (var router =
        RouterAgent.create(
            c ->
                c.routerId("10.0.0.1")
                    .fib(Fib.NONE)
                    .drop("198.51.100.0/24", Hop.How.BLACKHOLE)
                    .rip(r -> r.interfaces("lo").port(TestPorts.free()))
                    .onTrace(
                        e ->
                            lines.add(
                                switch (e) {
                                  case Learned(var prefix, var via, var by) ->
                                      prefix + " via " + via + " (" + by + ")";
                                  case Lost(var prefix) -> prefix + " lost";
                                  case NeighborState(var id, var state) -> id + " is " + state;
                                })))) {
      router.start();
      Wait.until(
          Duration.ofSeconds(5),
          () ->
              lines.contains("198.51.100.0/24 via blackhole (STATIC)")
                  ? ""
                  : "not told, only " + lines);
    }
  }

  @Test
  void dry_it_runs_and_shows_itself_and_sends_nothing() throws Exception {
    var config =
        new ConfigFile<>(Path.of("../config/local/router.yaml"), RouterConfig.class).read();
    assertThat(config.fib()).isEqualTo(Fib.NONE);
    var events = new CopyOnWriteArrayList<RouterEvent>();
    try (var router =
        RouterAgent.create(
            c -> {
              c.fib(config.fib()).admin(ADMIN).onEvent(events::add);
              config.routes().forEach(c::route);
              c.rip(r -> {});
            })) {
      router.start();
      assertThat(router.endpoints()).isEmpty();
      assertThat(get(router, "/ready")).contains("\"ready\":true");
      assertThat(get(router, "/state"))
          .contains("\"interfaces\":[", "\"name\":\"lo\"", "\"prefix\":\"198.51.100.0/24\"")
          .contains("\"why\":\"the only candidate\"");
      assertThat(get(router, "/metrics")).contains("islet_router_routes_static 1.0");
    }
    assertThat(events).noneMatch(RipEvent.RipSent.class::isInstance);
  }

  @Test
  void questions_are_answered_and_traced_with_their_bytes() throws Exception {
    int port = TestPorts.free();
    var events = new CopyOnWriteArrayList<RouterEvent>();
    try (var router =
            RouterAgent.create(
                c ->
                    c.fib(Fib.NONE)
                        .admin(ADMIN)
                        .drop("198.51.100.0/24", Hop.How.BLACKHOLE)
                        .onEvent(events::add)
                        .rip(r -> r.interfaces("lo").port(port).redistribute(Origin.STATIC)));
        var socket = stranger()) {
      router.start();
      var all = RipCodec.write(RipMessage.requestAll(), open(), 0);
      assertThat(ask(socket, port, all).orElseThrow().message().entries())
          .containsExactly(
              RipEntry.of(dev.islet.core.net.Prefix.parse("198.51.100.0/24"), 0, 0, 1));
      var asked =
          new RipMessage(
              RipMessage.Command.REQUEST,
              2,
              List.of(
                  new RipEntry(2, 0, 0xC6336400, 0xFFFFFF00, 0, 0),
                  new RipEntry(2, 0, 0x0A000000, 0xFF000000, 0, 0)));
      assertThat(
              ask(socket, port, RipCodec.write(asked, open(), 0)).orElseThrow().message().entries())
          .extracting(RipEntry::metric)
          .containsExactly(1, 16);
      Wait.until(
          Duration.ofSeconds(5),
          () ->
              events.stream()
                      .anyMatch(
                          e ->
                              e instanceof RipEvent.RipReceived r
                                  && Arrays.equals(r.packet().orElseThrow().payload(), all))
                  ? ""
                  : "the question is not in the trace");
      assertThat(get(router, "/metrics"))
          .contains("islet_router_rip_received_total{outcome=\"accepted\"} 2.0");
    }
  }

  private static dev.islet.router.model.RipAuth open() {
    return new dev.islet.router.model.RipAuth.Open();
  }

  @Test
  void ten_thousand_mutations_leave_it_answering() throws Exception {
    int port = TestPorts.free();
    var random = new Random(7);
    var seeds =
        List.of(
            RipCodec.write(RipMessage.requestAll(), open(), 0),
            RipCodec.write(
                new RipMessage(
                    RipMessage.Command.RESPONSE,
                    2,
                    List.of(
                        RipEntry.of(dev.islet.core.net.Prefix.parse("10.0.0.0/8"), 1, 0, 2),
                        RipEntry.of(dev.islet.core.net.Prefix.parse("10.1.0.0/16"), 1, 0, 2))),
                new dev.islet.router.model.RipAuth.Password("secret"),
                0),
            RipCodec.write(
                RipMessage.requestAll(),
                new dev.islet.router.model.RipAuth.Keyed(
                    List.of(
                        new dev.islet.router.model.RipAuth.SharedKey(
                            1, dev.islet.router.model.RipAuth.Algorithm.MD5, "secret"))),
                9));
    try (var router =
            RouterAgent.create(
                c ->
                    c.fib(Fib.NONE)
                        .admin(ADMIN)
                        .drop("198.51.100.0/24", Hop.How.BLACKHOLE)
                        .rip(r -> r.interfaces("lo").port(port).redistribute(Origin.STATIC)));
        var socket = stranger();
        var asking = stranger()) {
      router.start();
      for (int i = 0; i < 10_000; i++) {
        var bytes = mutated(random, seeds.get(i % seeds.size()));
        socket.send(
            new DatagramPacket(bytes, bytes.length, new InetSocketAddress("127.0.0.1", port)));
      }
      var question = RipCodec.write(RipMessage.requestAll(), open(), 0);
      Wait.until(
          Duration.ofSeconds(10),
          () -> {
            try {
              return ask(asking, port, question).isPresent() ? "" : "no answer";
            } catch (IOException e) {
              return e.toString();
            }
          });
      assertThat(get(router, "/state")).contains("\"neighbors\":[]", "\"learned\":[]");
    }
  }

  static byte[] mutated(Random random, byte[] valid) {
    var bytes =
        random.nextInt(4) == 0
            ? Arrays.copyOf(valid, random.nextInt(2 * valid.length))
            : valid.clone();
    for (int n = random.nextInt(6); n > 0 && bytes.length > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void a_port_in_use_is_named_with_its_holder() throws Exception {
    try (var holder = new DatagramSocket(0)) {
      var router =
          RouterAgent.create(
              c -> c.fib(Fib.NONE).rip(r -> r.interfaces("lo").port(holder.getLocalPort())));
      assertThatExceptionOfType(StartException.class)
          .isThrownBy(router::start)
          .withMessageContaining("NET-BIND-001")
          .withMessageContaining(String.valueOf(holder.getLocalPort()));
    }
  }

  @Test
  void a_reload_is_all_or_nothing(@TempDir Path folder) throws Exception {
    var path = folder.resolve("router.yaml");
    Files.writeString(path, "fib: none\nroutes: [{prefix: 10.1.0.0/16, drop: blackhole}]\n");
    var file = new ConfigFile<>(path, RouterConfig.class);
    try (var router = RouterAgent.create(file, new Home(folder, folder)).start()) {
      assertThat(router.reload()).isEqualTo(new Reload.Applied(List.of(), List.of()));
      Files.writeString(
          path,
          "fib: none\nkernel: {metric: 30}\nroutes: [{prefix: 10.2.0.0/16, drop: blackhole}]\n");
      assertThat(router.reload())
          .isEqualTo(new Reload.Applied(List.of("routes"), List.of("kernel.metric")));
      Files.writeString(path, "fib: none\nrouts: []\n");
      assertThat(router.reload())
          .isInstanceOfSatisfying(
              Reload.Refused.class,
              r -> assertThat(r.why()).contains("router.yaml:2", "did you mean \"routes\""));
    }
  }

  @Test
  void faults_in_the_file_are_told_with_line_and_key() {
    fault("rip: {interfaces: [eth0], timeout: 10s}", "rip.timeout", "at least 30s1ms");
    fault("rip: {redistribute: [rip]}", "rip.redistribute", "tells its own routes");
    fault("rip: {interfaces: [eth0, eth0]}", "rip.interfaces", "listed twice");
    fault("routes: [{prefix: 10.0.0.0/8}]", "routes[0].prefix", "needs either via, device");
    fault("routes: [{prefix: 10.0.0.1/8, drop: blackhole}]", "routes[0].prefix", "host bits");
    fault("routes: [{prefix: 10.0.0.0/8, via: ['::1']}]", "routes[0].via", "not of the family");
    fault("fib: kernal", "fib", "did you mean \"kernel\"");
    fault(
        "rip: {interfaces: [{name: e, auth: {password: {text: 01234567890123456}}}]}",
        "rip.interfaces[0].auth.password.text",
        "1 to 16 bytes");
  }

  private static void fault(String yaml, String key, String message) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> ConfigFile.parse(yaml, Path.of("r.yaml"), RouterConfig.class, Map.of()))
        .withMessageContaining("r.yaml:1")
        .withMessageContaining(key)
        .withMessageContaining(message);
  }

  @Test
  void secrets_are_not_printed() {
    var config =
        ConfigFile.parse(
            "rip: {interfaces: [{name: a, auth: {password: {text: hush}}},"
                + " {name: b, auth: {keyed: {keys: [{id: 1, secret: hush}]}}}]}",
            Path.of("r.yaml"),
            RouterConfig.class,
            Map.of());
    assertThat(config.toString()).doesNotContain("hush");
  }
}
