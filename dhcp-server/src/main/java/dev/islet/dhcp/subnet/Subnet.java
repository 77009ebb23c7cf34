package dev.islet.dhcp.subnet;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A network whose addresses are given out, and what its clients are told. */
public final class Subnet {
  private final Prefix prefix;
  private final Optional<String> link;
  private final Pool pool;
  private final Terms terms;
  private final Map<Integer, Octets> options;
  private final Map<HardwareAddress, Reservation> byHardware = new HashMap<>();
  private final Map<Octets, Reservation> byClientId = new HashMap<>();
  private final Map<Ip4, Reservation> byAddress = new HashMap<>();

  /**
   * @param prefix the network
   * @param link the interface its clients are on; without one, the interface whose own address lies
   *     in the network
   * @param ranges addresses for any client
   * @param exclusions addresses nobody gets
   * @param options what clients are told, by option code
   * @throws IllegalArgumentException if something lies outside the network or is reserved twice
   */
  public Subnet(
      Prefix prefix,
      Optional<String> link,
      List<Range> ranges,
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
    for (var range : ranges) {
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
      holes.add(new Range(reservation.address(), reservation.address()));
    }
    this.pool = Pool.of(ranges, holes);
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

  /** Addresses for any client. */
  public Pool pool() {
    return pool;
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

  /** What is kept for a client, by its identifier or its hardware address. */
  public Optional<Reservation> reservation(Optional<Octets> clientId, HardwareAddress hardware) {
    return clientId.map(byClientId::get).or(() -> Optional.ofNullable(byHardware.get(hardware)));
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
