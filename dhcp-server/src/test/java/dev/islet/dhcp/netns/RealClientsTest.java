package dev.islet.dhcp.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients over a real cable. */
class RealClientsTest {
  private static final String CONFIG =
      """
      interfaces: [dhs0]
      subnets:
        - subnet: 10.77.0.0/24
          pools: [10.77.0.50-10.77.0.60]
          routers: [10.77.0.1]
          dns: [10.77.0.1]
          domain: home.arpa
          search: [home.arpa, lab.home.arpa]
          routes: [10.9.0.0/16 via 10.77.0.2]
          lease: 2m
          t1: 2s
          t2: 60s
      """;

  @TempDir Path folder;
  private Street street;
  private Path events;

  @BeforeEach
  void build() throws Exception {
    street = Street.build(folder);
    events = folder.resolve("events");
  }

  @AfterEach
  void tearDown() throws Exception {
    if (street != null) {
      street.close();
    }
  }

  private Process dhclient(String... more) throws Exception {
    assumeTrue(Namespaces.have("dhclient"), "needs dhclient");
    var script = folder.resolve("script.sh");
    if (!Files.exists(script)) {
      Files.writeString(
          script,
          """
          #!/bin/sh
          echo "$reason $new_ip_address" >> %s
          case $reason in
            BOUND|RENEW|REBIND|REBOOT)
              ip addr replace $new_ip_address/24 dev $interface ;;
            RELEASE|EXPIRE|FAIL|PREINIT)
              ip addr flush dev $interface ;;
          esac
          exit 0
          """
              .formatted(events));
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }
    var command = new java.util.ArrayList<String>();
    command.addAll(java.util.List.of("dhclient", "-4", "-d", "-v"));
    command.addAll(java.util.List.of(more));
    command.addAll(
        java.util.List.of(
            "-sf",
            script.toString(),
            "-lf",
            folder.resolve("dhclient.leases").toString(),
            "-pf",
            folder.resolve("dhclient.pid").toString(),
            "-cf",
            "/dev/null",
            Street.NIC));
    return street.client(folder.resolve("dhclient.log"), command.toArray(String[]::new));
  }

  private void awaitEvent(String event) {
    awaitText(events, event);
  }

  private void awaitText(Path file, String text) {
    Wait.until(
        Duration.ofSeconds(30),
        () ->
            Namespaces.read(file).contains(text)
                ? ""
                : text
                    + " is not in "
                    + Namespaces.read(file)
                    + Namespaces.read(folder.resolve("dhclient.log")));
  }

  @Test
  void dhclient_gets_renews_and_releases_an_address() throws Exception {
    street.server(CONFIG);
    dhclient();
    awaitEvent("BOUND 10.77.0.50");
    awaitEvent("RENEW 10.77.0.50");
    assertThat(dhclient("-r").waitFor(20, TimeUnit.SECONDS)).isTrue();
    awaitEvent("RELEASE");
    // The address is remembered: the same client comes back to it.
    Files.delete(events);
    dhclient("-1");
    awaitEvent("BOUND 10.77.0.50");
  }

  @Test
  void the_server_is_killed_and_the_client_keeps_its_address() throws Exception {
    var server = street.server(CONFIG);
    var client = dhclient();
    awaitEvent("BOUND 10.77.0.50");
    // dhclient runs its script first and writes the lease afterwards; killed in between, it has
    // nothing to reboot with.
    awaitText(folder.resolve("dhclient.leases"), "renew ");
    server.destroyForcibly();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    client.destroyForcibly();
    assertThat(client.waitFor(10, TimeUnit.SECONDS)).isTrue();
    street.server(CONFIG);
    // A stranger does not get it,
    assertThat(udhcpc("02:00:00:00:00:77")).contains("lease of 10.77.0.51 obtained");
    // and the client, which says INIT-REBOOT now, does.
    dhclient();
    awaitEvent("REBOOT 10.77.0.50");
    awaitEvent("RENEW 10.77.0.50");
  }

  @Test
  void udhcpc_declines_an_address_in_use_and_gets_another() throws Exception {
    street.server(CONFIG);
    street.ip(Street.SERVER, "addr add 10.77.0.50/32 dev dhs0");
    var said = udhcpc("02:00:00:00:00:01", "-a");
    assertThat(said).contains("declin").contains("lease of 10.77.0.51 obtained");
  }

  @Test
  void an_address_that_somebody_squats_on_is_not_offered() throws Exception {
    // The squatter is another machine on the client's link, and answers no ping.
    street.ip(Street.CLIENT, "link add dhq0 link dhc0 type macvlan mode bridge");
    street.ip(Street.CLIENT, "link set dhq0 address 02:00:00:00:00:99");
    street.ip(Street.CLIENT, "addr add 10.77.0.50/32 dev dhq0");
    street.ip(Street.CLIENT, "link set dhq0 up");
    street.sysctl("net.ipv4.conf.all.arp_ignore=1");
    street.sysctl("net.ipv4.icmp_echo_ignore_all=1");
    street.server(CONFIG);
    assertThat(udhcpc("02:00:00:00:00:01"))
        .contains("lease of 10.77.0.51 obtained")
        .doesNotContain("10.77.0.50");
  }

  private String udhcpc(String mac, String... more) throws Exception {
    assumeTrue(Namespaces.have("udhcpc"), "needs udhcpc");
    var before = street.mac();
    street.mac(mac);
    var log = folder.resolve("udhcpc.log");
    var command = new java.util.ArrayList<String>();
    command.addAll(
        java.util.List.of(
            "udhcpc",
            "-i",
            Street.NIC,
            "-n",
            "-q",
            "-f",
            "-t",
            "6",
            "-A",
            "1",
            "-s",
            "/bin/true",
            "-O",
            "121",
            "-O",
            "119"));
    command.addAll(java.util.List.of(more));
    var process = street.client(log, command.toArray(String[]::new));
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(Namespaces.read(log)).isTrue();
    street.mac(before);
    return Namespaces.read(log);
  }

  @Test
  void a_missing_capability_is_named() throws Exception {
    assumeTrue(Namespaces.have("setpriv"), "needs setpriv");
    street.server(CONFIG, "setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw");
    assertThat(street.serverLog(0)).contains("failed DHCP-CAP-001").contains("CAP_NET_RAW");
    street.server(
        CONFIG, "setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service");
    assertThat(street.serverLog(1))
        .contains("failed NET-BIND-002")
        .contains("CAP_NET_BIND_SERVICE");
    // Nothing else is needed.
    street.server(
        CONFIG,
        "setpriv",
        "--bounding-set=-all,+net_raw,+net_bind_service",
        "--inh-caps=-all,+net_raw,+net_bind_service");
    assertThat(street.serverLog(2)).contains("running");
    assertThat(udhcpc("02:00:00:00:00:01")).contains("lease of 10.77.0.50 obtained");
  }

  @Test
  void without_raw_sockets_clients_are_answered_by_broadcast() throws Exception {
    assumeTrue(Namespaces.have("setpriv"), "needs setpriv");
    street.server(
        "broadcast-only: true\n" + CONFIG,
        "setpriv",
        "--bounding-set=-net_raw",
        "--inh-caps=-net_raw");
    assertThat(street.serverLog(0)).contains("running");
    assertThat(udhcpc("02:00:00:00:00:01")).contains("lease of 10.77.0.50 obtained");
  }

  @Test
  void another_server_is_noticed_with_its_mac() throws Exception {
    assumeTrue(Namespaces.have("dnsmasq"), "needs dnsmasq");
    street.ip(Street.CLIENT, "addr add 10.77.0.9/24 dev dhc0");
    street.client(
        folder.resolve("dnsmasq.log"),
        "dnsmasq",
        "-k",
        "-p",
        "0",
        "-i",
        Street.NIC,
        "--no-ping",
        "--dhcp-range=10.77.0.200,10.77.0.210,1h",
        "--dhcp-leasefile=" + folder.resolve("dnsmasq.leases"),
        "--pid-file=" + folder.resolve("dnsmasq.pid"));
    street.server("watch: 1s\n" + CONFIG);
    var mac = street.mac();
    Wait.until(
        Duration.ofSeconds(30),
        () -> {
          var log = street.serverLog(0);
          return log.contains("server=10.77.0.9 mac=" + mac + " another DHCP server")
              ? ""
              : "the log says only " + log;
        });
  }

  @Test
  void a_missing_interface_is_named_with_those_there_are() throws Exception {
    street.server(CONFIG.replace("dhs0", "eth7"));
    assertThat(street.serverLog(0))
        .contains("failed DHCP-NIC-001")
        .contains("eth7")
        .contains("dhs0");
  }
}
