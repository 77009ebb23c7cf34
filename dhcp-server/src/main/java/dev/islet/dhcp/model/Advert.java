package dev.islet.dhcp.model;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a router advertisement says (RFC 4861 section 4.2).
 *
 * @param hopLimit what hosts put into their packets
 * @param managed hosts get addresses by DHCPv6
 * @param other hosts get parameters by DHCPv6
 * @param lifetime for how long this is a default router; zero for not at all
 * @param source the router's link-layer address
 * @param mtu largest packet on the link, in bytes
 * @param dns name servers (RFC 8106)
 * @param search domains that hosts search (RFC 8106)
 * @param namesLifetime for how long those hold
 * @param nat64 the prefix of addresses that lead to IPv4 (RFC 8781)
 * @param captivePortal where a captive portal tells of itself (RFC 8910)
 */
public record Advert(
    int hopLimit,
    boolean managed,
    boolean other,
    Duration lifetime,
    Optional<MacAddress> source,
    Optional<Integer> mtu,
    List<OnLink> prefixes,
    List<Ip6> dns,
    List<String> search,
    Duration namesLifetime,
    Optional<Prefix> nat64,
    Optional<String> captivePortal) {
  public Advert {
    prefixes = List.copyOf(prefixes);
    dns = List.copyOf(dns);
    search = List.copyOf(search);
  }

  /**
   * A prefix of the link (RFC 4861 section 4.6.2).
   *
   * @param autonomous hosts make addresses in it themselves (RFC 4862)
   * @param valid how long it can be used
   * @param preferred how long it is used for new connections
   */
  public record OnLink(Prefix prefix, boolean autonomous, Duration valid, Duration preferred) {}

  /** The same with other prefixes. */
  public Advert withPrefixes(List<OnLink> others) {
    return new Advert(
        hopLimit,
        managed,
        other,
        lifetime,
        source,
        mtu,
        others,
        dns,
        search,
        namesLifetime,
        nat64,
        captivePortal);
  }

  /** The same of a router that is going: it is no default router any more. */
  public Advert farewell() {
    return new Advert(
        hopLimit,
        managed,
        other,
        Duration.ZERO,
        source,
        mtu,
        prefixes,
        dns,
        search,
        namesLifetime,
        nat64,
        captivePortal);
  }
}
