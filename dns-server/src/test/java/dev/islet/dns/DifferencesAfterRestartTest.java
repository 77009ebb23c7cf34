package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A secondary that was away while we were killed gets what it lacks, and no more. */
class DifferencesAfterRestartTest {
  @TempDir Path folder;

  /** The server of the child process. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      try (var dns = open(Path.of(args[0])).start()) {
        dns.awaitStop();
      }
    }
  }

  private static DnsServer open(Path folder) {
    return DnsServer.create(
        new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
        new Home(folder.resolve("data"), folder.resolve("logs")));
  }

  private long kept() {
    try {
      return Files.size(journal());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path journal() {
    return folder.resolve("data/dns/differences.journal");
  }

  /** Updates, and waits until the difference is written, which the answer does not. */
  private void update(int port, String line) throws Exception {
    long before = kept();
    SecondariesOfOursTest.update(port, line);
    Wait.until(PeerServer.PATIENCE, () -> kept() > before ? "" : "no difference is written");
  }

  @ParameterizedTest
  @EnumSource(names = {"NAMED", "KNOT"})
  void a_secondary_gets_differences_after_kill_nine(PeerServer.Kind kind) throws Exception {
    assumeTrue(kind.installed() && Files.isExecutable(Path.of("/usr/bin/nsupdate")));
    int port = PeerServer.freePort();
    int secondary = PeerServer.freePort();
    int admin = PeerServer.freePort();
    Files.writeString(folder.resolve("ours.zone"), SecondariesOfOursTest.zone());
    Files.writeString(
        folder.resolve("dns.yaml"),
        """
        listen: ["127.0.0.1:%d"]
        admin: {listen: "127.0.0.1:%d", token: t}
        keys: {xfer: {secret: "%s"}}
        zones:
          home.arpa:
            file: ours.zone
            update: {keys: [xfer]}
            transfer: {keys: [xfer], max-time: 5m}
            notify-to: {targets: ["127.0.0.1:%d"], key: xfer}
        """
            .formatted(port, admin, PeerServer.SECRET, secondary));
    var address = new InetSocketAddress("127.0.0.1", port);
    var peers = Files.createDirectory(folder.resolve("peer"));
    var log = folder.resolve("child.log");
    var child = ChildJvm.of(Child.class, folder.toString()).redirectOutput(log.toFile()).start();
    PeerServer.awaitSerial(address, 7, () -> child.isAlive() ? "" : "it has ended");
    // BIND does not ask again for long where nobody listened at first
    try (var peer = PeerServer.secondary(kind, peers, secondary, port)) {
      try {
        peer.awaitSerial(7);
        update(port, "update add one.home.arpa 300 A 10.0.0.2");
        peer.awaitSerial(8);
        peer.close();
        update(port, "update delete host-7.home.arpa");
        update(port, "update add two.home.arpa 300 A 10.0.0.3");
      } finally {
        child.destroyForcibly().waitFor();
      }
      Files.write(journal(), new byte[] {0, 0, 1, 0, 7}, StandardOpenOption.APPEND);
      var sent = new ConcurrentLinkedQueue<DnsEvent.ZoneSent>();
      try (var again = open(folder)) {
        again
            .trace()
            .listen(
                r -> {
                  if (r.event() instanceof DnsEvent.ZoneSent s) {
                    sent.add(s);
                  }
                });
        again.start();
        peer.restart();
        peer.awaitSerial(10);
        Wait.until(
            PeerServer.PATIENCE,
            () -> sent.stream().anyMatch(s -> s.kind().equals("IXFR")) ? "" : "sent: " + sent);
        assertThat(sent).noneMatch(s -> s.kind().contains("AXFR"));
        PeerServer.assertSameZone(peer.address(), address);
        assertThat(get(admin, "/metrics"))
            .contains("islet_dns_transfers_total{direction=\"out\",kind=\"ixfr\",result=\"sent\"}")
            .contains("islet_dns_notifies_total{direction=\"out\",result=");
      }
    }
  }

  static String get(int port, String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Authorization", "Bearer t");
      return http.send(request.build(), BodyHandlers.ofString()).body();
    }
  }
}
