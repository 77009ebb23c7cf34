package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.wire.Tsig;
import dev.islet.dns.wire.TsigKey;
import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** What was acknowledged is there after kill -9. */
class UpdateDurabilityTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  @TempDir Path folder;

  /** The server of the child process; its port goes to standard output. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      try (var dns = open(Path.of(args[0])).start()) {
        System.out.println("port " + dns.endpoints().getFirst().address().getPort());
        dns.awaitStop();
      }
    }
  }

  private static DnsServer open(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("dns.yaml"),
        """
        listen: [127.0.0.1:0]
        keys: {dhcp-dns.: {}}
        zones:
          home.arpa:
            records: ["nas A 10.0.0.1"]
            update: {keys: [dhcp-dns.]}
        """);
    return DnsServer.create(
        new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
        new Home(folder.resolve("data"), folder.resolve("logs")));
  }

  private Process child(Path output) throws IOException {
    return ChildJvm.of(Child.class, folder.toString()).redirectOutput(output.toFile()).start();
  }

  private static int port(Path output) {
    Wait.until(
        Duration.ofSeconds(20),
        () -> text(output).contains("port ") ? "" : "no port yet: " + text(output));
    var digits = text(output).replaceFirst("(?s).*port (\\d+)\\s.*", "$1");
    return Integer.parseInt(digits.strip());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  private TsigKey key() throws IOException {
    var hex = Files.readString(folder.resolve("data/keys/dhcp-dns.tsig")).strip();
    return new TsigKey(
        Name.fromConstantString("dhcp-dns."),
        TsigAlgorithm.HMAC_SHA256,
        HexFormat.of().parseHex(hex));
  }

  private static byte[] add(String host, int last, TsigKey key) throws IOException {
    var update = new Update(HOME);
    update.add(Name.fromString(host, HOME), Type.A, 300, "10.0.0." + last);
    return Tsig.signRequest(update.toWire(), key, Instant.now());
  }

  @Test
  void after_kill_nine_every_acknowledged_update_is_there() throws Exception {
    var acknowledged = new ArrayList<String>();
    for (int round = 0; round < 3; round++) {
      var output = folder.resolve("out" + round);
      var process = child(output);
      try (var asker = new Asker(new InetSocketAddress("127.0.0.1", port(output)))) {
        there(asker, acknowledged);
        for (int i = 0; i < 40; i++) {
          var host = "host-" + round + "-" + i;
          var reply = new Message(asker.udp(add(host, i, key())));
          assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
          acknowledged.add(host);
          assertThat(asker.ask(host + ".home.arpa.", "A").getSection(Section.ANSWER))
              .as("visible before the reply")
              .hasSize(1);
        }
        // in the middle of more of them
        for (int i = 0; i < 20; i++) {
          asker.send(add("flying-" + round + "-" + i, i, key()));
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
    }
    try (var dns = open(folder).start();
        var asker = Asker.of(dns)) {
      there(asker, acknowledged);
      var soa = (SOARecord) asker.ask("home.arpa.", "SOA").getSection(Section.ANSWER).getFirst();
      assertThat(soa.getSerial()).isBetween(121L, 181L);
    }
  }

  private static void there(Asker asker, List<String> hosts) throws IOException {
    for (var host : hosts) {
      assertThat(asker.ask(host + ".home.arpa.", "A").getSection(Section.ANSWER))
          .as(host)
          .hasSize(1);
    }
  }

  @Test
  void updates_at_once_over_both_transports_are_all_kept() throws Exception {
    try (var dns = open(folder).start();
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      for (int i = 0; i < 200; i++) {
        stream.send(add("t" + i, i, key()));
      }
      for (int i = 0; i < 50; i++) {
        asker.send(add("u" + i, i, key()));
      }
      for (int i = 0; i < 200; i++) {
        assertThat(new Message(stream.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(new Message(asker.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
      }
    }
    try (var dns = open(folder).start();
        var asker = Asker.of(dns)) {
      var soa = (SOARecord) asker.ask("home.arpa.", "SOA").getSection(Section.ANSWER).getFirst();
      assertThat(soa.getSerial()).isEqualTo(251);
      assertThat(asker.ask("t199.home.arpa.", "A").getSection(Section.ANSWER)).hasSize(1);
      assertThat(asker.ask("u49.home.arpa.", "A").getSection(Section.ANSWER)).hasSize(1);
    }
  }

  @Test
  void the_journal_stays_small_when_names_come_and_go() throws Exception {
    try (var dns = open(folder).start();
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      int done = 0;
      for (int batch = 0; batch < 120; batch++) {
        for (int i = 0; i < 60; i++, done++) {
          stream.send(add("h" + done % 40, done % 250, key()));
        }
        for (int i = 0; i < 60; i++) {
          stream.receive();
        }
      }
    }
    var journal = folder.resolve("data/dns/updates.journal");
    assertThat(Files.size(journal)).isLessThan(1_200_000);
    try (var dns = open(folder).start();
        var asker = Asker.of(dns)) {
      assertThat(asker.ask("h7.home.arpa.", "A").getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }
}
