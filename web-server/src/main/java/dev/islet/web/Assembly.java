package dev.islet.web;

import dev.islet.core.time.TimeSource;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.web.cert.Certificates;
import dev.islet.web.route.Compressed;
import dev.islet.web.route.Files;
import dev.islet.web.route.FilesOptions;
import dev.islet.web.route.Route;
import dev.islet.web.route.Upstream;
import dev.islet.web.site.Site;
import dev.islet.web.site.Sites;
import dev.islet.web.store.DiskTree;
import dev.islet.web.transport.ConnectionLimits;
import dev.islet.web.wire.HeadLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Makes the parts of a server from its configuration. */
final class Assembly {
  private Assembly() {}

  static Sites sites(
      WebConfig config, Map<String, List<Route.HandlerRoute>> handlers, TimeSource time) {
    var compressed = new Compressed();
    var sites = new ArrayList<Site>();
    for (var entry : config.sites().entrySet()) {
      var site = entry.getValue();
      var names = new ArrayList<String>();
      names.add(entry.getKey());
      names.addAll(site.aliases());
      var routes = new ArrayList<Route>(handlers.getOrDefault(entry.getKey(), List.of()));
      for (var route : site.routes()) {
        routes.add(route(route, config, compressed, time));
      }
      sites.add(
          new Site(entry.getKey(), names, site.fallback(), site.httpsOnly(), site.hsts(), routes));
    }
    return new Sites(sites);
  }

  private static Route route(
      WebConfig.RouteConfig route, WebConfig config, Compressed compressed, TimeSource time) {
    var at = WebConfig.path(route.at(), "at");
    return switch (route) {
      case WebConfig.RouteConfig.Files f ->
          new Route.FilesRoute(
              at,
              new Files(
                  new DiskTree(f.folder(), time, config.fileCache()),
                  new FilesOptions(f.index(), f.listing(), f.cacheControl(), f.notFound()),
                  compressed));
      case WebConfig.RouteConfig.Proxy p ->
          new Route.ProxyRoute(
              at,
              new Upstream(
                  p.to(),
                  p.keepHost(),
                  p.strip() ? p.at() : "",
                  p.connectTimeout(),
                  p.answerTimeout(),
                  p.connections()));
      case WebConfig.RouteConfig.Redirect r ->
          new Route.RedirectRoute(at, r.to(), r.status(), r.keepRest());
    };
  }

  static ConnectionLimits limits(WebConfig config) {
    var limits = config.limits();
    return new ConnectionLimits(
        new HeadLimits(
            (int) limits.head().bytes(),
            limits.headers(),
            (int) limits.target().bytes(),
            limits.body().bytes()),
        limits.connections(),
        limits.perClient(),
        limits.headTime(),
        limits.idleTime(),
        limits.webSocketIdleTime(),
        limits.minRate().bytes(),
        limits.handlerBody().bytes(),
        limits.streams());
  }

  /**
   * The certificates of all sites.
   *
   * @param folder where a self-signed one is kept
   */
  static Certificates certificates(WebConfig config, Path folder) throws IOException {
    var own = new HashMap<String, TlsIdentity>();
    var others = new LinkedHashSet<String>();
    for (var site : config.sites().entrySet()) {
      var names = new ArrayList<String>();
      names.add(site.getKey());
      names.addAll(site.getValue().aliases());
      var tls = site.getValue().tls();
      if (tls.isPresent()) {
        var identity = TlsIdentity.pem(tls.get().certificate(), tls.get().key());
        names.forEach(name -> own.put(name, identity));
      } else {
        others.addAll(names);
      }
    }
    if (config.tls().isPresent()) {
      return new Certificates(
          TlsIdentity.pem(config.tls().get().certificate(), config.tls().get().key()), own);
    }
    for (var address : config.https()) {
      if (!address.getAddress().isAnyLocalAddress()) {
        others.add(address.getAddress().getHostAddress());
      }
    }
    others.add("localhost");
    return new Certificates(TlsIdentity.selfSigned(folder, List.copyOf(others)), own);
  }
}
