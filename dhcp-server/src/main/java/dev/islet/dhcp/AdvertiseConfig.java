package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.advert.AdvertEngine;
import dev.islet.dhcp.model.Advert;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.wire.AdvertCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What hosts of one interface are told about this router. */
public record AdvertiseConfig(
    @Key("the interface") String nic,
    @Key(value = "the longest between two advertisements nobody asked for, 4s to 30m", def = "10m")
        Duration interval,
    @Key(
            value = "how long hosts use this as a default router, up to 18h; 0s: it is none",
            def = "30m")
        Duration lifetime,
    @Key("hosts get addresses by DHCPv6; by default if a subnet of ipv6 here has pools")
        Optional<Boolean> managed,
    @Key("hosts get parameters by DHCPv6; by default if ipv6 has a subnet here")
        Optional<Boolean> other,
    @Key(value = "the hop limit of hosts' packets", def = "64") int hopLimit,
    @Key("largest packet on the link, in bytes") Optional<Integer> mtu,
    @Key(value = "prefixes of the link; by default the subnets of ipv6 here", def = "[]")
        List<OnLink> prefixes,
    @Key(value = "DNS servers", def = "[]") List<Ip6> dns,
    @Key(value = "domains that hosts search", def = "[]") List<String> search,
    @Key("the prefix whose addresses lead to IPv4 hosts, like 64:ff9b::/96") Optional<Prefix> nat64,
    @Key("where a captive portal tells of itself (RFC 8910)") Optional<String> captivePortal) {

  /**
   * A prefix of the link. Lifetimes are those of RFC 9096, so that hosts forget a lost one soon.
   */
  public record OnLink(
      @Key("the prefix, like 2001:db8:7::/64") Prefix prefix,
      @Key(value = "hosts make addresses in it themselves", def = "true") boolean autonomous,
      @Key(value = "how long it can be used", def = "90m") Duration valid,
      @Key(value = "how long it is used for new connections", def = "45m") Duration preferred) {
    public OnLink {
      if (prefix.isIpv4()) {
        throw new BadValue("prefix", "expected an IPv6 prefix, found " + prefix);
      }
      if (preferred.compareTo(valid) > 0) {
        throw new BadValue("preferred", "expected at most valid, which is " + valid);
      }
    }
  }

  public AdvertiseConfig {
    if (interval.compareTo(Duration.ofSeconds(4)) < 0
        || interval.compareTo(Duration.ofMinutes(30)) > 0) {
      throw new BadValue("interval", "expected 4s to 30m (RFC 4861 6.2.1)");
    }
    if (!lifetime.isZero() && lifetime.compareTo(interval) < 0
        || lifetime.compareTo(Duration.ofSeconds(65_535)) > 0) {
      throw new BadValue("lifetime", "expected 0s, or from interval to 65535s (RFC 8319)");
    }
    if (hopLimit < 0 || hopLimit > 255) {
      throw new BadValue("hopLimit", "expected 0 to 255");
    }
    if (mtu.isPresent() && mtu.get() < 1280) {
      throw new BadValue("mtu", "expected at least 1280 bytes (RFC 8200 5)");
    }
    if (captivePortal.isPresent() && captivePortal.get().length() > 2_000) {
      throw new BadValue("captivePortal", "expected at most 2000 characters");
    }
    if (dns.size() > 100) {
      throw new BadValue("dns", "expected at most 100");
    }
    try {
      AdvertCodec.encode(
          new Advert(
              hopLimit,
              false,
              false,
              lifetime,
              Optional.empty(),
              mtu,
              List.of(),
              dns,
              search,
              interval,
              nat64,
              captivePortal));
    } catch (IllegalArgumentException e) {
      throw new BadValue(nat64.isPresent() ? "nat64" : "search", String.valueOf(e.getMessage()));
    }
  }

  /**
   * What is told, and how often.
   *
   * @param mac the interface's
   * @param subnets what DHCPv6 gives on this interface
   */
  AdvertEngine.Plan plan(MacAddress mac, List<Subnet6Config> subnets) {
    var told =
        prefixes.isEmpty()
            ? subnets.stream()
                .map(
                    s ->
                        new OnLink(
                            s.subnet(), true, Duration.ofMinutes(90), Duration.ofMinutes(45)))
                .toList()
            : prefixes;
    return new AdvertEngine.Plan(
        new Advert(
            hopLimit,
            managed.orElse(subnets.stream().anyMatch(s -> !s.pools().isEmpty())),
            other.orElse(!subnets.isEmpty()),
            lifetime,
            Optional.of(mac),
            mtu,
            told.stream()
                .map(p -> new Advert.OnLink(p.prefix(), p.autonomous(), p.valid(), p.preferred()))
                .toList(),
            dns,
            search,
            // At least three advertisements long (RFC 8106 section 5.1).
            interval.multipliedBy(3),
            nat64,
            captivePortal),
        interval);
  }
}
