package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** A secondary that is killed serves its copy at once, with no primary to ask. */
class SecondaryDurabilityTest {
  @TempDir Path folder;

  /** The secondary in a process of its own; its port goes to standard output. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      var folder = Path.of(args[0]);
      try (var dns =
          DnsServer.create(
                  new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
                  new Home(folder.resolve("data"), folder.resolve("logs")))
              .start()) {
        System.out.println("port " + dns.endpoints().getFirst().address().getPort());
        dns.awaitStop();
      }
    }
  }

  private Process child(Path output) throws IOException {
    return ChildJvm.of(Child.class, folder.toString()).redirectOutput(output.toFile()).start();
  }

  private static InetSocketAddress address(Path output) {
    Wait.until(
        Duration.ofSeconds(20),
        () -> text(output).matches("(?s).*port \\d+\\s.*") ? "" : "no port: " + text(output));
    var digits = text(output).replaceFirst("(?s).*port (\\d+)\\s.*", "$1");
    return new InetSocketAddress("127.0.0.1", Integer.parseInt(digits.strip()));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void after_kill_nine_the_copy_is_served() throws Exception {
    int port = PeerServer.freePort();
    int admin = PeerServer.freePort();
    try (var primary =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .key(PeerServer.KEY, PeerServer.SECRET)
                        .zone(
                            PeerServer.ZONE,
                            z ->
                                z.a("nas", "10.0.0.1")
                                    .update(PeerServer.KEY)
                                    .transferBy(PeerServer.KEY)
                                    .notifyTo("127.0.0.1:" + port)))
            .start()) {
      Files.writeString(
          folder.resolve("dns.yaml"),
          """
          listen: ["127.0.0.1:%d"]
          admin: {listen: "127.0.0.1:%d", token: t}
          keys: {xfer: {secret: "%s"}}
          zones:
            home.arpa:
              secondary: {primaries: ["%s"], key: xfer}
              transfer: {keys: [xfer]}
          """
              .formatted(
                  port,
                  admin,
                  PeerServer.SECRET,
                  "127.0.0.1:" + primary.endpoints().getFirst().address().getPort()));
      var output = folder.resolve("out");
      var secondary = child(output);
      try {
        var address = address(output);
        PeerServer.awaitSerial(address, 1, () -> text(output));
        for (int i = 2; i <= 20; i++) {
          update(primary, i);
        }
        PeerServer.awaitSerial(address, 20, () -> text(output));
        PeerServer.assertSameZone(address, primary.endpoints().getFirst().address());
        assertThat(DifferencesAfterRestartTest.get(admin, "/state"))
            .containsPattern(
                "\"zone\":\"home.arpa.\",\"serial\":20,\"served\":true,\"ageSeconds\":\\d+");
        assertThat(DifferencesAfterRestartTest.get(admin, "/metrics"))
            .contains("islet_dns_secondary_serial{zone=\"home.arpa.\"} 20")
            .contains("islet_dns_secondary_age_seconds{zone=\"home.arpa.\"} ")
            .contains(
                "islet_dns_transfers_total{direction=\"in\",kind=\"axfr\",result=\"received\"} 1")
            .contains("islet_dns_notifies_total{direction=\"in\",result=\"taken\"}");
      } finally {
        secondary.destroyForcibly().waitFor();
      }
    }
    var output = folder.resolve("again");
    var secondary = child(output);
    try (var asker = new Asker(address(output))) {
      assertThat(asker.ask("host-20.home.arpa.", "A").getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(PeerServer.serialOf(address(output))).isEqualTo("20");
    } finally {
      secondary.destroyForcibly().waitFor();
    }
  }

  private static void update(DnsServer primary, int last) throws IOException {
    var home = Name.fromConstantString(PeerServer.ZONE);
    var update = new Update(home);
    update.add(Name.fromString("host-" + last, home), Type.A, 300, "10.0.0.9");
    var signed =
        dev.islet.dns.wire.Tsig.signRequest(
            update.toWire(), PeerServer.key(), java.time.Instant.now());
    try (var asker = Asker.of(primary)) {
      assertThat(new org.xbill.DNS.Message(asker.udp(signed)).getRcode()).isZero();
    }
  }

  @Test
  void a_zone_that_never_came_is_answered_with_servfail() throws Exception {
    try (var dns =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .zone("arpa", z -> z.a("nas", "10.0.0.1"))
                            .zone(PeerServer.ZONE, z -> z.secondaryOf("127.0.0.1:1")))
                .start();
        var asker = Asker.of(dns)) {
      assertThat(asker.ask("www.home.arpa.", "A").getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(asker.ask("nas.arpa.", "A").getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }
}
