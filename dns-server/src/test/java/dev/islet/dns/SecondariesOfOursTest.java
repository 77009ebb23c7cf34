package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.Wait;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** BIND, NSD and Knot as secondaries of ours. */
class SecondariesOfOursTest {
  private final Queue<DnsEvent> events = new ConcurrentLinkedQueue<>();

  private DnsServer serve(int secondary, Path file) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .key(PeerServer.KEY, PeerServer.SECRET)
                    .zoneFile(
                        PeerServer.ZONE,
                        file,
                        z ->
                            z.update(PeerServer.KEY)
                                .transferBy(PeerServer.KEY)
                                .notifyBy(PeerServer.KEY, "127.0.0.1:" + secondary))
                    .onTrace(events::add))
        .start();
  }

  /** Big enough for several messages, with every sort of record that our zones have. */
  static String zone() {
    var text = new StringBuilder("$TTL 300\n@ 900 SOA ns Host 7 3600 900 86400 60\n@ NS ns\n");
    text.append("ns A 192.0.2.1\nNAS A 192.0.2.2\nwww CNAME nas\n*.wild TXT \"star\"\n");
    text.append(
        "kid NS ns.kid\nns.kid AAAA 2001:db8::7\n@ MX 10 Mail\n_sip._udp SRV 0 0 5060 nas\n");
    text.append("odd TYPE65280 \\# 3 010203\nold DNAME new.example.\n");
    text.append("long TXT ").append(("\"" + "x".repeat(255) + "\" ").repeat(50)).append('\n');
    for (int i = 0; i < 2_000; i++) {
      text.append("host-").append(i).append(" 60 A 198.51.100.").append(i % 256).append('\n');
    }
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource
  void follow_us_by_notify_and_ixfr(PeerServer.Kind kind, @TempDir Path folder) throws Exception {
    assumeTrue(kind.installed());
    var file = Files.writeString(folder.resolve("ours"), zone());
    int port = PeerServer.freePort();
    try (var ours = serve(port, file);
        var peer = PeerServer.secondary(kind, folder, port, port(ours))) {
      peer.awaitSerial(7);
      awaitSent("AXFR", 1);
      update(ours, "update add pc.home.arpa 300 A 10.0.0.2", "update delete host-7.home.arpa");
      peer.awaitSerial(8);
      update(ours, "update add pc.home.arpa 600 A 10.0.0.2", "update add kid.home.arpa 300 NS ns");
      peer.awaitSerial(9);
      awaitSent("IXFR", 2);
      PeerServer.assertSameZone(peer.address(), address(ours));
      peer.kill();
      peer.restart();
      peer.awaitSerial(9);
    }
  }

  @Test
  void dig_gets_whole_zones_and_differences(@TempDir Path folder) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dig")));
    var file = Files.writeString(folder.resolve("ours"), zone());
    try (var ours = serve(PeerServer.freePort(), file)) {
      update(ours, "update add pc.home.arpa 300 A 10.0.0.2", "update delete host-7.home.arpa");
      assertThat(dig(ours, true, "home.arpa", "AXFR"))
          .contains("XFR size: 2014 records", "host-1999.home.arpa.")
          .doesNotContain("verify", "Transfer failed");
      assertThat(dig(ours, true, "home.arpa", "IXFR=7"))
          .contains("XFR size: 6 records", "host-7.home.arpa.", "pc.home.arpa.");
      assertThat(dig(ours, true, "home.arpa", "IXFR=8")).contains("XFR size: 1 records");
      assertThat(dig(ours, true, "home.arpa", "IXFR=5")).contains("XFR size: 2014 records");
      assertThat(dig(ours, true, "home.arpa", "IXFR=7", "+notcp")).contains("pc.home.arpa.");
      assertThat(dig(ours, true, "home.arpa", "IXFR=5", "+notcp"))
          .as("too long for a datagram: the SOA alone")
          .contains("Host.home.arpa. 8 3600")
          .doesNotContain("192.0.2.1");
      assertThat(dig(ours, false, "home.arpa", "AXFR")).contains("Transfer failed");
      assertThat(dig(ours, true, "other.arpa", "AXFR")).contains("Transfer failed");
      assertThat(dig(ours, true, "www.home.arpa", "AXFR")).contains("Transfer failed");
    }
  }

  /** What is traced comes on a thread of the listener's own. */
  private void awaitSent(String kind, long times) {
    Wait.until(
        PeerServer.PATIENCE,
        () -> {
          long sent =
              events.stream()
                  .filter(e -> e instanceof DnsEvent.ZoneSent s && s.kind().equals(kind))
                  .count();
          return sent == times ? "" : sent + " times " + kind + ": " + events;
        });
  }

  private static InetSocketAddress address(DnsServer server) {
    return server.endpoints().getFirst().address();
  }

  private static int port(DnsServer server) {
    return address(server).getPort();
  }

  static void update(DnsServer server, String... lines) throws Exception {
    update(port(server), lines);
  }

  static void update(int port, String... lines) throws Exception {
    var script =
        "server 127.0.0.1 %d\nzone home.arpa\nkey hmac-sha256:%s %s\n%s\nsend\n"
            .formatted(port, PeerServer.KEY, PeerServer.SECRET, String.join("\n", lines));
    assertThat(run(script, "/usr/bin/nsupdate")).isEmpty();
  }

  private static String dig(DnsServer server, boolean signed, String... words) throws Exception {
    var command = new java.util.ArrayList<String>();
    command.addAll(
        java.util.List.of("/usr/bin/dig", "-p", "" + port(server), "@127.0.0.1", "+tries=1"));
    if (signed) {
      command.addAll(
          java.util.List.of("-y", "hmac-sha256:" + PeerServer.KEY + ":" + PeerServer.SECRET));
    }
    command.addAll(java.util.List.of(words));
    return run("", command.toArray(String[]::new));
  }

  private static String run(String input, String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }
}
