package dev.islet.monitor;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.HostPort;
import dev.islet.core.time.TimeSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Describes a monitor in code: what {@link MonitorConfig} says in a file. */
public final class Setup {
  private InetSocketAddress listen = HostPort.parse("127.0.0.1:8000");
  private final List<String> names = new ArrayList<>();
  private final Map<String, AdminConfig> services = new LinkedHashMap<>();
  private Duration askEvery = Duration.ofSeconds(2);
  private AlertsConfig alerts =
      new AlertsConfig(
          List.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private Optional<AdminConfig> admin = Optional.empty();
  private Optional<Path> data = Optional.empty();
  private Path root = Path.of("/");
  private TimeSource time = TimeSource.system();

  Setup() {}

  /** Serves the page there; port 0 takes any free one. */
  public Setup listen(String host, int port) {
    listen = new InetSocketAddress(HostPort.address(host), port);
    return this;
  }

  /** A name by which browsers may call the page, beside its addresses. */
  public Setup name(String name) {
    names.add(name);
    return this;
  }

  /** Watches a service at its admin endpoint; the token is that of the data folder. */
  public Setup service(String name, String address) {
    services.put(name, AdminConfig.parse(address));
    return this;
  }

  /** Watches a service whose admin endpoint asks for this token. */
  public Setup service(String name, String address, String token) {
    services.put(name, new AdminConfig(HostPort.parse(address), Optional.of(token)));
    return this;
  }

  /** How often each service is asked whether it answers its own protocol. */
  public Setup askEvery(Duration every) {
    askEvery = every;
    return this;
  }

  /** Who is told of alerts, and of which. */
  public Setup alerts(AlertsConfig config) {
    alerts = config;
    return this;
  }

  /** An admin endpoint on a loopback port. */
  public Setup admin(int port) {
    admin = Optional.of(AdminConfig.loopback(port));
    return this;
  }

  /** Where the history and the token are kept; without it, in a folder that goes away. */
  public Setup data(Path folder) {
    data = Optional.of(folder);
    return this;
  }

  /** The tree with proc and sys, for tests. */
  public Setup root(Path folder) {
    root = folder;
    return this;
  }

  /** The clocks, for tests. */
  public Setup time(TimeSource clocks) {
    time = clocks;
    return this;
  }

  MonitorConfig config() {
    return new MonitorConfig(
        listen,
        List.copyOf(names),
        java.util.Collections.unmodifiableMap(new LinkedHashMap<>(services)),
        askEvery,
        alerts,
        admin);
  }

  Optional<Path> data() {
    return data;
  }

  Path root() {
    return root;
  }

  TimeSource time() {
    return time;
  }
}
