package dev.islet.router.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.router.iface.IfaceTable;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.Origin;
import dev.islet.router.model.Route;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RibTest {
  private static final Prefix FAR = Prefix.parse("10.0.0.0/8");
  private final IfaceTable ifaces = new IfaceTable();
  private final List<Rib.Change> changes = new ArrayList<>();
  private final Rib rib = new Rib(ifaces, changes::add);

  private static InetAddress ip(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Link link(int index, boolean up) {
    return new Link(index, "eth" + index, up, 1500, new MacAddress(index));
  }

  private static Hop via(String gateway) {
    return new Hop.Via(ip(gateway), Optional.empty());
  }

  private static Route route(Origin origin, String id, int distance, int metric, Hop... hops) {
    return new Route(FAR, Arrays.asList(hops), origin, id, distance, metric, 0);
  }

  private Optional<String> best() {
    return rib.best(FAR).map(r -> r.id() + " " + r.via());
  }

  private String why(String id) {
    return rib.candidates().stream()
        .filter(c -> c.route().id().equals(id))
        .findFirst()
        .orElseThrow()
        .why();
  }

  @BeforeEach
  void two_interfaces() {
    ifaces.seen(link(1, true));
    ifaces.seen(link(2, true));
    ifaces.seen(new LinkAddress(1, ip("192.168.7.1"), 24));
    ifaces.seen(new LinkAddress(2, ip("192.168.8.1"), 24));
  }

  @Test
  void the_smaller_distance_wins_then_the_smaller_metric() {
    rib.announce(route(Origin.RIP, "a", 120, 5, via("192.168.7.2")));
    assertThat(best()).contains("a 192.168.7.2 on eth1");
    rib.announce(route(Origin.RIP, "b", 120, 3, via("192.168.8.2")));
    assertThat(best()).contains("b 192.168.8.2 on eth2");
    rib.announce(route(Origin.STATIC, "c", 1, 0, via("192.168.7.9")));
    assertThat(best()).contains("c 192.168.7.9 on eth1");
    assertThat(why("a")).isEqualTo("distance 120 loses to 1");
    rib.withdraw(FAR, Origin.STATIC, "c");
    assertThat(best()).contains("b 192.168.8.2 on eth2");
    assertThat(why("a")).isEqualTo("metric 5 loses to 3");
    assertThat(why("b")).isEqualTo("the best of several");
  }

  @Test
  void the_choice_does_not_depend_on_who_came_first() {
    rib.announce(route(Origin.STATIC, "b", 1, 0, via("192.168.8.2")));
    rib.announce(route(Origin.STATIC, "a", 1, 0, via("192.168.7.2")));
    assertThat(best()).contains("a 192.168.7.2 on eth1");
    assertThat(why("b")).isEqualTo("equal, but STATIC a comes first in order");
  }

  @Test
  void a_gateway_that_cannot_be_reached_makes_way_for_the_spare_route() {
    rib.announce(route(Origin.STATIC, "main", 1, 0, via("192.168.7.2")));
    rib.announce(route(Origin.STATIC, "spare", 200, 0, via("192.168.8.2")));
    changes.clear();
    ifaces.seen(link(1, false));
    rib.refresh();
    assertThat(best()).contains("spare 192.168.8.2 on eth2");
    assertThat(why("main")).isEqualTo("192.168.7.2 lies in no connected network that is up");
    assertThat(changes).hasSize(1);
    ifaces.seen(link(1, true));
    rib.refresh();
    assertThat(best()).contains("main 192.168.7.2 on eth1");
  }

  @Test
  void several_gateways_share_and_those_that_fail_drop_out() {
    rib.announce(route(Origin.STATIC, "both", 1, 0, via("192.168.7.2"), via("192.168.8.2")));
    assertThat(best()).contains("both 192.168.7.2 on eth1, 192.168.8.2 on eth2");
    ifaces.seen(link(2, false));
    rib.refresh();
    assertThat(best()).contains("both 192.168.7.2 on eth1");
  }

  @Test
  void our_own_address_is_no_gateway() {
    rib.announce(route(Origin.STATIC, "self", 1, 0, via("192.168.7.1")));
    assertThat(best()).isEmpty();
    assertThat(why("self")).isEqualTo("192.168.7.1 is an address of this machine");
  }

  @Test
  void distance_255_is_never_used() {
    rib.announce(route(Origin.STATIC, "never", 255, 0, via("192.168.7.2")));
    assertThat(best()).isEmpty();
    assertThat(why("never")).isEqualTo("distance 255 is never used");
  }

  @Test
  void changes_are_told_once() {
    var same = route(Origin.RIP, "a", 120, 5, via("192.168.7.2"));
    rib.announce(same);
    rib.announce(same);
    rib.withdraw(FAR, Origin.RIP, "a");
    rib.withdraw(FAR, Origin.RIP, "a");
    assertThat(changes).hasSize(2);
    assertThat(changes.getLast().after()).isEmpty();
    assertThat(rib.size()).isZero();
  }

  @Test
  void replacing_all_routes_of_an_origin_touches_only_what_differs() {
    rib.replaceAll(Origin.CONNECTED, ifaces.connected());
    assertThat(changes).hasSize(2);
    changes.clear();
    rib.replaceAll(Origin.CONNECTED, ifaces.connected());
    assertThat(changes).isEmpty();
    ifaces.gone(2);
    rib.replaceAll(Origin.CONNECTED, ifaces.connected());
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst().prefix()).isEqualTo(Prefix.parse("192.168.8.0/24"));
  }

  @Test
  void loopback_and_link_local_networks_are_not_routes() {
    ifaces.seen(new LinkAddress(1, ip("127.0.0.1"), 8));
    ifaces.seen(new LinkAddress(1, ip("fe80::1"), 64));
    ifaces.seen(new LinkAddress(1, ip("2001:db8::1"), 64));
    assertThat(ifaces.connected())
        .extracting(r -> r.prefix().toString())
        .containsExactlyInAnyOrder(
            "192.168.7.0/24", "192.168.8.0/24", Prefix.parse("2001:db8::/64").toString());
  }
}
