package dev.islet.router.rip.database;

import dev.islet.core.engine.Engine;
import dev.islet.core.net.Prefix;
import dev.islet.router.rip.wire.RipEntry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One learned route a prefix (RFC 2453 sections 3.8 and 3.9.2). Not thread-safe: the router's loop
 * owns it.
 *
 * <p>A route is refreshed by the router it came from and by nobody else. Another router takes it
 * over with a smaller metric, or with an equal one once half of the time-out has passed in silence.
 * A route that times out, or is told unreachable by its own router, is withdrawn at once and stays
 * here for the garbage time, in which anybody may revive it.
 */
public final class LearnedTable {
  /**
   * A route as it was learned.
   *
   * @param from the router that told it
   * @param nextHop the router to forward to, mostly the same
   * @param metric with the interface's cost; 16 while it waits to be forgotten
   * @param due when it times out or, at metric 16, is forgotten
   */
  public record Learned(
      Prefix prefix,
      String nic,
      InetAddress from,
      InetAddress nextHop,
      int metric,
      int tag,
      long due) {
    /** Whether it can be used. */
    public boolean reachable() {
      return metric < RipEntry.INFINITY;
    }

    private Learned unreachable(long forgetAt) {
      return new Learned(prefix, nic, from, nextHop, RipEntry.INFINITY, tag, forgetAt);
    }
  }

  /** What an offered entry came to. */
  public enum Outcome {
    /** Nothing to tell. */
    UNCHANGED,
    /** A new or different route: announce it. */
    ANNOUNCE,
    /** A route less: withdraw it. */
    WITHDRAW,
    /** Refused, the table is full. */
    FULL
  }

  private final Map<Prefix, Learned> routes = new LinkedHashMap<>();
  // A lower bound of all dues: refreshing makes them later, and a look too early is harmless.
  private long next = Engine.NEVER;

  /**
   * A neighbour says that a prefix can be reached.
   *
   * @param offer its due is ignored
   * @param timeout in nanoseconds
   * @param garbage in nanoseconds
   * @param limit how many prefixes are kept
   */
  public Outcome offer(long now, Learned offer, long timeout, long garbage, int limit) {
    var known = routes.get(offer.prefix());
    if (known == null) {
      if (!offer.reachable()) {
        return Outcome.UNCHANGED;
      }
      if (routes.size() >= limit) {
        return Outcome.FULL;
      }
      adopt(offer, now + timeout);
      return Outcome.ANNOUNCE;
    }
    boolean owner = known.from().equals(offer.from()) && known.nic().equals(offer.nic());
    if (owner) {
      return refresh(now, known, offer, timeout, garbage);
    }
    boolean better = offer.metric() < known.metric();
    boolean asGood = offer.metric() == known.metric() && offer.reachable();
    boolean fading = known.due() - now < timeout / 2;
    if (better || asGood && fading) {
      adopt(offer, now + timeout);
      return Outcome.ANNOUNCE;
    }
    return Outcome.UNCHANGED;
  }

  private Outcome refresh(long now, Learned known, Learned offer, long timeout, long garbage) {
    if (!offer.reachable()) {
      if (!known.reachable()) {
        return Outcome.UNCHANGED;
      }
      adopt(known.unreachable(0), now + garbage);
      return Outcome.WITHDRAW;
    }
    adopt(offer, now + timeout);
    boolean same =
        known.metric() == offer.metric()
            && known.tag() == offer.tag()
            && known.nextHop().equals(offer.nextHop());
    return same ? Outcome.UNCHANGED : Outcome.ANNOUNCE;
  }

  private void adopt(Learned route, long due) {
    routes.put(
        route.prefix(),
        new Learned(
            route.prefix(),
            route.nic(),
            route.from(),
            route.nextHop(),
            route.metric(),
            route.tag(),
            due));
    next = Math.min(next, due);
  }

  /** Lets time work; the prefixes that have become unreachable. */
  public List<Prefix> expire(long now, long garbage) {
    if (now < next) {
      return List.of();
    }
    var lost = new ArrayList<Prefix>();
    next = Engine.NEVER;
    for (var each = routes.entrySet().iterator(); each.hasNext(); ) {
      var entry = each.next();
      var route = entry.getValue();
      if (route.due() <= now) {
        if (!route.reachable()) {
          each.remove();
          continue;
        }
        lost.add(route.prefix());
        entry.setValue(route.unreachable(now + garbage));
      }
      next = Math.min(next, entry.getValue().due());
    }
    return lost;
  }

  /** An interface is gone; the prefixes that have become unreachable with it. */
  public List<Prefix> drop(long now, String nic, long garbage) {
    var lost = new ArrayList<Prefix>();
    for (var entry : routes.entrySet()) {
      var route = entry.getValue();
      if (route.nic().equals(nic) && route.reachable()) {
        lost.add(route.prefix());
        entry.setValue(route.unreachable(now + garbage));
        next = Math.min(next, now + garbage);
      }
    }
    return lost;
  }

  /** When {@link #expire} wants to be called. */
  public long deadline() {
    return next;
  }

  /** All of them, in the order they were first learned. */
  public List<Learned> list() {
    return List.copyOf(routes.values());
  }

  /** How many there are. */
  public int size() {
    return routes.size();
  }
}
