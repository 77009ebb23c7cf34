package dev.islet.router.rip.output;

import dev.islet.core.engine.Engine;
import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.Route;
import dev.islet.router.rip.wire.Ipv4;
import dev.islet.router.rip.wire.RipEntry;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is told to neighbours. Not thread-safe: the router's loop owns it.
 *
 * <p>What has become unreachable is told with metric 16 for the garbage time (RFC 2453 section
 * 3.8), so that everybody hears of it, and then no more.
 */
public final class AdvertTable {
  /**
   * What is told of a prefix.
   *
   * @param nic the interface it leaves through, for split horizon; empty for a dropping route
   * @param gateway the router behind that interface; empty for a connected network
   * @param learned from a neighbour of that interface: split horizon applies
   * @param changed since the last update
   * @param due when it is forgotten, at metric 16; else {@link Engine#NEVER}
   */
  public record Advert(
      Prefix prefix,
      int metric,
      int tag,
      Optional<String> nic,
      Optional<InetAddress> gateway,
      boolean learned,
      boolean changed,
      long due) {
    private boolean sameAs(Advert other) {
      return metric == other.metric
          && tag == other.tag
          && learned == other.learned
          && nic.equals(other.nic)
          && gateway.equals(other.gateway);
    }

    private Advert with(int newMetric, boolean isChanged, long newDue) {
      return new Advert(prefix, newMetric, tag, nic, gateway, learned, isChanged, newDue);
    }
  }

  private final Map<Prefix, Advert> adverts = new LinkedHashMap<>();
  private boolean changed;
  private long next = Engine.NEVER;

  /** A prefix is told so from now on. */
  public void tell(Route best, int metric) {
    Optional<String> nic = Optional.empty();
    Optional<InetAddress> gateway = Optional.empty();
    switch (best.hops().getFirst()) {
      case Hop.Via(var router, var through) -> {
        nic = through;
        gateway = Optional.of(router);
      }
      case Hop.Dev(var through) -> nic = Optional.of(through);
      case Hop.Drop(_) -> {}
    }
    var now =
        new Advert(
            best.prefix(),
            metric,
            best.tag(),
            nic,
            gateway,
            best.origin() == Origin.RIP,
            true,
            Engine.NEVER);
    var before = adverts.get(best.prefix());
    if (before == null || !before.sameAs(now)) {
      adverts.put(best.prefix(), now);
      changed = true;
    }
  }

  /** A prefix is unreachable from now on, if it was told at all. */
  public void poison(Prefix prefix, long forgetAt) {
    var before = adverts.get(prefix);
    if (before != null && before.metric() < RipEntry.INFINITY) {
      adverts.put(prefix, before.with(RipEntry.INFINITY, true, forgetAt));
      next = Math.min(next, forgetAt);
      changed = true;
    }
  }

  /** Everything is unreachable: the farewell. */
  public void poisonAll(long forgetAt) {
    List.copyOf(adverts.keySet()).forEach(prefix -> poison(prefix, forgetAt));
  }

  /** Whether something was changed since {@link #settle}. */
  public boolean changed() {
    return changed;
  }

  /** Everybody has been told. */
  public void settle() {
    if (changed) {
      adverts.replaceAll((prefix, a) -> a.changed() ? a.with(a.metric(), false, a.due()) : a);
      changed = false;
    }
  }

  /** Forgets what has been told unreachable long enough. */
  public void expire(long now) {
    if (now < next) {
      return;
    }
    adverts.values().removeIf(a -> a.due() <= now);
    next = adverts.values().stream().mapToLong(Advert::due).min().orElse(Engine.NEVER);
  }

  /** When {@link #expire} wants to be called. */
  public long deadline() {
    return next;
  }

  /** The metric told for exactly this prefix, 16 if none. */
  public Optional<Advert> find(Prefix prefix) {
    return Optional.ofNullable(adverts.get(prefix));
  }

  /**
   * The entries for one network of an interface, split horizon applied.
   *
   * @param port the interface
   * @param network where the entries go; its own prefix is left out
   * @param onlyChanged for a triggered update (RFC 2453 section 3.10.1)
   */
  public List<RipEntry> entries(RipSettings.Port port, Prefix network, boolean onlyChanged) {
    var entries = new ArrayList<RipEntry>();
    for (var advert : adverts.values()) {
      if (onlyChanged && !advert.changed()) {
        continue;
      }
      boolean here = advert.nic().map(port.nic()::equals).orElse(false);
      if (here && advert.gateway().isEmpty() && advert.prefix().equals(network)) {
        continue; // they are connected to it themselves
      }
      int metric = advert.metric();
      if (here && advert.learned()) {
        switch (port.horizon()) {
          case POISON -> metric = RipEntry.INFINITY;
          case SIMPLE -> {
            continue;
          }
          case OFF -> {}
        }
      }
      // Section 4.4: a router of this network that is closer than we are is named.
      int nextHop =
          here && !advert.learned() && metric < RipEntry.INFINITY
              ? advert.gateway().filter(network::contains).map(Ipv4::bits).orElse(0)
              : 0;
      entries.add(RipEntry.of(advert.prefix(), advert.tag(), nextHop, metric));
    }
    return entries;
  }

  /** All of them, in the order they were first told. */
  public List<Advert> list() {
    return List.copyOf(adverts.values());
  }
}
