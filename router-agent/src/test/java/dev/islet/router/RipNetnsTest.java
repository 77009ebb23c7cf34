package dev.islet.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The router as a process in a network namespace, FRR's ripd as its neighbour over a plain cable
 * (eth0) and a signed one (eth2). The kernel's table is read with {@code ip -j route}.
 */
class RipNetnsTest {
  private static final String OURS = "114";
  private static final String FAR = "- 10.20.0.0/24 via 192.168.7.2 dev eth0 metric 20";
  private static final String FAR_SIGNED = "- 10.20.0.0/24 via 192.168.8.2 dev eth2 metric 20";

  @TempDir private static Path folder;
  private static Namespaces net;
  private Process router;

  @BeforeAll
  static void two_namespaces_and_frr() throws Exception {
    assumeTrue(Namespaces.have("ripd"), "needs FRR");
    net = Namespaces.create("router");
    net.host("a");
    net.host("b");
    net.cable("a", "eth0", "b", "eth0");
    net.up("a", "eth0", "192.168.7.1/24");
    net.up("b", "eth0", "192.168.7.2/24");
    net.cable("a", "eth2", "b", "eth2");
    net.up("a", "eth2", "192.168.8.1/24");
    net.up("b", "eth2", "192.168.8.2/24");
    net.cable("b", "eth1", "b", "eth9");
    net.up("b", "eth1", "10.20.0.1/24");
    net.up("b", "eth9", "10.21.0.1/24");
    net.cable("a", "eth1", "a", "eth9");
    net.up("a", "eth1", "10.30.0.1/24");
    net.up("a", "eth9", "10.31.0.1/24");
    Peers.frr(
        net,
        "b",
        folder.resolve("frr"),
        """
        hostname peer
        key chain lan
         key 1
          key-string sesame
        interface eth2
         ip rip authentication mode md5 auth-length rfc
         ip rip authentication key-chain lan
        router rip
         version 2
         network eth0
         network eth2
         redistribute connected route-map far
         timers basic 5 20 10
        ip prefix-list far seq 5 permit 10.20.0.0/24
        route-map far permit 10
         match ip address prefix-list far
        """);
  }

  @AfterAll
  static void remove() throws Exception {
    if (net != null) {
      net.close();
    }
  }

  @AfterEach
  void stop() throws Exception {
    if (router != null) {
      router.destroy();
      assertThat(router.waitFor(10, TimeUnit.SECONDS)).as("it stops when asked").isTrue();
      assertThat(ours()).as("it leaves nothing behind").isEmpty();
    }
    net.ip("a", "link", "set", "eth0", "up");
    net.ip("b", "link", "set", "eth0", "up");
  }

  private static Set<String> ours() {
    return Peers.routes(net, "a", OURS);
  }

  private static TreeSet<String> theirs() {
    return Peers.routes(net, "b", "rip");
  }

  private Process start(String interfaces) throws IOException {
    var config =
        Files.writeString(
            folder.resolve("router.yaml"),
            """
            forwarding: warn
            kernel: {grace: 4s, reconcile: 2s}
            routes:
              - {prefix: 10.99.0.0/16, drop: blackhole}
              - {prefix: "2001:db8:99::/48", drop: unreachable}
            rip:
              interfaces: [%s]
              redistribute: [connected]
              update: 2s
              timeout: 20s
              garbage: 6s
              triggered-min: 100ms
              triggered-max: 200ms
            """
                .formatted(interfaces));
    var log = folder.resolve("router.log");
    router =
        net.spawn(
            "a",
            log,
            ChildJvm.of(RouterMain.class, config.toString(), folder.resolve("data").toString())
                .command());
    Wait.until(
        Duration.ofSeconds(20), () -> text(log).contains("ready") ? "" : "not ready: " + text(log));
    return router;
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void until(int seconds, java.util.function.Supplier<String> obstacle) {
    Wait.until(Duration.ofSeconds(seconds), obstacle);
  }

  private static void untilOurs(int seconds, String route) {
    until(seconds, () -> ours().contains(route) ? "" : route + " is not in " + ours());
  }

  @Test
  void routes_are_learned_both_ways_and_a_cut_takes_them_away() throws Exception {
    start("eth0");
    untilOurs(10, FAR);
    assertThat(ours())
        .containsExactlyInAnyOrder(
            FAR,
            "blackhole 10.99.0.0/16 via - dev - metric 20",
            "unreachable 2001:db8:99::/48 via - dev lo metric 20");
    until(
        10,
        () ->
            theirs().stream().anyMatch(r -> r.startsWith("- 10.30.0.0/24 via 192.168.7.1 dev eth0"))
                ? ""
                : "FRR has not learned: " + theirs());
    assertThat(text(folder.resolve("router.log"))).contains("neighbour 192.168.7.2 speaks RIP");

    net.ip("b", "link", "set", "eth0", "down");
    until(5, () -> ours().contains(FAR) ? "the route over the dead link is still there" : "");
    net.ip("b", "link", "set", "eth0", "up");
    untilOurs(15, FAR);

    // Routes vanish silently with the address, and come back with it.
    net.ip("a", "addr", "del", "192.168.7.1/24", "dev", "eth0");
    until(5, () -> ours().contains(FAR) ? "the route outlived the address" : "");
    net.ip("a", "addr", "add", "192.168.7.1/24", "dev", "eth0");
    untilOurs(15, FAR);

    // Said farewell, FRR forgets what it learned here, long before its time-out.
    router.destroy();
    router.waitFor(10, TimeUnit.SECONDS);
    until(3, () -> theirs().toString().contains("10.30.0.0") ? "FRR still has " + theirs() : "");
  }

  @Test
  void what_others_do_to_our_routes_is_mended_and_theirs_are_left_alone() throws Exception {
    net.ip("a", "route", "add", "10.50.0.0/16", "via", "192.168.7.9", "proto", "static");
    net.ip("a", "route", "add", "10.20.0.0/24", "via", "192.168.7.9", "metric", "7");
    start("eth0");
    untilOurs(10, FAR);
    net.ip("a", "route", "del", "10.20.0.0/24", "proto", OURS);
    net.ip("a", "route", "del", "blackhole", "10.99.0.0/16", "proto", OURS);
    untilOurs(5, FAR);
    untilOurs(5, "blackhole 10.99.0.0/16 via - dev - metric 20");
    net.ip("a", "route", "add", "10.66.0.0/16", "via", "192.168.7.9", "proto", OURS);
    until(5, () -> ours().toString().contains("10.66") ? "a stray of ours is still there" : "");
    // Somebody takes our place: it is theirs, until they leave.
    net.ip("a", "route", "replace", "10.20.0.0/24", "via", "192.168.7.8", "metric", "20");
    until(5, () -> text(folder.resolve("router.log")).contains("somebody else's route") ? "" : "-");
    assertThat(net.ip("a", "route", "show", "10.20.0.0/24")).contains("via 192.168.7.8");
    net.ip("a", "route", "del", "10.20.0.0/24", "via", "192.168.7.8");
    untilOurs(5, FAR);
    router.destroy();
    router.waitFor(10, TimeUnit.SECONDS);
    assertThat(net.ip("a", "route", "show", "10.50.0.0/16")).contains("via 192.168.7.9");
    assertThat(net.ip("a", "route", "show", "10.20.0.0/24")).contains("via 192.168.7.9");
    net.ip("a", "route", "del", "10.50.0.0/16");
    net.ip("a", "route", "del", "10.20.0.0/24");
  }

  /** Two hundred changes as fast as ip can make them; what is left is what it began with. */
  @Test
  void after_a_storm_of_changes_the_kernel_has_what_it_should() throws Exception {
    start("eth0");
    untilOurs(10, FAR);
    var before = ours();
    var random = new java.util.Random(5);
    var batch = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      batch.append(
          switch (random.nextInt(6)) {
            case 0 -> "link set eth0 down\n";
            case 1 -> "link set eth0 up\n";
            case 2 -> "addr del 192.168.7.1/24 dev eth0\n";
            case 3 -> "addr replace 192.168.7.1/24 dev eth0\n";
            case 4 -> "route del 10.20.0.0/24 proto " + OURS + "\n";
            default -> "route replace blackhole 10.99.0.0/16 metric 20 proto " + OURS + "\n";
          });
      if (i % 40 == 0) {
        batch.append("route flush proto ").append(OURS).append('\n');
      }
    }
    batch.append("link set eth0 up\naddr replace 192.168.7.1/24 dev eth0\n");
    var file = Files.writeString(folder.resolve("storm"), batch);
    net.ask(
        "a", folder.resolve("storm.log"), "", List.of("ip", "-force", "-batch", file.toString()));
    until(15, () -> ours().equals(before) ? "" : "expected " + before + " but found " + ours());
  }

  @Test
  void killed_it_leaves_its_routes_and_the_next_life_takes_them_over() throws Exception {
    start("eth0");
    untilOurs(10, FAR);
    router.destroyForcibly().waitFor();
    assertThat(ours()).as("forwarding goes on").contains(FAR);
    net.ip(
        "a", "route", "add", "10.77.0.0/16", "via", "192.168.7.2", "proto", OURS, "metric", "20");
    var before = ours();
    start("eth0");
    assertThat(ours()).as("nothing is torn down at start").isEqualTo(before);
    until(8, () -> ours().toString().contains("10.77") ? "the stale route was not swept" : "");
    assertThat(ours()).contains(FAR);
  }

  @Test
  void messages_signed_with_md5_are_exchanged_with_frr() throws Exception {
    start("eth0, {name: eth2, cost: 2, auth: {keyed: {keys: [{id: 1, secret: sesame}]}}}");
    untilOurs(10, FAR);
    net.ip("b", "link", "set", "eth0", "down");
    untilOurs(15, FAR_SIGNED);
    until(
        10,
        () ->
            theirs().toString().contains("10.30.0.0/24 via 192.168.8.1 dev eth2")
                ? ""
                : "FRR does not believe us: " + theirs());
    assertThat(text(folder.resolve("data/router/rip-sequence"))).matches("\\d+\n");
  }

  @Test
  void a_wrong_key_teaches_nothing() throws Exception {
    start("{name: eth2, auth: {keyed: {keys: [{id: 1, secret: wrong}]}}}");
    // FRR speaks every five seconds, and answers our request at once if it believes us.
    var heard =
        net.spawn(
            "a",
            folder.resolve("tcpdump.log"),
            List.of(
                "timeout",
                "20",
                "tshark",
                "-i",
                "eth2",
                "-a",
                "packets:2",
                "-f",
                "src 192.168.8.2 and udp port 520"));
    assertThat(heard.waitFor(25, TimeUnit.SECONDS)).isTrue();
    assertThat(ours()).noneMatch(r -> r.contains("10.20.0.0"));
  }

  @Test
  void a_missing_capability_is_named() throws Exception {
    assertThat(dropped("cap_net_admin")).contains("ROUTER-CAP-001", "CAP_NET_ADMIN");
    assertThat(dropped("cap_net_bind_service")).contains("NET-BIND-002", "CAP_NET_BIND_SERVICE");
  }

  private static String dropped(String capability) throws Exception {
    var config = Files.writeString(folder.resolve("dropped.yaml"), "rip: {interfaces: [eth0]}\n");
    var log = folder.resolve(capability + ".log");
    var java =
        ChildJvm.of(RouterMain.class, config.toString(), folder.resolve("dropped").toString())
            .command();
    var process =
        net.spawn(
            "a", log, List.of("capsh", "--drop=" + capability, "--", "-c", String.join(" ", java)));
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(3);
    return text(log);
  }
}
