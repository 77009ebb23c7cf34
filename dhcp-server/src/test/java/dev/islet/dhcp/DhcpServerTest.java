package dev.islet.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.StartException;
import dev.islet.core.trace.TraceEvent;
import dev.islet.dhcp.model.DhcpEvent.Granted;
import dev.islet.dhcp.model.DhcpEvent.Refused;
import dev.islet.dhcp.model.DhcpEvent.Released;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.wire.Message;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DhcpServerTest {
  private static final String MAC = "02:00:00:00:00:01";

  private static Message joins(InetSocketAddress server, String mac, String relay)
      throws IOException {
    try (var socket = RelayModeTest.client()) {
      var offer =
          RelayModeTest.ask(socket, server, Ask.discover(mac).relay(relay).bytes()).orElseThrow();
      return RelayModeTest.ask(
              socket,
              server,
              Ask.request(mac).relay(relay).wish(offer.yiaddr()).server("127.0.0.1").bytes())
          .orElseThrow();
    }
  }

  /** The sketch of the README, on a plain socket instead of an interface. */
  @Test
  void a_program_embeds_it_in_a_few_lines(@TempDir Path folder) throws Exception {
    var lines = new LinkedBlockingQueue<String>();
    try (var dhcp =
        DhcpServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .leases(folder.resolve("leases.log"))
                    .subnet(
                        "192.168.7.0/24",
                        s ->
                            s.pool("192.168.7.100", "192.168.7.200")
                                .router("192.168.7.1")
                                .lease(Duration.ofHours(8))
                                .reserve("b8:27:eb:00:00:01", "192.168.7.10"))
                    .onTrace(
                        e ->
                            lines.add(
                                switch (e) {
                                  case Granted(var mac, var ip, var time) ->
                                      mac + " has " + ip + " for " + time;
                                  case Released(_, var ip) -> ip + " is free";
                                  case Refused(var mac, var why) -> mac + ": " + why;
                                })))) {
      var port = dhcp.start().endpoints().getFirst().address();
      joins(port, "b8:27:eb:00:00:01", "192.168.7.1");
      assertThat(lines.poll(5, TimeUnit.SECONDS))
          .isEqualTo("b8:27:eb:00:00:01 has 192.168.7.10 for PT8H");
      try (var socket = RelayModeTest.client()) {
        socket.setSoTimeout(300);
        RelayModeTest.ask(
            socket,
            port,
            Ask.of(MessageType.RELEASE, "b8:27:eb:00:00:01").has("192.168.7.10").bytes());
      }
      assertThat(lines.poll(5, TimeUnit.SECONDS)).isEqualTo("192.168.7.10 is free");
    }
  }

  @Test
  void every_step_of_an_exchange_is_told_with_its_bytes() throws Exception {
    var steps = new LinkedBlockingQueue<TraceEvent>();
    try (var dhcp = RelayModeTest.server(c -> c.onEveryStep(steps::add)).start()) {
      joins(RelayModeTest.port(dhcp), MAC, "192.168.7.1");
      var notes = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        var step = steps.poll(5, TimeUnit.SECONDS);
        assertThat(step).as(notes.toString()).isNotNull();
        notes.append(step.getClass().getSimpleName()).append(' ');
        if (step.note().startsWith("ACK")) {
          assertThat(step.packet().orElseThrow().payload()).hasSizeGreaterThanOrEqualTo(300);
        }
      }
      assertThat(notes.toString().strip())
          .isEqualTo("Received Decided Offered Sent Received Decided Granted Sent");
    }
  }

  @Test
  void a_port_in_use_is_named() throws Exception {
    try (var taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
      var server = DhcpServer.create(c -> c.listen("127.0.0.1", taken.getLocalPort()));
      assertThatThrownBy(server::start)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("NET-BIND-001")
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void a_file_is_run_shown_and_read_again(@TempDir Path folder) throws Exception {
    var file = folder.resolve("dhcp.yaml");
    var yaml =
        """
        listen: 127.0.0.1:0
        admin: 127.0.0.1:0
        subnets:
          - subnet: 192.168.7.0/24
            pools: [192.168.7.100-192.168.7.101]
        """;
    Files.writeString(file, yaml);
    var home = new Home(folder.resolve("data"), folder.resolve("logs"));
    try (var server = DhcpServer.create(new ConfigFile<>(file, DhcpConfig.class), home).start()) {
      var port = RelayModeTest.port(server);
      joins(port, MAC, "192.168.7.1");
      var token = Files.readString(folder.resolve("data/admin.token")).strip();
      var admin = "http://127.0.0.1:" + server.endpoints().getLast().address().getPort();
      try (var http = HttpClient.newHttpClient()) {
        assertThat(get(http, admin + "/ready", token)).contains("\"ready\":true");
        assertThat(get(http, admin + "/state", token))
            .contains("\"address\":\"192.168.7.100\"", "\"state\":\"BOUND\"", MAC);
        assertThat(get(http, admin + "/metrics", token))
            .contains("islet_dhcp_leases_bound 1.0")
            .contains("islet_dhcp_outcomes_total{outcome=\"granted\"} 1.0");
      }

      Files.writeString(file, yaml.replace("pools", "poolz"));
      assertThat(server.reload())
          .isInstanceOfSatisfying(
              Reload.Refused.class, r -> assertThat(r.why()).contains("did you mean \"pools\""));

      Files.writeString(
          file,
          yaml.replace("127.0.0.1:0\nadmin", "127.0.0.1:1\nadmin")
              .replace("192.168.7.100-192.168.7.101", "192.168.7.50"));
      assertThat(server.reload())
          .isInstanceOfSatisfying(
              Reload.Applied.class,
              a -> {
                assertThat(a.changed()).containsExactly("subnets");
                assertThat(a.needsRestart()).containsExactly("listen");
              });
      assertThat(joins(port, MAC, "192.168.7.1").yiaddr().toString()).isEqualTo("192.168.7.50");
    }
  }

  private static String get(HttpClient http, String url, String token) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }
}
