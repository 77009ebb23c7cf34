package dev.islet.router.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.router.hub.SimulatedNet.Node;
import dev.islet.router.model.KernelEvent;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings.Horizon;
import dev.islet.router.model.RouteEvent;
import dev.islet.router.model.RouterEvent;
import dev.islet.router.rip.wire.Parsed;
import dev.islet.router.rip.wire.RipCodec;
import dev.islet.router.rip.wire.RipMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConvergenceTest {
  private static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  private static int metric(Node node, String prefix) {
    return node.engine.view().rip().orElseThrow().learned().stream()
        .filter(l -> l.prefix().toString().equals(prefix))
        .mapToInt(l -> l.metric())
        .findFirst()
        .orElse(0);
  }

  private static List<RipMessage> sent(Node node, String nic, long since) {
    var messages = new ArrayList<RipMessage>();
    for (var deed : node.deeds) {
      if (deed.at() >= since
          && deed.action() instanceof RouterAction.SendRip send
          && send.nic().equals(nic)
          && RipCodec.read(send.payload()) instanceof Parsed.Good good) {
        messages.add(good.message());
      }
    }
    return messages;
  }

  @Test
  void a_chain_learns_its_far_ends_in_a_moment() {
    var net = new SimulatedNet(1, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    var b = net.router(Horizon.POISON, 2, 3);
    var c = net.router(Horizon.POISON, 3, 4);
    net.start();
    net.run(seconds(12));
    assertThat(net.path(a, 4)).contains(List.of(1, 2, 3));
    assertThat(net.path(c, 1)).contains(List.of(3, 2, 1));
    assertThat(metric(a, "10.0.4.0/24")).isEqualTo(3);
    assertThat(a.told)
        .filteredOn(RouteEvent.NeighborState.class::isInstance)
        .containsExactly(
            new RouteEvent.NeighborState(SimulatedNet.address(2, 2), RouteEvent.State.UP));
    assertThat(b.engine.view().missing()).isZero();
  }

  @Test
  void a_cut_link_is_gone_around() {
    var net = new SimulatedNet(2, 0);
    // A square: 1-2-3-4 over networks 1, 2, 3, 4; a client network 9 behind router 3.
    var a = net.router(Horizon.POISON, 1, 4);
    var b = net.router(Horizon.POISON, 1, 2);
    var c = net.router(Horizon.POISON, 2, 3, 9);
    var d = net.router(Horizon.POISON, 3, 4);
    net.start();
    net.run(seconds(60));
    assertThat(net.path(a, 9).orElseThrow()).hasSize(3);
    var first = net.path(a, 9).orElseThrow().get(1);
    // Cut the way that is used, at its far side: both ends see it.
    net.link(c, first == 2 ? "eth0" : "eth1", false);
    net.link(first == 2 ? b : d, first == 2 ? "eth1" : "eth0", false);
    net.run(seconds(45));
    assertThat(net.path(a, 9).orElseThrow().get(1)).isNotEqualTo(first);
    assertThat(net.path(b, 9)).isPresent();
  }

  @Test
  void a_lost_network_is_poisoned_everywhere_within_seconds() {
    var net = new SimulatedNet(3, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    net.router(Horizon.POISON, 2, 3);
    var c = net.router(Horizon.POISON, 3, 4);
    net.start();
    net.run(seconds(60));
    net.link(c, "eth1", false);
    net.run(seconds(11)); // two hops, each with a pause of at most five seconds
    assertThat(a.route("10.0.4.0/24")).isEmpty();
    assertThat(a.told)
        .contains(new RouteEvent.Lost(dev.islet.core.net.Prefix.parse("10.0.4.0/24")));
    assertThat(metric(a, "10.0.4.0/24")).isEqualTo(16);
    net.run(seconds(125));
    assertThat(a.engine.view().rip().orElseThrow().learned())
        .as("after the garbage time it is forgotten")
        .noneMatch(l -> l.prefix().toString().equals("10.0.4.0/24"));
    assertThat(a.engine.view().rip().orElseThrow().told())
        .noneMatch(t -> t.prefix().toString().equals("10.0.4.0/24"));
  }

  @Test
  void silence_is_noticed_after_the_time_out() {
    var net = new SimulatedNet(4, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    net.router(Horizon.POISON, 2, 3);
    net.start();
    net.run(seconds(60));
    net.silence(2, true);
    net.run(seconds(140));
    assertThat(a.route("10.0.3.0/24")).as("not yet").isPresent();
    net.run(seconds(45));
    assertThat(a.route("10.0.3.0/24")).isEmpty();
    assertThat(a.told)
        .contains(new RouteEvent.NeighborState(SimulatedNet.address(2, 2), RouteEvent.State.DOWN));
    net.silence(2, false);
    net.run(seconds(40));
    assertThat(a.route("10.0.3.0/24")).isPresent();
  }

  /** Without split horizon two routers teach each other a dead route, one hop worse each time. */
  @Test
  void counting_to_infinity_ends_at_sixteen() {
    var seen = new TreeSet<Integer>();
    for (int seed = 0; seed < 8; seed++) {
      var net = new SimulatedNet(seed, 0);
      var a = net.router(Horizon.OFF, 1, 2);
      var b = net.router(Horizon.OFF, 2, 3);
      net.start();
      net.run(seconds(60));
      net.silence(2, true); // the poison does not get through
      net.link(a, "eth0", false);
      net.run(seconds(6));
      net.silence(2, false); // and who speaks first now is chance
      long from = net.now;
      for (int i = 0; i < 200; i++) {
        net.run(seconds(1));
        seen.add(metric(a, "10.0.1.0/24"));
        seen.add(metric(b, "10.0.1.0/24"));
      }
      assertThat(a.route("10.0.1.0/24")).isEmpty();
      assertThat(b.route("10.0.1.0/24")).isEmpty();
      for (var message : sent(a, "eth1", from)) {
        assertThat(message.entries()).allMatch(e -> e.metric() >= 1 && e.metric() <= 16);
      }
    }
    assertThat(seen).as("some did count").contains(3, 4, 5, 6, 9, 12, 15, 16);
  }

  @Test
  void poisoned_reverse_keeps_two_routers_from_counting() {
    var net = new SimulatedNet(5, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    var b = net.router(Horizon.POISON, 2, 3);
    net.start();
    net.run(seconds(60));
    net.silence(2, true);
    net.link(a, "eth0", false);
    net.run(seconds(6));
    net.silence(2, false);
    var seen = new TreeSet<Integer>();
    for (int i = 0; i < 40; i++) {
      net.run(seconds(1));
      seen.add(metric(a, "10.0.1.0/24"));
      seen.add(metric(b, "10.0.1.0/24"));
    }
    assertThat(seen).isSubsetOf(0, 2, 16);
    assertThat(b.route("10.0.1.0/24")).isEmpty();
  }

  @Test
  void a_route_is_told_back_only_as_poison() {
    var net = new SimulatedNet(6, 0);
    net.router(Horizon.POISON, 1, 2);
    var b = net.router(Horizon.POISON, 2, 3);
    net.start();
    net.run(seconds(60));
    for (var message : sent(b, "eth0", 0)) {
      for (var entry : message.entries()) {
        if (entry.address() == 0x0A000100) {
          assertThat(entry.metric()).isEqualTo(16);
        }
      }
    }
  }

  @Test
  void updates_keep_their_pace_and_triggered_ones_their_pause() {
    var net = new SimulatedNet(7, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    var b = net.router(Horizon.POISON, 2, 3);
    net.start();
    net.run(seconds(10));
    var periodic = new ArrayList<Long>();
    net.run(seconds(600));
    for (var deed : a.deeds) {
      if (deed.action() instanceof RouterAction.SendRip send
          && send.nic().equals("eth1")
          && send.why().startsWith("periodic")) {
        periodic.add(deed.at());
      }
    }
    assertThat(periodic).hasSizeBetween(18, 23);
    for (int i = 1; i < periodic.size(); i++) {
      assertThat(periodic.get(i) - periodic.get(i - 1)).isBetween(25_000_000_000L, 35_000_000_000L);
    }
    long from = net.now;
    for (int i = 0; i < 60; i++) {
      net.link(b, "eth1", i % 2 != 0);
      net.run(Duration.ofMillis(200));
    }
    var triggered =
        b.deeds.stream()
            .filter(d -> d.at() >= from)
            .filter(
                d ->
                    d.action() instanceof RouterAction.SendRip send
                        && send.nic().equals("eth0")
                        && send.why().startsWith("triggered"))
            .map(SimulatedNet.Deed::at)
            .toList();
    assertThat(triggered).hasSizeGreaterThan(2);
    for (int i = 1; i < triggered.size(); i++) {
      assertThat(triggered.get(i) - triggered.get(i - 1)).isGreaterThanOrEqualTo(1_000_000_000L);
    }
  }

  @Test
  void the_farewell_takes_the_routes_along() {
    var net = new SimulatedNet(8, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    var b = net.router(Horizon.POISON, 2, 3);
    net.start();
    net.run(seconds(60));
    assertThat(b.kernel).hasSize(1);
    b.give(new RouterInput.Stop());
    assertThat(b.kernel).as("our own are withdrawn").isEmpty();
    net.run(seconds(1));
    assertThat(a.kernel).as("and the neighbour knows at once").isEmpty();
  }

  @Test
  void a_crash_leaves_routes_that_the_next_life_takes_over() {
    var net = new SimulatedNet(9, 0);
    var a = net.router(Horizon.POISON, 1, 2);
    net.router(Horizon.POISON, 2, 3);
    net.start();
    net.run(seconds(60));
    // A second life of router 1 begins with what the first left in the kernel, and a stale route.
    var again = new SimulatedNet(10, 0);
    var second = again.router(Horizon.POISON, 1, 2);
    again.router(Horizon.POISON, 2, 3);
    var kept = a.route("10.0.3.0/24").orElseThrow();
    var stale =
        new dev.islet.router.fib.FibRoute(
            dev.islet.core.net.Prefix.parse("10.77.0.0/16"),
            20,
            java.util.Optional.empty(),
            kept.hops());
    second.kernel.put(kept.slot(), kept);
    second.kernel.put(stale.slot(), stale);
    again.start();
    again.run(seconds(50));
    assertThat(second.kernel.values()).containsExactlyInAnyOrder(kept, stale);
    assertThat(second.deeds)
        .as("nothing was written in between")
        .noneMatch(d -> d.action() instanceof RouterAction.Program);
    again.run(seconds(60));
    assertThat(second.kernel.values()).containsExactly(kept);
    assertThat(second.told)
        .contains((RouterEvent) new KernelEvent.Inherited(2, 100), new KernelEvent.Swept(1));
  }

  @Test
  void routers_with_different_keys_do_not_hear_each_other() {
    for (boolean same : new boolean[] {true, false}) {
      var net = new SimulatedNet(11, 0);
      var a = net.router(keyed("one"), Map.of("eth0", 1));
      var nics = new LinkedHashMap<String, Integer>();
      nics.put("eth0", 1);
      nics.put("eth1", 2);
      net.router(keyed(same ? "one" : "two"), nics);
      net.start();
      net.run(seconds(60));
      assertThat(a.route("10.0.2.0/24").isPresent()).isEqualTo(same);
    }
  }

  private static dev.islet.router.model.RouterSettings keyed(String secret) {
    var auth = new RipAuth.Keyed(List.of(new RipAuth.SharedKey(1, RipAuth.Algorithm.MD5, secret)));
    return SimulatedNet.settings(SimulatedNet.rip(Horizon.POISON, auth, "eth0"));
  }

  /**
   * Random connected networks with loss, delay and reordering; some links fail and return. When it
   * is quiet again every router reaches every network over the shortest way, without loops.
   */
  @Test
  void whatever_happens_there_are_no_loops_once_it_is_quiet() {
    for (int seed = 0; seed < 25; seed++) {
      var random = new Random(seed);
      var net = new SimulatedNet(seed, 0.1);
      int routers = 3 + random.nextInt(4);
      var joined = new ArrayList<List<Integer>>();
      for (int i = 0; i < routers; i++) {
        joined.add(new ArrayList<>(List.of(100 + i)));
      }
      int network = 1;
      for (int i = 1; i < routers; i++, network++) {
        join(joined, i, random.nextInt(i), network);
      }
      for (int extra = random.nextInt(3); extra > 0; extra--, network++) {
        int one = random.nextInt(routers);
        join(joined, one, (one + 1 + random.nextInt(routers - 1)) % routers, network);
      }
      for (var networks : joined) {
        net.router(Horizon.POISON, networks.stream().mapToInt(n -> n).toArray());
      }
      net.start();
      net.run(seconds(90));
      for (int flap = 0; flap < 6; flap++) {
        var node = net.nodes().get(random.nextInt(routers));
        var nic = "eth" + random.nextInt(node.networks.size());
        net.link(node, nic, false);
        net.run(seconds(random.nextInt(40)));
        net.link(node, nic, true);
        net.run(seconds(random.nextInt(10)));
      }
      net.run(seconds(420));
      for (var from : net.nodes()) {
        for (int to = 0; to < routers; to++) {
          var path = net.path(from, 100 + to);
          assertThat(path).as("seed %d, %d to %d", seed, from.number, to + 1).isPresent();
          assertThat(path.orElseThrow())
              .as("seed %d, %d to %d", seed, from.number, to + 1)
              .hasSize(1 + distance(joined, from.number - 1, to));
        }
      }
    }
  }

  private static void join(List<List<Integer>> joined, int a, int b, int network) {
    joined.get(a).add(network);
    joined.get(b).add(network);
  }

  private static int distance(List<List<Integer>> joined, int from, int to) {
    var distance = new HashMap<Integer, Integer>(Map.of(from, 0));
    var queue = new java.util.ArrayDeque<>(List.of(from));
    while (!distance.containsKey(to)) {
      int at = queue.remove();
      for (int next = 0; next < joined.size(); next++) {
        if (!distance.containsKey(next)
            && joined.get(at).stream().anyMatch(joined.get(next)::contains)) {
          distance.put(next, distance.get(at) + 1);
          queue.add(next);
        }
      }
    }
    return distance.get(to);
  }
}
