package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zone's serial after edits of its file, over reloads and restarts. */
class SerialTest {
  @TempDir Path folder;

  private DnsServer serve(String policy) throws Exception {
    Files.writeString(
        folder.resolve("dns.yaml"),
        "listen: ['127.0.0.1:0']\nzones: {home.arpa: {file: zone, serial: %s}}\n"
            .formatted(policy));
    return DnsServer.create(
            new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
            new Home(folder.resolve("data"), folder.resolve("logs")))
        .start();
  }

  private void file(int serial, String line) throws Exception {
    Files.writeString(
        folder.resolve("zone"),
        "$TTL 60\n@ SOA ns host %d 60 60 60 60\n@ NS ns\nns A 10.0.0.1\n%s\n"
            .formatted(serial, line));
  }

  private static String serial(DnsServer server) {
    return PeerServer.serialOf(server.endpoints().getFirst().address());
  }

  @Test
  void increment_counts_edits_that_left_the_serial_alone() throws Exception {
    file(5, "a A 10.0.0.2");
    try (var dns = serve("increment")) {
      assertThat(serial(dns)).isEqualTo("5");
      file(5, "a A 10.0.0.3");
      assertThat(dns.reload()).isInstanceOf(Reload.Applied.class);
      assertThat(serial(dns)).isEqualTo("6");
      dns.reload();
      assertThat(serial(dns)).as("nothing changed").isEqualTo("6");
    }
    try (var dns = serve("increment")) {
      assertThat(serial(dns)).as("a restart keeps it").isEqualTo("6");
    }
    file(5, "a A 10.0.0.4");
    try (var dns = serve("increment")) {
      assertThat(serial(dns)).as("edited while we were down").isEqualTo("7");
      file(40, "a A 10.0.0.5");
      dns.reload();
      assertThat(serial(dns)).as("a later one in the file").isEqualTo("40");
    }
  }

  @Test
  void keep_says_what_the_file_says() throws Exception {
    file(5, "a A 10.0.0.2");
    try (var dns = serve("keep")) {
      file(5, "a A 10.0.0.3");
      dns.reload();
      assertThat(serial(dns)).isEqualTo("5");
    }
  }

  @Test
  void a_date_is_the_day_of_the_edit() throws Exception {
    file(5, "a A 10.0.0.2");
    try (var dns = serve("date")) {
      var first = Long.parseLong(serial(dns));
      assertThat(first).isGreaterThan(20_26_00_00_00L);
      file(5, "a A 10.0.0.3");
      dns.reload();
      assertThat(Long.parseLong(serial(dns))).isGreaterThan(first);
    }
  }
}
