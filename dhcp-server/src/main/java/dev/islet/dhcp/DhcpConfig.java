package dev.islet.dhcp;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.Subnets;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of a DHCP server.
 *
 * @param interfaces none: nothing is bound but {@code listen}
 * @param listen a plain socket for tests: every reply goes back to where its request came from
 */
public record DhcpConfig(
    @Key(value = "interfaces to serve, like eth0; none for a dry run", def = "[]")
        List<String> interfaces,
    @Key("plain UDP address for tests in relay mode, like 127.0.0.1:6767")
        Optional<InetSocketAddress> listen,
    @Key(
            value = "say NAK to clients without a record; only if no other server is on the link",
            def = "false")
        boolean authoritative,
    @Key(value = "how long an offered address is held for a client", def = "30s")
        Duration offerHold,
    @Key(value = "how long an address rests after a client found it in use", def = "1h")
        Duration declineRest,
    @Key(
            value =
                "how long whoever uses an address may say so before it is offered; 0s to ask"
                    + " nobody",
            def = "400ms")
        Duration conflictCheck,
    @Key(
            value =
                "answer clients without an address by broadcast, which needs no CAP_NET_RAW but"
                    + " sees no conflicts and no other servers",
            def = "false")
        boolean broadcastOnly,
    @Key(value = "how often to look out for other DHCP servers; 0s: never", def = "5m")
        Duration watch,
    @Key(value = "other DHCP servers that are meant to be there", def = "[]")
        List<Ip4> knownServers,
    @Key(
            value =
                "lease files of dnsmasq, ISC dhcpd or Kea to take over, for addresses without a"
                    + " record here",
            def = "[]")
        List<Path> importLeases,
    @Key(value = "networks of relays that may ask who has which address (RFC 4388)", def = "[]")
        List<Prefix> leaseQuery,
    @Key(value = "what keeps floods of messages in bounds", def = "{}") GuardConfig guard,
    @Key(value = "kinds of clients, and what they get", def = "[]") List<ClassConfig> classes,
    @Key(value = "the networks whose addresses are given out", def = "[]")
        List<SubnetConfig> subnets,
    @Key("what IPv6 clients get; without it they get nothing") Optional<Ipv6Config> ipv6,
    @Key("where names of clients are written; without it they are not") Optional<NamesConfig> dns,
    @Key("admin endpoint; without it there is none") Optional<AdminConfig> admin) {
  public DhcpConfig {
    interfaces = List.copyOf(interfaces);
    classes = List.copyOf(classes);
    subnets = List.copyOf(subnets);
    var names = classes.stream().map(ClassConfig::name).toList();
    if (names.stream().distinct().count() != names.size()) {
      throw new BadValue("classes", "a class is defined twice: " + names);
    }
    if (interfaces.stream().distinct().count() != interfaces.size()) {
      throw new BadValue("interfaces", "an interface is named twice: " + interfaces);
    }
    if (offerHold.compareTo(Duration.ofSeconds(1)) < 0
        || offerHold.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new BadValue("offerHold", "expected 1s to 10m");
    }
    if (declineRest.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new BadValue("declineRest", "expected at least 1s");
    }
    if (conflictCheck.compareTo(Duration.ofMillis(500)) > 0) {
      throw new BadValue("conflictCheck", "expected 0s to 500ms: clients do not wait for long");
    }
    for (var subnet : subnets) {
      for (var pool : subnet.pools()) {
        for (var wanted : pool.classes()) {
          if (!names.contains(wanted)) {
            throw new BadValue(
                "subnets",
                pool.range() + " is for the class " + wanted + ", which is none of " + names);
          }
        }
      }
      if (subnet.nic().isPresent() && !interfaces.contains(subnet.nic().get())) {
        throw new BadValue(
            "subnets",
            subnet.subnet() + " is on " + subnet.nic().get() + ", which is not in interfaces");
      }
    }
    try {
      plan(subnets);
    } catch (IllegalArgumentException e) {
      throw new BadValue("subnets", String.valueOf(e.getMessage()));
    }
  }

  /** The same, but bound to what another one is bound to. */
  DhcpConfig boundAs(DhcpConfig bound) {
    return new DhcpConfig(
        bound.interfaces(),
        bound.listen(),
        authoritative,
        offerHold,
        declineRest,
        conflictCheck,
        bound.broadcastOnly(),
        bound.watch(),
        bound.knownServers(),
        bound.importLeases(),
        leaseQuery,
        guard,
        classes,
        subnets,
        ipv6.isPresent() && bound.ipv6().isPresent() ? ipv6 : bound.ipv6(),
        bound.dns(),
        bound.admin());
  }

  /** The subnets as the engine wants them. */
  Subnets plan() {
    return plan(subnets);
  }

  private static Subnets plan(List<SubnetConfig> subnets) {
    return new Subnets(subnets.stream().map(SubnetConfig::plan).toList());
  }
}
