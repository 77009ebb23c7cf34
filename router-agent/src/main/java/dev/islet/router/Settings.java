package dev.islet.router;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.Route;
import dev.islet.router.model.RouteFilter;
import dev.islet.router.model.RouterSettings;
import dev.islet.router.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Turns the configuration, as written, into what the engines work with. */
final class Settings {
  private Settings() {}

  static RouterSettings of(RouterConfig config, RouteFilter importing, RouteFilter exporting) {
    var kernel = config.kernel();
    var statics = new ArrayList<Route>();
    for (var route : config.routes()) {
      statics.add(staticRoute(route, statics.size()));
    }
    return new RouterSettings(
        config.fib(),
        new RouterSettings.Kernel(
            kernel.table(),
            kernel.protocol(),
            kernel.metric(),
            kernel.grace(),
            kernel.keepOnClose(),
            kernel.reconcile()),
        statics,
        config.rip().map(rip -> rip(rip, importing, exporting)));
  }

  private static Route staticRoute(RouterConfig.StaticConfig route, int number) {
    List<Hop> hops = new ArrayList<>();
    route.drop().ifPresent(how -> hops.add(new Hop.Drop(how)));
    for (var gateway : route.via()) {
      hops.add(new Hop.Via(gateway, route.device()));
    }
    if (hops.isEmpty()) {
      hops.add(new Hop.Dev(route.device().orElseThrow()));
    }
    return new Route(
        route.prefix(),
        hops,
        Origin.STATIC,
        "route %04d".formatted(number),
        route.distance(),
        0,
        route.tag());
  }

  private static RipSettings rip(
      RouterConfig.RipConfig rip, RouteFilter importing, RouteFilter exporting) {
    return new RipSettings(
        rip.interfaces().stream().map(Settings::port).toList(),
        rip.port(),
        rip.update(),
        rip.timeout(),
        rip.garbage(),
        rip.triggeredMin(),
        rip.triggeredMax(),
        Set.copyOf(rip.redistribute()),
        rip.redistributeMetric(),
        rip.acceptV1(),
        rip.maxRoutes(),
        rip.distance(),
        outside(rip.refuse()).and(importing),
        outside(rip.withhold()).and(exporting));
  }

  private static RipSettings.Port port(RouterConfig.RipInterface each) {
    return new RipSettings.Port(
        each.name(),
        each.passive(),
        each.cost(),
        each.splitHorizon(),
        auth(each.auth()),
        each.neighbors());
  }

  private static RipAuth auth(Optional<RouterConfig.AuthConfig> auth) {
    if (auth.isEmpty()) {
      return new RipAuth.Open();
    }
    return switch (auth.get()) {
      case RouterConfig.Password(var text) -> new RipAuth.Password(text);
      case RouterConfig.Keyed(var keys) ->
          new RipAuth.Keyed(
              keys.stream()
                  .map(k -> new RipAuth.SharedKey(k.id(), k.algorithm(), k.secret()))
                  .toList());
    };
  }

  private static RouteFilter outside(List<Prefix> networks) {
    return route ->
        networks.stream()
                .anyMatch(
                    n ->
                        n.length() <= route.prefix().length()
                            && n.contains(route.prefix().address()))
            ? Verdict.REFUSE
            : Verdict.ACCEPT;
  }
}
