package dev.islet.dhcp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.time.TimeSource;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameRegistrarTest {
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final ClientKey A = ClientKey.of(HardwareAddress.parse("02:00:00:00:00:0a"));
  private static final ClientKey B = ClientKey.of(HardwareAddress.parse("02:00:00:00:00:0b"));

  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();

  private NameRegistrar registrar(InetSocketAddress server, String secret) {
    return new NameRegistrar(
        new NameRegistrar.Settings(
            server,
            "home.arpa",
            List.of("7.168.192.in-addr.arpa", "7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
            "dhcp-dns",
            secret,
            Duration.ofMinutes(5)),
        TimeSource.system(),
        (event, outcome) -> {
          notes.add(event.note());
          outcomes.add(outcome);
        });
  }

  private static NameClaim claim(String label, String address, ClientKey client) {
    var ip = address.contains(":") ? Ip6.parse(address) : Ip4.parse(address);
    return new NameClaim(label + ".home.arpa", ip, client);
  }

  private static void hold(NameRegistrar registrar, NameClaim claim) throws Exception {
    var done = new CountDownLatch(1);
    registrar.hold(claim, done::countDown);
    assertThat(done.await(5, TimeUnit.SECONDS)).as("the reply leaves").isTrue();
  }

  @Test
  void a_reply_waits_half_a_second_for_a_deaf_server_and_others_wait_with_it_not_behind_it()
      throws Exception {
    try (var deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var registrar = registrar((InetSocketAddress) deaf.getLocalSocketAddress(), SECRET)) {
      var done = new CountDownLatch(20);
      long before = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        registrar.hold(claim("n" + i, "192.168.7." + (100 + i), A), done::countDown);
      }
      long handed = System.nanoTime() - before;
      assertThat(Duration.ofNanos(handed))
          .as("the engine is not held up")
          .isLessThan(Duration.ofMillis(300));
      assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isBetween(Duration.ofMillis(450), Duration.ofMillis(2_000));
      assertThat(registrar.pending()).isEqualTo(20);
      Wait.until(
          Duration.ofSeconds(10),
          () -> outcomes.contains(Outcome.NAME_RETRIED) ? "" : "no retry was counted");
    }
  }

  /** A real name server of another make, if there is one: the updates must be the standard's. */
  @Test
  void names_come_go_and_are_guarded_on_another_makes_server(@TempDir Path folder)
      throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/sbin/named"))
            && Files.isExecutable(Path.of("/usr/bin/dig")),
        "needs named and dig");
    int port;
    try (var probe = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
    var named = named(folder, port);
    try (var registrar =
        registrar(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SECRET)) {
      Wait.until(
          Duration.ofSeconds(10),
          () -> dig(port, "www.home.arpa", "A").contains("192.168.7.2") ? "" : "named is not up");
      hold(registrar, claim("laptop", "192.168.7.100", A));
      assertThat(dig(port, "laptop.home.arpa", "A")).isEqualTo("192.168.7.100");
      assertThat(dig(port, "100.7.168.192.in-addr.arpa", "PTR")).isEqualTo("laptop.home.arpa.");
      assertThat(dig(port, "laptop.home.arpa", "DHCID")).startsWith("AAAB");

      hold(registrar, claim("laptop", "192.168.7.101", A));
      assertThat(dig(port, "laptop.home.arpa", "A")).as("moved").isEqualTo("192.168.7.101");
      assertThat(dig(port, "100.7.168.192.in-addr.arpa", "PTR")).isEmpty();

      hold(registrar, claim("www", "192.168.7.102", B));
      assertThat(dig(port, "www.home.arpa", "A")).as("set by hand").isEqualTo("192.168.7.2");
      assertThat(outcomes).contains(Outcome.NAME_CONFLICT);

      try (var second =
          registrar(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SECRET)) {
        hold(second, claim("laptop", "192.168.7.103", B));
        assertThat(dig(port, "laptop.home.arpa", "A"))
            .as("another client's")
            .isEqualTo("192.168.7.101");
        second.drop(claim("laptop", "192.168.7.103", B));
      }

      both(registrar, port);

      registrar.drop(claim("laptop", "192.168.7.101", A));
      Wait.until(
          Duration.ofSeconds(5),
          () -> dig(port, "laptop.home.arpa", "DHCID").isEmpty() ? "" : "the name is still there");
      assertThat(dig(port, "laptop.home.arpa", "A")).isEmpty();
      Wait.until(
          Duration.ofSeconds(5),
          () -> dig(port, "101.7.168.192.in-addr.arpa", "PTR").isEmpty() ? "" : "PTR is there");

      try (var stranger =
          registrar(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")) {
        hold(stranger, claim("evil", "192.168.7.104", B));
        assertThat(dig(port, "evil.home.arpa", "A")).isEmpty();
        assertThat(notes).anyMatch(n -> n.contains("BADSIG"));
      }
    } finally {
      named.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** A client with one identity asks in both families (RFC 4361): one name, two addresses. */
  private static void both(NameRegistrar registrar, int port) throws Exception {
    var duid = Octets.parse("00030001020000000009");
    var four = new ClientKey(ClientKey.Kind.CLIENT_ID, Octets.parse("ff00000001").plus(duid));
    var six = new ClientKey(ClientKey.Kind.DUID, duid);
    var reverse = "9.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
    hold(registrar, claim("both", "192.168.7.109", four));
    hold(registrar, claim("both", "2001:db8:7::9", six));
    assertThat(dig(port, "both.home.arpa", "A")).isEqualTo("192.168.7.109");
    assertThat(dig(port, "both.home.arpa", "AAAA")).isEqualTo("2001:db8:7::9");
    assertThat(dig(port, reverse, "PTR")).isEqualTo("both.home.arpa.");
    assertThat(dig(port, "both.home.arpa", "DHCID")).startsWith("AAIB");

    registrar.drop(claim("both", "192.168.7.109", four));
    Wait.until(
        Duration.ofSeconds(5),
        () -> dig(port, "both.home.arpa", "A").isEmpty() ? "" : "the address is still there");
    assertThat(dig(port, "both.home.arpa", "AAAA")).as("stays").isEqualTo("2001:db8:7::9");
    registrar.drop(claim("both", "2001:db8:7::9", six));
    Wait.until(
        Duration.ofSeconds(5),
        () -> dig(port, "both.home.arpa", "DHCID").isEmpty() ? "" : "the name is still there");
    Wait.until(
        Duration.ofSeconds(5), () -> dig(port, reverse, "PTR").isEmpty() ? "" : "PTR is there");
  }

  private static Process named(Path folder, int port) throws IOException {
    var head = "$TTL 300\n@ SOA ns host 1 3600 600 86400 300\n@ NS ns.home.arpa.\n";
    Files.writeString(folder.resolve("forward"), head + "ns A 192.168.7.1\nwww A 192.168.7.2\n");
    Files.writeString(folder.resolve("reverse"), head);
    Files.writeString(folder.resolve("reverse6"), head);
    Files.writeString(
        folder.resolve("named.conf"),
        """
        options { directory "%1$s"; listen-on port %2$d { 127.0.0.1; }; listen-on-v6 { none; };
          recursion no; pid-file none; session-keyfile "%1$s/session.key"; };
        controls { };
        key "dhcp-dns" { algorithm hmac-sha256; secret "%3$s"; };
        zone "home.arpa" { type primary; file "forward"; allow-update { key "dhcp-dns"; }; };
        zone "7.168.192.in-addr.arpa" { type primary; file "reverse";
          allow-update { key "dhcp-dns"; }; };
        zone "7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" { type primary; file "reverse6";
          allow-update { key "dhcp-dns"; }; };
        """
            .formatted(folder, port, SECRET));
    return new ProcessBuilder(
            "/usr/sbin/named", "-g", "-c", folder.resolve("named.conf").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("named.log").toFile())
        .start();
  }

  private static String dig(int port, String name, String type) {
    try {
      var process =
          new ProcessBuilder(
                  "dig", "-p", "" + port, "@127.0.0.1", name, type, "+short", "+tries=1", "+time=1")
              .start();
      return new String(process.getInputStream().readAllBytes(), "US-ASCII").strip();
    } catch (IOException e) {
      return "";
    }
  }
}
