package dev.islet.monitor;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.admin.AdminServer;
import dev.islet.core.admin.AdminView;
import dev.islet.core.config.Changes;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.service.Reload;
import dev.islet.core.service.Service;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.monitor.admin.MonitorMetrics;
import dev.islet.monitor.alert.Alarms;
import dev.islet.monitor.model.MonitorEvent;
import dev.islet.monitor.model.Sample;
import dev.islet.monitor.model.Target;
import dev.islet.monitor.series.History;
import dev.islet.monitor.series.Measured;
import dev.islet.monitor.store.HistoryFile;
import dev.islet.monitor.transport.Assets;
import dev.islet.monitor.transport.Colleagues;
import dev.islet.monitor.transport.HistoryPages;
import dev.islet.monitor.transport.HousePages;
import dev.islet.monitor.transport.KernelFiles;
import dev.islet.monitor.transport.Live;
import dev.islet.monitor.transport.Messenger;
import dev.islet.monitor.transport.PageServer;
import dev.islet.monitor.transport.TraceRelay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The monitor: one page that tells how the board and the services are, and how they were.
 *
 * <pre>{@code
 * try (var monitor = MonitorServer.create(c -> c.listen("127.0.0.1", 8000)
 *     .service("dns", "127.0.0.1:9053"))) {
 *   monitor.start().awaitStop();
 * }
 * }</pre>
 */
public final class MonitorServer implements Service {
  private static final System.Logger LOG = System.getLogger("islet.monitor");

  private final Lifecycle lifecycle = new Lifecycle("monitor");
  private final Optional<ConfigFile<MonitorConfig>> file;
  private final Home home;
  private final boolean temporary;
  private final Path root;
  private final TimeSource time;
  private final Trace<MonitorEvent> trace;
  private final MonitorMetrics metrics;
  private final Live live = new Live();
  private final History history = new History();
  private volatile MonitorConfig config;
  private volatile @Nullable PageServer page;

  private MonitorServer(
      MonitorConfig config,
      Optional<ConfigFile<MonitorConfig>> file,
      Home home,
      boolean temporary,
      Path root,
      TimeSource time) {
    this.config = config;
    this.file = file;
    this.home = home;
    this.temporary = temporary;
    this.root = root;
    this.time = time;
    this.trace = new Trace<>("monitor", time);
    this.metrics = new MonitorMetrics(this::up);
  }

  /** A monitor described in code. */
  public static MonitorServer create(Consumer<Setup> setup) {
    var described = new Setup();
    setup.accept(described);
    boolean temporary = described.data().isEmpty();
    Path data;
    try {
      data =
          temporary ? Files.createTempDirectory("islet-monitor") : described.data().orElseThrow();
    } catch (IOException e) {
      throw new StartException(
          "MONITOR-001", "cannot make a temporary folder: " + e, "Give one with data(…)", e);
    }
    return new MonitorServer(
        described.config(),
        Optional.empty(),
        new Home(data, data.resolve("logs")),
        temporary,
        described.root(),
        described.time());
  }

  /**
   * A monitor described in a file.
   *
   * @throws ConfigException every fault of the file, with line and column
   */
  public static MonitorServer create(ConfigFile<MonitorConfig> file, Home home) {
    return new MonitorServer(
        file.read(), Optional.of(file), home, false, Path.of("/"), TimeSource.system());
  }

  @Override
  public String name() {
    return "monitor";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public MonitorServer start() {
    lifecycle.start(this::open);
    return this;
  }

  private void open() throws IOException {
    if (temporary) {
      lifecycle.hold(this::forgetHome);
    }
    var now = config;
    var token = now.admin().flatMap(AdminConfig::token);
    var bound =
        lifecycle.hold(
            PageServer.bind(
                now.listen(),
                now.names(),
                token.isPresent()
                    ? token.get()
                    : SharedSecret.of(home.data().resolve("admin.token"))));
    var kept = lifecycle.hold(openHistory());
    kept.damage().ifPresent(what -> LOG.log(System.Logger.Level.WARNING, what));
    var kernel = new KernelFiles(root, home.data());
    var sampler =
        new Sampler(
            kernel,
            time,
            trace,
            metrics,
            alerting(now.alerts(), kernel),
            sample -> measured(sample, kept),
            live::publish);
    sampler.watch(targets(now), now.askEvery());
    page = serve(bound, sampler);
    lifecycle.hold(sampler.start());
    if (now.admin().isPresent()) {
      lifecycle.hold(AdminServer.start(now.admin().get(), home, new View()));
    }
  }

  private HistoryFile openHistory() {
    try {
      return HistoryFile.open(home.data("monitor").resolve("history"), history);
    } catch (IOException e) {
      throw new StartException(
          "MONITOR-002",
          "cannot keep the history in " + home.data("monitor") + ": " + e.getMessage(),
          "Make the folder writable or give another with --data",
          e);
    }
  }

  /** Judges samples; what changes goes to the page, the trace and the people. */
  private UnaryOperator<Sample> alerting(AlertsConfig config, KernelFiles kernel) {
    var alarms = new Alarms(config.rules());
    var messenger = new Messenger(kernel.host().name(), metrics::untold);
    config.webhook().ifPresent(messenger::webhook);
    config.ntfy().ifPresent(topic -> messenger.ntfy(topic, config.ntfyToken()));
    config
        .mail()
        .ifPresent(m -> messenger.mail(m.server(), m.from(), m.to(), m.user(), m.password()));
    lifecycle.hold(messenger.start());
    return sample ->
        sample.with(
            alarms.on(
                time.now(),
                sample,
                alert -> {
                  metrics.alerted(alert.rule());
                  trace.emit(new MonitorEvent.Alerted(alert));
                  live.alert(alert);
                  messenger.tell(alert);
                }));
  }

  private void measured(Sample sample, HistoryFile kept) {
    history.add(sample.time(), Measured.of(sample, history), kept::add);
    live.publish(sample);
  }

  private PageServer serve(PageServer server, Sampler sampler) {
    var assets = new Assets();
    var colleagues = new Colleagues(sampler.watches());
    var traces = lifecycle.hold(new TraceRelay(colleagues));
    var house = new HousePages(colleagues, traces, live::latest);
    var past = new HistoryPages(history, time);
    return server.get("/", assets).get("/assets/", assets).get("/api/now", live::now).stream(
            "/api/live", live::listen)
        .get("/api/series", past::names)
        .get("/api/history", past::values)
        .get("/api/report.csv", past::csv)
        .get("/api/table/", house::table)
        .get("/api/calls", house::calls)
        .get("/api/map", house::map)
        .get("/api/explain", house::explain)
        .stream("/api/trace", traces::events)
        .stream("/api/capture.pcapng", traces::capture)
        .action("/api/reload", house::reload)
        .get("/metrics", request -> house.metrics(request, sampler.watches()))
        .start();
  }

  /** Those that are named, or those that the files beside ours configure. */
  private List<Target> targets(MonitorConfig from) {
    var endpoints = new LinkedHashMap<String, AdminConfig>(from.services());
    if (endpoints.isEmpty() && file.isPresent()) {
      for (var name : MonitorConfig.SERVICES) {
        var beside = file.get().path().resolveSibling(name + ".yaml");
        if (Files.exists(beside)) {
          try {
            ConfigFile.part(beside, "admin", AdminConfig.class)
                .ifPresent(admin -> endpoints.put(name, admin));
          } catch (ConfigException e) {
            LOG.log(
                System.Logger.Level.WARNING,
                "service=" + name + " is not watched: " + e.getMessage());
          }
        }
      }
    }
    var targets = new ArrayList<Target>();
    var kept = home.data().resolve("admin.token");
    endpoints.forEach(
        (name, admin) -> targets.add(new Target(name, admin.listen(), admin.token(), kept)));
    return targets;
  }

  private Map<String, Double> up() {
    var sample = live.latest();
    var up = new LinkedHashMap<String, Double>();
    if (sample != null) {
      sample.services().forEach(s -> up.put(s.name(), s.state().equals("up") ? 1.0 : 0.0));
    }
    return up;
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
    var bound = page;
    return bound == null || state() != State.RUNNING
        ? List.of()
        : List.of(new Endpoint("http/tcp", bound.address()));
  }

  /** The newest sample; empty in the first moments. */
  public Optional<Sample> sample() {
    return Optional.ofNullable(live.latest());
  }

  @Override
  public synchronized Reload reload() {
    if (file.isEmpty()) {
      return new Reload.Refused("the monitor was described in code; there is no file to read");
    }
    try {
      var fresh = file.get().read();
      var later = Changes.between(config, fresh);
      return new Reload.Applied(List.of(), later);
    } catch (ConfigException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
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

  private final class View implements AdminView {
    @Override
    public String name() {
      return "monitor";
    }

    @Override
    public State state() {
      return MonitorServer.this.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return MonitorServer.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      return Asking.whyNot(endpoints(), sample(), time.wall());
    }

    @Override
    public Object snapshot() {
      var sample = live.latest();
      return sample == null ? Map.of() : sample;
    }

    @Override
    public Reload reload() {
      return MonitorServer.this.reload();
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
