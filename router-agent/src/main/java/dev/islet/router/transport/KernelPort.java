package dev.islet.router.transport;

import dev.islet.core.net.Prefix;
import dev.islet.core.net.socket.Netlink;
import dev.islet.core.net.socket.NetlinkAddress;
import dev.islet.core.net.socket.NetlinkChange;
import dev.islet.core.net.socket.NetlinkEvent;
import dev.islet.core.net.socket.NetlinkException;
import dev.islet.core.net.socket.NetlinkLink;
import dev.islet.core.net.socket.NetlinkRoute;
import dev.islet.core.net.socket.NetlinkWatch;
import dev.islet.core.service.StartException;
import dev.islet.router.fib.FibOp;
import dev.islet.router.fib.FibRoute;
import dev.islet.router.hub.RouterInput;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.RouterSettings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The kernel over rtnetlink: its events go to the router's loop, its tables are read and written
 * when the loop asks. Reading and writing are for one thread, the loop's.
 */
public final class KernelPort implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.router");
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** A change that the kernel refused. */
  public record Refused(FibOp op, String why) {}

  private final Netlink netlink;
  private final NetlinkWatch watch;
  private final RouterSettings.Kernel settings;
  private final Predicate<RouterInput> offer;
  private final Thread thread;

  private KernelPort(
      Netlink netlink,
      NetlinkWatch watch,
      RouterSettings.Kernel settings,
      Predicate<RouterInput> offer) {
    this.netlink = netlink;
    this.watch = watch;
    this.settings = settings;
    this.offer = offer;
    this.thread = Thread.ofPlatform().name("router-netlink").daemon(true).unstarted(this::listen);
  }

  /**
   * Opens both sockets; events are kept by the kernel until {@link #listenNow}.
   *
   * @param offer takes an input without waiting; false if it cannot now
   * @throws IOException elsewhere than on Linux
   */
  public static KernelPort open(RouterSettings.Kernel settings, Predicate<RouterInput> offer)
      throws IOException {
    var watch = NetlinkWatch.open();
    try {
      return new KernelPort(Netlink.open(), watch, settings, offer);
    } catch (IOException | RuntimeException e) {
      watch.close();
      throw e;
    }
  }

  /**
   * Asks whether routes may be written, by deleting one that does not exist.
   *
   * @throws StartException naming the missing capability
   */
  public void requirePermission() throws IOException {
    var nobody =
        new NetlinkRoute(
            Prefix.parse("240.0.0.0/32"),
            settings.table(),
            settings.protocol(),
            settings.metric(),
            NetlinkRoute.Kind.BLACKHOLE,
            List.of());
    for (var failure : netlink.apply(List.of(new NetlinkChange.Delete(nobody)))) {
      if (failure.why().errno() == NetlinkException.EPERM) {
        throw new StartException(
            "ROUTER-CAP-001",
            "not allowed to change the kernel's routing table",
            "Grant CAP_NET_ADMIN (in a container: cap_add: [NET_ADMIN]), or set fib: none",
            failure.why());
      }
    }
  }

  /** Begins to hand the kernel's events on. */
  public void listenNow() {
    thread.start();
  }

  /** Everything the kernel holds that matters here. */
  public RouterInput.KernelView view(long epoch, String because) throws IOException {
    var links = netlink.links().stream().map(KernelPort::link).toList();
    var addresses = netlink.addresses().stream().map(KernelPort::address).toList();
    var ours = new ArrayList<FibRoute>();
    for (var route : netlink.routes(settings.table(), settings.protocol())) {
      route(route).ifPresent(ours::add);
    }
    return new RouterInput.KernelView(epoch, because, links, addresses, ours);
  }

  /**
   * Makes changes in the kernel's table.
   *
   * @return those refused, but for routes to be deleted that were gone already
   */
  public List<Refused> program(List<FibOp> ops) throws IOException {
    var changes = new ArrayList<NetlinkChange>(ops.size());
    for (var op : ops) {
      changes.add(
          switch (op) {
            case FibOp.Add(var route) -> new NetlinkChange.Add(netlinkRoute(route));
            case FibOp.Replace(_, var route) -> new NetlinkChange.Replace(netlinkRoute(route));
            case FibOp.Delete(var route) -> new NetlinkChange.Delete(netlinkRoute(route));
          });
    }
    var refused = new ArrayList<Refused>();
    for (var failure : netlink.apply(changes)) {
      var op = ops.get(failure.index());
      int errno = failure.why().errno();
      if (op instanceof FibOp.Delete && errno == NetlinkException.ESRCH) {
        continue; // it went with its link
      }
      refused.add(
          new Refused(
              op,
              op instanceof FibOp.Add && errno == NetlinkException.EEXIST
                  ? "somebody else's route has that prefix and metric"
                  : String.valueOf(failure.why().getMessage())));
    }
    return refused;
  }

  private NetlinkRoute netlinkRoute(FibRoute route) {
    return new NetlinkRoute(
        route.prefix(),
        settings.table(),
        settings.protocol(),
        route.metric(),
        route
            .drop()
            .map(
                how ->
                    switch (how) {
                      case BLACKHOLE -> NetlinkRoute.Kind.BLACKHOLE;
                      case UNREACHABLE -> NetlinkRoute.Kind.UNREACHABLE;
                      case PROHIBIT -> NetlinkRoute.Kind.PROHIBIT;
                    })
            .orElse(NetlinkRoute.Kind.UNICAST),
        route.hops().stream().map(h -> new NetlinkRoute.Hop(h.gateway(), h.nic(), 1)).toList());
  }

  private void listen() {
    boolean lost = false;
    while (true) {
      try {
        var events = watch.next(LOOK);
        if (events.isEmpty()) {
          return;
        }
        for (var event : events.get()) {
          var input = input(event);
          lost |= input.isPresent() && !offer.test(input.get());
        }
        // What did not fit into the loop's queue is made good by reading everything anew.
        if (lost) {
          lost = !offer.test(new RouterInput.KernelLost("events came faster than they were read"));
        }
      } catch (IOException e) {
        LOG.log(Level.WARNING, "service=router listening to the kernel failed, going on", e);
        lost = true;
      }
    }
  }

  private Optional<RouterInput> input(NetlinkEvent event) {
    return switch (event) {
      case NetlinkEvent.LinkSeen(var link) -> Optional.of(new RouterInput.LinkSeen(link(link)));
      case NetlinkEvent.LinkGone(var link) -> Optional.of(new RouterInput.LinkGone(link.index()));
      case NetlinkEvent.AddressSeen(var address) ->
          Optional.of(new RouterInput.AddressSeen(address(address)));
      case NetlinkEvent.AddressGone(var address) ->
          Optional.of(new RouterInput.AddressGone(address(address)));
      case NetlinkEvent.RouteSeen(var route) -> notice(route, false);
      case NetlinkEvent.RouteGone(var route) -> notice(route, true);
      case NetlinkEvent.NeighborSeen _ -> Optional.empty();
      case NetlinkEvent.Lost() ->
          Optional.of(new RouterInput.KernelLost("the kernel's event queue ran over"));
    };
  }

  private Optional<RouterInput> notice(NetlinkRoute route, boolean gone) {
    return route.table() == settings.table()
        ? route(route)
            .map(r -> new RouterInput.RouteNotice(r, route.protocol() == settings.protocol(), gone))
        : Optional.empty();
  }

  private static Link link(NetlinkLink link) {
    return new Link(link.index(), link.name(), link.carrier(), link.mtu(), link.mac());
  }

  private static LinkAddress address(NetlinkAddress address) {
    return new LinkAddress(address.nic(), address.address(), address.network().length());
  }

  private static Optional<FibRoute> route(NetlinkRoute route) {
    Optional<Hop.How> drop =
        switch (route.kind()) {
          case BLACKHOLE -> Optional.of(Hop.How.BLACKHOLE);
          case UNREACHABLE -> Optional.of(Hop.How.UNREACHABLE);
          case PROHIBIT -> Optional.of(Hop.How.PROHIBIT);
          case UNICAST, OTHER -> Optional.empty();
        };
    return route.kind() == NetlinkRoute.Kind.OTHER
        ? Optional.empty()
        : Optional.of(
            new FibRoute(
                route.destination(),
                route.metric(),
                drop,
                route.hops().stream()
                    .map(h -> new FibRoute.FibHop(h.gateway(), h.nic()))
                    .toList()));
  }

  @Override
  public void close() {
    watch.close();
    netlink.close();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
