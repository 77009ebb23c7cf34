package dev.islet.router;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.net.Prefix;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.RouteFilter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** RIP in code: fills {@link RouterConfig.RipConfig}. What is not said has the file's default. */
public final class RipSetup {
  private final List<RouterConfig.RipInterface> interfaces = new ArrayList<>();
  private final List<Origin> redistribute = new ArrayList<>();
  private final List<Prefix> refuse = new ArrayList<>();
  private final List<Prefix> withhold = new ArrayList<>();
  private final RouterConfig.RipConfig base = ConfigFile.defaults(RouterConfig.RipConfig.class);
  private Duration update = base.update();
  private Duration timeout = base.timeout();
  private Duration garbage = base.garbage();
  private Duration triggeredMin = base.triggeredMin();
  private Duration triggeredMax = base.triggeredMax();
  private int port = base.port();
  private int redistributeMetric = base.redistributeMetric();
  private int maxRoutes = base.maxRoutes();
  private int distance = base.distance();
  private boolean acceptV1;
  private RouteFilter importing = RouteFilter.ALL;
  private RouteFilter exporting = RouteFilter.ALL;

  RipSetup() {}

  /** Speaks on these interfaces, with the usual options. */
  public RipSetup interfaces(String... names) {
    for (var name : names) {
      interfaces.add(RouterConfig.RipInterface.parse(name));
    }
    return this;
  }

  /** Speaks on an interface with options of its own. */
  public RipSetup speak(RouterConfig.RipInterface on) {
    interfaces.add(on);
    return this;
  }

  /** Speaks on an interface, with messages signed by keyed MD5. */
  public RipSetup md5(String name, int keyId, String secret) {
    var key =
        new RouterConfig.SharedKey(keyId, dev.islet.router.model.RipAuth.Algorithm.MD5, secret);
    return speak(
        new RouterConfig.RipInterface(
            name,
            false,
            1,
            RipSettings.Horizon.POISON,
            Optional.of(new RouterConfig.Keyed(List.of(key))),
            List.of()));
  }

  /** Only listens on an interface, and tells these routers there by unicast. */
  public RipSetup passive(String name, String... neighbors) {
    var routers = new ArrayList<InetAddress>();
    for (var neighbor : neighbors) {
      routers.add(HostPort.address(neighbor));
    }
    return speak(
        new RouterConfig.RipInterface(
            name, true, 1, RipSettings.Horizon.POISON, Optional.empty(), routers));
  }

  /** The UDP port; 520 but in a lab. */
  public RipSetup port(int value) {
    port = value;
    return this;
  }

  /** Periodic update, route time-out and garbage collection (RFC 2453 section 3.8). */
  public RipSetup timers(Duration newUpdate, Duration newTimeout, Duration newGarbage) {
    update = newUpdate;
    timeout = newTimeout;
    garbage = newGarbage;
    return this;
  }

  /** Least and greatest pause between triggered updates (section 3.10.1). */
  public RipSetup triggered(Duration min, Duration max) {
    triggeredMin = min;
    triggeredMax = max;
    return this;
  }

  /** Tells best routes of these origins as well. */
  public RipSetup redistribute(Origin... origins) {
    redistribute.addAll(List.of(origins));
    return this;
  }

  /** The metric that routes of other origins are told with, 1 to 15. */
  public RipSetup redistributeMetric(int value) {
    redistributeMetric = value;
    return this;
  }

  /** Whether to listen to version 1. */
  public RipSetup acceptV1(boolean value) {
    acceptV1 = value;
    return this;
  }

  /** How many learned prefixes are kept. */
  public RipSetup maxRoutes(int value) {
    maxRoutes = value;
    return this;
  }

  /** Administrative distance of learned routes. */
  public RipSetup distance(int value) {
    distance = value;
    return this;
  }

  /** Never learns these networks nor parts of them. */
  public RipSetup refuse(String... networks) {
    for (var network : networks) {
      refuse.add(Prefix.parse(network));
    }
    return this;
  }

  /** Never tells these networks nor parts of them. */
  public RipSetup withhold(String... networks) {
    for (var network : networks) {
      withhold.add(Prefix.parse(network));
    }
    return this;
  }

  /** Judges every route learned. */
  public RipSetup importRoute(RouteFilter filter) {
    importing = importing.and(filter);
    return this;
  }

  /** Judges every route told. */
  public RipSetup exportRoute(RouteFilter filter) {
    exporting = exporting.and(filter);
    return this;
  }

  RouteFilter importing() {
    return importing;
  }

  RouteFilter exporting() {
    return exporting;
  }

  RouterConfig.RipConfig build() {
    return new RouterConfig.RipConfig(
        interfaces,
        port,
        update,
        timeout,
        garbage,
        triggeredMin,
        triggeredMax,
        redistribute,
        redistributeMetric,
        acceptV1,
        maxRoutes,
        distance,
        refuse,
        withhold);
  }
}
