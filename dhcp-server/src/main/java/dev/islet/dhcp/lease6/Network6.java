package dev.islet.dhcp.lease6;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Option6;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An IPv6 network and what its clients are told and given.
 *
 * @param prefix the network
 * @param link the interface its clients are on; by default the one with an address in it
 * @param pools addresses for any client; none: clients get parameters only, or prefixes
 * @param delegated prefixes for routers behind this network
 * @param preferred for how long a client uses an address for new connections
 * @param valid for how long it has it
 * @param rapidCommit whether a client that asks for it gets its address in one exchange
 * @param options what clients are told if they ask for it
 */
public record Network6(
    Prefix prefix,
    Optional<String> link,
    List<Pool6> pools,
    List<Pool6> delegated,
    Duration preferred,
    Duration valid,
    boolean rapidCommit,
    List<Option6> options,
    List<Kept> reservations) {

  public Network6 {
    pools = List.copyOf(pools);
    delegated = List.copyOf(delegated);
    options = List.copyOf(options);
    reservations = List.copyOf(reservations);
    if (preferred.compareTo(valid) > 0) {
      throw new IllegalArgumentException(
          "an address cannot be preferred for " + preferred + " and valid for " + valid);
    }
    for (var pool : pools) {
      requireInside(prefix, pool.first());
      requireInside(prefix, pool.last());
    }
    for (var kept : reservations) {
      kept.address().ifPresent(a -> requireInside(prefix, a));
    }
  }

  /**
   * What is kept for one device.
   *
   * @param delegated a prefix for it, of any length
   * @param name its name in DNS, whatever it calls itself
   */
  public record Kept(
      Optional<Ip6> address,
      Optional<Prefix> delegated,
      List<Octets> duids,
      List<MacAddress> hardware,
      Optional<String> name) {
    public Kept {
      duids = List.copyOf(duids);
      hardware = List.copyOf(hardware);
    }
  }

  private static void requireInside(Prefix prefix, Ip6 address) {
    if (!prefix.contains(address.toInet())) {
      throw new IllegalArgumentException(address + " does not lie in " + prefix);
    }
  }

  /** What is kept for a client. */
  Optional<Kept> reservation(Octets duid, Optional<MacAddress> hardware) {
    return reservations.stream()
        .filter(r -> r.duids().contains(duid))
        .findFirst()
        .or(
            () ->
                hardware.flatMap(
                    mac ->
                        reservations.stream().filter(r -> r.hardware().contains(mac)).findFirst()));
  }

  /** Whether an address or prefix is kept for somebody. */
  boolean isKept(Ip6 address, int length) {
    return reservations.stream()
        .anyMatch(
            r ->
                length == 128
                    ? r.address().filter(address::equals).isPresent()
                    : r.delegated()
                        .filter(p -> p.length() == length && Ip6.of(p.address()).equals(address))
                        .isPresent());
  }

  /** Whether an address lies on the clients' link. */
  boolean contains(Ip6 address) {
    return prefix.contains(address.toInet());
  }
}
