package dev.islet.router.hub;

import dev.islet.core.engine.Engine;
import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.router.fib.FibOp;
import dev.islet.router.fib.FibRoute;
import dev.islet.router.model.Fib;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.RouteFilter;
import dev.islet.router.model.RouterEvent;
import dev.islet.router.model.RouterSettings;
import dev.islet.router.rip.wire.Ipv4;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Routers joined by networks, in virtual time, with seeded loss, delay and (by different delays)
 * reordering. Network n is {@code 10.0.n.0/24}; router r has there the address {@code 10.0.n.r}.
 * Each router has a kernel of its own that forgets routes silently when a link goes down, as Linux
 * does.
 */
final class SimulatedNet {
  private record Due(long at, long order, Runnable what) {}

  /** What a router did, when. */
  record Deed(long at, RouterAction action) {}

  /** A router with its kernel. */
  final class Node {
    final int number;
    final long seed;
    final RouterEngine engine;
    final Map<String, Integer> networks = new LinkedHashMap<>();
    final Map<String, Boolean> up = new LinkedHashMap<>();
    final Map<FibRoute.Slot, FibRoute> kernel = new LinkedHashMap<>();
    final List<Deed> deeds = new ArrayList<>();
    final List<RouterEvent> told = new ArrayList<>();
    final List<RecordedInput> inputs = new ArrayList<>();

    Node(int number, RouterSettings settings, long seed, Map<String, Integer> networks) {
      this.number = number;
      this.seed = seed;
      this.engine = new RouterEngine(settings, new Random(seed), 0);
      this.networks.putAll(networks);
      networks.keySet().forEach(nic -> up.put(nic, true));
    }

    void give(RouterInput input) {
      inputs.add(new RecordedInput(now, input));
      engine.on(now, input, action -> perform(this, action));
    }

    Optional<FibRoute> route(String prefix) {
      return kernel.values().stream()
          .filter(r -> r.prefix().equals(Prefix.parse(prefix)))
          .findFirst();
    }

    int index(String nic) {
      return List.copyOf(networks.keySet()).indexOf(nic) + 1;
    }

    Link link(String nic) {
      return new Link(index(nic), nic, up.get(nic), 1500, new MacAddress(number));
    }

    InetAddress address(String nic) {
      return SimulatedNet.address(networks.get(nic), number);
    }

    RouterInput.KernelView view(long epoch, String because) {
      return new RouterInput.KernelView(
          epoch,
          because,
          networks.keySet().stream().map(this::link).toList(),
          networks.keySet().stream()
              .map(nic -> new LinkAddress(index(nic), address(nic), 24))
              .toList(),
          List.copyOf(kernel.values()));
    }
  }

  /** An input with its moment. */
  record RecordedInput(long at, RouterInput input) {}

  private final Random random;
  private final double loss;
  private final List<Node> nodes = new ArrayList<>();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private final Set<Integer> silent = new java.util.HashSet<>();
  private long order;
  long now = 1_700_000_000_000_000_000L;
  long delivered;

  SimulatedNet(long seed, double loss) {
    this.random = new Random(seed);
    this.loss = loss;
  }

  static InetAddress address(int network, int router) {
    return Ipv4.address(10 << 24 | network << 8 | router);
  }

  static RipSettings rip(RipSettings.Horizon horizon, RipAuth auth, String... nics) {
    return new RipSettings(
        java.util.Arrays.stream(nics)
            .map(n -> new RipSettings.Port(n, false, 1, horizon, auth, List.of()))
            .toList(),
        520,
        Duration.ofSeconds(30),
        Duration.ofSeconds(180),
        Duration.ofSeconds(120),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Set.of(Origin.CONNECTED),
        1,
        false,
        1000,
        120,
        RouteFilter.ALL,
        RouteFilter.ALL);
  }

  static RouterSettings settings(RipSettings rip) {
    return new RouterSettings(
        Fib.KERNEL,
        new RouterSettings.Kernel(
            254, 114, 20, Duration.ofSeconds(100), false, Duration.ofSeconds(30)),
        List.of(),
        Optional.of(rip));
  }

  /** A router that speaks RIP in all of its networks, on eth0, eth1, … in their order. */
  Node router(RipSettings.Horizon horizon, int... networks) {
    var nics = new LinkedHashMap<String, Integer>();
    for (int network : networks) {
      nics.put("eth" + nics.size(), network);
    }
    return router(
        settings(rip(horizon, new RipAuth.Open(), nics.keySet().toArray(String[]::new))), nics);
  }

  Node router(RouterSettings settings, Map<String, Integer> networks) {
    var node = new Node(nodes.size() + 1, settings, random.nextLong(), networks);
    nodes.add(node);
    return node;
  }

  void start() {
    nodes.forEach(node -> node.give(node.view(0, "start")));
  }

  void run(Duration time) {
    long end = now + time.toNanos();
    while (true) {
      long next = queue.isEmpty() ? Engine.NEVER : queue.peek().at();
      for (var node : nodes) {
        next = Math.min(next, node.engine.deadline());
      }
      if (next > end) {
        now = end;
        return;
      }
      now = Math.max(now, next);
      while (!queue.isEmpty() && queue.peek().at() <= now) {
        queue.poll().what().run();
      }
      for (var node : nodes) {
        if (node.engine.deadline() <= now) {
          node.engine.onTime(now, action -> perform(node, action));
        }
      }
    }
  }

  /** The link of a router goes down or comes up; the kernel forgets routes over it silently. */
  void link(Node node, String nic, boolean isUp) {
    node.up.put(nic, isUp);
    if (!isUp) {
      node.kernel
          .values()
          .removeIf(r -> r.hops().stream().anyMatch(h -> h.nic() == node.index(nic)));
    }
    node.give(new RouterInput.LinkSeen(node.link(nic)));
  }

  /** A network loses everything, though its links stay up; or is whole again. */
  void silence(int network, boolean quiet) {
    if (quiet) {
      silent.add(network);
    } else {
      silent.remove(network);
    }
  }

  private void perform(Node node, RouterAction action) {
    node.deeds.add(new Deed(now, action));
    switch (action) {
      case RouterAction.SendRip send -> send(node, send);
      case RouterAction.Program(var ops) -> ops.forEach(op -> program(node, op));
      case RouterAction.Resync(var epoch, var because) ->
          later(1_000, () -> node.give(node.view(epoch, because)));
      case RouterAction.Tell(var event) -> node.told.add(event);
      case RouterAction.OpenRip open -> {}
      case RouterAction.CloseRip close -> {}
      case RouterAction.KeepSequence keep -> {}
    }
  }

  private static void program(Node node, FibOp op) {
    switch (op) {
      case FibOp.Add(var route) -> node.kernel.put(route.slot(), route);
      case FibOp.Replace(_, var route) -> node.kernel.put(route.slot(), route);
      case FibOp.Delete(var route) -> node.kernel.remove(route.slot());
    }
  }

  private void send(Node from, RouterAction.SendRip send) {
    int network = from.networks.get(send.nic());
    if (!from.up.get(send.nic()) || silent.contains(network)) {
      return;
    }
    var source = new InetSocketAddress(send.from(), 520);
    for (var node : nodes) {
      for (var nic : node.networks.keySet()) {
        var to = send.to().getAddress();
        boolean addressed = to.isMulticastAddress() || to.equals(node.address(nic));
        if (node != from && node.networks.get(nic) == network && addressed) {
          if (random.nextDouble() < loss) {
            continue;
          }
          later(
              random.nextLong(1_000_000, 40_000_000),
              () -> {
                if (node.up.get(nic) && !silent.contains(network)) {
                  delivered++;
                  node.give(
                      new RouterInput.RipArrived(nic, source, to, new Octets(send.payload())));
                }
              });
        }
      }
    }
  }

  private void later(long delay, Runnable what) {
    queue.add(new Due(now + delay, order++, what));
  }

  /**
   * The routers a packet passes on its way to a network, the first included; empty if it is dropped
   * on the way.
   *
   * @throws AssertionError if it goes round in circles
   */
  Optional<List<Integer>> path(Node from, int network) {
    var prefix = Prefix.of(address(network, 0), 24);
    var path = new ArrayList<Integer>();
    var at = from;
    while (true) {
      if (path.contains(at.number)) {
        throw new AssertionError("loop to network " + network + ": " + path + " " + at.number);
      }
      path.add(at.number);
      var here = at;
      if (at.networks.keySet().stream()
          .anyMatch(nic -> here.up.get(nic) && here.networks.get(nic) == network)) {
        return Optional.of(path);
      }
      var route = at.kernel.values().stream().filter(r -> r.prefix().equals(prefix)).findFirst();
      if (route.isEmpty()) {
        return Optional.empty();
      }
      var gateway = route.get().hops().getFirst().gateway().orElseThrow();
      var next =
          nodes.stream()
              .filter(n -> n.networks.keySet().stream().anyMatch(i -> n.address(i).equals(gateway)))
              .findFirst();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      at = next.get();
    }
  }

  List<Node> nodes() {
    return nodes;
  }
}
