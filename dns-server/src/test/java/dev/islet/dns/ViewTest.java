package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Who asks from where, or with which key, sees what is meant for it; asked by dig and nsupdate. */
@EnabledIf("dev.islet.dns.NsupdateTest#installed")
class ViewTest {
  private static final String GUEST =
      "hmac-sha256:guest.:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String DHCP =
      "hmac-sha256:dhcp.:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  @TempDir Path folder;
  private FakeUpstream upstream;
  private DnsServer server;

  private ConfigFile<DnsConfig> config(String guests) throws IOException {
    var file = folder.resolve("dns.yaml");
    Files.writeString(
        file,
        """
        listen: [127.0.0.1:0]
        keys:
          guest.: {secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}
          dhcp.: {secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}
        zones:
          home.arpa: {records: ["nas A 192.168.7.10"]}
          lan.example: {records: ["tv A 192.168.7.20"], update: {keys: [dhcp.]}}
        forwarders: ["%s"]
        views:
          guests:
            clients: [127.0.0.2, 127.0.0.16/28]
            keys: [guest.]
            zones:
        %s
            recursion: false
        """
            .formatted(upstream.address(), guests.indent(6)));
    return new ConfigFile<>(file, DnsConfig.class);
  }

  @BeforeEach
  void serve() throws IOException {
    upstream = new FakeUpstream();
    var file =
        config(
            "home.arpa: {records: [\"nas A 192.168.9.10\", \"out CNAME tv.lan.example.\"]}\n"
                + "guest.test: {records: [\"a A 192.168.9.11\"]}");
    server =
        DnsServer.create(file, new Home(folder.resolve("data"), folder.resolve("logs"))).start();
  }

  @AfterEach
  void end() throws IOException {
    server.close();
    upstream.close();
  }

  private static String run(String input, List<String> command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }

  private int port() {
    return server.endpoints().getFirst().address().getPort();
  }

  private String dig(String from, String... words) throws Exception {
    var command =
        new ArrayList<String>(
            List.of("/usr/bin/dig", "-p", "" + port(), "@127.0.0.1", "-b", from, "+tries=1"));
    command.addAll(List.of(words));
    return run("", command);
  }

  @Test
  void each_sees_the_zones_of_its_view() throws Exception {
    assertThat(dig("127.0.0.1", "+short", "nas.home.arpa")).isEqualTo("192.168.7.10");
    assertThat(dig("127.0.0.2", "+short", "nas.home.arpa")).isEqualTo("192.168.9.10");
    assertThat(dig("127.0.0.17", "+short", "+tcp", "nas.home.arpa")).isEqualTo("192.168.9.10");
    assertThat(dig("127.0.0.1", "+short", "-y", GUEST, "nas.home.arpa")).isEqualTo("192.168.9.10");
    assertThat(dig("127.0.0.1", "+short", "-y", DHCP, "nas.home.arpa")).isEqualTo("192.168.7.10");
    assertThat(dig("127.0.0.2", "+short", "tv.lan.example")).isEqualTo("192.168.7.20");
    assertThat(dig("127.0.0.2", "+short", "out.home.arpa"))
        .isEqualTo("tv.lan.example.\n192.168.7.20");
    assertThat(dig("127.0.0.2", "+short", "a.guest.test")).isEqualTo("192.168.9.11");
    assertThat(dig("127.0.0.1", "a.guest.test"))
        .as("a special name for all others")
        .contains("status: NXDOMAIN");
  }

  @Test
  void recursion_is_that_of_the_view() throws Exception {
    assertThat(dig("127.0.0.1", "www.example")).contains("192.0.2.1", "flags: qr rd ra");
    assertThat(dig("127.0.0.2", "www.example"))
        .contains("status: REFUSED")
        .doesNotContain("flags: qr rd ra");
  }

  @Test
  void what_updates_change_in_a_common_zone_is_seen_at_once_in_a_view() throws Exception {
    assertThat(dig("127.0.0.2", "+short", "new.lan.example")).isEmpty();
    var said =
        run(
            "server 127.0.0.1 "
                + port()
                + "\nzone lan.example\nkey "
                + DHCP.replaceFirst(":([^:]*)$", " $1")
                + "\nupdate add new.lan.example 60 A 192.168.7.30\nsend\n",
            List.of("/usr/bin/nsupdate"));
    assertThat(said).isEmpty();
    assertThat(dig("127.0.0.2", "+short", "new.lan.example")).isEqualTo("192.168.7.30");
    assertThat(dig("127.0.0.1", "+short", "new.lan.example")).isEqualTo("192.168.7.30");
  }

  @Test
  void a_view_is_taken_over_by_a_reload_and_its_faults_are_told() throws Exception {
    config("home.arpa: {records: [\"nas A 192.168.9.99\"]}");
    assertThat(server.reload().toString()).contains("views");
    assertThat(dig("127.0.0.2", "+short", "nas.home.arpa")).isEqualTo("192.168.9.99");
    config("home.arpa: {records: [\"nas A nonsense\"]}");
    assertThat(server.reload().toString())
        .contains("Refused", "views.guests.zones.home.arpa.records[0]: Invalid address");
    assertThat(dig("127.0.0.2", "+short", "nas.home.arpa")).isEqualTo("192.168.9.99");
    var file = config("home.arpa: {records: [], update: {keys: [dhcp.]}}");
    assertThatThrownBy(file::read)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nothing else");
  }
}
