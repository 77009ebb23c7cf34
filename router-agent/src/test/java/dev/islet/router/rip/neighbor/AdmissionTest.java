package dev.islet.router.rip.neighbor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.RouteFilter;
import dev.islet.router.rip.neighbor.EntryCheck.Checked;
import dev.islet.router.rip.wire.Ipv4;
import dev.islet.router.rip.wire.Parsed;
import dev.islet.router.rip.wire.Proof;
import dev.islet.router.rip.wire.RipEntry;
import dev.islet.router.rip.wire.RipMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final List<LinkAddress> OWN =
      List.of(new LinkAddress(2, ip("192.168.7.1"), 24), new LinkAddress(2, ip("172.16.0.1"), 20));

  private static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static RipSettings.Port port(RipAuth auth) {
    return new RipSettings.Port("eth0", false, 1, RipSettings.Horizon.POISON, auth, List.of());
  }

  private static RipSettings settings(boolean acceptV1) {
    return new RipSettings(
        List.of(port(new RipAuth.Open())),
        520,
        Duration.ofSeconds(30),
        Duration.ofSeconds(180),
        Duration.ofSeconds(120),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Set.of(),
        1,
        acceptV1,
        100,
        120,
        RouteFilter.ALL,
        RouteFilter.ALL);
  }

  private static Optional<String> refusal(
      boolean acceptV1, RipMessage.Command command, int version, String from, int port) {
    return Gate.refusal(
        settings(acceptV1),
        port(new RipAuth.Open()),
        OWN,
        new InetSocketAddress(ip(from), port),
        new Parsed.Good(new RipMessage(command, version, List.of()), new Proof.Absent()));
  }

  @Test
  void only_routers_of_a_connected_network_are_heard() {
    var response = RipMessage.Command.RESPONSE;
    assertThat(refusal(false, response, 2, "192.168.7.2", 520)).isEmpty();
    assertThat(refusal(false, response, 2, "172.16.15.2", 520)).isEmpty();
    assertThat(refusal(false, response, 2, "192.168.8.2", 520))
        .contains("sender not on a connected network");
    assertThat(refusal(false, response, 2, "192.168.7.1", 520))
        .contains("sender not on a connected network");
    assertThat(refusal(false, response, 2, "192.168.7.2", 5200))
        .contains("response not from the RIP port");
    assertThat(refusal(false, RipMessage.Command.REQUEST, 2, "192.168.7.2", 5200)).isEmpty();
  }

  @Test
  void version_1_is_heard_only_if_configured() {
    var response = RipMessage.Command.RESPONSE;
    assertThat(refusal(false, response, 1, "192.168.7.2", 520)).contains("version 1 not accepted");
    assertThat(refusal(true, response, 1, "192.168.7.2", 520)).isEmpty();
  }

  @Test
  void a_version_1_message_cannot_pass_where_authentication_is_demanded() {
    var refused =
        Gate.refusal(
            settings(true),
            port(new RipAuth.Password("secret")),
            OWN,
            new InetSocketAddress(ip("192.168.7.2"), 520),
            new Parsed.Good(
                new RipMessage(RipMessage.Command.RESPONSE, 1, List.of()), new Proof.Absent()));
    assertThat(refused).contains("password missing");
  }

  private static Checked check(int version, String address, int length, String hop, int metric) {
    return EntryCheck.check(
        new RipEntry(2, 5, Ipv4.bits(ip(address)), Ipv4.mask(length), Ipv4.bits(ip(hop)), metric),
        version,
        OWN,
        ip("192.168.7.2"));
  }

  @Test
  void good_entries_become_routes() {
    assertThat(check(2, "10.20.0.0", 16, "0.0.0.0", 3))
        .isEqualTo(new Checked.Valid(Prefix.parse("10.20.0.0/16"), ip("192.168.7.2"), 3, 5));
    assertThat(check(2, "0.0.0.0", 0, "0.0.0.0", 16))
        .isEqualTo(new Checked.Valid(Prefix.parse("0.0.0.0/0"), ip("192.168.7.2"), 16, 5));
  }

  @Test
  void a_next_hop_counts_only_if_it_is_on_the_same_network() {
    assertThat(check(2, "10.0.0.0", 8, "192.168.7.9", 1))
        .isEqualTo(new Checked.Valid(Prefix.parse("10.0.0.0/8"), ip("192.168.7.9"), 1, 5));
    assertThat(check(2, "10.0.0.0", 8, "203.0.113.9", 1))
        .isEqualTo(new Checked.Valid(Prefix.parse("10.0.0.0/8"), ip("192.168.7.2"), 1, 5));
    assertThat(check(2, "10.0.0.0", 8, "192.168.7.1", 1))
        .isEqualTo(new Checked.Bad("next hop is this router"));
  }

  @Test
  void nonsense_is_refused() {
    assertThat(check(2, "10.0.0.0", 8, "0.0.0.0", 0))
        .isEqualTo(new Checked.Bad("metric not from 1 to 16"));
    assertThat(check(2, "10.0.0.0", 8, "0.0.0.0", 17))
        .isEqualTo(new Checked.Bad("metric not from 1 to 16"));
    assertThat(check(2, "10.0.0.0", 8, "0.0.0.0", -1))
        .isEqualTo(new Checked.Bad("metric not from 1 to 16"));
    for (var martian : List.of("127.0.0.0", "224.0.0.0", "240.0.0.0", "0.1.0.0")) {
      assertThat(check(2, martian, 16, "0.0.0.0", 1))
          .as(martian)
          .isEqualTo(new Checked.Bad("not a unicast destination"));
    }
    assertThat(check(2, "10.20.0.1", 16, "0.0.0.0", 1)).isEqualTo(new Checked.Bad("host bits set"));
    assertThat(check(2, "0.0.0.0", 8, "0.0.0.0", 1))
        .isEqualTo(new Checked.Bad("not a unicast destination"));
    var holes = new RipEntry(2, 0, 0x0A000000, 0xFF00FF00, 0, 1);
    assertThat(EntryCheck.check(holes, 2, OWN, ip("192.168.7.2")))
        .isEqualTo(new Checked.Bad("mask with holes"));
    var other = new RipEntry(9, 0, 0x0A000000, 0xFF000000, 0, 1);
    assertThat(EntryCheck.check(other, 2, OWN, ip("192.168.7.2")))
        .isEqualTo(new Checked.Bad("not IPv4"));
  }

  @Test
  void without_a_mask_the_rule_of_version_1_holds() {
    assertThat(check(1, "10.0.0.0", 0, "0.0.0.0", 1))
        .isEqualTo(new Checked.Valid(Prefix.parse("10.0.0.0/8"), ip("192.168.7.2"), 1, 5));
    assertThat(check(2, "192.0.2.0", 0, "0.0.0.0", 1))
        .isEqualTo(new Checked.Valid(Prefix.parse("192.0.2.0/24"), ip("192.168.7.2"), 1, 5));
    // The same classful network as our own 172.16.0.1/20: our mask.
    assertThat(check(1, "172.16.32.0", 0, "0.0.0.0", 1))
        .isEqualTo(new Checked.Valid(Prefix.parse("172.16.32.0/20"), ip("192.168.7.2"), 1, 5));
    assertThat(check(1, "10.1.2.3", 0, "0.0.0.0", 1))
        .isEqualTo(new Checked.Valid(Prefix.parse("10.1.2.3/32"), ip("192.168.7.2"), 1, 5));
  }

  @Test
  void a_sequence_number_may_not_go_back_until_the_neighbour_is_forgotten() {
    var table = new NeighborTable();
    var who = ip("192.168.7.2");
    assertThat(table.heard(0, "eth0", who, 2, digest(10))).isEqualTo(NeighborTable.Heard.NEW);
    assertThat(table.heard(1, "eth0", who, 2, digest(10))).isEqualTo(NeighborTable.Heard.KNOWN);
    assertThat(table.heard(2, "eth0", who, 2, digest(9))).isEqualTo(NeighborTable.Heard.REPLAYED);
    assertThat(table.list().getFirst().badMessages()).isEqualTo(1);
    assertThat(table.deadline(100)).isEqualTo(101);
    assertThat(table.expire(1)).containsExactly(who);
    assertThat(table.heard(3, "eth0", who, 2, digest(1))).isEqualTo(NeighborTable.Heard.NEW);
  }

  @Test
  void the_table_of_neighbours_is_bounded() {
    var table = new NeighborTable();
    for (int i = 0; i < NeighborTable.LIMIT; i++) {
      table.heard(0, "eth0", Ipv4.address(i), 2, new Proof.Absent());
    }
    assertThat(table.heard(0, "eth0", Ipv4.address(-1), 2, new Proof.Absent()))
        .isEqualTo(NeighborTable.Heard.UNLISTED);
    assertThat(table.drop("eth0")).hasSize(NeighborTable.LIMIT);
  }

  private static Proof digest(long sequence) {
    return new Proof.Digest(1, sequence, new byte[0], new byte[0]);
  }
}
