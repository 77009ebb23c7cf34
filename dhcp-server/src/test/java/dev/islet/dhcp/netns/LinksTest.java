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

/** Several links on one cable, and clients of other makes on them. */
class LinksTest {
  private static final String CONFIG =
      """
      interfaces: [dhs0]
      subnets:
        - subnet: 10.77.0.0/24
          pools: [10.77.0.50-10.77.0.250]
          routers: [10.77.0.1]
      """;

  @TempDir Path folder;
  private Street street;

  @BeforeEach
  void build() throws Exception {
    street = Street.build(folder);
  }

  @AfterEach
  void tearDown() throws Exception {
    if (street != null) {
      street.close();
    }
  }

  private String udhcpc(String nic) throws Exception {
    assumeTrue(Namespaces.have("udhcpc"), "needs udhcpc");
    var log = folder.resolve("udhcpc-" + nic + ".log");
    var process =
        street.client(
            log, "udhcpc", "-i", nic, "-n", "-q", "-f", "-t", "6", "-A", "1", "-s", "/bin/true");
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(Namespaces.read(log)).isTrue();
    return Namespaces.read(log);
  }

  @Test
  void clients_of_two_links_get_addresses_of_their_own_subnets() throws Exception {
    street.cable("dhs1", "dhc1");
    street.ip(Street.SERVER, "addr add 10.78.0.1/24 dev dhs1");
    street.ip(Street.SERVER, "link set dhs1 up");
    street.ip(Street.CLIENT, "link set dhc1 up");
    street.server(
        CONFIG.replace("[dhs0]", "[dhs0, dhs1]")
            + "  - {subnet: 10.78.0.0/24, pools: [10.78.0.50-10.78.0.60]}\n");
    assertThat(udhcpc("dhc1")).contains("lease of 10.78.0.50 obtained from 10.78.0.1");
    assertThat(udhcpc("dhc0")).contains("lease of 10.77.0.50 obtained from 10.77.0.1");
  }

  @Test
  void an_interface_that_is_unplugged_and_comes_back_is_served_again() throws Exception {
    street.server(CONFIG);
    assertThat(udhcpc("dhc0")).contains("lease of 10.77.0.50 obtained");
    street.ip(Street.SERVER, "link del dhs0");
    street.cable("dhs0", "dhc0"); // another one with its name, as the kernel sees it
    street.ip(Street.CLIENT, "link set dhc0 address 02:00:00:00:00:77");
    street.ip(Street.CLIENT, "link set dhc0 up");
    street.ip(Street.SERVER, "addr add 10.77.0.1/24 dev dhs0");
    street.ip(Street.SERVER, "link set dhs0 up");
    Wait.until(
        Duration.ofSeconds(30),
        () -> street.serverLog(0).contains("served again") ? "" : street.serverLog(0));
    assertThat(udhcpc("dhc0")).contains("lease of 10.77.0.51 obtained");
    // An address that somebody uses there is seen, too.
    street.ip(Street.CLIENT, "link add dhq0 link dhc0 type macvlan mode bridge");
    street.ip(Street.CLIENT, "addr add 10.77.0.52/32 dev dhq0");
    street.ip(Street.CLIENT, "link set dhq0 up");
    street.sysctl("net.ipv4.conf.all.arp_ignore=1");
    street.ip(Street.CLIENT, "link set dhc0 down");
    street.ip(Street.CLIENT, "link set dhc0 address 02:00:00:00:00:78");
    street.ip(Street.CLIENT, "link set dhc0 up");
    street.ip(Street.CLIENT, "link set dhq0 up");
    assertThat(udhcpc("dhc0")).contains("lease of 10.77.0.53 obtained");
  }

  @Test
  void dhcpcd_gets_an_address_and_gives_it_back() throws Exception {
    assumeTrue(Namespaces.have("dhcpcd"), "needs dhcpcd");
    street.server(CONFIG);
    var conf = folder.resolve("dhcpcd.conf");
    Files.writeString(conf, "duid\nipv4only\nnoipv4ll\nscript /bin/true\n");
    var log = folder.resolve("dhcpcd.log");
    var process =
        street.client(log, "dhcpcd", "-4", "-B", "-d", "-p", "-f", conf.toString(), Street.NIC);
    Wait.until(
        Duration.ofSeconds(40),
        () -> Namespaces.read(log).contains("leased 10.77.0.50") ? "" : Namespaces.read(log));
    process.destroy();
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  /** The load generator of Kea, as a relay: it checks each reply against its question. */
  @Test
  void a_hundred_clients_of_perfdhcp_are_all_served() throws Exception {
    assumeTrue(Namespaces.have("perfdhcp"), "needs perfdhcp");
    street.ip(Street.CLIENT, "addr add 10.77.0.2/24 dev dhc0");
    street.server("conflict-check: 0s\n" + CONFIG);
    var log = folder.resolve("perfdhcp.log");
    var process =
        street.client(
            log,
            "perfdhcp",
            "-4",
            "-r",
            "50",
            "-R",
            "100",
            "-n",
            "100",
            "-d",
            "10",
            "-W",
            "5000000",
            "-l",
            "10.77.0.2",
            "10.77.0.1");
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(Namespaces.read(log)).isTrue();
    var said = Namespaces.read(log);
    assertThat(said.split("received packets: 100", -1)).as(said).hasSize(3);
    assertThat(said).contains("orphans: 0").doesNotContain("non unique addresses: 1");
  }
}
