package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.dhcp.lease6.Network6;
import java.util.List;

/** What IPv6 clients get. */
public record Ipv6Config(
    @Key(value = "networks whose clients get addresses, prefixes or parameters", def = "[]")
        List<Subnet6Config> subnets,
    @Key(value = "interfaces whose hosts are told about this router", def = "[]")
        List<AdvertiseConfig> advertise) {
  public Ipv6Config {
    subnets = List.copyOf(subnets);
    advertise = List.copyOf(advertise);
    var nics = advertise.stream().map(AdvertiseConfig::nic).toList();
    if (nics.stream().distinct().count() != nics.size()) {
      throw new BadValue("advertise", "an interface is named twice: " + nics);
    }
    for (int i = 0; i < subnets.size(); i++) {
      var one = subnets.get(i).subnet();
      for (var other : subnets.subList(0, i)) {
        if (one.contains(other.subnet().address()) || other.subnet().contains(one.address())) {
          throw new BadValue("subnets", one + " and " + other.subnet() + " overlap");
        }
      }
    }
  }

  /** The networks as the engine wants them. */
  List<Network6> networks() {
    return subnets.stream().map(Subnet6Config::plan).toList();
  }
}
