package dev.islet.router;

import dev.islet.core.admin.AdminServer;
import dev.islet.core.admin.AdminView;
import dev.islet.core.config.Changes;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Recorder;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.net.socket.Nics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Lifecycle;
import dev.islet.core.service.Reload;
import dev.islet.core.service.Service;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.router.admin.RouterMetrics;
import dev.islet.router.admin.RouterSnapshot;
import dev.islet.router.hub.RouterAction;
import dev.islet.router.hub.RouterEngine;
import dev.islet.router.hub.RouterInput;
import dev.islet.router.hub.RouterView;
import dev.islet.router.model.Fib;
import dev.islet.router.model.RouteFilter;
import dev.islet.router.model.RouterEvent;
import dev.islet.router.store.InputLog;
import dev.islet.router.store.SequenceFile;
import dev.islet.router.transport.Forwarding;
import dev.islet.router.transport.KernelPort;
import dev.islet.router.transport.RipSockets;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A router: static routes and RIP version 2 (RFC 2453) into the kernel's table.
 *
 * <p>Our routes carry a protocol number of their own; nobody else's are touched. They are withdrawn
 * on an orderly stop. After a crash they stay, so that packets flow on, and the next start takes
 * them over.
 */
public final class RouterAgent implements Service {
  private static final Logger LOG = System.getLogger("islet.router");

  private static final int QUEUE = 4096;

  private final Lifecycle lifecycle = new Lifecycle("router");
  private final TimeSource time = TimeSource.system();
  private final Trace<RouterEvent> trace = new Trace<>("router", time);
  private final Metrics metrics = new Metrics("router");
  private final Optional<ConfigFile<RouterConfig>> file;
  private final Optional<Home> home;
  private final RouteFilter importing;
  private final RouteFilter exporting;
  private final List<Consumer<? super RouterEvent>> listeners;
  private volatile RouterConfig config;
  private volatile Optional<EngineLoop<RouterInput, RouterAction>> loop = Optional.empty();
  private volatile Optional<RouterEngine> engine = Optional.empty();
  private volatile Optional<AdminServer> adminServer = Optional.empty();

  private RouterAgent(
      RouterConfig config,
      Optional<ConfigFile<RouterConfig>> file,
      Optional<Home> home,
      RouteFilter importing,
      RouteFilter exporting,
      List<Consumer<? super RouterEvent>> listeners) {
    this.config = config;
    this.file = file;
    this.home = home;
    this.importing = importing;
    this.exporting = exporting;
    this.listeners = List.copyOf(listeners);
  }

  /** A router described in code. */
  public static RouterAgent create(Consumer<Setup> setup) {
    var chosen = new Setup();
    setup.accept(chosen);
    return new RouterAgent(
        chosen.build(),
        Optional.empty(),
        chosen.home(),
        chosen.importing(),
        chosen.exporting(),
        chosen.listeners());
  }

  /**
   * A router described in a file.
   *
   * @throws ConfigException if the file cannot be used
   */
  public static RouterAgent create(ConfigFile<RouterConfig> file, Home home) {
    return new RouterAgent(
        file.read(),
        Optional.of(file),
        Optional.of(home),
        RouteFilter.ALL,
        RouteFilter.ALL,
        List.of());
  }

  @Override
  public String name() {
    return "router";
  }

  @Override
  public State state() {
    return lifecycle.state();
  }

  @Override
  public RouterAgent start() {
    lifecycle.start(this::open);
    return this;
  }

  private void open() throws IOException {
    for (var listener : listeners) {
      lifecycle.hold(trace.listen(record -> listener.accept((RouterEvent) record.event()))::close);
    }
    forwarding();
    var settings = Settings.of(config, importing, exporting);
    var kernel = kernel(settings);
    int ripPort = config.rip().map(RouterConfig.RipConfig::port).orElse(520);
    config.rip().ifPresent(RouterAgent::requireRip);
    var sockets = lifecycle.hold(new RipSockets(ripPort, this::offer));
    var sequence = home.map(h -> new SequenceFile(h.data("router")));
    long floor = sequence.isPresent() ? sequence.get().read() : 0;
    var brain = new RouterEngine(settings, new SecureRandom(), floor);
    var hands =
        new RouterHands(
            kernel,
            Optional.of(sockets),
            sequence,
            trace,
            new RouterMetrics(metrics, this::view),
            ripPort,
            this::offer);
    Recorder<RouterInput> recorder = (now, input) -> {};
    if (config.record().isPresent()) {
      recorder = lifecycle.hold(InputLog.create(config.record().get()));
    }
    var running = lifecycle.hold(EngineLoop.start("router", brain, time, hands, recorder, QUEUE));
    engine = Optional.of(brain);
    loop = Optional.of(running);
    lifecycle.hold(this::farewell);
    // The first view is asked for after the watch has begun, so nothing between is missed.
    running.offer(
        kernel.isPresent()
            ? kernel.get().view(0, "the router starts")
            : new RouterInput.KernelView(0, "the router starts", List.of(), List.of(), List.of()));
    kernel.ifPresent(KernelPort::listenNow);
    running.ask(brain::view); // the first routes are in the kernel when this returns
    if (config.admin().isPresent()) {
      var keeping = home.isPresent() ? home.get() : temporary();
      adminServer =
          Optional.of(lifecycle.hold(AdminServer.start(config.admin().get(), keeping, new View())));
    }
  }

  private static Home temporary() throws IOException {
    var folder = Files.createTempDirectory("islet-router");
    return new Home(folder, folder);
  }

  /** The kernel, unless nothing is to be learned from it nor written to it. */
  private Optional<KernelPort> kernel(dev.islet.router.model.RouterSettings settings)
      throws IOException {
    try {
      var kernel = lifecycle.hold(KernelPort.open(settings.kernel(), this::offer));
      if (settings.fib() == Fib.KERNEL) {
        kernel.requirePermission();
      }
      return Optional.of(kernel);
    } catch (IOException e) {
      if (settings.fib() == Fib.NONE && !speaks(config)) {
        LOG.log(Level.INFO, "service=router runs dry: no rtnetlink here (" + e.getMessage() + ")");
        return Optional.empty();
      }
      throw new StartException(
          "ROUTER-NET-001",
          "cannot talk to the kernel's routing: " + e.getMessage(),
          "Routing needs Linux; elsewhere set fib: none and no rip interfaces",
          e);
    }
  }

  private static boolean speaks(RouterConfig config) {
    return config.rip().map(r -> !r.interfaces().isEmpty()).orElse(false);
  }

  private static void requireRip(RouterConfig.RipConfig rip) {
    rip.interfaces().stream()
        .map(RouterConfig.RipInterface::name)
        .filter(name -> Nics.named(name).isPresent())
        .findFirst()
        .ifPresent(name -> RipSockets.requirePermission(rip.port(), name));
  }

  private void forwarding() {
    if (config.fib() == Fib.NONE || Forwarding.on().orElse(true)) {
      return;
    }
    var remedy = "Run `sysctl -w net.ipv4.ip_forward=1` on the host";
    switch (config.forwarding()) {
      case WARN ->
          LOG.log(
              Level.WARNING,
              "service=router the kernel does not forward IPv4 packets: routes are kept, but no"
                  + " packet passes through. "
                  + remedy);
      case REQUIRE ->
          throw new StartException(
              "ROUTER-FORWARD-001",
              "the kernel does not forward IPv4 packets",
              remedy,
              new IllegalStateException("net.ipv4.ip_forward = 0"));
      case SET -> {
        try {
          Forwarding.set();
          LOG.log(Level.INFO, "service=router switched net.ipv4.ip_forward on");
        } catch (IOException e) {
          throw new StartException(
              "ROUTER-FORWARD-002", "cannot switch net.ipv4.ip_forward on: " + e, remedy, e);
        }
      }
    }
  }

  private boolean offer(RouterInput input) {
    return loop.map(l -> l.offer(input)).orElse(false);
  }

  private RouterView view() {
    return loop.orElseThrow(() -> new IllegalStateException("not started"))
        .ask(engine.orElseThrow()::view);
  }

  /** Poisons what we told, withdraws what we wrote, and waits until that is done. */
  private void farewell() {
    loop.ifPresent(
        l -> {
          while (!l.offer(new RouterInput.Stop())) {
            l.ask(() -> ""); // the queue is full: let it be worked off
          }
          l.ask(() -> "");
        });
  }

  @Override
  public List<Endpoint> endpoints() {
    if (state() != State.RUNNING && state() != State.STARTING || loop.isEmpty()) {
      return List.of();
    }
    var endpoints = new ArrayList<Endpoint>();
    config
        .rip()
        .filter(r -> !r.interfaces().isEmpty())
        .ifPresent(r -> endpoints.add(new Endpoint("rip/udp", new InetSocketAddress(r.port()))));
    return endpoints;
  }

  /** The admin endpoint's address, if there is one. */
  public Optional<InetSocketAddress> adminAddress() {
    return adminServer.map(AdminServer::address);
  }

  @Override
  public Reload reload() {
    if (file.isEmpty()) {
      return new Reload.Refused("the configuration is code; there is no file to read again");
    }
    RouterConfig fresh;
    try {
      fresh = file.get().read();
    } catch (ConfigException e) {
      return new Reload.Refused(String.valueOf(e.getMessage()));
    }
    return apply(fresh);
  }

  private synchronized Reload apply(RouterConfig fresh) {
    var old = config;
    var changed = new ArrayList<>(Changes.between(old, fresh));
    var effective = Restart.without(old, fresh);
    var needsRestart = new ArrayList<>(Changes.between(effective, fresh));
    changed.removeAll(needsRestart);
    if (old.rip().isEmpty()) {
      try {
        effective.rip().ifPresent(RouterAgent::requireRip);
      } catch (StartException e) {
        return new Reload.Refused(String.valueOf(e.getMessage()));
      }
    }
    if (!effective.equals(old)) {
      if (!offer(new RouterInput.Configured(Settings.of(effective, importing, exporting)))) {
        return new Reload.Refused("the router is not running, or too busy to take it now");
      }
      config = effective;
    }
    return new Reload.Applied(changed, needsRestart);
  }

  @Override
  public void awaitStop() throws InterruptedException {
    lifecycle.awaitStop();
  }

  @Override
  public void close() {
    lifecycle.close();
  }

  private final class View implements AdminView {
    @Override
    public String name() {
      return "router";
    }

    @Override
    public State state() {
      return lifecycle.state();
    }

    @Override
    public List<Endpoint> endpoints() {
      return RouterAgent.this.endpoints();
    }

    @Override
    public Optional<String> notReady() {
      var now = view();
      if (now.missing() > 0) {
        return Optional.of(now.missing() + " best routes are not in the kernel's table");
      }
      if (speaks(config) && now.rip().map(r -> r.open().isEmpty()).orElse(true)) {
        return Optional.of(
            "RIP speaks nowhere: every configured interface is absent, down or without an IPv4"
                + " address");
      }
      return Optional.empty();
    }

    @Override
    public Object snapshot() {
      return RouterSnapshot.of(
          view(),
          config.routerId().map(java.net.InetAddress::getHostAddress).orElse(""),
          Forwarding.on(),
          time.now());
    }

    @Override
    public Reload reload() {
      return RouterAgent.this.reload();
    }

    @Override
    public Optional<Object> annotate(byte[] message) {
      return Optional.of(dev.islet.router.rip.wire.Explain.explain(message));
    }

    @Override
    public Trace<?> trace() {
      return trace;
    }

    @Override
    public Metrics metrics() {
      return metrics;
    }
  }
}
