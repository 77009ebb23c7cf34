package dev.islet.router.rip;

import dev.islet.core.engine.Engine;
import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipEvent.RipReceived;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.Route;
import dev.islet.router.model.RouteEvent;
import dev.islet.router.model.Verdict;
import dev.islet.router.rip.database.LearnedTable;
import dev.islet.router.rip.neighbor.EntryCheck;
import dev.islet.router.rip.neighbor.Gate;
import dev.islet.router.rip.neighbor.NeighborTable;
import dev.islet.router.rip.output.AdvertTable;
import dev.islet.router.rip.wire.Parsed;
import dev.islet.router.rip.wire.RipCodec;
import dev.islet.router.rip.wire.RipEntry;
import dev.islet.router.rip.wire.RipMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * RIP version 2 (RFC 2453): learns from neighbours, announces to the RIB, tells what the RIB found
 * best. Not thread-safe: the router's loop owns it.
 */
public final class RipEngine implements Engine<RipInput, RipAction> {
  // Changes that come together leave together.
  private static final long GATHER = 50_000_000L;
  private static final long REOPEN = 5_000_000_000L;
  // Whole tables told on request, a second and interface.
  private static final double ANSWERS_PER_SECOND = 10;
  private static final double ANSWERS_AT_ONCE = 20;

  private static final class PortState {
    List<LinkAddress> own = List.of();
    long fullAt = NEVER;
    long reopenAt = NEVER;
    double answers = ANSWERS_AT_ONCE;
    long answersAt = Long.MIN_VALUE;
  }

  private final RandomGenerator random;
  private final Map<String, PortState> ports = new LinkedHashMap<>();
  private final NeighborTable neighbors = new NeighborTable();
  private final LearnedTable learned = new LearnedTable();
  private final AdvertTable adverts = new AdvertTable();
  private final RipSender sender;
  private RipSettings settings;
  private long updateAt = NEVER;
  private long triggeredAt = NEVER;
  private long holdUntil = Long.MIN_VALUE;
  private long refused;

  /**
   * @param random jitter of timers
   * @param sequenceFloor the last {@link RipAction.KeepSequence} of an earlier life, or 0
   */
  public RipEngine(RipSettings settings, RandomGenerator random, long sequenceFloor) {
    this.settings = settings;
    this.random = random;
    this.sender = new RipSender(adverts, sequenceFloor);
  }

  @Override
  public void on(long now, RipInput event, Consumer<? super RipAction> out) {
    switch (event) {
      case RipInput.PortUp(var nic, var addresses) -> portUp(now, nic, addresses, out);
      case RipInput.PortDown(var nic) -> portDown(now, nic, out);
      case RipInput.OpenFailed(var nic) ->
          Optional.ofNullable(ports.get(nic)).ifPresent(p -> p.reopenAt = now + REOPEN);
      case RipInput.Arrived arrived -> arrived(now, arrived, out);
      case RipInput.BestChanged(var prefix, var best) -> bestChanged(now, prefix, best);
      case RipInput.Reconfigured(var changed) -> reconfigure(now, changed, out);
      case RipInput.Stop() -> stop(now, out);
    }
    plan(now);
  }

  @Override
  public void onTime(long now, Consumer<? super RipAction> out) {
    for (var prefix : learned.expire(now, settings.garbage().toNanos())) {
      out.accept(new RipAction.Withdraw(prefix));
    }
    for (var gone : neighbors.expire(now - settings.timeout().toNanos())) {
      out.accept(new RipAction.Tell(new RouteEvent.NeighborState(gone, RouteEvent.State.DOWN)));
    }
    adverts.expire(now);
    ports.forEach((nic, port) -> portTimers(now, nic, port, out));
    if (updateAt <= now) {
      tell(now, false, "periodic update (RFC 2453 section 3.8)", out);
      updateAt = now + jittered(settings.update().toNanos());
      triggeredAt = NEVER;
    } else if (triggeredAt <= now) {
      tell(now, true, "triggered update, only what has changed (RFC 2453 section 3.10.1)", out);
      triggeredAt = NEVER;
      long min = settings.holdMin().toNanos();
      holdUntil = now + min + random.nextLong(settings.holdMax().toNanos() - min + 1);
    }
    plan(now);
  }

  private void portTimers(long now, String nic, PortState port, Consumer<? super RipAction> out) {
    if (port.reopenAt <= now) {
      port.reopenAt = NEVER;
      out.accept(new RipAction.Open(nic));
      greet(now, nic, port, out);
    }
    if (port.fullAt <= now) {
      port.fullAt = NEVER;
      settings
          .port(nic)
          .ifPresent(
              p -> sender.update(now, settings, p, port.own, false, "first update on " + nic, out));
    }
  }

  @Override
  public long deadline() {
    long first = Math.min(updateAt, triggeredAt);
    first = Math.min(first, learned.deadline());
    first = Math.min(first, adverts.deadline());
    first = Math.min(first, neighbors.deadline(settings.timeout().toNanos()));
    for (var port : ports.values()) {
      first = Math.min(first, Math.min(port.fullAt, port.reopenAt));
    }
    return first;
  }

  /** What is known and told, at this moment. */
  public RipView view() {
    return new RipView(
        List.copyOf(ports.keySet()), neighbors.list(), learned.list(), adverts.list(), refused);
  }

  /** After everything that may have changed an advert: sees to the triggered update. */
  private void plan(long now) {
    if (!adverts.changed()) {
      return;
    }
    if (ports.isEmpty()) {
      adverts.settle(); // nobody to tell
    } else if (triggeredAt == NEVER) {
      triggeredAt = Math.max(now + GATHER, holdUntil);
      if (triggeredAt >= updateAt) {
        triggeredAt = NEVER; // the periodic update is as soon
      }
    }
  }

  private void tell(long now, boolean onlyChanged, String why, Consumer<? super RipAction> out) {
    ports.forEach(
        (nic, port) ->
            settings
                .port(nic)
                .ifPresent(p -> sender.update(now, settings, p, port.own, onlyChanged, why, out)));
    adverts.settle();
  }

  private long jittered(long period) {
    long spread = Math.max(1, period / 6);
    return period - spread + random.nextLong(2 * spread);
  }

  private void portUp(
      long now, String nic, List<LinkAddress> addresses, Consumer<? super RipAction> out) {
    if (settings.port(nic).isEmpty() || addresses.isEmpty()) {
      portDown(now, nic, out);
      return;
    }
    var port = ports.get(nic);
    if (port != null && port.own.equals(addresses)) {
      return;
    }
    if (port == null) {
      port = new PortState();
      ports.put(nic, port);
      out.accept(new RipAction.Open(nic));
    } else if (port.own.getFirst().index() != addresses.getFirst().index()) {
      out.accept(new RipAction.Open(nic)); // made anew under its old name, before we were told
    }
    port.own = addresses;
    if (updateAt == NEVER) {
      updateAt = now + jittered(settings.update().toNanos());
    }
    greet(now, nic, port, out);
  }

  private void greet(long now, String nic, PortState port, Consumer<? super RipAction> out) {
    settings.port(nic).ifPresent(p -> sender.request(now, settings, p, port.own, out));
    port.fullAt = now + GATHER;
  }

  private void portDown(long now, String nic, Consumer<? super RipAction> out) {
    if (ports.remove(nic) == null) {
      return;
    }
    out.accept(new RipAction.Close(nic));
    for (var prefix : learned.drop(now, nic, settings.garbage().toNanos())) {
      out.accept(new RipAction.Withdraw(prefix));
    }
    for (var gone : neighbors.drop(nic)) {
      out.accept(new RipAction.Tell(new RouteEvent.NeighborState(gone, RouteEvent.State.DOWN)));
    }
    if (ports.isEmpty()) {
      updateAt = NEVER;
      triggeredAt = NEVER;
    }
  }

  private void bestChanged(long now, Prefix prefix, Optional<Route> best) {
    var told =
        best.filter(this::isTold).filter(r -> settings.exportFilter().judge(r) == Verdict.ACCEPT);
    if (told.isPresent()) {
      var route = told.get();
      adverts.tell(
          route, route.origin() == Origin.RIP ? route.metric() : settings.redistributeMetric());
    } else {
      adverts.poison(prefix, now + settings.garbage().toNanos());
    }
  }

  /** RIP tells its own routes, the networks it speaks on, and what it is asked to redistribute. */
  private boolean isTold(Route route) {
    if (!route.prefix().isIpv4()) {
      return false;
    }
    return switch (route.origin()) {
      case RIP -> true;
      case CONNECTED ->
          settings.redistribute().contains(Origin.CONNECTED)
              || route.hops().getFirst() instanceof Hop.Dev(var nic)
                  && settings.port(nic).isPresent();
      case STATIC -> settings.redistribute().contains(Origin.STATIC);
    };
  }

  private void reconfigure(long now, RipSettings changed, Consumer<? super RipAction> out) {
    settings = changed;
    for (var nic : List.copyOf(ports.keySet())) {
      if (changed.port(nic).isEmpty()) {
        portDown(now, nic, out);
      }
    }
    if (!ports.isEmpty()) {
      updateAt = Math.min(updateAt, now + jittered(settings.update().toNanos()));
    }
  }

  /** Tells everybody that nothing is reachable through us any more, at once. */
  private void stop(long now, Consumer<? super RipAction> out) {
    adverts.poisonAll(now + settings.garbage().toNanos());
    tell(now, false, "farewell: everything is unreachable through this router", out);
    for (var nic : List.copyOf(ports.keySet())) {
      portDown(now, nic, out);
    }
  }

  private void arrived(long now, RipInput.Arrived in, Consumer<? super RipAction> out) {
    var port = ports.get(in.nic());
    var config = settings.port(in.nic());
    if (port == null || config.isEmpty()) {
      return; // came while the interface went down
    }
    if (port.own.stream().anyMatch(own -> own.address().equals(in.source().getAddress()))) {
      return; // our own multicast, looped back
    }
    switch (RipCodec.read(in.payload())) {
      case Parsed.Malformed(var offset, var reason) ->
          refuse(in, reason, "malformed at byte " + offset + ": " + reason, out);
      case Parsed.Good good -> {
        var refusal = Gate.refusal(settings, config.get(), port.own, in.source(), good);
        if (refusal.isPresent()) {
          refuse(in, refusal.get(), refusal.get(), out);
        } else if (heard(now, in, good, out)) {
          admitted(now, in, config.get(), port, good.message(), out);
        }
      }
    }
  }

  private static void refuse(
      RipInput.Arrived in, String kind, String note, Consumer<? super RipAction> out) {
    out.accept(new RipAction.Tell(received(in, kind.equals(note) ? "refused: " + kind : note, 0)));
  }

  private static RipReceived received(RipInput.Arrived in, String outcome, int changes) {
    return new RipReceived(
        in.nic(),
        in.source(),
        new InetSocketAddress(in.destination(), in.source().getPort()),
        outcome,
        changes,
        in.payload());
  }

  /** Notes that a neighbour speaks; false if it only repeats what was said before. */
  private boolean heard(
      long now, RipInput.Arrived in, Parsed.Good good, Consumer<? super RipAction> out) {
    if (in.source().getPort() != settings.port()) {
      return true; // a query by a person, not a router
    }
    var address = in.source().getAddress();
    return switch (neighbors.heard(
        now, in.nic(), address, good.message().version(), good.proof())) {
      case NEW -> {
        out.accept(new RipAction.Tell(new RouteEvent.NeighborState(address, RouteEvent.State.UP)));
        yield true;
      }
      case KNOWN, UNLISTED -> true;
      case REPLAYED -> {
        refuse(in, "sequence number went back", "sequence number went back", out);
        yield false;
      }
    };
  }

  private void admitted(
      long now,
      RipInput.Arrived in,
      RipSettings.Port config,
      PortState port,
      RipMessage message,
      Consumer<? super RipAction> out) {
    int changes = 0;
    String outcome = "accepted";
    switch (message.command()) {
      case RESPONSE -> {
        for (var entry : message.entries()) {
          changes += entry(now, in, config, port, message.version(), entry, out) ? 1 : 0;
        }
      }
      case REQUEST -> outcome = answer(now, in, config, port, message, out);
    }
    out.accept(new RipAction.Tell(received(in, outcome, changes)));
  }

  /** RFC 2453 section 3.9.2; whether it changed a route. */
  private boolean entry(
      long now,
      RipInput.Arrived in,
      RipSettings.Port config,
      PortState port,
      int version,
      RipEntry entry,
      Consumer<? super RipAction> out) {
    var sender = in.source().getAddress();
    if (!(EntryCheck.check(entry, version, port.own, sender)
        instanceof EntryCheck.Checked.Valid(var prefix, var nextHop, var told, var tag))) {
      neighbors.badEntry(in.nic(), sender);
      return false;
    }
    int metric = Math.min(told + config.cost(), RipEntry.INFINITY);
    var route = route(prefix, nextHop, in.nic(), metric, tag);
    if (settings.importFilter().judge(route) == Verdict.REFUSE) {
      metric = RipEntry.INFINITY; // as if it could not be reached this way
    }
    var offer = new LearnedTable.Learned(prefix, in.nic(), sender, nextHop, metric, tag, 0);
    return switch (learned.offer(
        now,
        offer,
        settings.timeout().toNanos(),
        settings.garbage().toNanos(),
        settings.maxRoutes())) {
      case UNCHANGED -> false;
      case ANNOUNCE -> {
        out.accept(new RipAction.Announce(route));
        yield true;
      }
      case WITHDRAW -> {
        out.accept(new RipAction.Withdraw(prefix));
        yield true;
      }
      case FULL -> {
        refused++;
        yield false;
      }
    };
  }

  private Route route(Prefix prefix, InetAddress nextHop, String nic, int metric, int tag) {
    return new Route(
        prefix,
        List.of(new Hop.Via(nextHop, Optional.of(nic))),
        Origin.RIP,
        "rip",
        settings.distance(),
        metric,
        tag);
  }

  /** RFC 2453 section 3.9.1; what became of the request. */
  private String answer(
      long now,
      RipInput.Arrived in,
      RipSettings.Port config,
      PortState port,
      RipMessage message,
      Consumer<? super RipAction> out) {
    if (message.entries().isEmpty()) {
      return "accepted: a request for nothing";
    }
    var asker = in.source().getAddress();
    if (config.passive() && !config.neighbors().contains(asker)) {
      return "accepted: not answered, the interface is passive";
    }
    if (!mayAnswer(now, port)) {
      return "accepted: not answered, too many requests";
    }
    var mine =
        port.own.stream().filter(own -> own.network().contains(asker)).findFirst().orElseThrow();
    List<RipEntry> entries;
    if (message.asksForEverything()) {
      entries = adverts.entries(config, mine.network(), false);
    } else {
      entries =
          message.entries().stream()
              .limit(RipCodec.room(config.auth()))
              .map(e -> lookUp(e, message.version(), port))
              .toList();
    }
    sender.respond(
        now,
        config,
        mine,
        in.source(),
        message.version(),
        entries,
        "answer to a request (RFC 2453 section 3.9.1)",
        out);
    return "accepted";
  }

  private static boolean mayAnswer(long now, PortState port) {
    if (port.answersAt != Long.MIN_VALUE) {
      double earned = (now - port.answersAt) / 1e9 * ANSWERS_PER_SECOND;
      port.answers = Math.min(ANSWERS_AT_ONCE, port.answers + earned);
    }
    port.answersAt = now;
    if (port.answers < 1) {
      return false;
    }
    port.answers--;
    return true;
  }

  /** An entry asked for by name: our metric for it, no split horizon. */
  private RipEntry lookUp(RipEntry asked, int version, PortState port) {
    var any = port.own.getFirst().address();
    // Metrics of requests mean nothing; a valid one lets the other fields be judged.
    var query = new RipEntry(asked.family(), asked.tag(), asked.address(), asked.mask(), 0, 1);
    int metric =
        EntryCheck.check(query, version, port.own, any)
                instanceof EntryCheck.Checked.Valid(var prefix, _, _, _)
            ? adverts.find(prefix).map(AdvertTable.Advert::metric).orElse(RipEntry.INFINITY)
            : RipEntry.INFINITY;
    return new RipEntry(
        asked.family(), asked.tag(), asked.address(), asked.mask(), asked.nextHop(), metric);
  }
}
