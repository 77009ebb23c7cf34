package dev.islet.web;

import dev.islet.core.admin.AdminServer;
import dev.islet.core.admin.AdminView;
import dev.islet.core.config.Changes;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.Problem;
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
import dev.islet.web.admin.WebMetrics;
import dev.islet.web.cert.Certificates;
import dev.islet.web.log.AccessEntry;
import dev.islet.web.model.WebEvent;
import dev.islet.web.route.Route.HandlerRoute;
import dev.islet.web.site.Sites;
import dev.islet.web.store.AccessLog;
import dev.islet.web.store.DiskTree;
import dev.islet.web.transport.Front;
import dev.islet.web.transport.Listeners;
import dev.islet.web.transport.Watcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A web server: virtual hosts with static files, servers behind, redirects and code; HTTP/1.1 and
 * HTTP/2, plain and with TLS.
 *
 * <pre>{@code
 * try (var web = WebServer.create(c -> c.listen("127.0.0.1", 8080)
 *     .site("www.home.arpa", s -> s.files("/", Path.of("www"))))) {
 *   web.start().awaitStop();
 * }
 * }</pre>
 */
public final class WebServer implements Service {
  private static final System.Logger LOG = System.getLogger("islet.web");

  /** Keys whose change takes effect at once; the rest is read when sockets are bound. */
  private static final List<String> LIVE = List.of("sites", "limits", "tls", "file-cache");

  private final Lifecycle lifecycle = new Lifecycle("web");
  private final Optional<ConfigFile<WebConfig>> file;
  private final Home home;
  private final boolean temporary;
  private final Map<String, List<HandlerRoute>> handlers;
  private final TimeSource time;
  private final Trace<WebEvent> trace;
  private final WebMetrics metrics;
  private volatile WebConfig config;
  private volatile Sites sites;
  private volatile @Nullable Certificates certificates;
  private volatile @Nullable Front front;
  private volatile @Nullable Listeners listeners;
  private volatile @Nullable AccessLog accessLog;

  private WebServer(
      WebConfig config,
      Optional<ConfigFile<WebConfig>> file,
      Home home,
      boolean temporary,
      Map<String, List<HandlerRoute>> handlers,
      TimeSource time) {
    this.config = config;
    this.file = file;
    this.home = home;
    this.temporary = temporary;
    this.handlers = Map.copyOf(handlers);
    this.time = time;
    this.trace = new Trace<>("web", time);
    this.metrics = new WebMetrics(this::openConnections, this::lostLines);
    this.sites = Assembly.sites(config, this.handlers, time);
  }

  /**
   * A server described in code.
   *
   * @throws IllegalArgumentException if the description does not fit together
   */
  public static WebServer create(Consumer<Setup> setup) {
    var described = new Setup();
    setup.accept(described);
    boolean temporary = described.data().isEmpty();
    Path data;
    try {
      data = temporary ? Files.createTempDirectory("islet-web") : described.data().orElseThrow();
    } catch (IOException e) {
      throw new StartException(
          "WEB-002", "cannot make a temporary folder: " + e, "Give one with data(…)", e);
    }
    var server =
        new WebServer(
            described.config(),
            Optional.empty(),
            new Home(data, described.logs().orElse(data.resolve("logs"))),
            temporary,
            described.handlers(),
            described.time());
    for (var listener : described.listeners()) {
      server.lifecycle.hold(
          server.trace.listen(
              record -> {
                if (record.event() instanceof WebEvent event) {
                  listener.accept(event);
                }
              }));
    }
    return server;
  }

  /**
   * A server described in a file.
   *
   * @throws ConfigException every fault of the file, with line and column
   */
  public static WebServer create(ConfigFile<WebConfig> file, Home home) {
    try {
      return new WebServer(
          file.read(), Optional.of(file), home, false, Map.of(), TimeSource.system());
    } catch (ConfigException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          List.of(
              new Problem(file.path().toString(), 1, 1, "sites", String.valueOf(e.getMessage()))));
    }
  }

  @Override
  public String name() {
    return "web";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public WebServer start() {
    lifecycle.start(this::open);
    return this;
  }

  private void open() throws IOException {
    if (temporary) {
      lifecycle.hold(this::forgetHome);
    }
    var now = config;
    if (!now.https().isEmpty()) {
      certificates = loadCertificates(now);
      renewDaily();
    }
    if (!now.accessLog().formats().isEmpty()) {
      var log = now.accessLog();
      accessLog =
          lifecycle.hold(
              AccessLog.open(home.logs("web"), log.formats(), log.size().bytes(), log.keep()));
    }
    int threads =
        now.ioThreads() > 0 ? now.ioThreads() : Runtime.getRuntime().availableProcessors();
    var handler =
        lifecycle.hold(
            new Front(sites, Assembly.limits(now), threads, DiskTree::open, time, new Telling()));
    front = handler;
    var plan =
        new Listeners.Plan(now.http(), now.https(), now.http2(), now.h2c(), threads, now.drain());
    var bound = lifecycle.hold(Listeners.start(plan, time, handler, this::currentCertificates));
    listeners = bound;
    bound.endpoints().stream()
        .filter(e -> e.protocol().equals("https/tcp"))
        .findFirst()
        .ifPresent(e -> handler.httpsPort(e.address().getPort()));
    if (now.admin().isPresent()) {
      lifecycle.hold(AdminServer.start(now.admin().get(), home, new View()));
    }
  }

  private Certificates loadCertificates(WebConfig from) {
    try {
      return Assembly.certificates(from, home.data("web").resolve("tls"));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartException(
          "WEB-003",
          "no certificate: " + e.getMessage(),
          "Correct the tls keys, or leave them out for a self-signed certificate",
          e);
    }
  }

  private Certificates currentCertificates() {
    var current = certificates;
    if (current == null) {
      throw new IllegalStateException("TLS without certificates");
    }
    return current;
  }

  /** Files that were renewed by somebody else count without a reload; so does one that is due. */
  private void renewDaily() {
    var timer =
        lifecycle.hold(
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("web-renewal").factory()));
    timer.scheduleWithFixedDelay(
        () -> {
          try {
            int changed = currentCertificates().renew();
            if (changed > 0) {
              LOG.log(System.Logger.Level.INFO, "certificates=" + changed + " were renewed");
            }
          } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the certificates in use stay", e);
          }
        },
        1,
        24,
        TimeUnit.HOURS);
  }

  private void forgetHome() throws IOException {
    if (!Files.exists(home.data())) {
      return;
    }
    try (var paths = Files.walk(home.data())) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  @Override
  public List<Endpoint> endpoints() {
    var bound = listeners;
    return bound == null || state() != State.RUNNING ? List.of() : bound.endpoints();
  }

  @Override
  public synchronized Reload reload() {
    if (file.isEmpty()) {
      return new Reload.Refused("the server was described in code; there is no file to read");
    }
    WebConfig fresh;
    Sites freshSites;
    Certificates freshCertificates = certificates;
    try {
      fresh = file.get().read();
      freshSites = Assembly.sites(fresh, handlers, time);
      if (freshCertificates != null && !fresh.https().isEmpty()) {
        freshCertificates = loadCertificates(fresh);
      }
    } catch (ConfigException | StartException | IllegalArgumentException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
    var changed = new ArrayList<String>();
    var later = new ArrayList<String>();
    for (var key : Changes.between(config, fresh)) {
      boolean live = LIVE.stream().anyMatch(l -> key.equals(l) || key.startsWith(l + "."));
      (live ? changed : later).add(key);
    }
    var running = front;
    if (running != null) {
      running.change(freshSites, Assembly.limits(fresh));
    }
    config = fresh;
    sites = freshSites;
    certificates = freshCertificates;
    return new Reload.Applied(changed, later);
  }

  @Override
  public void awaitStop() throws InterruptedException {
    lifecycle.awaitStop();
  }

  @Override
  public void close() {
    lifecycle.close();
    if (temporary) {
      try {
        forgetHome(); // also if it was never started
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "folder=" + home.data() + " cannot be removed", e);
      }
    }
  }

  private double openConnections() {
    var running = front;
    return running == null ? 0 : running.openConnections();
  }

  private double lostLines() {
    var log = accessLog;
    return log == null ? 0 : log.lost();
  }

  /** Carries what the sockets tell to the trace, the metrics and the log. */
  private final class Telling implements Watcher {
    @Override
    public boolean tracing() {
      return trace.on();
    }

    @Override
    public void event(WebEvent event) {
      metrics.event(event);
      trace.emit(event);
    }

    @Override
    public void answered(AccessEntry entry) {
      metrics.answered(entry);
      var log = accessLog;
      if (log != null) {
        log.add(entry);
      }
    }
  }

  private final class View implements AdminView {
    @Override
    public String name() {
      return "web";
    }

    @Override
    public State state() {
      return WebServer.this.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return WebServer.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      return Asking.whyNot(endpoints(), config);
    }

    @Override
    public Object snapshot() {
      var all = new LinkedHashMap<String, Object>();
      all.put("endpoints", endpoints().stream().map(Endpoint::toString).toList());
      var described = new LinkedHashMap<String, Object>();
      for (var site : sites.all()) {
        var one = new LinkedHashMap<String, Object>();
        one.put("names", site.names());
        one.put("routes", site.routes().stream().map(r -> r.at() + " " + r.kind()).toList());
        described.put(site.name(), one);
      }
      all.put("sites", described);
      all.put("requests", metrics.bySite());
      var running = front;
      all.put("open_connections", (long) openConnections());
      all.put("clients", running == null ? List.of() : running.clients(200));
      var shown = certificates;
      if (shown != null) {
        all.put("certificate_sha256", shown.common().fingerprint());
        all.put("certificate_until", shown.common().certificate().getNotAfter().toInstant());
      }
      return all;
    }

    @Override
    public Reload reload() {
      return WebServer.this.reload();
    }

    @Override
    public Optional<Object> annotate(byte[] message) {
      return Optional.of(dev.islet.web.wire.Explain.bytes(message));
    }

    @Override
    public Trace<?> trace() {
      return trace;
    }

    @Override
    public Metrics metrics() {
      return metrics.metrics();
    }
  }
}
