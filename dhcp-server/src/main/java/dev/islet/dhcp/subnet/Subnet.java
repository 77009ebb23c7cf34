package dev.islet.dhcp.subnet;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.Dhcid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A network whose addresses are given out, and what its clients are told. */
public final class Subnet {
  private final Prefix prefix;
  private final Optional<String> link;
  private final List<ClassPool> pools;
  private final Terms terms;
  private final Map<Integer, Octets> options;
  private final Map<HardwareAddress, Reservation> byHardware = new HashMap<>();
  private final Map<Octets, Reservation> byClientId = new HashMap<>();
  private final Map<Octets, Reservation> byCircuitId = new HashMap<>();
  private final Map<Octets, Reservation> byVendorClass = new HashMap<>();
  private final Map<Ip4, Reservation> byAddress = new HashMap<>();

  /**
   * @param prefix the network
   * @param link the interface its clients are on; without one, the interface whose own address lies
   *     in the network
   * @param ranges addresses for clients, and the classes of whose members a client must be one
   * @param exclusions addresses nobody gets
   * @param options what clients are told, by option code
   * @throws IllegalArgumentException if something lies outside the network or is reserved twice
   */
  public Subnet(
      Prefix prefix,
      Optional<String> link,
      Map<Range, Set<String>> ranges,
      List<Range> exclusions,
      List<Reservation> reservations,
      Terms terms,
      Map<Integer, Octets> options) {
    if (!prefix.isIpv4()) {
      throw new IllegalArgumentException(prefix + " is not an IPv4 network");
    }
    this.prefix = prefix;
    this.link = link;
    this.terms = terms;
    this.options = new TreeMap<>(options);
    for (var range : ranges.keySet()) {
      requireInside(range.first());
      requireInside(range.last());
    }
    var holes = new ArrayList<>(exclusions);
    if (prefix.length() < 31) {
      // Network and broadcast address are nobody's (RFC 919).
      holes.add(new Range(network(), network()));
      holes.add(new Range(broadcast(), broadcast()));
    }
    for (var reservation : reservations) {
      requireInside(reservation.address());
      add(byAddress, reservation.address(), reservation);
      reservation.hardware().forEach(h -> add(byHardware, h, reservation));
      reservation.clientIds().forEach(c -> add(byClientId, c, reservation));
      reservation.circuitIds().forEach(c -> add(byCircuitId, Dhcid.brief(c), reservation));
      reservation.vendorClasses().forEach(c -> add(byVendorClass, c, reservation));
      holes.add(new Range(reservation.address(), reservation.address()));
    }
    this.pools = pools(ranges, holes);
  }

  private static List<ClassPool> pools(Map<Range, Set<String>> ranges, List<Range> holes) {
    var byClasses = new LinkedHashMap<Set<String>, List<Range>>();
    ranges.forEach(
        (range, classes) -> {
          ranges.forEach(
              (other, theirs) -> {
                if (!theirs.equals(classes) && other.overlaps(range)) {
                  throw new IllegalArgumentException(
                      range + " and " + other + " overlap, but are for different classes");
                }
              });
          byClasses.computeIfAbsent(classes, c -> new ArrayList<>()).add(range);
        });
    var pools = new ArrayList<ClassPool>();
    byClasses.forEach((classes, own) -> pools.add(new ClassPool(Pool.of(own, holes), classes)));
    return List.copyOf(pools);
  }

  private static <K> void add(Map<K, Reservation> map, K key, Reservation reservation) {
    var other = map.putIfAbsent(key, reservation);
    if (other != null) {
      throw new IllegalArgumentException(
          key + " is reserved twice, for " + other.address() + " and " + reservation.address());
    }
  }

  private void requireInside(Ip4 address) {
    if (!contains(address)) {
      throw new IllegalArgumentException(address + " does not lie in " + prefix);
    }
  }

  /** The network. */
  public Prefix prefix() {
    return prefix;
  }

  /** The interface its clients are on, if it was named. */
  public Optional<String> link() {
    return link;
  }

  /** Addresses for clients without a reservation; no address is in two of them. */
  public List<ClassPool> pools() {
    return pools;
  }

  /** How many addresses the pools have. */
  public long poolSize() {
    return pools.stream().mapToLong(p -> p.pool().size()).sum();
  }

  /** For how long, and how, addresses are given. */
  public Terms terms() {
    return terms;
  }

  /** What clients are told, by option code. */
  public Map<Integer, Octets> options() {
    return options;
  }

  /** Whether an address lies in the network. */
  public boolean contains(Ip4 address) {
    int mask = prefix.length() == 0 ? 0 : -1 << 32 - prefix.length();
    return (address.bits() & mask) == network().bits();
  }

  /** The lowest address. */
  public Ip4 network() {
    return Ip4.of(prefix.address());
  }

  /** The highest address. */
  public Ip4 broadcast() {
    return new Ip4(network().bits() | (prefix.length() == 0 ? -1 : ~(-1 << 32 - prefix.length())));
  }

  /** The mask of the network. */
  public Ip4 mask() {
    return new Ip4(prefix.length() == 0 ? 0 : -1 << 32 - prefix.length());
  }

  /** What is kept for a client: by its identifier, its hardware, its circuit, or its make. */
  public Optional<Reservation> reservation(
      Optional<Octets> clientId,
      HardwareAddress hardware,
      Optional<Octets> circuitId,
      Optional<Octets> vendorClass) {
    return clientId
        .map(byClientId::get)
        .or(() -> Optional.ofNullable(byHardware.get(hardware)))
        .or(() -> circuitId.map(Dhcid::brief).map(byCircuitId::get))
        .or(() -> vendorClass.map(byVendorClass::get));
  }

  /** For whom an address is kept, if it is. */
  public Optional<Reservation> reservedAt(Ip4 address) {
    return Optional.ofNullable(byAddress.get(address));
  }

  /** All reservations. */
  public Iterable<Reservation> reservations() {
    return byAddress.values();
  }

  /**
   * For how long and how addresses are given.
   *
   * @param lease how long a client may keep an address without asking again
   * @param t1 when it asks us to extend it
   * @param t2 when it asks anybody
   * @param rapidCommit whether a client that asks for it gets its address in one exchange (RFC
   *     4039); right only if no other server is on the link
   * @param nextServer the boot server, 0.0.0.0 for none
   * @param bootFile the file to boot, empty for none
   */
  public record Terms(
      Duration lease,
      Duration t1,
      Duration t2,
      boolean rapidCommit,
      Ip4 nextServer,
      String bootFile) {
    public Terms {
      if (t1.compareTo(t2) >= 0 || t2.compareTo(lease) >= 0) {
        throw new IllegalArgumentException(
            "times must grow: t1 " + t1 + ", t2 " + t2 + ", lease " + lease);
      }
    }

    /** The same with another lease time, extended after the same parts of it. */
    public Terms withLease(Duration other) {
      double part = (double) other.toNanos() / lease.toNanos();
      return new Terms(
          other,
          Duration.ofNanos((long) (t1.toNanos() * part)),
          Duration.ofNanos((long) (t2.toNanos() * part)),
          rapidCommit,
          nextServer,
          bootFile);
    }

    /** The same with another boot server and file. */
    public Terms withBoot(Ip4 server, String file) {
      return new Terms(lease, t1, t2, rapidCommit, server, file);
    }

    /** The usual fractions of RFC 2131 section 4.4.5: half, and seven eighths. */
    public static Terms of(Duration lease) {
      return new Terms(
          lease, lease.dividedBy(2), lease.multipliedBy(7).dividedBy(8), false, Ip4.NONE, "");
    }
  }

  @Override
  public String toString() {
    return prefix.toString();
  }
}
