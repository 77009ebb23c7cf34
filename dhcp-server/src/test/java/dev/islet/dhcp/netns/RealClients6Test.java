package dev.islet.dhcp.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real DHCPv6 clients over a real cable. */
class RealClients6Test {
  private static final String CONFIG =
      """
      ipv6:
        subnets:
          - subnet: 2001:db8:7::/64
            nic: s0
            pools: [2001:db8:7::1000-2001:db8:7::1fff]
            delegate: [{from: 2001:db8:100::/40, length: 56}]
            rapid-commit: true
            dns: [2001:db8:7::1]
            search: [home.arpa, lab.home.arpa]
            ntp: [2001:db8:7::1]
            refresh: 1h
            sol-max-rt: 2m
      """;

  @TempDir Path folder;
  private Namespaces hosts;

  @BeforeEach
  void build() {
    hosts = Namespaces.create("dhcp6");
    hosts.host("srv");
    hosts.host("cli");
    hosts.cable("srv", "s0", "cli", "c0");
    hosts.ip("srv", "link", "set", "s0", "addrgenmode", "eui64");
    hosts.up("srv", "s0", "2001:db8:7::1/64");
    hosts.up("cli", "c0");
    awaitLinkLocal("srv", "s0");
    awaitLinkLocal("cli", "c0");
  }

  @AfterEach
  void tearDown() throws Exception {
    hosts.close();
  }

  /** An address is of no use before the kernel knows that nobody else has it. */
  private void awaitLinkLocal(String host, String nic) {
    Wait.until(
        Duration.ofSeconds(20),
        () -> {
          var all = hosts.ip(host, "-6", "addr", "show", "dev", nic, "scope", "link");
          return all.contains("fe80") && !all.contains("tentative") ? "" : all;
        });
  }

  private Process server() throws Exception {
    return server(CONFIG);
  }

  private Process server(String yaml) throws Exception {
    var config = folder.resolve("dhcp.yaml");
    Files.writeString(config, yaml);
    var log = folder.resolve("server.log");
    Files.deleteIfExists(log);
    var process = RunServer.spawn(hosts, "srv", log, config, List.of());
    assertThat(Namespaces.read(log)).contains("running ").doesNotContain("failed ");
    return process;
  }

  private String dhclient(String... more) throws Exception {
    return dhclientWith("/dev/null", more);
  }

  private String dhclientWith(String conf, String... more) throws Exception {
    assumeTrue(Namespaces.have("dhclient"), "needs dhclient");
    var events = folder.resolve("events");
    var script = folder.resolve("script.sh");
    Files.writeString(
        script,
        """
        #!/bin/sh
        echo "$reason [$new_ip6_address] [$new_ip6_prefix] [$new_dhcp6_name_servers] [$new_dhcp6_domain_search]" >> %s
        [ "$reason" != BOUND6 ] || [ -z "$new_ip6_address" ] || ip -6 addr add $new_ip6_address/128 dev $interface
        exit 0
        """
            .formatted(events));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    var command =
        new ArrayList<>(
            List.of(
                "dhclient",
                "-6",
                "-1",
                "-v",
                "-sf",
                script.toString(),
                "-lf",
                folder.resolve("dhclient.leases").toString(),
                "-pf",
                folder.resolve("dhclient.pid").toString(),
                "-cf",
                conf,
                "-D",
                "LL",
                "-d"));
    command.addAll(List.of(more));
    command.add("c0");
    // Address and prefix are told one after the other.
    int wanted = List.of(more).contains("-P") ? 2 : 1;
    var log = folder.resolve("dhclient.log");
    var process = hosts.spawn("cli", log, command);
    Wait.until(
        Duration.ofSeconds(40),
        () -> {
          var said = Namespaces.read(events);
          return said.split("BOUND6", -1).length > wanted || !process.isAlive()
              ? ""
              : "not yet: " + said + Namespaces.read(log);
        });
    process.destroy();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    var said = Namespaces.read(events) + Namespaces.read(log);
    Files.deleteIfExists(events);
    return said;
  }

  @Test
  void dhclient_gets_address_and_prefix_and_the_wire_is_clean() throws Exception {
    assumeTrue(Namespaces.have("tshark"), "needs tshark");
    var wire = folder.resolve("wire.log");
    hosts.spawn(
        "cli",
        wire,
        List.of("tshark", "-l", "-i", "c0", "-f", "udp port 546 or udp port 547", "-V"));
    Wait.until(
        Duration.ofSeconds(20), () -> Namespaces.read(wire).contains("Capturing") ? "" : "tshark");
    server();
    var said = dhclient("-N", "-P");
    assertThat(said).containsPattern("BOUND6 \\[2001:db8:7::1[0-9a-f]{3}\\] \\[\\]");
    assertThat(said)
        .containsPattern("BOUND6 \\[\\] \\[2001:db8:1[0-9a-f]{2}:[0-9a-f]{0,4}:?:?/56\\]");
    assertThat(said).contains("[2001:db8:7::1] [home.arpa. lab.home.arpa.]");
    Wait.until(
        Duration.ofSeconds(20),
        () ->
            Namespaces.read(wire).contains("Message type: Reply (7)")
                ? ""
                : "tshark says: " + Namespaces.read(wire));
    assertThat(Namespaces.read(wire))
        .contains("home.arpa")
        .contains("(UUID)")
        .doesNotContain("Malformed")
        .doesNotContain("Expert Info (Error");
  }

  @Test
  void an_interface_that_is_unplugged_and_comes_back_is_served_again() throws Exception {
    server();
    var before = dhclient("-N");
    assertThat(before).contains("BOUND6");
    hosts.ip("srv", "link", "del", "s0");
    hosts.cable("srv", "s0", "cli", "c0"); // another one with its name, as the kernel sees it
    hosts.ip("srv", "link", "set", "s0", "addrgenmode", "eui64");
    hosts.up("srv", "s0", "2001:db8:7::1/64");
    hosts.up("cli", "c0");
    awaitLinkLocal("srv", "s0");
    awaitLinkLocal("cli", "c0");
    var log = folder.resolve("server.log");
    Wait.until(
        Duration.ofSeconds(30),
        () -> Namespaces.read(log).contains("DHCPv6 goes on") ? "" : Namespaces.read(log));
    assertThat(dhclient("-N")).contains("BOUND6");
  }

  /** Name servers of another make hold the name as soon as the client has its address. */
  @Test
  void names_of_clients_are_in_dns_when_they_get_their_address() throws Exception {
    assumeTrue(Namespaces.have("named") && Namespaces.have("dig"), "needs named and dig");
    var secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    var reverse = "0.0.0.0.7.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"; // of the subnet
    var zone = "$TTL 300\n@ SOA ns host 1 3600 600 86400 300\n@ NS ns.home.arpa.\n";
    Files.writeString(folder.resolve("forward"), zone + "ns AAAA 2001:db8:7::1\n");
    Files.writeString(folder.resolve("reverse"), zone);
    Files.writeString(
        folder.resolve("named.conf"),
        """
        options { directory "%1$s"; listen-on port 53 { 127.0.0.1; }; listen-on-v6 { none; };
          recursion no; pid-file none; session-keyfile "%1$s/session.key"; };
        controls { };
        key "dhcp-dns" { algorithm hmac-sha256; secret "%2$s"; };
        zone "home.arpa" { type primary; file "forward"; allow-update { key "dhcp-dns"; }; };
        zone "%3$s" { type primary; file "reverse"; allow-update { key "dhcp-dns"; }; };
        """
            .formatted(folder, secret, reverse));
    hosts.ip("srv", "link", "set", "lo", "up");
    hosts.spawn(
        "srv",
        folder.resolve("named.log"),
        List.of("named", "-g", "-c", folder.resolve("named.conf").toString()));
    Wait.until(
        Duration.ofSeconds(20),
        () -> {
          try {
            return dig("ns.home.arpa", "AAAA").startsWith("2001") ? "" : "named is not up";
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
    server(CONFIG + "dns: {server: '127.0.0.1:53', secret: %s}\n".formatted(secret));
    var conf = folder.resolve("dhclient.conf");
    Files.writeString(
        conf,
        """
        send fqdn.fqdn "laptop";
        send fqdn.server-update on;
        also request dhcp6.fqdn;
        """);
    var said = dhclientWith(conf.toString(), "-N");
    assertThat(said).contains("BOUND6");
    var address = said.replaceAll("(?s).*BOUND6 \\[([^]]+)].*", "$1");
    assertThat(dig("laptop.home.arpa", "AAAA")).isEqualTo(address);
    assertThat(dig("laptop.home.arpa", "DHCID")).startsWith("AAIB");
    assertThat(dig("-x", address)).isEqualTo("laptop.home.arpa.");
  }

  private String dig(String... what) throws InterruptedException {
    var command = new ArrayList<>(List.of("dig", "@127.0.0.1", "+short", "+tries=1", "+time=1"));
    command.addAll(List.of(what));
    return hosts.ask("srv", folder.resolve("dig.log"), "", command).strip();
  }

  @Test
  void dhclient_asks_for_parameters_only() throws Exception {
    server();
    assumeTrue(Namespaces.have("dhclient"), "needs dhclient");
    var script = folder.resolve("info.sh");
    Files.writeString(
        script,
        "#!/bin/sh\necho \"$reason [$new_dhcp6_name_servers]\" >> "
            + folder.resolve("info")
            + "\nexit 0\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    hosts.ask(
        "cli",
        folder.resolve("info.log"),
        "",
        List.of(
            "timeout",
            "30",
            "dhclient",
            "-6",
            "-S",
            "-1",
            "-sf",
            script.toString(),
            "-lf",
            folder.resolve("info.leases").toString(),
            "-pf",
            folder.resolve("info.pid").toString(),
            "-cf",
            "/dev/null",
            "c0"));
    assertThat(Namespaces.read(folder.resolve("info"))).contains("[2001:db8:7::1]");
  }

  @Test
  void the_server_is_killed_and_remembers_who_has_what() throws Exception {
    var server = server();
    var before = dhclient("-N");
    assertThat(before).contains("BOUND6");
    server.destroyForcibly();
    assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    server();
    // It has forgotten everything but its DUID, which is made of its hardware address.
    Files.deleteIfExists(folder.resolve("dhclient.leases"));
    var address = before.replaceAll("(?s).*BOUND6 \\[([^]]+)].*", "$1");
    assertThat(dhclient("-N")).contains("BOUND6 [" + address + "]");
  }

  @Test
  void dhcpcd_gets_address_and_prefix() throws Exception {
    assumeTrue(Namespaces.have("dhcpcd"), "needs dhcpcd");
    server();
    var conf = folder.resolve("dhcpcd.conf");
    Files.writeString(
        conf,
        """
        duid
        ipv6only
        noipv6rs
        script /bin/true
        interface c0
          ia_na 1
          ia_pd 2 -
        """);
    var log = folder.resolve("dhcpcd.log");
    var process =
        hosts.spawn("cli", log, List.of("dhcpcd", "-6", "-B", "-d", "-f", conf.toString(), "c0"));
    Wait.until(
        Duration.ofSeconds(40),
        () -> {
          var said = Namespaces.read(log);
          return said.contains("adding address 2001:db8:7::1")
                  && said.matches("(?s).*delegated prefix 2001:db8:1.*/56.*")
              ? ""
              : "not yet: " + said;
        });
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }
}
