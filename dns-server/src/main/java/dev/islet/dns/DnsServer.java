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
import dev.islet.dns.admin.Explanation;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.chain.Backstage;
import dev.islet.dns.chain.Chain;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Guard;
import dev.islet.dns.chain.Rules;
import dev.islet.dns.dnssec.Signing;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.fast.FastSwitch;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.policy.Cookies;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.queries.QueryBook;
import dev.islet.dns.resolve.Recursion;
import dev.islet.dns.resolve.ResolveEngine;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.resolve.ResolveLimits;
import dev.islet.dns.resolve.WalkLimits;
import dev.islet.dns.store.ListDownloads;
import dev.islet.dns.store.ListStore;
import dev.islet.dns.store.QueryLog;
import dev.islet.dns.store.UpdateStore;
import dev.islet.dns.transport.NeighborTable;
import dev.islet.dns.transport.UpstreamPort;
import dev.islet.dns.update.UpdateAction;
import dev.islet.dns.update.UpdateEngine;
import dev.islet.dns.update.UpdateEvent;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
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
      Set.of(
          "listen", "udp-threads", "tcp", "dot", "doh", "doq", "tls", "nsid", "queries", "admin");

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
  private final Transfers transfers;
  private final ZoneHolder zones;
  private final FastSwitch fast;
  private final ZoneSigning signing;
  private final UpdateEngine updates;
  private final NeighborTable neighbors = new NeighborTable();
  private volatile Plan plan;
  private volatile @Nullable Running running;

  private DnsServer(
      DnsConfig config,
      Optional<ConfigFile<DnsConfig>> file,
      Optional<Home> home,
      Map<Name, AnswerFunction> code,
      List<Consumer<? super DnsEvent>> listeners,
      Setup.Parts parts) {
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
    var lists = new ListStore(home.map(h -> h.data(NAME).resolve("lists")));
    this.filters = new FilterAssembly(lists, neighbors, time);
    this.downloads = new ListDownloads(lists, list -> refilter());
    this.plan = read(config);
  }

  private Plan read(DnsConfig config) {
    var source = file.map(f -> f.path().toString()).orElse("code");
    return Plan.read(config, source, code, filters, time.wall());
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
    var config = plan.config();
    var metrics = new Metrics(NAME);
    var tally = new DnsMetrics(metrics);
    var keys = Assembly.keys(config, home);
    var store = lifecycle.hold(store(tally));
    lifecycle.hold(signing);
    signing.adopt(config, signing.prepare(config));
    var served = signing.serve(updates.masters(plan.masters(), keys));
    store.renumbered();
    transfers.open(lifecycle, home, tally);
    transfers.configure(config, keys);
    transfers.publish(served);
    lifecycle.hold(neighbors);
    lifecycle.hold(downloads);
    if (plan.filter().needsCards()) {
      neighbors.listen();
    }
    var cache = new AnswerCache(Assembly.cache(config));
    var recorder = recorder(config.queries());
    var chain = new Chain(zones, cache, rules(plan, keys, recorder));

    var limits = ResolveLimits.DEFAULT;
    var recursion =
        new Recursion(
            cache, chain::route, plan.hints(), config.recursion().port(), WalkLimits.DEFAULT);
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
    Supplier<FastLane> lanes = () -> new FastLane(zones, cache, fast, time, config.nsid());
    var fronts =
        lifecycle.hold(
            new Fronts(
                gate, Assembly.tcp(config), time, tally, lanes, Assembly.udpThreads(config)));
    fronts.bind(config.listen());
    fronts.start(); // plain questions need not wait for keys and certificates
    Encrypted.open(config, home, gate, time, tally, lanes).ifPresent(fronts::start);
    transfers.listening();
    var now =
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
    running = now;
    var figures = new Figures(now, transfers, signing, downloads, trace);
    figures.register(metrics);
    served.forEach(this::tell);
    downloads.follow(filters.remotes(config.filter()));
    if (config.admin().isPresent()) {
      var place = home.orElseThrow(() -> homeless());
      var view =
          new DnsAdmin(
              this,
              trace,
              metrics,
              () -> figures.state(plan.config()),
              asked -> explain(now, asked));
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
  private Optional<QueryRecorder> recorder(QueriesConfig wanted) {
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

  private Rules rules(Plan plan, Map<Name, TsigKey> keys, Optional<QueryRecorder> recorder) {
    var book = recorder.map(QueryRecorder::book).orElse(QueryBook.NONE);
    return Assembly.rules(plan.config(), code, keys, plan.filter(), book, plan.views());
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

  private void tell(Zone zone) {
    LOG.log(
        Level.INFO,
        () -> "service=dns zone=" + zone.origin() + " serial=" + zone.serial() + " is served");
    trace.emit(
        new DnsEvent.ZoneLoaded(
            zone.origin().toString(), zone.serial(), zone.names(), plan.source()));
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
    Plan nextPlan;
    Map<Name, TsigKey> keys;
    Signing.Prepared signed;
    var changed = new ArrayList<String>();
    try {
      nextPlan = read(file.get().read());
      keys = Assembly.keys(nextPlan.config(), home);
      signed = signing.prepare(nextPlan.config());
      if (nextPlan.filter().needsCards()) {
        neighbors.listen();
      }
      if (now.fronts().renewCertificate()) {
        changed.add("tls.certificate");
      }
    } catch (IOException e) {
      return new Reload.Refused("DNS-TLS-001: the certificate cannot be used: " + e.getMessage());
    } catch (ConfigException | StartException e) {
      trace.emit(new DnsEvent.ZoneRefused("all", String.valueOf(e.getMessage())));
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
    var next = nextPlan.config();
    var before = zones.now();
    transfers.configure(next, keys);
    var served =
        now.updateLoop()
            .ask(
                () -> {
                  now.store().flush(); // what the old zones were told is settled first
                  signing.adopt(next, signed);
                  var merged = signing.serve(updates.masters(nextPlan.masters(), keys));
                  now.store().renumbered();
                  transfers.publish(merged);
                  return merged;
                });
    Assembly.protect(next, now.resolver(), now.port()); // before anybody may be asked by it
    rule(now, nextPlan, keys);
    now.cookies().secrets(Assembly.cookies(next), time.wall().getEpochSecond());
    now.rateLimit().limits(Assembly.limits(next));
    now.cache().limits(Assembly.cache(next), time.now());
    now.checking().rules(next);
    var restart = new ArrayList<String>();
    for (var key : Changes.between(plan.config(), next)) {
      boolean fixed = NEEDS_RESTART.contains(key.split("\\.")[0]);
      (fixed ? restart : changed).add(key);
    }
    if (!nextPlan.hints().equals(plan.hints())
        || changed.stream().anyMatch(k -> k.startsWith("recursion"))) {
      recurse(now, nextPlan.hints(), next.recursion().port());
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
    plan = nextPlan;
    downloads.follow(filters.remotes(next.filter()));
    return new Reload.Applied(changed, restart);
  }

  private void rule(Running now, Plan plan, Map<Name, TsigKey> keys) {
    now.chain().rules(rules(plan, keys, now.recorder()));
    fast.set(now.chain().rules().fast(now.guard()));
  }

  private static void recurse(Running now, RootHints hints, int port) {
    now.resolveLoop()
        .ask(
            () -> {
              now.resolver().recursion(hints, port);
              return hints;
            });
    now.cache().clear();
  }

  /** A list from the web has another content; all else stays. */
  private synchronized void refilter() {
    var now = running;
    if (now != null && state() == State.RUNNING) {
      var filter = filters.filter(plan.config(), plan.source());
      if (filter.needsCards()) {
        try {
          neighbors.listen();
        } catch (StartException e) {
          LOG.log(Level.ERROR, "service=dns " + e.getMessage()); // such rules hold for nobody
        }
      }
      plan = plan.with(filter);
      rule(now, plan, Assembly.keys(plan.config(), home));
    }
  }

  private Explanation explain(Running now, Map<String, String> asked) {
    return new Explaining(now.chain(), filters)
        .explain(asked, plan.config().filter(), plan.source(), time.now());
  }

  /** Keys that decide which answers of others are given, so that those in the cache are void. */
  private static boolean aboutOthers(String key) {
    return key.startsWith("forward")
        || key.equals("bootstrap")
        || key.startsWith("dnssec-validation")
        || key.startsWith("trust-anchors")
        || key.startsWith("negative-trust-anchors");
  }
}
