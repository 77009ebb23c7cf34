package dev.islet.dns;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.service.Home;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.dns.cache.CacheLimits;
import dev.islet.dns.chain.Rules;
import dev.islet.dns.chain.View;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.policy.UpdatePolicy;
import dev.islet.dns.queries.QueryBook;
import dev.islet.dns.resolve.Protection;
import dev.islet.dns.resolve.ResolveEngine;
import dev.islet.dns.store.HintsFile;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.transfer.Catalog;
import dev.islet.dns.transport.TcpLimits;
import dev.islet.dns.transport.UpstreamPort;
import dev.islet.dns.update.UpdateEngine;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.SerialPolicy;
import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Turns configuration into the values that the inner parts take. */
final class Assembly {
  private static final Duration WRITE_PATIENCE = Duration.ofSeconds(10);

  private Assembly() {}

  /**
   * Reads all zones.
   *
   * @param source the configuration's file, for faults in records written there
   * @param now what serials may be made of
   * @throws ConfigException every zone's fault, with file and line
   */
  static List<UpdateEngine.Master> masters(DnsConfig config, String source, Instant now) {
    var masters = new ArrayList<UpdateEngine.Master>();
    var problems = new ArrayList<Problem>();
    config
        .zones()
        .forEach(
            (text, zone) -> {
              if (zone.secondary().isPresent()) {
                return;
              }
              try {
                var policy = zone.update().map(Assembly::policy).orElse(UpdatePolicy.CLOSED);
                masters.add(
                    new UpdateEngine.Master(read(config, text, zone), policy, serial(zone), now));
              } catch (ZoneFault e) {
                boolean file = zone.file().isPresent();
                problems.add(
                    new Problem(
                        file ? e.where() : source,
                        Math.max(1, e.line()),
                        1,
                        file ? "zones." + text : e.where(),
                        String.valueOf(e.getMessage())));
              }
            });
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return masters;
  }

  /** A catalog of our making has no file to say a later serial in. */
  private static SerialPolicy serial(DnsConfig.ZoneConfig zone) {
    return zone.catalog().isPresent() && zone.serial() == SerialPolicy.KEEP
        ? SerialPolicy.INCREMENT
        : zone.serial();
  }

  static Zone read(DnsConfig config, String text, DnsConfig.ZoneConfig zone) throws ZoneFault {
    var origin = DnsConfig.name("zones", text);
    if (zone.catalog().isPresent()) {
      var members =
          config.zones().entrySet().stream()
              .filter(z -> z.getValue().transfer().isPresent())
              .filter(z -> z.getValue().catalog().isEmpty())
              .map(z -> DnsConfig.name("zones", z.getKey()))
              .toList();
      return MasterFile.lines(Catalog.lines(members), origin, "zones." + text + ".catalog");
    }
    return zone.file().isPresent()
        ? MasterFile.read(zone.file().get(), origin)
        : MasterFile.lines(zone.records(), origin, "zones." + text + ".records");
  }

  private static UpdatePolicy policy(DnsConfig.UpdateConfig update) {
    return new UpdatePolicy(
        update.keys().stream().map(k -> DnsConfig.name("keys", k)).collect(Collectors.toSet()),
        update.under().map(u -> DnsConfig.name("under", u)),
        update.types().stream().map(Type::value).collect(Collectors.toSet()));
  }

  /**
   * The keys with their secrets; those without a configured one share a file with whoever else
   * signs by that name.
   */
  static Map<Name, TsigKey> keys(DnsConfig config, Optional<Home> home) {
    var keys = new HashMap<Name, TsigKey>();
    config
        .keys()
        .forEach(
            (text, key) -> {
              var name = DnsConfig.name("keys", text);
              var secret =
                  key.secret()
                      .map(DnsConfig.KeyConfig::decoded)
                      .orElseGet(() -> shared(name, home));
              keys.put(name, new TsigKey(name, key.algorithm(), secret));
            });
    return keys;
  }

  private static byte[] shared(Name name, Optional<Home> home) {
    if (home.isEmpty()) {
      throw new StartException(
          "DNS-KEY-001",
          "the key " + name + " has no secret and there is no data folder to keep one in",
          "Give a secret, or a folder with home(…)",
          new IllegalArgumentException("no data folder"));
    }
    var plain = name.toString(true).toLowerCase(Locale.ROOT);
    var file = home.get().data().resolve("keys").resolve(plain + ".tsig");
    try {
      return HexFormat.of().parseHex(SharedSecret.of(file));
    } catch (IOException e) {
      throw new StartException(
          "DNS-KEY-002",
          "the secret of the key " + name + " cannot be kept in " + file + ": " + e,
          "Make the folder writable",
          e);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "DNS-KEY-003",
          file + " does not hold a secret as hexadecimal digits",
          "Delete the file for a new secret; whoever shares it must be started again",
          e);
    }
  }

  static Rules rules(
      DnsConfig config,
      Map<Name, AnswerFunction> code,
      Map<Name, TsigKey> keys,
      Filter filter,
      QueryBook book,
      List<View> views) {
    var conditional = new LinkedHashMap<Name, List<InetSocketAddress>>();
    config
        .forwardZones()
        .forEach(
            (suffix, servers) ->
                conditional.put(DnsConfig.name("forward-zones", suffix), addresses(servers)));
    return new Rules(
        new Acl(config.allowQuery()),
        new Acl(config.allowRecursion()),
        new SpecialNames(ours(config, code), Designation.records(config)),
        code,
        addresses(config.forwarders()),
        conditional,
        config.recursion().mode() == DnsConfig.RecursionMode.ITERATE,
        keys,
        filter,
        config.dns64().map(Dns64Config::policy),
        book,
        views,
        Optional.empty());
  }

  /** Names that are not special: zones, suffixes with servers of their own, functions. */
  static Set<Name> ours(DnsConfig config, Map<Name, AnswerFunction> code) {
    var ours = new HashSet<>(code.keySet());
    config.forwardZones().keySet().forEach(s -> ours.add(DnsConfig.name("forward-zones", s)));
    config.zones().keySet().forEach(zone -> ours.add(DnsConfig.name("zones", zone)));
    return ours;
  }

  /** Tells those who ask upstream servers how to reach them. */
  static void protect(DnsConfig config, ResolveEngine resolver, UpstreamPort port) {
    var guarded = new HashMap<InetSocketAddress, Protection>();
    var plain = new HashSet<InetSocketAddress>();
    config
        .upstreams()
        .forEach(
            (address, way) ->
                way.ifPresentOrElse(p -> guarded.put(address, p), () -> plain.add(address)));
    port.bootstrap(addresses(config.bootstrap()));
    resolver.protections().take(guarded, plain);
  }

  private static List<InetSocketAddress> addresses(List<Upstream> servers) {
    return servers.stream().map(Upstream::address).toList();
  }

  /**
   * Where walks begin.
   *
   * @throws ConfigException the fault of the file, with line
   */
  static RootHints hints(DnsConfig config) {
    var file = config.recursion().rootHints();
    try {
      return file.isPresent() ? HintsFile.read(file.get()) : RootHints.INTERNET;
    } catch (ZoneFault e) {
      throw new ConfigException(
          List.of(
              new Problem(
                  e.where(),
                  Math.max(1, e.line()),
                  1,
                  "recursion.root-hints",
                  String.valueOf(e.getMessage()))));
    }
  }

  static CacheLimits cache(DnsConfig config) {
    var cache = config.cache();
    return new CacheLimits(
        cache.bytes(),
        cache.maxTtl(),
        cache.maxNegativeTtl(),
        cache.failureTtl(),
        cache.serveStale());
  }

  /** The secrets of cookies, the one that makes them first. */
  static List<byte[]> cookies(DnsConfig config) {
    return config.cookies().secrets().stream().map(HexFormat.of()::parseHex).toList();
  }

  static RateLimit.Limits limits(DnsConfig config) {
    var limit = config.rateLimit();
    return new RateLimit.Limits(
        limit.perSecond(), limit.slip(), limit.ipv4Prefix(), limit.ipv6Prefix(), limit.exempt());
  }

  /** How many threads receive over UDP at each address. */
  static int udpThreads(DnsConfig config) {
    int wanted = config.udpThreads();
    return wanted > 0 ? wanted : Runtime.getRuntime().availableProcessors();
  }

  static TcpLimits tcp(DnsConfig config) {
    var tcp = config.tcp();
    return new TcpLimits(
        tcp.connections(), tcp.perClient(), tcp.pipeline(), tcp.idle(), WRITE_PATIENCE);
  }
}
