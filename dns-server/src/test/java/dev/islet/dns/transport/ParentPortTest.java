package dev.islet.dns.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.DnsServer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;

class ParentPortTest {
  private static final Name KID = Name.fromConstantString("kid.home.arpa.");

  @Test
  void a_record_counts_when_every_server_of_the_parent_has_it() throws Exception {
    try (var one = parent("1 13 2 " + "ab".repeat(32), "2 13 2 " + "cd".repeat(32));
        var two = parent("2 13 2 " + "cd".repeat(32))) {
      var said = new LinkedBlockingQueue<List<DSRecord>>();
      var servers = List.of(address(one), address(two));
      try (var port =
          new ParentPort(
              () -> Map.of(KID, servers), (zone, ds) -> said.add(ds), Duration.ofMillis(20))) {
        assertThat(port).isNotNull();
        var common = said.poll(10, TimeUnit.SECONDS);
        assertThat(common).isNotNull();
        assertThat(common).extracting(DSRecord::getFootprint).containsExactly(2);
      }
    }
  }

  @Test
  void of_a_parent_that_is_silent_nothing_is_known() throws Exception {
    try (var one = parent("1 13 2 " + "ab".repeat(32))) {
      var dead = parent("1 13 2 " + "ab".repeat(32));
      var gone = address(dead);
      dead.close();
      var rounds = new LinkedBlockingQueue<Integer>();
      var said = new LinkedBlockingQueue<List<DSRecord>>();
      try (var port =
          new ParentPort(
              () -> {
                rounds.add(1);
                return Map.of(KID, List.of(address(one), gone));
              },
              (zone, ds) -> said.add(ds),
              Duration.ofMillis(20))) {
        assertThat(port).isNotNull();
        for (int i = 0; i < 3; i++) {
          assertThat(rounds.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        assertThat(said).isEmpty();
      }
    }
  }

  private static InetSocketAddress address(DnsServer server) {
    return server.endpoints().stream()
        .filter(e -> e.protocol().equals("dns/tcp"))
        .findFirst()
        .orElseThrow()
        .address();
  }

  private static DnsServer parent(String... ds) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .zone(
                        "home.arpa",
                        z -> {
                          z.record("kid", "NS", "ns.kid");
                          z.a("ns.kid", "127.0.0.1");
                          for (var one : ds) {
                            z.record("kid", "DS", one);
                          }
                        }))
        .start();
  }
}
