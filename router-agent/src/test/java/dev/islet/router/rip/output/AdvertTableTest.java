package dev.islet.router.rip.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.RipSettings.Horizon;
import dev.islet.router.model.Route;
import dev.islet.router.rip.wire.Ipv4;
import dev.islet.router.rip.wire.RipEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdvertTableTest {
  private static final Prefix LAN = Prefix.parse("192.168.7.0/24");
  private static final Prefix FAR = Prefix.parse("10.0.0.0/8");
  private final AdvertTable table = new AdvertTable();

  private static RipSettings.Port port(String nic, Horizon horizon) {
    return new RipSettings.Port(nic, false, 1, horizon, new RipAuth.Open(), List.of());
  }

  private static Route learned(int metric) {
    return route(
        FAR, Origin.RIP, metric, new Hop.Via(Ipv4.address(0xC0A80702), Optional.of("eth0")));
  }

  private static Route route(Prefix prefix, Origin origin, int metric, Hop hop) {
    return new Route(prefix, List.of(hop), origin, "x", origin.distance(), metric, 9);
  }

  private List<RipEntry> told(String nic, Horizon horizon) {
    return table.entries(port(nic, horizon), LAN, false);
  }

  @Test
  void where_it_was_learned_it_is_told_as_poison() {
    table.tell(learned(3), 3);
    assertThat(told("eth1", Horizon.POISON)).containsExactly(RipEntry.of(FAR, 9, 0, 3));
    assertThat(told("eth0", Horizon.POISON)).containsExactly(RipEntry.of(FAR, 9, 0, 16));
    assertThat(told("eth0", Horizon.SIMPLE)).isEmpty();
    assertThat(told("eth0", Horizon.OFF)).containsExactly(RipEntry.of(FAR, 9, 0, 3));
  }

  @Test
  void a_network_is_not_told_of_itself() {
    table.tell(route(LAN, Origin.CONNECTED, 0, new Hop.Dev("eth0")), 1);
    assertThat(told("eth0", Horizon.POISON)).isEmpty();
    assertThat(table.entries(port("eth1", Horizon.POISON), Prefix.parse("10.1.0.0/16"), false))
        .containsExactly(RipEntry.of(LAN, 9, 0, 1));
  }

  @Test
  void a_static_gateway_of_the_same_network_is_named_as_next_hop() {
    var gateway = new Hop.Via(Ipv4.address(0xC0A80709), Optional.of("eth0"));
    table.tell(route(FAR, Origin.STATIC, 0, gateway), 2);
    assertThat(told("eth0", Horizon.POISON)).containsExactly(RipEntry.of(FAR, 9, 0xC0A80709, 2));
    assertThat(told("eth1", Horizon.POISON)).containsExactly(RipEntry.of(FAR, 9, 0, 2));
  }

  @Test
  void only_what_has_changed_is_in_a_triggered_update() {
    table.tell(learned(3), 3);
    assertThat(table.changed()).isTrue();
    table.settle();
    table.tell(learned(3), 3);
    assertThat(table.changed()).isFalse();
    table.tell(learned(4), 4);
    assertThat(table.entries(port("eth1", Horizon.POISON), LAN, true)).hasSize(1);
    table.settle();
    assertThat(table.entries(port("eth1", Horizon.POISON), LAN, true)).isEmpty();
  }

  @Test
  void what_is_lost_is_told_for_a_while_and_then_forgotten() {
    table.poison(FAR, 100);
    assertThat(table.list()).as("what was never told need not be poisoned").isEmpty();
    table.tell(learned(3), 3);
    table.poison(FAR, 100);
    table.poison(FAR, 200);
    assertThat(table.deadline()).isEqualTo(100);
    assertThat(told("eth1", Horizon.POISON)).containsExactly(RipEntry.of(FAR, 9, 0, 16));
    table.expire(99);
    assertThat(table.list()).hasSize(1);
    table.expire(100);
    assertThat(table.list()).isEmpty();
  }

  @Test
  void what_returns_is_told_again() {
    table.tell(learned(3), 3);
    table.poison(FAR, 100);
    table.settle();
    table.tell(learned(3), 3);
    assertThat(table.changed()).isTrue();
    table.expire(100);
    assertThat(table.find(FAR).orElseThrow().metric()).isEqualTo(3);
  }
}
