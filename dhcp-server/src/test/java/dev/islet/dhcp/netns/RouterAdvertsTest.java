package dev.islet.dhcp.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Linux kernel, rdisc6 and tshark hear our advertisements; radvd says the same. */
class RouterAdvertsTest {
  private static final String CONFIG =
      """
      ipv6:
        advertise:
          - nic: s0
            interval: 10s
            lifetime: 5m
            mtu: 1400
            managed: true
            other: true
            prefixes: [{prefix: 2001:db8:7::/64}]
            dns: [2001:db8:7::1]
            search: [home.arpa]
      """;

  @TempDir Path folder;
  private Namespaces hosts;

  @BeforeEach
  void build() {
    hosts = Namespaces.create("adv");
    hosts.host("srv");
    hosts.host("cli");
    hosts.cable("srv", "s0", "cli", "c0");
    hosts.up("srv", "s0", "2001:db8:7::1/64");
    hosts.up("cli", "c0");
    for (var end : List.of(List.of("srv", "s0"), List.of("cli", "c0"))) {
      Wait.until(
          Duration.ofSeconds(20),
          () -> {
            var all = hosts.ip(end.get(0), "-6", "addr", "show", "dev", end.get(1));
            return all.contains("fe80") && !all.contains("tentative") ? "" : "not yet: " + all;
          });
    }
  }

  @AfterEach
  void tearDown() throws Exception {
    hosts.close();
  }

  private Process server(String yaml) throws Exception {
    var config = folder.resolve("dhcp.yaml");
    Files.writeString(config, yaml);
    var log = folder.resolve("server.log");
    var process = RunServer.spawn(hosts, "srv", log, config, List.of());
    assertThat(Namespaces.read(log)).contains("running ").doesNotContain("failed ");
    return process;
  }

  private void awaitOnClient(String what, boolean there, String... command) {
    Wait.until(
        Duration.ofSeconds(30),
        () -> {
          var all = hosts.ip("cli", command);
          return all.contains(what) == there ? "" : "not yet: " + all;
        });
  }

  @Test
  void the_kernel_makes_an_address_and_a_route_and_drops_the_route_at_the_end() throws Exception {
    var server = server(CONFIG);
    awaitOnClient("2001:db8:7:", true, "-6", "addr", "show", "dev", "c0", "scope", "global");
    awaitOnClient("default via fe80", true, "-6", "route", "show");
    assertThat(hosts.ip("cli", "-6", "route", "show")).contains("mtu 1400");
    server.destroy(); // it says that it is no router any more
    assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
    awaitOnClient("default via fe80", false, "-6", "route", "show");
  }

  private String discovered() throws Exception {
    var said =
        hosts.ask(
            "cli",
            folder.resolve("rdisc6-" + System.nanoTime()),
            "",
            List.of("rdisc6", "-1", "-w", "5000", "c0"));
    assertThat(said).contains("Hop limit");
    return said;
  }

  @Test
  void whoever_asks_hears_the_same_as_from_radvd() throws Exception {
    assumeTrue(Namespaces.have("rdisc6") && Namespaces.have("radvd"), "needs ndisc6 and radvd");
    var server = server(CONFIG);
    var ours = discovered();
    server.destroyForcibly();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();

    var conf = folder.resolve("radvd.conf");
    Files.writeString(
        conf,
        """
        interface s0 {
          AdvSendAdvert on; MaxRtrAdvInterval 10; MinRtrAdvInterval 3; AdvDefaultLifetime 300;
          AdvLinkMTU 1400; AdvManagedFlag on; AdvOtherConfigFlag on; AdvCurHopLimit 64;
          prefix 2001:db8:7::/64 { AdvValidLifetime 5400; AdvPreferredLifetime 2700; };
          RDNSS 2001:db8:7::1 { AdvRDNSSLifetime 30; };
          DNSSL home.arpa { AdvDNSSLLifetime 30; };
        };
        """);
    hosts.ask(
        "srv",
        folder.resolve("sysctl.log"),
        "",
        List.of("sysctl", "-w", "net.ipv6.conf.all.forwarding=1"));
    hosts.spawn(
        "srv",
        folder.resolve("radvd.log"),
        List.of(
            "radvd", "-n", "-C", conf.toString(), "-p", folder.resolve("radvd.pid").toString()));
    assertThat(lines(ours)).isEqualTo(lines(discovered()));
  }

  /** What was heard, in any order; without the wish for routers and its source. */
  private static List<String> lines(String said) {
    return said.lines()
        .map(String::strip)
        .filter(l -> l.contains(" : ") || l.contains(": "))
        .filter(l -> !l.startsWith("Soliciting") && !l.contains("from "))
        .sorted()
        .toList();
  }

  @Test
  void tshark_finds_no_fault() throws Exception {
    assumeTrue(Namespaces.have("tshark"), "needs tshark");
    var wire = folder.resolve("wire.log");
    hosts.spawn("cli", wire, List.of("tshark", "-l", "-i", "c0", "-f", "icmp6", "-V"));
    Wait.until(
        Duration.ofSeconds(20), () -> Namespaces.read(wire).contains("Capturing") ? "" : "tshark");
    server(CONFIG + "      nat64: 64:ff9b::/96\n      captive-portal: https://portal.home.arpa/\n");
    Wait.until(
        Duration.ofSeconds(20),
        () ->
            Namespaces.read(wire).contains("Router Advertisement (134)")
                    && Namespaces.read(wire).contains("64:ff9b::")
                ? ""
                : "tshark says: " + Namespaces.read(wire));
    assertThat(Namespaces.read(wire))
        .contains("https://portal.home.arpa/")
        .contains("[correct]")
        .contains("Hop Limit: 255")
        .doesNotContain("Malformed")
        .doesNotContain("Expert Info (Error");
  }
}
