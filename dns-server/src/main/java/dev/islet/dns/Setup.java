package dev.islet.dns;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.net.Prefix;
import dev.islet.core.service.Home;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.model.ValidationMode;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/**
 * What code decides about a server before it starts; fills the same record as a file. What is not
 * said stays at its default, but nothing listens where nothing was asked for: without {@link
 * #listen} a free port on loopback is taken.
 */
public final class Setup {
  private final DnsConfig defaults = ConfigFile.defaults(DnsConfig.class);
  private final List<InetSocketAddress> listen = new ArrayList<>();
  private final Map<String, DnsConfig.ZoneConfig> zones = new LinkedHashMap<>();
  private final Map<String, DnsConfig.KeyConfig> keys = new LinkedHashMap<>();
  private final Map<String, List<Upstream>> forwardZones = new LinkedHashMap<>();
  private final Map<Name, AnswerFunction> code = new LinkedHashMap<>();
  private final List<Consumer<? super DnsEvent>> listeners = new ArrayList<>();
  private int udpThreads = defaults.udpThreads();
  private List<Upstream> forwarders = List.of();
  private DnsConfig.RecursionConfig recursion = defaults.recursion();
  private List<Upstream> bootstrap = List.of();
  private ValidationMode validation = defaults.dnssecValidation();
  private final List<String> trustAnchors = new ArrayList<>();
  private final List<String> negativeTrustAnchors = new ArrayList<>();
  private List<Prefix> allowQuery = defaults.allowQuery();
  private List<Prefix> allowRecursion = defaults.allowRecursion();
  private DnsConfig.CacheConfig cache = defaults.cache();
  private final Map<String, DnsConfig.ViewConfig> views = new LinkedHashMap<>();
  private FilterConfig filter = defaults.filter();
  private Optional<Dns64Config> dns64 = Optional.empty();
  private DnsConfig.TcpConfig tcp = defaults.tcp();
  private DnsConfig.RateConfig rateLimit = defaults.rateLimit();
  private DnsConfig.CookieConfig cookies = defaults.cookies();
  private final List<InetSocketAddress> dot = new ArrayList<>();
  private final List<InetSocketAddress> doh = new ArrayList<>();
  private final List<InetSocketAddress> doq = new ArrayList<>();
  private String dohPath = defaults.doh().path();
  private TlsConfig tls = defaults.tls();
  private QueriesConfig queries = defaults.queries();
  private Optional<String> nsid = Optional.empty();
  private Optional<AdminConfig> admin = Optional.empty();
  private Optional<Home> home = Optional.empty();
  private Parts parts = Parts.SYSTEM;

  Setup() {}

  /** Where time and chance come from. */
  record Parts(TimeSource time, RandomGenerator random) {
    static final Parts SYSTEM = new Parts(TimeSource.system(), new java.security.SecureRandom());
  }

  /** Listens on an address for UDP and TCP; port 0 takes a free one. May be said several times. */
  public Setup listen(String address, int port) {
    listen.add(new InetSocketAddress(HostPort.address(address), port));
    return this;
  }

  /** Threads that receive over UDP at each address; 0 takes one a core. */
  public Setup udpThreads(int threads) {
    udpThreads = threads;
    return this;
  }

  /** Serves a zone written in code. */
  public Setup zone(String name, Consumer<? super ZoneSetup> records) {
    var zone = new ZoneSetup();
    records.accept(zone);
    zones.put(name, zone.config(Optional.empty()));
    return this;
  }

  /** Serves a zone of a master file. */
  public Setup zoneFile(String name, Path file) {
    return zoneFile(name, file, more -> {});
  }

  /** Serves a zone of a master file; the rest says what may be done with it, without records. */
  public Setup zoneFile(String name, Path file, Consumer<? super ZoneSetup> more) {
    var zone = new ZoneSetup();
    more.accept(zone);
    zones.put(name, zone.config(Optional.of(file)));
    return this;
  }

  /**
   * Asks these servers, like {@code 9.9.9.9} or {@code tls://9.9.9.9#dns.quad9.net}, for all names
   * that are not ours.
   */
  public Setup forward(String... servers) {
    forwarders = upstreams(servers);
    return this;
  }

  /** Asks these plain servers for the addresses of forwarders that are given by name. */
  public Setup bootstrap(String... servers) {
    bootstrap = upstreams(servers);
    return this;
  }

  /** Asks these servers for names below a suffix. */
  public Setup forwardZone(String suffix, String... servers) {
    forwardZones.put(suffix, upstreams(servers));
    return this;
  }

  /** Resolves all names that are not ours from the root servers of the Internet. */
  public Setup iterate() {
    return iterate(Optional.empty(), defaults.recursion().port());
  }

  /** Resolves from the root servers that a master file names, asking all at one port: for labs. */
  public Setup iterate(Path rootHints, int port) {
    return iterate(Optional.of(rootHints), port);
  }

  private Setup iterate(Optional<Path> rootHints, int port) {
    recursion = new DnsConfig.RecursionConfig(DnsConfig.RecursionMode.ITERATE, rootHints, port);
    return this;
  }

  /** Whether answers of others are checked by DNSSEC (RFC 4035). */
  public Setup dnssecValidation(ValidationMode mode) {
    validation = mode;
    return this;
  }

  /** Trusts a zone by a record like {@code lab. DS …}; the root's keys are built in. */
  public Setup trustAnchor(String record) {
    trustAnchors.add(record);
    return this;
  }

  /** Checks nothing at and below a name (RFC 7646). */
  public Setup negativeTrustAnchor(String name) {
    negativeTrustAnchors.add(name);
    return this;
  }

  /** Answers names at and below a suffix by a function; it must be quick and ask nobody. */
  public Setup answer(String suffix, AnswerFunction function) {
    code.put(DnsConfig.name("answer", suffix), function);
    return this;
  }

  /** A TSIG key (RFC 8945) with a secret in base64, for HMAC-SHA256. */
  public Setup key(String name, String secret) {
    return key(name, TsigAlgorithm.HMAC_SHA256, secret);
  }

  /** A TSIG key (RFC 8945) with a secret in base64. */
  public Setup key(String name, TsigAlgorithm algorithm, String secret) {
    keys.put(name, new DnsConfig.KeyConfig(algorithm, Optional.of(secret)));
    return this;
  }

  /** Networks that may ask at all, like {@code 192.168.7.0/24}; everybody by default. */
  public Setup allowQuery(String... networks) {
    allowQuery = Arrays.stream(networks).map(Prefix::parse).toList();
    return this;
  }

  /** Networks that may ask for names that are not ours; only this machine by default. */
  public Setup allowRecursion(String... networks) {
    allowRecursion = Arrays.stream(networks).map(Prefix::parse).toList();
    return this;
  }

  /** Memory for answers of other servers, in bytes; 0 remembers nothing. */
  public Setup cacheBytes(long bytes) {
    cache =
        new DnsConfig.CacheConfig(
            bytes,
            cache.maxTtl(),
            cache.maxNegativeTtl(),
            cache.failureTtl(),
            cache.serveStale(),
            cache.prefetch());
    return this;
  }

  /** Rules about names that are not ours. */
  public Setup filter(Consumer<? super FilterSetup> rules) {
    var setup = new FilterSetup();
    rules.accept(setup);
    filter = setup.config();
    return this;
  }

  /** Makes IPv6 addresses behind a prefix for names that have IPv4 addresses only (RFC 6147). */
  public Setup dns64(String prefix) {
    var all = ConfigFile.defaults(Dns64Config.class);
    return dns64(new Dns64Config(prefix, all.clients(), all.exclude(), all.unmapped()));
  }

  /** Makes IPv6 addresses for names that have IPv4 addresses only (RFC 6147). */
  public Setup dns64(Dns64Config how) {
    dns64 = Optional.of(how);
    return this;
  }

  /** What some askers see: zones in place of the common ones, recursion of their own. */
  public Setup view(String name, Consumer<? super ViewSetup> content) {
    var view = new ViewSetup();
    content.accept(view);
    views.put(name, view.config());
    return this;
  }

  /** Limits of TCP connections. */
  public Setup tcp(DnsConfig.TcpConfig limits) {
    tcp = limits;
    return this;
  }

  /** What one network gets over UDP. */
  public Setup rateLimit(DnsConfig.RateConfig limits) {
    rateLimit = limits;
    return this;
  }

  /** Secrets of cookies, 32 hexadecimal digits each, shared with servers of the same address. */
  public Setup cookies(String... secrets) {
    cookies = new DnsConfig.CookieConfig(List.of(secrets));
    return this;
  }

  /** Listens on an address for DNS over TLS, customarily on port 853; may be said several times. */
  public Setup dot(String address, int port) {
    dot.add(new InetSocketAddress(HostPort.address(address), port));
    return this;
  }

  /** Listens on an address for DNS over HTTPS; may be said several times. */
  public Setup doh(String address, int port) {
    doh.add(new InetSocketAddress(HostPort.address(address), port));
    return this;
  }

  /**
   * Listens on an address for DNS over QUIC, customarily on port 853; may be said several times.
   */
  public Setup doq(String address, int port) {
    doq.add(new InetSocketAddress(HostPort.address(address), port));
    return this;
  }

  /** The path of DNS over HTTPS; {@code /dns-query} by default. */
  public Setup dohPath(String path) {
    dohPath = path;
    return this;
  }

  /** Key and certificate of encrypted listeners; by default one is made, for {@link #home}. */
  public Setup tls(TlsConfig identity) {
    tls = identity;
    return this;
  }

  /** What is remembered of questions; nothing by default. */
  public Setup queries(QueriesConfig wanted) {
    queries = wanted;
    return this;
  }

  /** The name of this server, told to those who ask for it (RFC 5001). */
  public Setup nsid(String name) {
    nsid = Optional.of(name);
    return this;
  }

  /** Keeps dynamic updates in this folder; without it they last as long as the server. */
  public Setup home(Path data) {
    home = Optional.of(new Home(data, data.resolve("logs")));
    return this;
  }

  /** Opens the admin endpoint on loopback; needs {@link #home} for its token. */
  public Setup admin(int port) {
    admin = Optional.of(AdminConfig.loopback(port));
    return this;
  }

  /** Tells everything the server does, on a thread of the listener's own. */
  public Setup onTrace(Consumer<? super DnsEvent> listener) {
    listeners.add(listener);
    return this;
  }

  /** Clocks and chance of another make, for tests. */
  public Setup parts(TimeSource time, RandomGenerator random) {
    parts = new Parts(time, random);
    return this;
  }

  private static List<Upstream> upstreams(String... servers) {
    return Arrays.stream(servers).map(Upstream::parse).toList();
  }

  DnsConfig config() {
    return new DnsConfig(
        listen.isEmpty()
            ? List.of(new InetSocketAddress(HostPort.address("127.0.0.1"), 0))
            : listen,
        udpThreads,
        zones,
        keys,
        forwarders,
        bootstrap,
        forwardZones,
        recursion,
        validation,
        trustAnchors,
        negativeTrustAnchors,
        allowQuery,
        allowRecursion,
        cache,
        filter,
        dns64,
        views,
        tcp,
        rateLimit,
        cookies,
        new DotConfig(dot),
        new DohConfig(doh, dohPath),
        new DoqConfig(doq),
        tls,
        queries,
        nsid,
        admin);
  }

  Map<Name, AnswerFunction> code() {
    return code;
  }

  List<Consumer<? super DnsEvent>> listeners() {
    return listeners;
  }

  Optional<Home> home() {
    return home;
  }

  Parts parts() {
    return parts;
  }
}
