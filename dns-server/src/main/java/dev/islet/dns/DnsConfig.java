package dev.islet.dns;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.Prefix;
import dev.islet.dns.filter.Clients;
import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.model.ValidationMode;
import dev.islet.dns.resolve.Protection;
import dev.islet.dns.zone.SerialPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** The configuration of a name server; {@code dns.yaml}. */
public record DnsConfig(
    @Key(value = "addresses and ports, each for UDP and TCP", def = "[\"127.0.0.1:5300\"]")
        List<InetSocketAddress> listen,
    @Key(value = "threads that receive over UDP at each address; 0 = one a core", def = "0")
        int udpThreads,
    @Key(value = "zones of our own, by name", def = "{}") Map<String, ZoneConfig> zones,
    @Key(value = "TSIG keys, by name", def = "{}") Map<String, KeyConfig> keys,
    @Key(value = "servers to ask for all other names; none if empty", def = "[]")
        List<Upstream> forwarders,
    @Key(
            value = "plain servers to ask for the addresses of forwarders that are given by name",
            def = "[]")
        List<Upstream> bootstrap,
    @Key(value = "servers to ask for names below a suffix, by suffix", def = "{}")
        Map<String, List<Upstream>> forwardZones,
    @Key(value = "how names that are not ours are resolved", def = "{}") RecursionConfig recursion,
    @Key(
            value = "check answers of others by DNSSEC: on, auto (if signatures come), off",
            def = "auto")
        ValidationMode dnssecValidation,
    @Key(
            value =
                "DS or DNSKEY records where trust begins, like \"lab. DS …\"; the root's keys"
                    + " are built in",
            def = "[]")
        List<String> trustAnchors,
    @Key(value = "names at and below which nothing is checked (RFC 7646)", def = "[]")
        List<String> negativeTrustAnchors,
    @Key(value = "networks that may ask at all", def = "[\"0.0.0.0/0\", \"::/0\"]")
        List<Prefix> allowQuery,
    @Key(
            value = "networks that may ask for names that are not ours",
            def = "[\"127.0.0.0/8\", \"::1/128\"]")
        List<Prefix> allowRecursion,
    @Key(value = "answers of other servers that are remembered", def = "{}") CacheConfig cache,
    @Key(value = "rules about names that are not ours", def = "{}") FilterConfig filter,
    @Key("on, or how to make IPv6 addresses for askers behind a translator (RFC 6147)")
        Optional<Dns64Config> dns64,
    @Key(value = "what some askers see in place of that, by a name for each", def = "{}")
        Map<String, ViewConfig> views,
    @Key(value = "limits of TCP connections, and of those with TLS", def = "{}") TcpConfig tcp,
    @Key(value = "replies over UDP to one network", def = "{}") RateConfig rateLimit,
    @Key(value = "cookies that tell real askers from forged ones", def = "{}") CookieConfig cookies,
    @Key(value = "DNS over TLS (RFC 7858)", def = "{}") DotConfig dot,
    @Key(value = "DNS over HTTPS (RFC 8484)", def = "{}") DohConfig doh,
    @Key(value = "DNS over QUIC (RFC 9250)", def = "{}") DoqConfig doq,
    @Key(value = "key and certificate of dot, doh and doq", def = "{}") TlsConfig tls,
    @Key(value = "what is remembered of questions", def = "{}") QueriesConfig queries,
    @Key("name of this server, told to those who ask for it (NSID)") Optional<String> nsid,
    @Key("admin endpoint, as address:port; none without it") Optional<AdminConfig> admin) {

  public DnsConfig {
    if (listen.isEmpty()) {
      throw new BadValue("listen", "expected at least one address like 127.0.0.1:5300");
    }
    if (udpThreads < 0 || udpThreads > 256) {
      throw new BadValue("udp-threads", "expected 0 to 256 but found " + udpThreads);
    }
    var origins = new HashSet<Name>();
    for (var zone : zones.keySet()) {
      if (!origins.add(name("zones", zone))) {
        throw new BadValue("zones", zone + " is written twice, with and without the last dot");
      }
    }
    keys.keySet().forEach(key -> name("keys", key));
    if (recursion.mode() == RecursionMode.ITERATE && !forwarders.isEmpty()) {
      throw new BadValue(
          "recursion", "mode iterate asks no forwarders: remove them, or write mode: forward");
    }
    trustAnchors.forEach(DnsConfig::anchor);
    negativeTrustAnchors.forEach(n -> name("negative-trust-anchors", n));
    for (var entry : forwardZones.entrySet()) {
      name("forward-zones", entry.getKey());
      if (entry.getValue().isEmpty()) {
        throw new BadValue("forward-zones", entry.getKey() + " names no server to ask");
      }
    }
    ways(forwarders, bootstrap, forwardZones);
    var known = new ArrayList<Name>();
    keys.keySet().forEach(key -> known.add(name("keys", key)));
    for (var view : views.entrySet()) {
      for (var key : view.getValue().keys()) {
        if (!known.contains(name("keys", key))) {
          throw new BadValue(
              "views", view.getKey() + ": the key " + key + " is not in keys: " + keys.keySet());
        }
      }
    }
    for (var entry : zones.entrySet()) {
      for (var key : entry.getValue().keys()) {
        if (!known.contains(name("zones", key))) {
          throw new BadValue(
              "zones",
              entry.getKey()
                  + " names the key "
                  + key
                  + ", which is not in keys: "
                  + keys.keySet());
        }
      }
    }
  }

  /** All upstream servers by address, with how they are reached if not in the clear. */
  Map<InetSocketAddress, Optional<Protection>> upstreams() {
    return ways(forwarders, bootstrap, forwardZones);
  }

  /**
   * As {@link #upstreams}.
   *
   * @throws BadValue if one address is to be asked in two ways, or a name cannot be looked up
   */
  private static Map<InetSocketAddress, Optional<Protection>> ways(
      List<Upstream> forwarders,
      List<Upstream> bootstrap,
      Map<String, List<Upstream>> forwardZones) {
    var ways = new HashMap<InetSocketAddress, Optional<Protection>>();
    var all = new ArrayList<>(forwarders);
    forwardZones.values().forEach(all::addAll);
    for (var server : bootstrap) {
      if (server.protection().isPresent()) {
        throw new BadValue("bootstrap", server + " is not a plain server");
      }
      all.add(server);
    }
    for (var server : all) {
      var other = ways.putIfAbsent(server.address(), server.protection());
      if (other != null && !other.equals(server.protection())) {
        throw new BadValue("forwarders", server + " is written in two ways; choose one");
      }
      if (server.address().isUnresolved() && bootstrap.isEmpty()) {
        throw new BadValue(
            "forwarders",
            server
                + " needs an address: put it in place of the name and the name behind #, "
                + "or name plain servers in bootstrap");
      }
    }
    return ways;
  }

  /** A domain name as people write it, with or without the last dot. */
  static Name name(String key, String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new BadValue(key, "\"" + text + "\" is not a domain name: " + e.getMessage());
    }
  }

  /** A trust anchor in master file form; a key is turned into its digest. */
  static DSRecord anchor(String line) {
    var words = line.strip().split("\\s+", 5);
    int type = 1;
    while (type < words.length - 1 && (words[type].matches("\\d+|IN|in"))) {
      type++;
    }
    try {
      if (words.length <= type + 1) {
        throw new TextParseException("too short");
      }
      var data = line.strip().replaceFirst("(\\S+\\s+){" + (type + 1) + "}", "");
      var owner = name("trust-anchors", words[0]);
      int code = Type.value(words[type]);
      if (code != Type.DS && code != Type.DNSKEY) {
        throw new TextParseException(words[type] + " is no DS or DNSKEY");
      }
      var record = Record.fromString(owner, code, DClass.IN, 0, data, Name.root);
      return record instanceof DNSKEYRecord key
          ? new DSRecord(owner, DClass.IN, 0, DSRecord.Digest.SHA256, key)
          : (DSRecord) record;
    } catch (IOException | RuntimeException e) {
      throw new BadValue(
          "trust-anchors",
          "expected a record like \"lab. DS 12345 13 2 0A1B…\" but found \""
              + line
              + "\": "
              + e.getMessage());
    }
  }

  /**
   * A zone: a master file, or records written here.
   *
   * @param records one each, in master file form, names relative to the zone; SOA and NS are made
   *     up if they are missing
   */
  public record ZoneConfig(
      @Key("master file (RFC 1035 section 5)") Optional<Path> file,
      @Key(value = "records in place of a file, like \"nas A 192.168.7.10\"", def = "[]")
          List<String> records,
      @Key("who may change it by dynamic update; nobody without it") Optional<UpdateConfig> update,
      @Key("who may have all of it, by zone transfer; nobody without it")
          Optional<TransferConfig> transfer,
      @Key("whom to tell of changes (NOTIFY); nobody without it") Optional<NotifyConfig> notifyTo,
      @Key("the servers that its content comes from, in place of a file or records")
          Optional<SecondaryConfig> secondary,
      @Key("on, or how to sign it (DNSSEC); not signed without it") Optional<DnssecConfig> dnssec,
      @Key(
              value =
                  "where the serial of a changed zone comes from: keep, increment, unixtime, date",
              def = "keep")
          SerialPolicy serial,
      @Key("produce: it lists our zones; consume: it comes from primaries, and the zones in it too")
          Optional<CatalogRole> catalog) {
    public ZoneConfig {
      if (file.isPresent() && !records.isEmpty()) {
        throw new BadValue("records", "write either a file or records");
      }
      if (secondary.isPresent() && dnssec.isPresent()) {
        throw new BadValue("dnssec", "a zone that comes from primaries is signed there");
      }
      boolean own = file.isPresent() || !records.isEmpty() || update.isPresent();
      if (catalog.isPresent()
          && (own || secondary.isPresent() != (catalog.get() == CatalogRole.CONSUME))) {
        throw new BadValue(
            "catalog", "consume needs a secondary section, produce nothing that says its content");
      }
      if (secondary.isPresent() && own) {
        throw new BadValue(
            "secondary", "the content comes from its primaries: no file, records or update here");
      }
    }

    /** Every TSIG key that it names. */
    List<String> keys() {
      var all = new ArrayList<String>();
      update.ifPresent(u -> all.addAll(u.keys()));
      transfer.ifPresent(t -> all.addAll(t.keys()));
      notifyTo.flatMap(NotifyConfig::key).ifPresent(all::add);
      secondary.flatMap(SecondaryConfig::key).ifPresent(all::add);
      return all;
    }
  }

  /** What some askers see: zones in place of the common ones, recursion of their own. */
  public record ViewConfig(
      @Key(value = "addresses and networks of those who see it", def = "[]") List<String> clients,
      @Key(value = "TSIG keys; whoever signs with one sees it", def = "[]") List<String> keys,
      @Key(value = "zones in place of the common ones of the same names", def = "{}")
          Map<String, ZoneConfig> zones,
      @Key("whether its askers get names that are not ours; as allow-recursion says without it")
          Optional<Boolean> recursion) {
    public ViewConfig {
      if (clients.isEmpty() && keys.isEmpty()) {
        throw new BadValue("clients", "nobody sees this view; name clients or keys");
      }
      try {
        if (!Clients.parse(clients).cards().isEmpty()) {
          throw new BadValue("clients", "a view is for addresses and networks");
        }
      } catch (IllegalArgumentException e) {
        throw new BadValue("clients", String.valueOf(e.getMessage()));
      }
      for (var zone : zones.entrySet()) {
        name("zones", zone.getKey());
        boolean more =
            zone.getValue().update().isPresent()
                || zone.getValue().transfer().isPresent()
                || zone.getValue().notifyTo().isPresent()
                || zone.getValue().secondary().isPresent()
                || zone.getValue().catalog().isPresent()
                || zone.getValue().dnssec().isPresent();
        if (more) {
          throw new BadValue(
              "zones", zone.getKey() + ": zones of a view have a file or records, nothing else");
        }
      }
    }
  }

  /** Who may change a zone, and what in it (RFC 2136 section 3.3). */
  public record UpdateConfig(
      @Key("names of TSIG keys; every update must be signed by one") List<String> keys,
      @Key("only names at or below this one; all by default") Optional<String> under,
      @Key(value = "only these types of records; all by default", def = "[]") List<String> types) {
    public UpdateConfig {
      if (keys.isEmpty()) {
        throw new BadValue("keys", "expected at least one key; unsigned updates are never taken");
      }
      keys.forEach(key -> name("keys", key));
      under.ifPresent(u -> name("under", u));
      for (var type : types) {
        if (Type.value(type, false) < 0) {
          throw new BadValue("types", "\"" + type + "\" is not a type of record");
        }
      }
    }
  }

  /** A secret that signs messages (RFC 8945). */
  public record KeyConfig(
      @Key(value = "hmac-sha256, hmac-sha384 or hmac-sha512", def = "hmac-sha256")
          TsigAlgorithm algorithm,
      @Key("in base64; by default a random one in keys/<name>.tsig of the data folder")
          Optional<String> secret) {
    private static final int MIN_BYTES = 16;

    public KeyConfig {
      if (secret.isPresent() && decoded(secret.get()).length < MIN_BYTES) {
        throw new BadValue("secret", "expected at least " + MIN_BYTES + " bytes");
      }
    }

    static byte[] decoded(String base64) {
      try {
        return Base64.getDecoder().decode(base64.strip());
      } catch (IllegalArgumentException e) {
        throw new BadValue("secret", "expected base64: " + e.getMessage());
      }
    }

    @Override
    public String toString() {
      return "KeyConfig[" + algorithm.wireName() + "]";
    }
  }

  /** How names that are neither ours nor for a server of their suffix are resolved. */
  public record RecursionConfig(
      @Key(value = "forward to the forwarders, or iterate from the root", def = "forward")
          RecursionMode mode,
      @Key("root servers as a master file; those of the Internet by default")
          Optional<Path> rootHints,
      @Key(value = "where name servers are asked; another port only in a lab", def = "53")
          int port) {
    public RecursionConfig {
      if (port < 1 || port > 65_535) {
        throw new BadValue("port", "expected 1 to 65535 but found " + port);
      }
    }
  }

  /** By others, or by ourselves. */
  public enum RecursionMode {
    FORWARD,
    ITERATE
  }

  /** The cache of other servers' answers. */
  public record CacheConfig(
      @Key(value = "memory for it, in bytes; 0 remembers nothing", def = "8_388_608") long bytes,
      @Key(value = "no answer is kept longer", def = "1d") Duration maxTtl,
      @Key(value = "no \"does not exist\" is kept longer", def = "1h") Duration maxNegativeTtl,
      @Key(value = "how long a failure is remembered, 1s to 5m (RFC 9520)", def = "5s")
          Duration failureTtl,
      @Key(
              value = "how long past its end an answer may stand in for one that cannot be had",
              def = "1d")
          Duration serveStale,
      @Key(value = "fetch often asked answers anew before they die", def = "true")
          boolean prefetch) {
    public CacheConfig {
      if (bytes < 0) {
        throw new BadValue("bytes", "expected 0 or more but found " + bytes);
      }
      if (failureTtl.toSeconds() < 1 || failureTtl.toSeconds() > 300) {
        throw new BadValue("failure-ttl", "expected 1s to 5m (RFC 9520 section 3.2)");
      }
    }
  }

  /** Response rate limiting: what one network gets over UDP without a cookie. */
  public record RateConfig(
      @Key(
              value =
                  "replies of one kind (answer, no data, no name, referral, error); 0: no limit",
              def = "100")
          int perSecond,
      @Key(value = "of those over the rate, each n-th gets a short one with TC; 0: none", def = "2")
          int slip,
      @Key(value = "bits of an IPv4 network", def = "24") int ipv4Prefix,
      @Key(value = "bits of an IPv6 network", def = "56") int ipv6Prefix,
      @Key(
              value = "networks without a limit",
              def =
                  "[\"127.0.0.0/8\", \"::1/128\", \"10.0.0.0/8\", \"172.16.0.0/12\","
                      + " \"192.168.0.0/16\", \"169.254.0.0/16\", \"fc00::/7\", \"fe80::/10\"]")
          List<Prefix> exempt) {
    public RateConfig {
      if (perSecond < 0 || perSecond > 50_000) {
        throw new BadValue("per-second", "expected 0 to 50000 but found " + perSecond);
      }
      if (slip < 0) {
        throw new BadValue("slip", "expected 0 or more but found " + slip);
      }
      if (ipv4Prefix < 1 || ipv4Prefix > 32) {
        throw new BadValue("ipv4-prefix", "expected 1 to 32 but found " + ipv4Prefix);
      }
      if (ipv6Prefix < 1 || ipv6Prefix > 128) {
        throw new BadValue("ipv6-prefix", "expected 1 to 128 but found " + ipv6Prefix);
      }
    }
  }

  /** Cookies (RFC 7873), in the form that servers share (RFC 9018). */
  public record CookieConfig(
      @Key(
              value =
                  "secrets of 32 hexadecimal digits: the first makes cookies, all are good;"
                      + " by default random ones that change each day",
              def = "[]")
          List<String> secrets) {
    private static final Pattern SECRET = Pattern.compile("[0-9a-fA-F]{32}");

    public CookieConfig {
      for (var secret : secrets) {
        if (!SECRET.matcher(secret).matches()) {
          throw new BadValue("secrets", "expected 32 hexadecimal digits each");
        }
      }
    }

    @Override
    public String toString() {
      return "CookieConfig[" + secrets.size() + " secrets]";
    }
  }

  /** What TCP connections may cost (RFC 7766 section 6.2). */
  public record TcpConfig(
      @Key(value = "connections open at a time", def = "256") int connections,
      @Key(value = "connections open at a time from one address", def = "32") int perClient,
      @Key(value = "questions of one connection under way at a time", def = "64") int pipeline,
      @Key(value = "a connection without a whole question is closed after this", def = "10s")
          Duration idle) {
    public TcpConfig {
      if (connections < 1 || perClient < 1 || pipeline < 1) {
        throw new BadValue("connections", "expected limits of at least 1");
      }
      if (idle.toMillis() < 100) {
        throw new BadValue("idle", "expected at least 100ms");
      }
    }
  }
}
