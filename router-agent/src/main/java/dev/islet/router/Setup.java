package dev.islet.router;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.net.Prefix;
import dev.islet.core.service.Home;
import dev.islet.router.model.Fib;
import dev.islet.router.model.Hop;
import dev.islet.router.model.RouteEvent;
import dev.islet.router.model.RouteFilter;
import dev.islet.router.model.RouterEvent;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A router in code: fills the same {@link RouterConfig} that a file holds. What is not said has the
 * file's default; without {@link #admin} there is no endpoint, without {@link #home} nothing is
 * kept.
 *
 * <pre>{@code
 * RouterAgent.create(c -> c
 *     .route("10.20.0.0/16", "192.168.7.2")
 *     .rip(r -> r.interfaces("eth0").redistribute(Origin.STATIC))
 *     .onTrace(e -> IO.println(e.note())));
 * }</pre>
 */
public final class Setup {
  private final RouterConfig base = ConfigFile.defaults(RouterConfig.class);
  private final List<RouterConfig.StaticConfig> routes = new ArrayList<>();
  private final List<Consumer<? super RouterEvent>> listeners = new ArrayList<>();
  private Optional<InetAddress> routerId = Optional.empty();
  private Optional<Path> record = Optional.empty();
  private Optional<AdminConfig> admin = Optional.empty();
  private Optional<RipSetup> rip = Optional.empty();
  private Optional<Home> home = Optional.empty();
  private Fib fib = base.fib();
  private RouterConfig.KernelConfig kernel = base.kernel();
  private RouterConfig.ForwardingPolicy forwarding = base.forwarding();

  Setup() {}

  /** Names this router in its state. */
  public Setup routerId(String address) {
    routerId = Optional.of(HostPort.address(address));
    return this;
  }

  /** Where best routes go. */
  public Setup fib(Fib value) {
    fib = value;
    return this;
  }

  /** How routes are written to the kernel. */
  public Setup kernel(RouterConfig.KernelConfig value) {
    kernel = value;
    return this;
  }

  /** How long routes left by a crash are kept while nobody announces them. */
  public Setup grace(Duration value) {
    return kernel(
        new RouterConfig.KernelConfig(
            kernel.table(),
            kernel.protocol(),
            kernel.metric(),
            value,
            kernel.keepOnClose(),
            kernel.reconcile()));
  }

  /** What to do if the kernel does not forward packets. */
  public Setup forwarding(RouterConfig.ForwardingPolicy value) {
    forwarding = value;
    return this;
  }

  /** A static route over one gateway, or over several that share the traffic. */
  public Setup route(String prefix, String... gateways) {
    var via = new ArrayList<InetAddress>();
    for (var gateway : gateways) {
      via.add(HostPort.address(gateway));
    }
    return route(
        new RouterConfig.StaticConfig(
            Prefix.parse(prefix), via, Optional.empty(), Optional.empty(), 1, 0));
  }

  /** A static route with options. */
  public Setup route(RouterConfig.StaticConfig route) {
    routes.add(route);
    return this;
  }

  /** A static route onto a link. */
  public Setup device(String prefix, String nic) {
    return route(
        new RouterConfig.StaticConfig(
            Prefix.parse(prefix), List.of(), Optional.of(nic), Optional.empty(), 1, 0));
  }

  /** A static route that drops. */
  public Setup drop(String prefix, Hop.How how) {
    return route(
        new RouterConfig.StaticConfig(
            Prefix.parse(prefix), List.of(), Optional.empty(), Optional.of(how), 1, 0));
  }

  /** Runs RIP. */
  public Setup rip(Consumer<RipSetup> setup) {
    var chosen = rip.orElseGet(RipSetup::new);
    setup.accept(chosen);
    rip = Optional.of(chosen);
    return this;
  }

  /** Writes what comes in to a file, for replay. */
  public Setup record(Path file) {
    record = Optional.of(file);
    return this;
  }

  /** Opens an admin endpoint. */
  public Setup admin(AdminConfig value) {
    admin = Optional.of(value);
    return this;
  }

  /** Keeps state in a folder: RIP's sequence number, and the token of the admin endpoint. */
  public Setup home(Path folder) {
    home = Optional.of(new Home(folder, folder.resolve("logs")));
    return this;
  }

  /** Hears of routes and neighbours, on a thread of its own. */
  public Setup onTrace(Consumer<? super RouteEvent> listener) {
    return onEvent(
        event -> {
          if (event instanceof RouteEvent route) {
            listener.accept(route);
          }
        });
  }

  /** Hears of everything: routes, RIP messages with their bytes, the kernel. */
  public Setup onEvent(Consumer<? super RouterEvent> listener) {
    listeners.add(listener);
    return this;
  }

  RouterConfig build() {
    return new RouterConfig(
        routerId, fib, kernel, forwarding, routes, rip.map(RipSetup::build), record, admin);
  }

  RouteFilter importing() {
    return rip.map(RipSetup::importing).orElse(RouteFilter.ALL);
  }

  RouteFilter exporting() {
    return rip.map(RipSetup::exporting).orElse(RouteFilter.ALL);
  }

  Optional<Home> home() {
    return home;
  }

  List<Consumer<? super RouterEvent>> listeners() {
    return listeners;
  }
}
