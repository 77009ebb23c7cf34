package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Route;
import dev.islet.dhcp.subnet.Range;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.OptionData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One network and what its clients get.
 *
 * @param options other options by name or code, as text of the option's format
 */
public record SubnetConfig(
    @Key("the network, like 192.168.7.0/24") Prefix subnet,
    @Key("the interface its clients are on; by default the one whose address lies in it")
        Optional<String> nic,
    @Key(
            value =
                "addresses for any client, like 192.168.7.100-192.168.7.200, or for classes,"
                    + " like {range: …, classes: [phones]}",
            def = "[]")
        List<PoolConfig> pools,
    @Key(value = "addresses inside the pools that nobody gets", def = "[]") List<Range> exclude,
    @Key(value = "how long a client may keep an address", def = "8h") Duration lease,
    @Key("when a client asks us to extend its lease; by default after half of it")
        Optional<Duration> t1,
    @Key("when a client asks any server; by default after seven eighths of its lease")
        Optional<Duration> t2,
    @Key(value = "default routers", def = "[]") List<Ip4> routers,
    @Key(value = "DNS servers", def = "[]") List<Ip4> dns,
    @Key("domain of the clients") Optional<String> domain,
    @Key(value = "domains that clients search", def = "[]") List<String> search,
    @Key(value = "time servers", def = "[]") List<Ip4> ntp,
    @Key(value = "other routes, like 10.0.0.0/8 via 192.168.7.2", def = "[]") List<Route> routes,
    @Key("largest packet on the link, in bytes") Optional<Integer> mtu,
    @Key(value = "give an address in one exchange if the client asks for it", def = "false")
        boolean rapidCommit,
    @Key("boot server") Optional<Ip4> nextServer,
    @Key("boot file") Optional<String> bootFile,
    @Key(
            value = "other options, by name or code: {captive-portal: \"https://…\", 43: 0102ff}",
            def = "{}")
        Map<String, String> options,
    @Key(value = "addresses kept for certain devices", def = "[]")
        List<ReservationConfig> reservations) {
  public SubnetConfig {
    if (!subnet.isIpv4() || subnet.length() > 30) {
      throw new BadValue("subnet", "expected an IPv4 network of /30 or larger, found " + subnet);
    }
    var least = Duration.ofMinutes(1);
    if (lease.compareTo(least) < 0 || lease.compareTo(Duration.ofDays(3650)) > 0) {
      throw new BadValue("lease", "expected 1m to 3650d");
    }
    if (mtu.isPresent() && (mtu.get() < 68 || mtu.get() > 65_535)) {
      throw new BadValue("mtu", "expected 68 to 65535 bytes");
    }
    within(subnet, "pools", pools.stream().map(PoolConfig::range).toList());
    within(subnet, "exclude", exclude);
    for (var router : routers) {
      within(subnet, "routers", List.of(new Range(router, router)));
    }
    for (var address : dns) {
      if (address.isNone() || address.bits() >>> 24 == 127) {
        throw new BadValue("dns", address + " means the client itself, where no DNS server is");
      }
    }
    try {
      terms(lease, t1, t2, rapidCommit, nextServer, bootFile);
    } catch (IllegalArgumentException e) {
      throw new BadValue(t1.isPresent() ? "t1" : "t2", String.valueOf(e.getMessage()));
    }
    OptionTexts.parse(options);
  }

  private static void within(Prefix subnet, String key, List<Range> ranges) {
    for (var range : ranges) {
      if (!subnet.contains(range.first().toInet()) || !subnet.contains(range.last().toInet())) {
        throw new BadValue(key, range + " does not lie in " + subnet);
      }
    }
  }

  private static Subnet.Terms terms(
      Duration lease,
      Optional<Duration> t1,
      Optional<Duration> t2,
      boolean rapidCommit,
      Optional<Ip4> nextServer,
      Optional<String> bootFile) {
    var usual = Subnet.Terms.of(lease);
    return new Subnet.Terms(
        lease,
        t1.orElse(usual.t1()),
        t2.orElse(usual.t2()),
        rapidCommit,
        nextServer.orElse(Ip4.NONE),
        bootFile.orElse(""));
  }

  Subnet plan() {
    return new Subnet(
        subnet,
        nic,
        pools.stream().collect(PoolConfig.byRange()),
        nobodys(),
        reservations.stream().map(ReservationConfig::plan).toList(),
        terms(lease, t1, t2, rapidCommit, nextServer, bootFile),
        told());
  }

  /** Routers and servers have their addresses from elsewhere, so no client gets one of those. */
  private List<Range> nobodys() {
    return Stream.of(
            exclude.stream(),
            Stream.of(routers, dns, ntp)
                .flatMap(List::stream)
                .filter(a -> subnet.contains(a.toInet()))
                .map(a -> new Range(a, a)))
        .flatMap(r -> r)
        .toList();
  }

  private Map<Integer, Octets> told() {
    var told = new TreeMap<Integer, Octets>();
    put(told, Code.ROUTERS, routers);
    put(told, Code.DNS, dns);
    put(told, Code.NTP, ntp);
    domain.ifPresent(d -> told.put(Code.DOMAIN, OptionCodec.text(d)));
    mtu.ifPresent(m -> told.put(Code.MTU, OptionCodec.number(m, 2)));
    if (!search.isEmpty()) {
      told.put(Code.DOMAIN_SEARCH, OptionCodec.encode(new OptionData.Names(search)));
    }
    if (!routes.isEmpty()) {
      told.put(Code.ROUTES, OptionCodec.encode(new OptionData.Routes(withDefault())));
    }
    told.putAll(OptionTexts.parse(options));
    return told;
  }

  /** A client that takes routes ignores routers (RFC 3442), so the default route goes in too. */
  private List<Route> withDefault() {
    var all = new ArrayList<>(routes);
    if (!routers.isEmpty() && routes.stream().noneMatch(r -> r.to().length() == 0)) {
      all.add(new Route(Prefix.of(Ip4.NONE.toInet(), 0), routers.getFirst()));
    }
    return all;
  }

  private static void put(Map<Integer, Octets> told, int code, List<Ip4> addresses) {
    if (!addresses.isEmpty()) {
      told.put(code, OptionCodec.addresses(addresses));
    }
  }
}
