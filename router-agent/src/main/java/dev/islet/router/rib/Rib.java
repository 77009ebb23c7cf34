package dev.islet.router.rib;

import dev.islet.core.net.Prefix;
import dev.islet.router.iface.IfaceTable;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Origin;
import dev.islet.router.model.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The routing information base. Not thread-safe: the router's loop owns it.
 *
 * <p>Best is, among the candidates with a hop that works now, the one with the smallest
 * administrative distance, then the smallest metric, then the first origin and id in order, so that
 * the choice does not depend on who came first.
 */
public final class Rib {
  /**
   * The best route to a prefix has changed.
   *
   * @param before empty if there was none
   * @param after empty if there is none left; its hops name their interfaces
   */
  public record Change(Prefix prefix, Optional<Route> before, Optional<Route> after) {}

  /**
   * A candidate as people see it.
   *
   * @param best whether it won
   * @param why it won, lost, or cannot be used
   */
  public record Candidate(Route route, boolean best, String why) {}

  private record Key(Origin origin, String id) {}

  private static final class Entry {
    final Map<Key, Route> candidates =
        new TreeMap<>(Comparator.comparing(Key::origin).thenComparing(Key::id));
    Optional<Route> best = Optional.empty();
  }

  private static final Comparator<Prefix> ORDER =
      Comparator.<Prefix>comparingInt(p -> p.isIpv4() ? 4 : 6)
          .thenComparing(p -> p.address().getAddress(), java.util.Arrays::compareUnsigned)
          .thenComparingInt(Prefix::length);

  private final IfaceTable ifaces;
  private final Consumer<Change> changes;
  private final Map<Prefix, Entry> entries = new TreeMap<>(ORDER);

  /**
   * @param ifaces answers how gateways are reached
   * @param changes told every change of a best route, at once
   */
  public Rib(IfaceTable ifaces, Consumer<Change> changes) {
    this.ifaces = ifaces;
    this.changes = changes;
  }

  /** A protocol has a route, new or instead of the one it had under the same id. */
  public void announce(Route route) {
    var entry = entries.computeIfAbsent(route.prefix(), p -> new Entry());
    entry.candidates.put(new Key(route.origin(), route.id()), route);
    decide(route.prefix(), entry);
  }

  /** A protocol has a route no more. */
  public void withdraw(Prefix prefix, Origin origin, String id) {
    var entry = entries.get(prefix);
    if (entry != null && entry.candidates.remove(new Key(origin, id)) != null) {
      decide(prefix, entry);
    }
  }

  /** An origin's routes are exactly these from now on. */
  public void replaceAll(Origin origin, List<Route> routes) {
    var keep = new HashSet<String>();
    for (var route : routes) {
      keep.add(route.prefix() + " " + route.id());
    }
    for (var prefix : List.copyOf(entries.keySet())) {
      var entry = entries.get(prefix);
      if (entry != null
          && entry
              .candidates
              .keySet()
              .removeIf(k -> k.origin() == origin && !keep.contains(prefix + " " + k.id()))) {
        decide(prefix, entry);
      }
    }
    routes.forEach(this::announce);
  }

  /** Interfaces or addresses have changed: looks every gateway up anew. */
  public void refresh() {
    for (var prefix : List.copyOf(entries.keySet())) {
      var entry = entries.get(prefix);
      if (entry != null) {
        decide(prefix, entry);
      }
    }
  }

  /** The best route to exactly this prefix; its hops name their interfaces. */
  public Optional<Route> best(Prefix prefix) {
    return Optional.ofNullable(entries.get(prefix)).flatMap(e -> e.best);
  }

  /** Every best route, in order of prefixes, IPv4 first. */
  public List<Route> best() {
    return entries.values().stream().flatMap(e -> e.best.stream()).toList();
  }

  /** How many candidates there are. */
  public int size() {
    return entries.values().stream().mapToInt(e -> e.candidates.size()).sum();
  }

  private void decide(Prefix prefix, Entry entry) {
    var before = entry.best;
    Optional<Route> after = Optional.empty();
    for (var candidate : entry.candidates.values()) {
      var usable = resolve(candidate);
      if (usable.isPresent() && (after.isEmpty() || better(usable.get(), after.get()))) {
        after = usable;
      }
    }
    if (entry.candidates.isEmpty()) {
      entries.remove(prefix);
    }
    entry.best = after;
    if (!after.equals(before)) {
      changes.accept(new Change(prefix, before, after));
    }
  }

  private static boolean better(Route a, Route b) {
    return a.distance() != b.distance() ? a.distance() < b.distance() : a.metric() < b.metric();
  }

  /** The route with those of its hops that work now, each naming its interface. */
  private Optional<Route> resolve(Route route) {
    if (route.distance() == 255) {
      return Optional.empty();
    }
    var hops = new ArrayList<Hop>();
    for (var hop : route.hops()) {
      switch (hop) {
        case Hop.Drop drop -> hops.add(drop);
        case Hop.Dev(var nic) -> {
          if (ifaces.up(nic)) {
            hops.add(hop);
          }
        }
        case Hop.Via(var gateway, var nic) ->
            ifaces
                .reach(gateway, nic)
                .ifPresent(n -> hops.add(new Hop.Via(gateway, Optional.of(n))));
      }
    }
    return hops.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Route(
                route.prefix(),
                hops,
                route.origin(),
                route.id(),
                route.distance(),
                route.metric(),
                route.tag()));
  }

  /** All candidates with the reason each won or lost, in order of prefixes. */
  public List<Candidate> candidates() {
    var all = new ArrayList<Candidate>();
    for (var entry : entries.values()) {
      for (var route : entry.candidates.values()) {
        all.add(judge(route, entry));
      }
    }
    return all;
  }

  private Candidate judge(Route route, Entry entry) {
    if (route.distance() == 255) {
      return new Candidate(route, false, "distance 255 is never used");
    }
    if (resolve(route).isEmpty() || entry.best.isEmpty()) {
      return new Candidate(route, false, unusable(route));
    }
    var best = entry.best.get();
    if (best.origin() == route.origin() && best.id().equals(route.id())) {
      return new Candidate(
          route, true, entry.candidates.size() == 1 ? "the only candidate" : "the best of several");
    }
    if (route.distance() != best.distance()) {
      return new Candidate(
          route, false, "distance " + route.distance() + " loses to " + best.distance());
    }
    return new Candidate(
        route,
        false,
        route.metric() != best.metric()
            ? "metric " + route.metric() + " loses to " + best.metric()
            : "equal, but " + best.origin() + " " + best.id() + " comes first in order");
  }

  private String unusable(Route route) {
    return switch (route.hops().getFirst()) {
      case Hop.Dev(var nic) -> nic + " is not up";
      case Hop.Via(var gateway, _) ->
          gateway.getHostAddress()
              + (ifaces.isOwn(gateway)
                  ? " is an address of this machine"
                  : " lies in no connected network that is up");
      case Hop.Drop(_) -> "no candidate is best";
    };
  }
}
