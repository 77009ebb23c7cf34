package dev.islet.router.iface;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Link;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.Origin;
import dev.islet.router.model.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Links and addresses, kept by the kernel's events. Not thread-safe: the router's loop owns it. */
public final class IfaceTable {
  private final Map<Integer, Link> links = new TreeMap<>();
  private final Map<Integer, Set<LinkAddress>> addresses = new HashMap<>();

  /** Notes a link as it is now; whether that is news. */
  public boolean seen(Link link) {
    return !link.equals(links.put(link.index(), link));
  }

  /** Notes that a link is gone, with its addresses; whether that is news. */
  public boolean gone(int index) {
    addresses.remove(index);
    return links.remove(index) != null;
  }

  /** Notes an address; whether that is news. It may come before its link. */
  public boolean seen(LinkAddress address) {
    return addresses.computeIfAbsent(address.index(), i -> new LinkedHashSet<>()).add(address);
  }

  /** Notes that an address is gone; whether that is news. */
  public boolean gone(LinkAddress address) {
    var there = addresses.get(address.index());
    return there != null && there.remove(address);
  }

  /** Takes a whole view of the kernel instead of all that was known; whether anything differs. */
  public boolean reset(Collection<Link> allLinks, Collection<LinkAddress> allAddresses) {
    var before = List.of(Map.copyOf(links), copy());
    links.clear();
    addresses.clear();
    allLinks.forEach(this::seen);
    allAddresses.forEach(this::seen);
    return !before.equals(List.of(Map.copyOf(links), copy()));
  }

  private Map<Integer, Set<LinkAddress>> copy() {
    var copy = new HashMap<Integer, Set<LinkAddress>>();
    addresses.forEach(
        (index, set) -> {
          if (!set.isEmpty()) {
            copy.put(index, Set.copyOf(set));
          }
        });
    return copy;
  }

  /** All links, by index. */
  public List<Link> links() {
    return List.copyOf(links.values());
  }

  /** The link of a name. */
  public Optional<Link> named(String nic) {
    return links.values().stream().filter(l -> l.name().equals(nic)).findFirst();
  }

  /** The name of a link's number. */
  public Optional<String> name(int index) {
    return Optional.ofNullable(links.get(index)).map(Link::name);
  }

  /** Whether packets can leave through an interface. */
  public boolean up(String nic) {
    return named(nic).map(Link::up).orElse(false);
  }

  /** The addresses of an interface, oldest first. */
  public List<LinkAddress> addresses(String nic) {
    return named(nic)
        .map(l -> List.copyOf(addresses.getOrDefault(l.index(), Set.of())))
        .orElse(List.of());
  }

  /** The networks we are in, one route for each on an interface that is up. */
  public List<Route> connected() {
    var routes = new ArrayList<Route>();
    var known = new LinkedHashSet<String>();
    for (var link : links.values()) {
      if (!link.up()) {
        continue;
      }
      for (var address : addresses.getOrDefault(link.index(), Set.of())) {
        var ip = address.address();
        if (ip.isLoopbackAddress() || ip.isLinkLocalAddress() || ip.isAnyLocalAddress()) {
          continue;
        }
        if (known.add(address.network() + " " + link.name())) {
          routes.add(
              new Route(
                  address.network(),
                  List.of(new Hop.Dev(link.name())),
                  Origin.CONNECTED,
                  link.name(),
                  Origin.CONNECTED.distance(),
                  0,
                  0));
        }
      }
    }
    return routes;
  }

  /**
   * Through which interface a gateway is reached: the one that is up and has the longest network
   * around it. Link-local gateways need the interface named.
   *
   * @param nic the interface it must be, if the route says
   */
  public Optional<String> reach(InetAddress gateway, Optional<String> nic) {
    if (isOwn(gateway)) {
      return Optional.empty();
    }
    if (gateway.isLinkLocalAddress()) {
      return nic.filter(this::up);
    }
    Prefix best = null;
    String through = null;
    for (var link : links.values()) {
      if (!link.up() || nic.isPresent() && !nic.get().equals(link.name())) {
        continue;
      }
      for (var address : addresses.getOrDefault(link.index(), Set.of())) {
        var network = address.network();
        if (network.contains(gateway) && (best == null || network.length() > best.length())) {
          best = network;
          through = link.name();
        }
      }
    }
    return Optional.ofNullable(through);
  }

  /** Whether an address is one of ours. */
  public boolean isOwn(InetAddress address) {
    for (var set : addresses.values()) {
      for (var own : set) {
        if (own.address().equals(address)) {
          return true;
        }
      }
    }
    return false;
  }
}
