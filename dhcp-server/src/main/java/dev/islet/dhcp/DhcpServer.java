package dev.islet.dhcp;

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
import dev.islet.core.service.State;
import dev.islet.core.trace.Trace;
import dev.islet.dhcp.admin.DhcpMetrics;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A DHCPv4 server (RFC 2131): gives addresses to the machines of a network, and keeps every promise
 * over a power cut.
 *
 * <pre>{@code
 * try (var dhcp = DhcpServer.create(c -> c.nic("eth0").leases(Path.of("leases.log"))
 *     .subnet("192.168.7.0/24", s -> s.pool("192.168.7.100", "192.168.7.200")))) {
 *   dhcp.start().awaitStop();
 * }
 * }</pre>
 */
public final class DhcpServer implements Service {
  private final Lifecycle lifecycle = new Lifecycle("dhcp");
  private final DhcpMetrics metrics = new DhcpMetrics();
  private final Setup setup;
  private final Optional<ConfigFile<DhcpConfig>> file;
  private final Optional<Home> home;
  private final Optional<Path> leaseFile;
  private final Trace<DhcpTrace> trace;
  private volatile DhcpConfig config;
  private volatile @Nullable Running running;

  /** What exists between start and close. */
  private record Running(
      Dhcp4 four,
      Optional<Dhcp6> six,
      Optional<RouterAdverts> adverts,
      Optional<AdminServer> admin) {}

  private DhcpServer(
      Setup setup,
      DhcpConfig config,
      Optional<ConfigFile<DhcpConfig>> file,
      Optional<Home> home,
      Optional<Path> leaseFile) {
    this.setup = setup;
    this.config = config;
    this.file = file;
    this.home = home;
    this.leaseFile = leaseFile;
    this.trace = new Trace<>("dhcp", setup.time());
  }

  /** A server for a program. Leases are kept only if it names a file. */
  public static DhcpServer create(Consumer<Setup> setup) {
    var wanted = new Setup();
    setup.accept(wanted);
    return new DhcpServer(
        wanted, wanted.config(), Optional.empty(), wanted.home(), wanted.leases());
  }

  /**
   * A server from a file. Leases are kept in {@code dhcp/leases.journal} of the data folder.
   *
   * @throws ConfigException every fault of the file, with line and column
   */
  public static DhcpServer create(ConfigFile<DhcpConfig> file, Home home) {
    return new DhcpServer(
        new Setup(),
        file.read(),
        Optional.of(file),
        Optional.of(home),
        Optional.of(home.data("dhcp").resolve("leases.journal")));
  }

  @Override
  public String name() {
    return "dhcp";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public DhcpServer start() {
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
  }

  @Override
  public List<Endpoint> endpoints() {
    var endpoints = new ArrayList<Endpoint>();
    var now = running;
    if (now != null) {
      endpoints.addAll(now.four().endpoints());
      now.six().ifPresent(six -> endpoints.addAll(six.endpoints()));
      now.admin().ifPresent(a -> endpoints.add(new Endpoint("admin/http", a.address())));
    }
    return endpoints;
  }

  /** Events that ended in an exception of the engine: always zero, or there is a fault to mend. */
  long failures() {
    var now = running;
    return now == null ? 0 : now.four().failures() + now.six().map(Dhcp6::failures).orElse(0L);
  }

  private void open() throws IOException {
    setup.events().forEach(listener -> tell(DhcpEvent.class, listener));
    setup.steps().forEach(listener -> tell(DhcpTrace.class, listener));
    var around = new Surroundings(lifecycle, setup.time(), home, trace, metrics);
    var names = config.dns().map(d -> lifecycle.hold(new NameWriting(around, config).registrar(d)));
    var four = new Dhcp4(around, config, leaseFile, names);
    var six =
        config.ipv6().map(s -> new Dhcp6(around, config, s, home.map(h -> h.data("dhcp")), names));
    var adverts =
        config.ipv6().filter(s -> !s.advertise().isEmpty()).map(s -> new RouterAdverts(around, s));
    running = new Running(four, six, adverts, Optional.empty());
    four.listen();
    six.ifPresent(Dhcp6::listen);
    adverts.ifPresent(RouterAdverts::listen);
    if (config.admin().isPresent() && home.isPresent()) {
      var admin = AdminServer.start(config.admin().get(), home.get(), new View());
      running = new Running(four, six, adverts, Optional.of(lifecycle.hold(admin)));
    }
  }

  private <T> void tell(Class<T> type, Consumer<? super T> listener) {
    lifecycle.hold(
        trace.listen(
            record -> {
              if (type.isInstance(record.event())) {
                listener.accept(type.cast(record.event()));
              }
            }));
  }

  @Override
  public Reload reload() {
    var now = running;
    if (file.isEmpty() || now == null) {
      return new Reload.Refused(
          file.isEmpty() ? "this server was set up in code" : "the server does not run");
    }
    DhcpConfig fresh;
    try {
      fresh = file.get().read();
    } catch (ConfigException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
    var before = config;
    var changes = Changes.between(before, fresh);
    // IPv6 that is new or gone opens or closes sockets.
    boolean sixStays = before.ipv6().isPresent() == fresh.ipv6().isPresent();
    Predicate<String> needsRestart = k -> needsRestart(k) || !sixStays && k.startsWith("ipv6");
    var restart = changes.stream().filter(needsRestart).toList();
    // What is bound stays as it is; everything else is taken over between two messages.
    var applied = fresh.boundAs(before);
    now.four().reconfigure(applied);
    now.six().ifPresent(six -> applied.ipv6().ifPresent(six::reconfigure));
    now.adverts().ifPresent(adverts -> applied.ipv6().ifPresent(adverts::reconfigure));
    config = applied;
    return new Reload.Applied(changes.stream().filter(needsRestart.negate()).toList(), restart);
  }

  private static boolean needsRestart(String key) {
    return key.equals("interfaces")
        || key.startsWith("listen")
        || key.startsWith("broadcast-only")
        || key.startsWith("watch")
        || key.startsWith("known-servers")
        || key.startsWith("import-leases")
        || key.startsWith("dns")
        || key.startsWith("admin");
  }

  /** What the admin endpoint shows. */
  private final class View implements AdminView {
    @Override
    public String name() {
      return DhcpServer.this.name();
    }

    @Override
    public State state() {
      return DhcpServer.this.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return DhcpServer.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      var now = running;
      return now == null
          ? Optional.of("not started")
          : now.four()
              .notReady()
              .or(() -> now.six().flatMap(Dhcp6::notReady))
              .or(() -> now.adverts().flatMap(RouterAdverts::notReady));
    }

    @Override
    public Object snapshot() {
      var now = running;
      if (now == null) {
        return Map.of();
      }
      var state = new LinkedHashMap<>(now.four().state());
      now.six().ifPresent(six -> state.putAll(six.state()));
      now.adverts().ifPresent(adverts -> state.putAll(adverts.state()));
      return state;
    }

    @Override
    public Reload reload() {
      return DhcpServer.this.reload();
    }

    @Override
    public Optional<Object> annotate(byte[] message) {
      return Optional.of(dev.islet.dhcp.wire.Explain.explain(message));
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
