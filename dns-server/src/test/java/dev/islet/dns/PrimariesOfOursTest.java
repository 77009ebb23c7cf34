package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.Wait;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** BIND, NSD and Knot as primaries of ours. */
class PrimariesOfOursTest {
  private final Queue<DnsEvent> events = new ConcurrentLinkedQueue<>();

  private DnsServer serve(int port, int primary, Path home) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", port)
                    .home(home)
                    .key(PeerServer.KEY, PeerServer.SECRET)
                    .zone(
                        PeerServer.ZONE,
                        z ->
                            z.secondaryBy(PeerServer.KEY, "127.0.0.1:" + primary)
                                .transferBy(PeerServer.KEY))
                    .onTrace(events::add))
        .start();
  }

  @ParameterizedTest
  @EnumSource
  void are_followed_by_notify_and_ixfr(PeerServer.Kind kind, @TempDir Path folder)
      throws Exception {
    assumeTrue(kind.installed());
    int primary = PeerServer.freePort();
    int port = PeerServer.freePort();
    var home = folder.resolve("home");
    var text = SecondariesOfOursTest.zone();
    try (var peer = PeerServer.primary(kind, folder, primary, port, text)) {
      peer.awaitSerial(7);
      try (var ours = serve(port, primary, home)) {
        awaitOurs(ours, 7, peer);
        PeerServer.assertSameZone(address(ours), peer.address());
        change(peer, text, 8, "pc A 10.0.0.2", "update add pc.home.arpa 300 A 10.0.0.2");
        awaitOurs(ours, 8, peer);
        change(peer, text, 9, "tv A 10.0.0.3", "update add tv.home.arpa 300 A 10.0.0.3");
        awaitOurs(ours, 9, peer);
        Wait.until(
            PeerServer.PATIENCE,
            () ->
                events.stream()
                        .anyMatch(
                            e -> e instanceof DnsEvent.ZoneReceived r && r.kind().equals("IXFR"))
                    ? ""
                    : "no differences, but the whole again: " + events);
        PeerServer.assertSameZone(address(ours), peer.address());
      }
      peer.kill();
      try (var again = serve(port, primary, home)) {
        assertThat(PeerServer.serialOf(address(again)))
            .as("served at once, from the disk, with the primary gone")
            .isEqualTo("9");
        peer.restart();
        peer.awaitSerial(9);
        PeerServer.assertSameZone(address(again), peer.address());
      }
    }
  }

  private void awaitOurs(DnsServer ours, long serial, PeerServer peer) {
    PeerServer.awaitSerial(address(ours), serial, () -> events + "\n" + peer.log());
  }

  /** BIND and Knot take updates; NSD reads its file again, and keeps the differences. */
  private static void change(PeerServer peer, String text, int serial, String line, String update)
      throws Exception {
    if (peer.kind == PeerServer.Kind.NSD) {
      peer.reload(text.replace("Host 7 ", "Host " + serial + " ") + line + "\n");
    } else {
      SecondariesOfOursTest.update(peer.port, update);
    }
  }

  private static InetSocketAddress address(DnsServer server) {
    return server.endpoints().getFirst().address();
  }
}
