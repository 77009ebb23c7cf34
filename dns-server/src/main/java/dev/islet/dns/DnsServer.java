package dev.islet.dns;

import dev.islet.core.admin.AdminServer;
import dev.islet.core.config.Changes;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.engine.EngineLoop;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.service.Reload;
import dev.islet.core.service.Service;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.admin.DnsAdmin;
import dev.islet.dns.admin.DnsMetrics;
import dev.islet.dns.admin.DnsState;
import dev.islet.dns.admin.Explanation;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.chain.Backstage;
import dev.islet.dns.chain.Chain;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Guard;
import dev.islet.dns.chain.View;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.fast.FastSwitch;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.policy.Cookies;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.queries.QueryBook;
import dev.islet.dns.resolve.Recursion;
import dev.islet.dns.resolve.ResolveAction;
import dev.islet.dns.resolve.ResolveEngine;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.resolve.ResolveLimits;
import dev.islet.dns.resolve.WalkLimits;
import dev.islet.dns.store.ListDownloads;
import dev.islet.dns.store.ListStore;
import dev.islet.dns.store.QueryLog;
import dev.islet.dns.store.UpdateStore;
import dev.islet.dns.transfer.Secondary;
import dev.islet.dns.transport.NeighborTable;
import dev.islet.dns.transport.UpstreamPort;
import dev.islet.dns.update.UpdateAction;
import dev.islet.dns.update.UpdateEngine;
import dev.islet.dns.update.UpdateEvent;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * A name server: authoritative for its zones, with dynamic updates, and a caching forwarder for the
 * rest (RFC 1034, 1035, 2136, 2308, 6891, 7766, 8945).
 */
public final class DnsServer implements Service {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final String NAME = "dns";
  private static final int QUEUE = 4_096;

  /** Updates over TCP may be 64 KiB each. */
  private static final int UPDATE_QUEUE = 256;

  private static final Set<String> NEEDS_RESTART =
      Set.of("listen", "udp-threads", "tcp", "dot", "doh", "tls", "nsid", "queries", "admin");

  private final Lifecycle lifecycle = new Lifecycle(NAME);
  private final Optional<ConfigFile<DnsConfig>> file;
  private final Optional<Home> home;
  private final Map<Name, AnswerFunction> code;
  private final List<Consumer<? super DnsEvent>> listeners;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Trace<DnsEvent> trace;
  private final ListDownloads downloads;
  private final FilterAssembly filters;
  private Filter filter;
  private final Transfers transfers;
  private final ZoneHolder zones;
  private final FastSwitch fast;
  private final ZoneSigning signing;
  private final UpdateEngine updates;
  private List<View> views;
  private DnsConfig config;
  private final NeighborTable neighbors = new NeighborTable();
  private List<UpdateEngine.Master> masters;
  private RootHints hints;
  private volatile @Nullable Running running;

  /** What is there between start and close. */
  private record Running(
      Chain chain,
      AnswerCache cache,
      Optional<QueryRecorder> recorder,
      UpdateStore store,
      EngineLoop<UpdateEvent, UpdateAction> updateLoop,
      EngineLoop<ResolveEvent, ResolveAction> resolveLoop,
      ResolveEngine resolver,
      UpstreamPort port,
      Cookies cookies,
      RateLimit rateLimit,
      Guard guard,
      Checking checking,
      Fronts fronts) {}

  private DnsServer(
      DnsConfig config,
      Optional<ConfigFile<DnsConfig>> file,
      Optional<Home> home,
      Map<Name, AnswerFunction> code,
      List<Consumer<? super DnsEvent>> listeners,
      Setup.Parts parts) {
    this.config = config;
    this.file = file;
    this.home = home;
    this.code = Map.copyOf(code);
    this.listeners = List.copyOf(listeners);
    this.time = parts.time();
    this.random = parts.random();
    this.trace = new Trace<>(NAME, time);
    this.transfers = new Transfers(time, trace, random);
    this.zones = transfers.zones();
    this.fast = new FastSwitch(trace::on);
    this.signing = new ZoneSigning(home, time, random, trace);
    this.updates = new UpdateEngine(signing.signing());
    this.masters = Assembly.masters(config, source(), time.wall());
    var lists = new ListStore(home.map(h -> h.data(NAME).resolve("lists")));
    this.filters = new FilterAssembly(lists, neighbors, time);
    this.downloads = new ListDownloads(lists, list -> refilter());
    this.filter = filters.filter(config, source());
    this.hints = Assembly.hints(config);
    this.views = ViewAssembly.views(config, Assembly.ours(config, code), source());
  }

  /**
   * A server made in code.
   *
   * @throws ConfigException if a zone cannot be read
   * @throws IllegalArgumentException if a value cannot be used
   */
  public static DnsServer create(Consumer<Setup> setup) {
    var filled = new Setup();
    setup.accept(filled);
    return new DnsServer(
        filled.config(),
        Optional.empty(),
        filled.home(),
        filled.code(),
        filled.listeners(),
        filled.parts());
  }

  /**
   * A server of a configuration file.
   *
   * @throws ConfigException every fault of the file and its zones, with line
   */
  public static DnsServer create(ConfigFile<DnsConfig> file, Home home) {
    return new DnsServer(
        file.read(), Optional.of(file), Optional.of(home), Map.of(), List.of(), Setup.Parts.SYSTEM);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public List<Endpoint> endpoints() {
    var now = running;
    return now == null ? List.of() : now.fronts().endpoints();
  }

  /** The trace, to listen to while it runs. */
  public Trace<DnsEvent> trace() {
    return trace;
  }

  @Override
  public DnsServer start() {
    lifecycle.start(this::open);
    return this;
  }

  @Override
  public void awaitStop() throws InterruptedException {
    lifecycle.awaitStop();
  }

  @Override
  public void close() {
    lifecycle.close();
    running = null;
  }

  private void open() throws IOException {
    listeners.forEach(
        listener ->
            lifecycle.hold(trace.listen(record -> listener.accept((DnsEvent) record.event()))));
    var metrics = new Metrics(NAME);
    var tally = new DnsMetrics(metrics);
    var keys = Assembly.keys(config, home);
    var store = lifecycle.hold(store(tally));
    signing.adopt(config, signing.prepare(config));
    var served = signing.serve(updates.masters(masters, keys));
    store.renumbered();
    transfers.open(lifecycle, home, tally);
    transfers.configure(config, keys);
    transfers.publish(served);
    lifecycle.hold(neighbors);
    lifecycle.hold(downloads);
    if (filter.needsCards()) {
      neighbors.listen();
    }
    var cache = new AnswerCache(Assembly.cache(config));
    var recorder = recorder();
    var chain =
        new Chain(zones, cache, Assembly.rules(config, code, keys, filter, book(recorder), views));

    var limits = ResolveLimits.DEFAULT;
    var recursion =
        new Recursion(cache, chain::route, hints, config.recursion().port(), WalkLimits.DEFAULT);
    var resolver = new ResolveEngine(random, limits, recursion);
    var trust = Encrypted.trust(config);
    var port = lifecycle.hold(UpstreamPort.open(cache, time, trace, tally, limits.stream(), trust));
    Assembly.protect(config, resolver, port);
    var resolveLoop =
        lifecycle.hold(
            EngineLoop.start("dns-resolve", resolver, time, port, (now, e) -> {}, QUEUE));
    port.feed(resolveLoop);
    var checking =
        lifecycle.hold(Checking.start(config, home, time, trace, tally, cache, chain, resolveLoop));
    var updateLoop =
        lifecycle.hold(
            EngineLoop.start("dns-update", updates, time, store, (now, e) -> {}, UPDATE_QUEUE));
    lifecycle.hold(signing.watch(updateLoop));

    var cookies = new Cookies(Assembly.cookies(config), random, time.wall().getEpochSecond());
    var rateLimit = new RateLimit(Assembly.limits(config), random.nextLong());
    var guard = new Guard(cookies, rateLimit, time, tally);
    var backstage = backstage(checking, updateLoop);
    if (config.cache().prefetch()) {
      chain.prefetch(inquiry -> backstage.resolve(new ResolveEvent.Wanted(inquiry, a -> {})));
    }
    var gate =
        new Gate(
            chain,
            guard,
            backstage,
            transfers.desk(),
            new ResponseWriter(config.nsid(), config.tcp().idle()),
            time,
            trace,
            tally);
    fast.set(chain.rules().fast(guard));
    var fronts =
        lifecycle.hold(
            new Fronts(
                gate,
                Assembly.tcp(config),
                time,
                tally,
                () -> new FastLane(zones, cache, fast, time, config.nsid()),
                Assembly.udpThreads(config)));
    fronts.bind(config.listen());
    Encrypted.open(config, home, gate, time, tally).ifPresent(fronts::add);
    fronts.start();
    running =
        new Running(
            chain,
            cache,
            recorder,
            store,
            updateLoop,
            resolveLoop,
            resolver,
            port,
            cookies,
            rateLimit,
            guard,
            checking,
            fronts);
    gauges(metrics, running);
    recorder.ifPresent(r -> gauges(metrics, r));
    served.forEach(this::tell);
    downloads.follow(filters.remotes(config.filter()));
    if (config.admin().isPresent()) {
      var place = home.orElseThrow(() -> homeless());
      var view = new DnsAdmin(this, trace, metrics, this::snapshot, this::explain);
      lifecycle.hold(AdminServer.start(config.admin().get(), place, view));
    }
  }

  private static StartException homeless() {
    return new StartException(
        "DNS-ADMIN-001",
        "the admin endpoint has no folder to keep its token in",
        "Give one with home(…)",
        new IllegalArgumentException("no data folder"));
  }

  private UpdateStore store(DnsMetrics tally) throws IOException {
    if (home.isEmpty()) {
      return UpdateStore.inMemory(updates, zones, trace, tally);
    }
    var journal = home.get().data(NAME).resolve("updates.journal");
    try {
      return UpdateStore.open(journal, updates, zones, trace, tally);
    } catch (IOException e) {
      throw new StartException(
          "DNS-STORE-001",
          "the journal of updates " + journal + " cannot be used: " + e.getMessage(),
          "Make the folder writable, and see that no other server uses it",
          e);
    }
  }

  /** Nobody counts and nothing is written, unless the operator wants it. */
  private Optional<QueryRecorder> recorder() {
    var wanted = config.queries();
    if (!wanted.statistics() && !wanted.log()) {
      return Optional.empty();
    }
    try {
      var log =
          wanted.log()
              ? Optional.of(
                  new QueryLog(
                      home.orElseThrow(() -> homeless()).logs(NAME),
                      new QueryLog.Limits(wanted.every(), wanted.maxDay(), wanted.maxTotal()),
                      time.wall()))
              : Optional.<QueryLog>empty();
      return Optional.of(lifecycle.hold(new QueryRecorder(wanted, log, time)));
    } catch (IOException e) {
      throw new StartException(
          "DNS-LOG-001",
          "the log of queries cannot be kept: " + e.getMessage(),
          "Make the folder of logs writable, or set queries.log to false",
          e);
    }
  }

  private static QueryBook book(Optional<QueryRecorder> recorder) {
    return recorder.map(QueryRecorder::book).orElse(QueryBook.NONE);
  }

  private static Backstage backstage(
      Checking checking, EngineLoop<UpdateEvent, UpdateAction> update) {
    return new Backstage() {
      @Override
      public boolean resolve(ResolveEvent.Wanted wanted) {
        return checking.resolve(wanted);
      }

      @Override
      public boolean update(UpdateEvent.Arrived arrived) {
        return update.offer(arrived);
      }
    };
  }

  private void gauges(Metrics metrics, Running now) {
    metrics.gauge("cache_entries", "answers remembered", () -> now.cache().size());
    metrics.gauge("cache_bytes", "memory of answers remembered", () -> now.cache().bytes());
    metrics.gauge("cache_evicted", "answers that had to go for room", () -> now.cache().evicted());
    metrics.gauge("zones", "zones served", () -> zones.now().all().size());
    metrics.gauge("tcp_connections", "connections open", () -> now.fronts().connections());
    metrics.gauge(
        "tls_connections", "encrypted connections open", now.fronts()::encryptedConnections);
    metrics.gauge("journal_bytes", "size of the journal of updates", () -> now.store().size());
    metrics.gauge("trace_dropped", "events a slow listener did not get", trace::dropped);
    metrics.gauge(
        "engine_failures",
        "events whose handling failed",
        () ->
            now.updateLoop().failures() + now.resolveLoop().failures() + now.checking().failures());
    metrics.gauge("list_failures", "fetches of lists that failed", downloads::failures);
    metrics.gauges(
        "secondary_serial", "serial of a zone of others", "zone", () -> copies(c -> c.serial()));
    metrics.gauges(
        "secondary_age_seconds",
        "since a zone of others was found to be current",
        "zone",
        () -> copies(c -> seconds(c.ageNanos())));
    now.checking().gauges(metrics);
  }

  /** A number of each zone of others that has one. */
  private Map<String, Double> copies(Function<Secondary.Condition, OptionalLong> number) {
    var numbers = new TreeMap<String, Double>();
    for (var copy : transfers.conditions()) {
      number.apply(copy).ifPresent(n -> numbers.put(copy.zone().toString(), (double) n));
    }
    return numbers;
  }

  private static OptionalLong seconds(OptionalLong nanos) {
    return nanos.isPresent()
        ? OptionalLong.of(nanos.getAsLong() / 1_000_000_000L)
        : OptionalLong.empty();
  }

  private static void gauges(Metrics metrics, QueryRecorder recorder) {
    metrics.gauge("queries_lost", "replies that were not noted for lack of room", recorder::lost);
    metrics.gauge("query_log_bytes_today", "written by the log of queries", recorder::today);
    metrics.gauge("query_log_bytes", "size of all files of the log of queries", recorder::total);
  }

  private void tell(Zone zone) {
    LOG.log(
        Level.INFO,
        () -> "service=dns zone=" + zone.origin() + " serial=" + zone.serial() + " is served");
    trace.emit(
        new DnsEvent.ZoneLoaded(zone.origin().toString(), zone.serial(), zone.names(), source()));
  }

  private String source() {
    return file.map(f -> f.path().toString()).orElse("code");
  }

  /**
   * {@inheritDoc}
   *
   * <p>Zones, keys, forwarders, networks and the cache change while questions are answered; a fault
   * in any zone refuses the whole, and every zone keeps its old content.
   */
  @Override
  public synchronized Reload reload() {
    var now = running;
    if (now == null || state() != State.RUNNING) {
      return new Reload.Refused("the service is " + state());
    }
    if (file.isEmpty()) {
      return new Reload.Refused("this server was made in code, not from a file");
    }
    DnsConfig next;
    List<UpdateEngine.Master> nextMasters;
    RootHints nextHints;
    Map<Name, dev.islet.dns.wire.TsigKey> keys;
    Filter nextFilter;
    dev.islet.dns.dnssec.Signing.Prepared signed;
    var changed = new ArrayList<String>();
    List<View> nextViews;
    try {
      next = file.get().read();
      nextMasters = Assembly.masters(next, source(), time.wall());
      nextHints = Assembly.hints(next);
      keys = Assembly.keys(next, home);
      nextFilter = filters.filter(next, source());
      if (nextFilter.needsCards()) {
        neighbors.listen();
      }
      signed = signing.prepare(next);
      nextViews = ViewAssembly.views(next, Assembly.ours(next, code), source());
      if (now.fronts().renewCertificate()) {
        changed.add("tls.certificate");
      }
    } catch (IOException e) {
      return new Reload.Refused("DNS-TLS-001: the certificate cannot be used: " + e.getMessage());
    } catch (ConfigException | StartException e) {
      trace.emit(new DnsEvent.ZoneRefused("all", String.valueOf(e.getMessage())));
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
    var before = zones.now();
    transfers.configure(next, keys);
    var served =
        now.updateLoop()
            .ask(
                () -> {
                  now.store().flush(); // what the old zones were told is settled first
                  signing.adopt(next, signed);
                  var merged = signing.serve(updates.masters(nextMasters, keys));
                  now.store().renumbered();
                  transfers.publish(merged);
                  return merged;
                });
    Assembly.protect(next, now.resolver(), now.port()); // before anybody may be asked by it
    rule(now, next, keys, nextFilter, nextViews);
    now.cookies().secrets(Assembly.cookies(next), time.wall().getEpochSecond());
    now.rateLimit().limits(Assembly.limits(next));
    now.cache().limits(Assembly.cache(next), time.now());
    now.checking().rules(next);
    var restart = new ArrayList<String>();
    for (var key : Changes.between(config, next)) {
      boolean fixed = NEEDS_RESTART.contains(key.split("\\.")[0]);
      (fixed ? restart : changed).add(key);
    }
    if (!nextHints.equals(hints) || changed.stream().anyMatch(k -> k.startsWith("recursion"))) {
      int port = next.recursion().port();
      now.resolveLoop()
          .ask(
              () -> {
                now.resolver().recursion(nextHints, port);
                return nextHints;
              });
      hints = nextHints;
      now.cache().clear();
    }
    if (changed.stream().anyMatch(DnsServer::aboutOthers)) {
      now.cache().clear(); // what other servers said may not be what these say
    }
    for (var zone : served) {
      var old = before.at(zone.origin());
      if (old.isEmpty() || !old.get().sameAs(zone)) {
        changed.add("zones." + zone.origin().toString(true));
        tell(zone);
      }
    }
    config = next;
    masters = nextMasters;
    filter = nextFilter;
    views = nextViews;
    downloads.follow(filters.remotes(next.filter()));
    return new Reload.Applied(changed, restart);
  }

  private void rule(
      Running now,
      DnsConfig config,
      Map<Name, dev.islet.dns.wire.TsigKey> keys,
      Filter filter,
      List<View> views) {
    now.chain().rules(Assembly.rules(config, code, keys, filter, book(now.recorder()), views));
    fast.set(now.chain().rules().fast(now.guard()));
  }

  /** A list from the web has another content; all else stays. */
  private synchronized void refilter() {
    var now = running;
    if (now != null && state() == State.RUNNING) {
      filter = filters.filter(config, source());
      rule(now, config, Assembly.keys(config, home), filter, views);
    }
  }

  private static List<DnsState.ListState> filterState(Filter filter) {
    return filter.lists().stream()
        .map(
            l ->
                new DnsState.ListState(
                    l.name(),
                    l.set().entries(),
                    l.set().size(),
                    l.set().skipped(),
                    l.set().notes()))
        .toList();
  }

  private Explanation explain(Map<String, String> asked) {
    var now = running;
    if (now == null) {
      throw new IllegalStateException("the service is " + state());
    }
    return new Explaining(now.chain(), filters)
        .explain(asked, config.filter(), source(), time.now());
  }

  /** Keys that decide which answers of others are given, so that those in the cache are void. */
  private static boolean aboutOthers(String key) {
    return key.startsWith("forward")
        || key.equals("bootstrap")
        || key.startsWith("dnssec-validation")
        || key.startsWith("trust-anchors")
        || key.startsWith("negative-trust-anchors");
  }

  private DnsState snapshot() {
    var now = running;
    if (now == null) {
      throw new IllegalStateException("the service is " + state());
    }
    var updatable =
        config.zones().entrySet().stream()
            .filter(e -> e.getValue().update().isPresent())
            .map(e -> DnsConfig.name("zones", e.getKey()))
            .toList();
    var states =
        zones.now().all().stream()
            .map(
                z ->
                    new DnsState.ZoneState(
                        z.origin().toString(),
                        z.serial(),
                        z.names(),
                        z.records().count(),
                        updatable.contains(z.origin())))
            .toList();
    var cache = now.cache();
    return new DnsState(
        states,
        new DnsState.CacheState(cache.size(), cache.bytes(), cache.evicted()),
        now.resolveLoop().ask(now.resolver()::jobs),
        now.fronts().connections() + now.fronts().encryptedConnections(),
        now.store().size(),
        config.forwarders().stream().map(Upstream::toString).toList(),
        now.updateLoop().ask(signing::keys),
        filterState(now.chain().rules().filter()),
        now.recorder().map(QueryRecorder::snapshot),
        transfers.conditions().stream()
            .map(
                c ->
                    new DnsState.SecondaryState(
                        c.zone().toString(),
                        c.serial().orElse(0),
                        c.serial().isPresent() && !c.expired(),
                        seconds(c.ageNanos()).orElse(0),
                        c.failures()))
            .toList());
  }
}
