package dev.islet.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.HostPort;
import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import dev.islet.core.service.HeldPort;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Obstacles and their fixes: facts handed in, and read from files as a Pi has them. */
class DoctorTest {
  private static final Path PI = Path.of("../config/pi").toAbsolutePath().normalize();
  private static final Instant NOW = Instant.parse("2026-12-24T18:00:00Z");

  @TempDir Path root;

  private static Nic nic(int index, String name, boolean up, String... addresses) {
    return new Nic(
        index,
        name,
        new MacAddress(index),
        1500,
        up,
        Arrays.stream(addresses)
            .map(a -> new Nic.NicAddress(InetAddress.ofLiteral(a), 24))
            .toList());
  }

  private static final List<Nic> GOOD =
      List.of(
          nic(1, "lo", true, "127.0.0.1"),
          nic(2, "eth0", true, "192.168.7.1"),
          nic(3, "eth1", true, "10.0.0.2"));

  private static Facts facts(List<HeldPort> held, List<Nic> nics, Map<String, String> leases) {
    return new Facts(
        held,
        nics,
        false,
        1024,
        Optional.of(true),
        Optional.of(true),
        NOW,
        Optional.empty(),
        Optional.of(0),
        leases);
  }

  private static List<Needs> pi() {
    return Arrays.stream(Kind.values()).map(kind -> Needs.of(kind, kind.file(PI))).toList();
  }

  private static HeldPort held(boolean udp, String address, String name, String command) {
    return new HeldPort(
        udp, HostPort.parse(address), Optional.of(new HeldPort.Holder(312, name, command)));
  }

  @Test
  void a_board_in_order_has_no_findings() {
    assertThat(Doctor.examine(pi(), facts(List.of(), GOOD, Map.of()))).isEmpty();
  }

  @Test
  void the_stub_of_systemd_resolved_is_named_once_with_the_way_to_free_the_port() {
    var stub = "/usr/lib/systemd/systemd-resolved";
    var findings =
        Doctor.examine(
            pi(),
            facts(
                List.of(
                    held(true, "127.0.0.53:53", "systemd-resolve", stub),
                    held(false, "127.0.0.53:53", "systemd-resolve", stub)),
                GOOD,
                Map.of()));
    assertThat(findings)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.blocks()).isTrue();
              assertThat(finding.what())
                  .contains(
                      "systemd-resolve (pid 312)", "dns wants udp 0.0.0.0:53", "tcp 0.0.0.0:53");
              assertThat(finding.fix())
                  .contains("DNSStubListener=no", "systemctl restart systemd-resolved");
            });
  }

  @Test
  void a_port_that_islet_itself_has_is_no_finding_and_a_strangers_is() {
    var ours = held(false, "0.0.0.0:80", "java", "java -cp x dev.islet.launcher.Islet up");
    assertThat(Doctor.examine(pi(), facts(List.of(ours), GOOD, Map.of()))).isEmpty();
    var theirs = new HeldPort(false, HostPort.parse("0.0.0.0:80"), Optional.empty());
    assertThat(Doctor.examine(pi(), facts(List.of(theirs), GOOD, Map.of())))
        .singleElement()
        .satisfies(f -> assertThat(f.fix()).contains("ss -Hlnpt 'sport = :80'"));
  }

  @Test
  void interfaces_that_are_missing_down_or_without_address_are_told_with_those_there_are() {
    var renamed = List.of(GOOD.get(0), nic(2, "end0", true, "192.168.7.1"), GOOD.get(2));
    assertThat(Doctor.examine(pi(), facts(List.of(), renamed, Map.of())))
        .satisfiesExactly(
            f -> {
              assertThat(f.blocks()).isTrue();
              assertThat(f.what()).isEqualTo("dhcp serves eth0, which this machine does not have");
              assertThat(f.fix()).contains("[end0, eth1]", "dhcp.yaml");
            },
            f -> assertThat(f.blocks()).as("a router waits for its interface").isFalse());
    var down = List.of(GOOD.get(0), nic(2, "eth0", false, "192.168.7.1"), GOOD.get(2));
    assertThat(Doctor.examine(pi(), facts(List.of(), down, Map.of())).getFirst().fix())
        .isEqualTo("sudo ip link set eth0 up");
    var bare = List.of(GOOD.get(0), nic(2, "eth0", true, "fe80::1"), GOOD.get(2));
    assertThat(Doctor.examine(pi(), facts(List.of(), bare, Map.of())).getFirst().id())
        .isEqualTo("DOCTOR-NIC-ADDRESS");
  }

  @Test
  void another_dhcp_server_on_the_same_interface_is_a_rival() {
    assertThat(Doctor.examine(pi(), facts(List.of(), GOOD, Map.of("eth0", "192.168.7.254"))))
        .singleElement()
        .satisfies(f -> assertThat(f.what()).contains("eth0", "192.168.7.254"));
    assertThat(Doctor.examine(pi(), facts(List.of(), GOOD, Map.of("eth1", "10.0.0.1")))).isEmpty();
  }

  @Test
  void an_address_that_no_interface_has_blocks() throws Exception {
    var file = root.resolve("ftp.yaml");
    Files.writeString(file, "listen: 192.168.9.9:21\n");
    assertThat(Doctor.examine(List.of(Needs.of(Kind.FTP, file)), facts(List.of(), GOOD, Map.of())))
        .singleElement()
        .satisfies(f -> assertThat(f.id()).isEqualTo("DOCTOR-ADDRESS"));
  }

  /** A Pi as it comes: no memory cgroup, no clock, too little power, leases of the old router. */
  @Test
  void facts_are_read_from_the_files_of_a_pi() throws Exception {
    write("proc/self/status", "Name:\tjava\nCapEff:\t0000000000000000\n");
    write("proc/sys/net/ipv4/ip_unprivileged_port_start", "1024\n");
    write("proc/sys/net/ipv4/ip_forward", "0\n");
    write("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
    write("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids\n");
    write("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
    write("run/systemd/netif/leases/2", "ADDRESS=192.168.7.23\nSERVER_ADDRESS=192.168.7.254\n");
    write(
        "var/lib/dhcp/dhclient.eth1.leases",
        "lease {\n  interface \"eth1\";\n  option dhcp-server-identifier 10.0.0.1;\n}\n"
            + "lease {\n  interface \"eth1\";\n  option dhcp-server-identifier 10.0.0.9;\n}\n");

    var facts = FactReader.read(root, GOOD, Instant.parse("1970-01-01T00:01:00Z"));

    assertThat(facts.leases()).isEqualTo(Map.of("eth0", "192.168.7.254", "eth1", "10.0.0.9"));
    var ids = Doctor.examine(pi(), facts).stream().map(Finding::id).toList();
    assertThat(ids)
        .containsExactlyInAnyOrder(
            "DOCTOR-RIGHTS",
            "DOCTOR-RIVAL",
            "DOCTOR-POWER",
            "DOCTOR-FORWARD",
            "DOCTOR-CGROUP",
            "DOCTOR-CLOCK");
    assertThat(Doctor.text(Doctor.examine(pi(), facts)))
        .contains("Raspberry Pi 4", "cmdline.txt", "timedatectl", "BLOCKS DOCTOR-POWER");
  }

  @Test
  void a_machine_that_tells_nothing_has_no_findings_of_that_kind() {
    var facts = FactReader.read(root, GOOD, NOW);
    assertThat(facts.memoryCgroup()).isEmpty();
    assertThat(facts.power()).isEmpty();
    assertThat(Doctor.examine(pi(), facts)).isEmpty();
  }

  private void write(String file, String text) throws Exception {
    var path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
