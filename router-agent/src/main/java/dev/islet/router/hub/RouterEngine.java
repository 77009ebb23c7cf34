package dev.islet.router.hub;

import dev.islet.core.engine.Engine;
import dev.islet.router.fib.FibOp;
import dev.islet.router.fib.FibRoute;
import dev.islet.router.fib.FibTable;
import dev.islet.router.iface.IfaceTable;
import dev.islet.router.model.Fib;
import dev.islet.router.model.Hop;
import dev.islet.router.model.KernelEvent;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.Route;
import dev.islet.router.model.RouteEvent;
import dev.islet.router.model.RouterSettings;
import dev.islet.router.rib.Rib;
import dev.islet.router.rip.RipAction;
import dev.islet.router.rip.RipEngine;
import dev.islet.router.rip.RipInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The whole router without its hands. Not thread-safe: the router's loop owns it.
 *
 * <p>An input may set off a chain: RIP announces, the RIB changes its mind, RIP must be told. The
 * parts never call each other; what one says is queued in {@code work} and done when it has
 * finished speaking, until nothing is left. So each part sees one thing at a time, in order.
 */
public final class RouterEngine implements Engine<RouterInput, RouterAction> {
  private static final long MENDING = 50_000_000L;
  private static final long RETRY = 1_000_000_000L;
  private static final long RETRY_MAX = 30_000_000_000L;

  private final IfaceTable ifaces = new IfaceTable();
  private final Rib rib = new Rib(ifaces, this::bestChanged);
  private final FibTable fib = new FibTable();
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final List<FibOp> ops = new ArrayList<>();
  private final RandomGenerator random;
  private final long sequenceFloor;
  private RouterSettings settings;
  private Optional<RipEngine> rip = Optional.empty();
  private long now;
  private Consumer<? super RouterAction> out = action -> {};
  private boolean started;
  private boolean stopped;
  private long epoch;
  private long resyncAt = NEVER;
  private String because = "";
  private long retry = RETRY;
  private long graceUntil = NEVER;

  /**
   * @param random jitter of timers
   * @param sequenceFloor the last {@link RouterAction.KeepSequence} of an earlier life, or 0
   */
  public RouterEngine(RouterSettings settings, RandomGenerator random, long sequenceFloor) {
    this.settings = settings;
    this.random = random;
    this.sequenceFloor = sequenceFloor;
    this.rip = settings.rip().map(s -> new RipEngine(s, random, sequenceFloor));
  }

  @Override
  public void on(long moment, RouterInput event, Consumer<? super RouterAction> sink) {
    now = moment;
    out = sink;
    if (!stopped) {
      step(event);
      drain();
    }
  }

  @Override
  public void onTime(long moment, Consumer<? super RouterAction> sink) {
    now = moment;
    out = sink;
    if (stopped) {
      return;
    }
    rip.filter(r -> r.deadline() <= now).ifPresent(r -> r.onTime(now, this::fromRip));
    drain();
    if (graceUntil <= now) {
      graceUntil = NEVER;
      int inherited = fib.inherited();
      ops.addAll(fib.sweep());
      if (inherited > 0) {
        tell(new KernelEvent.Swept(inherited));
      }
      drain();
    }
    if (resyncAt <= now) {
      resync();
    }
  }

  @Override
  public long deadline() {
    return stopped
        ? NEVER
        : Math.min(Math.min(resyncAt, graceUntil), rip.map(RipEngine::deadline).orElse(NEVER));
  }

  /** What is known, at this moment. */
  public RouterView view() {
    var addresses = new LinkedHashMap<String, List<LinkAddress>>();
    for (var link : ifaces.links()) {
      addresses.put(link.name(), ifaces.addresses(link.name()));
    }
    return new RouterView(
        ifaces.links(),
        addresses,
        rib.candidates(),
        fib.held(),
        settings.fib() == Fib.KERNEL ? fib.missing() : 0,
        fib.inherited(),
        rip.map(RipEngine::view));
  }

  private void step(RouterInput event) {
    switch (event) {
      case RouterInput.LinkSeen(var link) -> linkSeen(link);
      case RouterInput.LinkGone(var index) -> linkGone(index);
      case RouterInput.AddressSeen(var address) -> interfacesChanged(ifaces.seen(address));
      case RouterInput.AddressGone(var address) -> interfacesChanged(ifaces.gone(address));
      case RouterInput.KernelView view -> kernelView(view);
      case RouterInput.KernelLost(var why) -> resyncSoon(MENDING, why);
      case RouterInput.RouteNotice notice -> routeNotice(notice);
      case RouterInput.ProgramFailed(var route, var change, var why) -> {
        fib.failed(route);
        tell(new KernelEvent.ProgramFailed(route.prefix(), change, why));
        resyncSoon(retry, "the kernel refused a change");
        retry = Math.min(2 * retry, RETRY_MAX);
      }
      case RouterInput.RipArrived(var nic, var source, var destination, var payload) ->
          toRip(new RipInput.Arrived(nic, source, destination, payload.bytes()));
      case RouterInput.RipOpenFailed(var nic, _) -> toRip(new RipInput.OpenFailed(nic));
      case RouterInput.Configured(var changed) -> configured(changed);
      case RouterInput.Stop() -> stop();
    }
  }

  private void drain() {
    while (true) {
      var next = work.poll();
      if (next != null) {
        next.run();
      } else {
        break;
      }
    }
    program();
  }

  /** Hands collected changes out. Additions go first, so that no packet meets a gap. */
  private void program() {
    if (ops.isEmpty()) {
      return;
    }
    var ordered = new ArrayList<FibOp>(ops.size());
    ops.stream().filter(o -> !(o instanceof FibOp.Delete)).forEach(ordered::add);
    ops.stream().filter(FibOp.Delete.class::isInstance).forEach(ordered::add);
    ops.clear();
    epoch++;
    out.accept(new RouterAction.Program(ordered));
  }

  // ---- interfaces

  private void linkSeen(Link link) {
    boolean wasUp = ifaces.up(link.name());
    boolean news = ifaces.seen(link);
    if (news && wasUp != link.up()) {
      tell(new KernelEvent.LinkChanged(link.name(), link.up()));
    }
    interfacesChanged(news);
  }

  private void linkGone(int index) {
    ifaces.name(index).ifPresent(nic -> tell(new KernelEvent.LinkChanged(nic, false)));
    interfacesChanged(ifaces.gone(index));
  }

  /**
   * The kernel drops IPv4 routes without a word when a link goes down or an address is deleted, so
   * whatever changes here leads to a comparison.
   */
  private void interfacesChanged(boolean news) {
    if (!news || !started) {
      return;
    }
    refresh();
    resyncSoon(MENDING, "interfaces changed");
  }

  private void refresh() {
    rib.replaceAll(Origin.CONNECTED, ifaces.connected());
    rib.refresh();
    ports(settings.rip());
  }

  private void ports(Optional<RipSettings> speaking) {
    for (var port : speaking.map(RipSettings::ports).orElse(List.of())) {
      var own =
          ifaces.addresses(port.nic()).stream()
              .filter(a -> a.address().getAddress().length == 4)
              .toList();
      toRip(
          ifaces.up(port.nic()) && !own.isEmpty()
              ? new RipInput.PortUp(port.nic(), own)
              : new RipInput.PortDown(port.nic()));
    }
  }

  // ---- the kernel's table

  private void resyncSoon(long delay, String why) {
    if (resyncAt > now + delay) {
      resyncAt = now + delay;
      because = why;
    }
  }

  private void resync() {
    out.accept(new RouterAction.Resync(epoch, because));
    resyncAt = now + settings.kernel().reconcile().toNanos();
    because = "it is time again";
  }

  private void kernelView(RouterInput.KernelView view) {
    boolean first = !started;
    started = true;
    boolean news = ifaces.reset(view.links(), view.addresses());
    if (first) {
      rib.replaceAll(Origin.STATIC, settings.statics());
      resyncAt = now + settings.kernel().reconcile().toNanos();
      because = "it is time again";
    }
    if (news || first) {
      refresh();
      drainWork();
    }
    if (settings.fib() == Fib.NONE) {
      return;
    }
    if (view.epoch() != epoch || !ops.isEmpty() && !first) {
      resyncSoon(MENDING, view.because()); // written to since it was read
      return;
    }
    ops.clear(); // nothing was written before the first view
    var mending = fib.compare(view.ours());
    ops.addAll(mending);
    if (first && fib.inherited() > 0) {
      graceUntil = now + settings.kernel().grace().toNanos();
      tell(new KernelEvent.Inherited(fib.inherited(), settings.kernel().grace().toSeconds()));
    } else if (first) {
      fib.sweep();
    }
    if (!first) {
      tell(new KernelEvent.Reconciled(view.because(), mending.size()));
    }
    if (mending.isEmpty()) {
      retry = RETRY;
    }
  }

  private void drainWork() {
    for (var next = work.poll(); next != null; next = work.poll()) {
      next.run();
    }
  }

  private void routeNotice(RouterInput.RouteNotice notice) {
    if (settings.fib() == Fib.NONE || !started) {
      return;
    }
    boolean mend =
        notice.ours()
            ? fib.contradicts(notice.route(), notice.gone())
            : fib.holds(notice.route().slot()); // a foreign route in our place, or gone from it
    if (mend) {
      resyncSoon(MENDING, "somebody touched " + notice.route().prefix());
    }
  }

  // ---- routes

  private void bestChanged(Rib.Change change) {
    toRip(new RipInput.BestChanged(change.prefix(), change.after()));
    change
        .after()
        .ifPresentOrElse(
            route -> tell(new RouteEvent.Learned(change.prefix(), route.via(), route.origin())),
            () -> tell(new RouteEvent.Lost(change.prefix())));
    if (settings.fib() == Fib.NONE) {
      return;
    }
    var route = change.after().filter(r -> r.origin() != Origin.CONNECTED).flatMap(this::fibRoute);
    ops.addAll(route.map(fib::want).orElseGet(() -> fib.unwant(change.prefix())));
  }

  private Optional<FibRoute> fibRoute(Route route) {
    var hops = new ArrayList<FibRoute.FibHop>();
    for (var hop : route.hops()) {
      switch (hop) {
        case Hop.Drop(var how) -> {
          return Optional.of(fibRoute(route, Optional.of(how), List.of()));
        }
        case Hop.Dev(var nic) ->
            ifaces
                .named(nic)
                .ifPresent(l -> hops.add(new FibRoute.FibHop(Optional.empty(), l.index())));
        case Hop.Via(var gateway, var nic) ->
            nic.flatMap(ifaces::named)
                .ifPresent(l -> hops.add(new FibRoute.FibHop(Optional.of(gateway), l.index())));
      }
    }
    return hops.isEmpty() ? Optional.empty() : Optional.of(fibRoute(route, Optional.empty(), hops));
  }

  private FibRoute fibRoute(Route route, Optional<Hop.How> drop, List<FibRoute.FibHop> hops) {
    return new FibRoute(route.prefix(), settings.kernel().metric(), drop, hops);
  }

  // ---- RIP

  private void toRip(RipInput input) {
    work.add(() -> rip.ifPresent(r -> r.on(now, input, this::fromRip)));
  }

  private void fromRip(RipAction action) {
    switch (action) {
      case RipAction.Open(var nic) -> out.accept(new RouterAction.OpenRip(nic));
      case RipAction.Close(var nic) -> out.accept(new RouterAction.CloseRip(nic));
      case RipAction.Send(var nic, var from, var to, var payload, var why) ->
          out.accept(new RouterAction.SendRip(nic, from, to, payload, why));
      case RipAction.Announce(var route) -> work.add(() -> rib.announce(route));
      case RipAction.Withdraw(var prefix) ->
          work.add(() -> rib.withdraw(prefix, Origin.RIP, "rip"));
      case RipAction.KeepSequence(var bound) -> out.accept(new RouterAction.KeepSequence(bound));
      case RipAction.Tell(var event) -> tell(event);
    }
  }

  private void tell(dev.islet.router.model.RouterEvent event) {
    out.accept(new RouterAction.Tell(event));
  }

  // ---- life

  private void configured(RouterSettings changed) {
    settings = changed;
    if (!started) {
      rip = changed.rip().map(s -> new RipEngine(s, random, sequenceFloor));
      return;
    }
    rib.replaceAll(Origin.STATIC, changed.statics());
    if (rip.isPresent() && changed.rip().isEmpty()) {
      toRip(new RipInput.Stop());
      drainWork();
      rip = Optional.empty();
      rib.replaceAll(Origin.RIP, List.of());
    } else if (rip.isEmpty()) {
      rip = changed.rip().map(s -> new RipEngine(s, random, sequenceFloor));
    } else {
      changed.rip().ifPresent(s -> toRip(new RipInput.Reconfigured(s)));
    }
    for (var best : rib.best()) {
      toRip(new RipInput.BestChanged(best.prefix(), Optional.of(best)));
    }
    ports(changed.rip());
    resyncSoon(MENDING, "the configuration changed");
  }

  private void stop() {
    toRip(new RipInput.Stop());
    drainWork();
    if (settings.fib() == Fib.KERNEL && !settings.kernel().keep()) {
      ops.addAll(fib.clear());
    }
    program();
    stopped = true;
  }
}
