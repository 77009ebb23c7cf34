package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.lease6.Network6;
import dev.islet.dhcp.lease6.Pool6;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.HostNames;
import dev.islet.dhcp.wire.Code6;
import dev.islet.dhcp.wire.Option6;
import dev.islet.dhcp.wire.OptionCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One IPv6 network and what its clients get by DHCPv6. */
public record Subnet6Config(
    @Key("the network, like 2001:db8:7::/64") Prefix subnet,
    @Key("the interface its clients are on; by default the one whose address lies in it")
        Optional<String> nic,
    @Key(value = "addresses for any client, like 2001:db8:7::1000-2001:db8:7::1fff", def = "[]")
        List<Pool6> pools,
    @Key(value = "prefixes for routers behind this network", def = "[]") List<Delegated> delegate,
    @Key(value = "how long a client uses an address for new connections", def = "4h")
        Duration preferred,
    @Key(value = "how long a client may keep an address", def = "8h") Duration lease,
    @Key(value = "give an address in one exchange if the client asks for it", def = "false")
        boolean rapidCommit,
    @Key(value = "DNS servers", def = "[]") List<Ip6> dns,
    @Key(value = "domains that clients search", def = "[]") List<String> search,
    @Key(value = "time servers", def = "[]") List<Ip6> ntp,
    @Key("when clients without an address ask again, at least 10m") Optional<Duration> refresh,
    @Key("the longest pause of clients that get no answer, 1m to 1d") Optional<Duration> solMaxRt,
    @Key("where a captive portal tells of itself (RFC 8910)") Optional<String> captivePortal,
    @Key(value = "addresses and prefixes kept for certain devices", def = "[]")
        List<Kept> reservations) {

  /** Prefixes that routers get. */
  public record Delegated(
      @Key("the network they are taken from, like 2001:db8:100::/40") Prefix from,
      @Key(value = "how long each is, up to 64", def = "56") int length) {
    public Delegated {
      try {
        Pool6.prefixes(from, length);
      } catch (IllegalArgumentException e) {
        throw new BadValue("length", String.valueOf(e.getMessage()));
      }
    }
  }

  /** What is kept for one device. */
  public record Kept(
      @Key("the address") Optional<Ip6> address,
      @Key("the prefix, for a router") Optional<Prefix> prefix,
      @Key(value = "the device's DUIDs in hex", def = "[]") List<Octets> duid,
      @Key(value = "the device's MAC addresses", def = "[]") List<MacAddress> mac,
      @Key("the device's name in DNS, whatever it calls itself") Optional<String> name) {
    public Kept {
      if (duid.isEmpty() && mac.isEmpty()) {
        throw new BadValue("duid", "a reservation needs a DUID or a MAC address");
      }
      if (address.isEmpty() && prefix.isEmpty()) {
        throw new BadValue("address", "a reservation needs an address or a prefix");
      }
      if (name.isPresent()
          && !new HostNames(List.of()).label(name.get()).equals(name.map(String::toLowerCase))) {
        throw new BadValue("name", "expected a host name like nas");
      }
    }
  }

  public Subnet6Config {
    if (subnet.isIpv4()) {
      throw new BadValue("subnet", "expected an IPv6 network, found " + subnet);
    }
    if (lease.compareTo(Duration.ofMinutes(1)) < 0 || lease.compareTo(Duration.ofDays(3650)) > 0) {
      throw new BadValue("lease", "expected 1m to 3650d");
    }
    if (refresh.isPresent() && refresh.get().compareTo(Duration.ofMinutes(10)) < 0) {
      throw new BadValue("refresh", "expected at least 10m (RFC 8415 21.23)");
    }
    if (solMaxRt.isPresent()
        && (solMaxRt.get().compareTo(Duration.ofMinutes(1)) < 0
            || solMaxRt.get().compareTo(Duration.ofDays(1)) > 0)) {
      throw new BadValue("solMaxRt", "expected 1m to 1d (RFC 8415 21.24)");
    }
    if (preferred.compareTo(lease) > 0) {
      throw new BadValue("preferred", "expected at most lease, which is " + lease);
    }
    try {
      plan(subnet, nic, pools, delegate, preferred, lease, rapidCommit, List.of(), reservations);
      search.forEach(name -> Option6.names(Code6.DOMAIN_SEARCH, List.of(name)));
    } catch (IllegalArgumentException e) {
      throw new BadValue("subnet", String.valueOf(e.getMessage()));
    }
  }

  Network6 plan() {
    var told = new ArrayList<Option6>();
    if (!dns.isEmpty()) {
      told.add(Option6.addresses(Code6.DNS, dns));
    }
    if (!search.isEmpty()) {
      told.add(Option6.names(Code6.DOMAIN_SEARCH, search));
    }
    if (!ntp.isEmpty()) {
      told.add(Option6.ntp(ntp));
    }
    refresh.ifPresent(r -> told.add(Option6.seconds(Code6.REFRESH_TIME, r.toSeconds())));
    solMaxRt.ifPresent(
        s -> {
          told.add(Option6.seconds(Code6.SOL_MAX_RT, s.toSeconds()));
          told.add(Option6.seconds(Code6.INF_MAX_RT, s.toSeconds()));
        });
    captivePortal.ifPresent(
        url -> told.add(new Option6(Code6.CAPTIVE_PORTAL, OptionCodec.text(url))));
    return plan(subnet, nic, pools, delegate, preferred, lease, rapidCommit, told, reservations);
  }

  private static Network6 plan(
      Prefix subnet,
      Optional<String> nic,
      List<Pool6> pools,
      List<Delegated> delegate,
      Duration preferred,
      Duration lease,
      boolean rapidCommit,
      List<Option6> told,
      List<Kept> reservations) {
    return new Network6(
        subnet,
        nic,
        pools,
        delegate.stream().map(d -> Pool6.prefixes(d.from(), d.length())).toList(),
        preferred,
        lease,
        rapidCommit,
        told,
        reservations.stream()
            .map(r -> new Network6.Kept(r.address(), r.prefix(), r.duid(), r.mac(), r.name()))
            .toList());
  }
}
