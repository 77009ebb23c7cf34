package dev.islet.dhcp.subnet;

import dev.islet.dhcp.model.Ip4;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All subnets, found by address or by where a message came from. They never overlap. */
public final class Subnets {
  private final TreeMap<Ip4, Subnet> byNetwork = new TreeMap<>();

  /**
   * @throws IllegalArgumentException if two of them overlap
   */
  public Subnets(List<Subnet> subnets) {
    subnets.stream().sorted(Comparator.comparing(Subnet::network)).forEach(this::add);
  }

  private void add(Subnet subnet) {
    var before = at(subnet.network());
    if (before.isPresent()) {
      throw new IllegalArgumentException(subnet + " and " + before.get() + " overlap");
    }
    byNetwork.put(subnet.network(), subnet);
  }

  /** All of them, lowest first. */
  public List<Subnet> all() {
    return List.copyOf(byNetwork.values());
  }

  /** The subnet that an address lies in. */
  public Optional<Subnet> at(Ip4 address) {
    return Optional.ofNullable(byNetwork.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(s -> s.contains(address));
  }

  /** The subnet of clients directly on a link. */
  public Optional<Subnet> on(Link link) {
    return byNetwork.values().stream()
        .filter(s -> s.link().map(link.name()::equals).orElse(false))
        .findFirst()
        .or(() -> link.addresses().stream().flatMap(a -> at(a).stream()).findFirst());
  }
}
