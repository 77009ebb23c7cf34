package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.NetworkNamespaces.A;
import static dev.islet.core.net.socket.NetworkNamespaces.B;
import static dev.islet.core.net.socket.NetworkNamespaces.in;
import static dev.islet.core.net.socket.NetworkNamespaces.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routes written by us and read by {@code ip -j route}, and the other way round. */
class NetlinkTest {
  private static final int OURS = 114;
  private static final InetAddress GATEWAY = InetAddress.ofLiteral("10.1.0.9");
  private static final InetAddress OTHER = InetAddress.ofLiteral("10.1.0.8");
  private static final InetAddress GATEWAY6 = InetAddress.ofLiteral("fd00::9");
  private static final InetAddress OTHER6 = InetAddress.ofLiteral("fd00::8");

  private static NetworkNamespaces namespaces;
  private Netlink netlink;
  private int left;

  @BeforeAll
  static void cable() throws Exception {
    namespaces = NetworkNamespaces.create();
    run("ip -n " + A + " addr add 10.1.0.1/24 dev left");
    run("ip -n " + A + " addr add fd00::1/64 dev left nodad");
  }

  @AfterAll
  static void remove() throws Exception {
    if (namespaces != null) {
      namespaces.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    netlink = in(A, Netlink::open);
    left =
        netlink.links().stream()
            .filter(l -> l.name().equals("left"))
            .findFirst()
            .orElseThrow()
            .index();
  }

  @AfterEach
  void close() throws Exception {
    var rest = new ArrayList<NetlinkChange>();
    netlink.routes(NetlinkRoute.MAIN, OURS).forEach(r -> rest.add(new NetlinkChange.Delete(r)));
    netlink.apply(rest);
    netlink.close();
  }

  private static NetlinkRoute route(
      String prefix, NetlinkRoute.Kind kind, NetlinkRoute.Hop... hops) {
    return new NetlinkRoute(Prefix.parse(prefix), NetlinkRoute.MAIN, OURS, 20, kind, List.of(hops));
  }

  private static NetlinkRoute via(String prefix, InetAddress gateway, int nic) {
    return route(prefix, NetlinkRoute.Kind.UNICAST, NetlinkRoute.Hop.via(gateway, nic));
  }

  private List<Netlink.Failure> add(NetlinkRoute... routes) throws Exception {
    var changes = new ArrayList<NetlinkChange>();
    for (var route : routes) {
      changes.add(new NetlinkChange.Add(route));
    }
    return netlink.apply(changes);
  }

  /** What {@code ip -j route} says: destination, kind, then gateways with their weights. */
  private static Set<String> asIpTells(String family) throws Exception {
    var json = run("ip -n " + A + " -d -j " + family + " route show proto " + OURS);
    var routes = new TreeSet<String>();
    for (var object : json.split("\\{\"type\"")) {
      var dst = Pattern.compile("\"dst\":\"([^\"]+)\"").matcher(object);
      if (!dst.find()) {
        continue;
      }
      assertThat(object).contains("\"metric\":20");
      var text = new StringBuilder(object.replaceFirst("(?s)^:\"(\\w+)\".*", "$1"));
      text.append(' ').append(dst.group(1));
      var gateway = Pattern.compile("\"gateway\":\"([^\"]+)\"").matcher(object);
      while (gateway.find()) {
        text.append(' ').append(gateway.group(1));
      }
      routes.add(text.toString());
    }
    return routes;
  }

  @Test
  void routes_of_all_kinds_are_as_ip_tells_them() throws Exception {
    var four =
        new NetlinkRoute[] {
          via("10.9.0.0/16", GATEWAY, left),
          route(
              "10.10.0.0/16",
              NetlinkRoute.Kind.UNICAST,
              NetlinkRoute.Hop.via(GATEWAY, left),
              NetlinkRoute.Hop.via(OTHER, left)),
          route("10.11.0.0/16", NetlinkRoute.Kind.UNICAST, NetlinkRoute.Hop.on(left)),
          route("10.12.0.0/16", NetlinkRoute.Kind.BLACKHOLE),
          route("10.13.0.0/16", NetlinkRoute.Kind.UNREACHABLE),
          route("10.14.0.0/16", NetlinkRoute.Kind.PROHIBIT)
        };
    assertThat(add(four)).isEmpty();
    assertThat(asIpTells("-4"))
        .containsExactlyInAnyOrder(
            "unicast 10.9.0.0/16 10.1.0.9",
            "unicast 10.10.0.0/16 10.1.0.9 10.1.0.8",
            "unicast 10.11.0.0/16",
            "blackhole 10.12.0.0/16",
            "unreachable 10.13.0.0/16",
            "prohibit 10.14.0.0/16");
    assertThat(netlink.routes(NetlinkRoute.MAIN, OURS)).containsExactlyInAnyOrder(four);

    var six =
        new NetlinkRoute[] {
          via("fd01::/64", GATEWAY6, left),
          route(
              "fd02::/64",
              NetlinkRoute.Kind.UNICAST,
              NetlinkRoute.Hop.via(GATEWAY6, left),
              NetlinkRoute.Hop.via(OTHER6, left)),
          route("fd03::/64", NetlinkRoute.Kind.BLACKHOLE)
        };
    assertThat(add(six)).isEmpty();
    assertThat(asIpTells("-6"))
        .containsExactlyInAnyOrder(
            "unicast fd01::/64 fd00::9",
            "unicast fd02::/64 fd00::9 fd00::8",
            "blackhole fd03::/64");
    assertThat(netlink.routes(NetlinkRoute.MAIN, OURS)).contains(six);
  }

  @Test
  void a_route_is_replaced_in_its_place() throws Exception {
    add(via("10.9.0.0/16", GATEWAY, left), via("fd01::/64", GATEWAY6, left));
    var both =
        route(
            "fd01::/64",
            NetlinkRoute.Kind.UNICAST,
            NetlinkRoute.Hop.via(GATEWAY6, left),
            NetlinkRoute.Hop.via(OTHER6, left));
    assertThat(
            netlink.apply(
                List.of(
                    new NetlinkChange.Replace(via("10.9.0.0/16", OTHER, left)),
                    new NetlinkChange.Replace(both))))
        .isEmpty();
    assertThat(asIpTells("-4")).containsExactly("unicast 10.9.0.0/16 10.1.0.8");
    assertThat(asIpTells("-6")).containsExactly("unicast fd01::/64 fd00::9 fd00::8");
    netlink.apply(List.of(new NetlinkChange.Replace(via("fd01::/64", OTHER6, left))));
    assertThat(asIpTells("-6")).containsExactly("unicast fd01::/64 fd00::8");
  }

  @Test
  void refusals_carry_the_kernels_explanation_and_do_not_stop_the_others() throws Exception {
    var failures =
        add(
            via("10.9.0.0/16", GATEWAY, left),
            via("10.9.0.0/16", OTHER, left),
            via("10.10.0.0/16", InetAddress.ofLiteral("99.9.9.9"), left),
            via("10.11.0.0/16", GATEWAY, left));
    assertThat(failures).extracting(Netlink.Failure::index).containsExactly(1, 2);
    assertThat(failures.get(0).why().errno()).isEqualTo(NetlinkException.EEXIST);
    assertThat(failures.get(1).why()).hasMessageContaining("Nexthop has invalid gateway");
    assertThat(asIpTells("-4")).hasSize(2);
    var gone = netlink.apply(List.of(new NetlinkChange.Delete(via("10.77.0.0/16", GATEWAY, left))));
    assertThat(gone.getFirst().why().errno()).isEqualTo(NetlinkException.ESRCH);
  }

  @Test
  void a_deletion_spares_routes_of_others() throws Exception {
    run("ip -n " + A + " route add 10.9.0.0/16 via 10.1.0.8 metric 20 proto static");
    var failures =
        netlink.apply(List.of(new NetlinkChange.Delete(via("10.9.0.0/16", GATEWAY, left))));
    assertThat(failures.getFirst().why().errno()).isEqualTo(NetlinkException.ESRCH);
    assertThat(run("ip -n " + A + " route show 10.9.0.0/16")).contains("10.1.0.8");
    run("ip -n " + A + " route del 10.9.0.0/16");
  }

  @Test
  void thousands_go_in_batches() throws Exception {
    var routes = new NetlinkRoute[3_000];
    for (int i = 0; i < routes.length; i++) {
      routes[i] = via("40." + (i >> 8) + "." + (i & 255) + ".0/24", GATEWAY, left);
    }
    assertThat(add(routes)).isEmpty();
    assertThat(netlink.routes(NetlinkRoute.MAIN, OURS)).containsExactlyInAnyOrder(routes);
    assertThat(add(routes)).as("each refusal is told").hasSize(3_000);
    assertThat(asIpTells("-4")).hasSize(3_000);
  }

  @Test
  void an_unused_table_is_empty() throws Exception {
    assertThat(netlink.routes(4711, 0)).isEmpty();
  }

  @Test
  void links_and_addresses_are_as_ip_tells_them() throws Exception {
    var addresses =
        netlink.addresses().stream()
            .filter(a -> a.nic() == left)
            .map(a -> a.address().getHostAddress() + " in " + a.network())
            .toList();
    assertThat(addresses).contains("10.1.0.1 in 10.1.0.0/24");
    var link = netlink.links().stream().filter(l -> l.index() == left).findFirst().orElseThrow();
    assertThat(link.carrier()).isTrue();
    assertThat(link.mtu()).isEqualTo(1500);
    assertThat(link.mac()).hasToString("02:00:00:00:00:0a");
  }

  @Test
  void events_are_told_as_they_happen() throws Exception {
    try (var watch = in(A, NetlinkWatch::open)) {
      run("ip -n " + A + " addr add 10.2.0.1/24 dev left");
      await(
          watch,
          e ->
              e instanceof NetlinkEvent.AddressSeen(var a)
                  && a.address().equals(InetAddress.ofLiteral("10.2.0.1")));
      run("ip -n " + A + " route add 10.9.0.0/16 via 10.2.0.9 proto static");
      await(
          watch,
          e ->
              e instanceof NetlinkEvent.RouteSeen(var r)
                  && r.destination().equals(Prefix.parse("10.9.0.0/16"))
                  && r.protocol() == 4);
      run("ip -n " + A + " route del 10.9.0.0/16");
      await(
          watch,
          e ->
              e instanceof NetlinkEvent.RouteGone(var r)
                  && r.destination().equals(Prefix.parse("10.9.0.0/16")));
      run("ip -n " + A + " addr del 10.2.0.1/24 dev left");
      await(watch, NetlinkEvent.AddressGone.class::isInstance);
      run("ip -n " + B + " link set right down");
      await(watch, e -> e instanceof NetlinkEvent.LinkSeen(var l) && !l.carrier());
      run("ip -n " + B + " link set right up");
      await(watch, e -> e instanceof NetlinkEvent.LinkSeen(var l) && l.carrier());
    }
  }

  @Test
  void neighbours_are_told_and_listed_with_their_hardware_address() throws Exception {
    var wanted =
        new NetlinkNeighbor(
            left, InetAddress.ofLiteral("10.1.0.2"), MacAddress.parse("02:00:00:00:00:0b"));
    run("ip -n " + B + " addr add 10.1.0.2/24 dev right");
    try (var watch = in(A, NetlinkWatch::openNeighbors)) {
      assertThat(netlink.neighbors()).doesNotContain(wanted);
      run("ip netns exec " + B + " ping -c 1 -W 5 10.1.0.1");
      await(watch, new NetlinkEvent.NeighborSeen(wanted)::equals);
      assertThat(netlink.neighbors()).contains(wanted);
      run("ip -n " + A + " neigh flush all");
      assertThat(netlink.neighbors()).doesNotContain(wanted);
    } finally {
      run("ip -n " + B + " addr del 10.1.0.2/24 dev right");
    }
  }

  private static void await(NetlinkWatch watch, Predicate<NetlinkEvent> wanted) throws Exception {
    long end = System.nanoTime() + 5_000_000_000L;
    while (System.nanoTime() < end) {
      if (watch.next(Duration.ofMillis(100)).orElseThrow().stream().anyMatch(wanted)) {
        return;
      }
    }
    throw new AssertionError("the kernel did not tell");
  }

  @Test
  void an_overrun_is_told_so_that_everything_is_asked_anew() throws Exception {
    try (var watch = in(A, NetlinkWatch::open)) {
      // 4 MiB hold far fewer messages than these, counted with their overhead.
      for (int round = 0; round < 12; round++) {
        var changes = new ArrayList<NetlinkChange>();
        for (int i = 0; i < 1_000; i++) {
          var route = via("41." + (i >> 8) + "." + (i & 255) + ".0/24", GATEWAY, left);
          changes.add(
              round % 2 == 0 ? new NetlinkChange.Add(route) : new NetlinkChange.Delete(route));
        }
        assertThat(netlink.apply(changes)).isEmpty();
      }
      await(watch, NetlinkEvent.Lost.class::isInstance);
    }
  }

  @Test
  void closing_wakes_the_listener() throws Exception {
    var watch = in(A, NetlinkWatch::open);
    var listening =
        new java.util.concurrent.FutureTask<>(
            () -> {
              while (watch.next(Duration.ofMinutes(1)).isPresent()) {
                // events of other tests may still be told
              }
              return true;
            });
    var thread = Thread.ofPlatform().start(listening);
    watch.close();
    assertThat(listening.get(5, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    thread.join();
  }
}
