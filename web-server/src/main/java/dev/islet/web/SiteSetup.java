package dev.islet.web;

import dev.islet.web.model.Handler;
import dev.islet.web.route.Route.HandlerRoute;
import dev.islet.web.wire.TargetPath;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Describes one site in code; fills the same records as the file. */
public final class SiteSetup {
  private final List<String> aliases = new ArrayList<>();
  private final List<WebConfig.RouteConfig> routes = new ArrayList<>();
  private final List<HandlerRoute> handlers = new ArrayList<>();
  private boolean fallback;
  private boolean httpsOnly;
  private Duration hsts = Duration.ZERO;
  private Optional<WebConfig.TlsConfig> tls = Optional.empty();

  SiteSetup() {}

  /** Further names; {@code *.home.arpa} stands for all below. */
  public SiteSetup alias(String... names) {
    aliases.addAll(Arrays.asList(names));
    return this;
  }

  /** Answers also for names that no site has. */
  public SiteSetup fallback() {
    fallback = true;
    return this;
  }

  /** Redirects plain requests to HTTPS. */
  public SiteSetup httpsOnly() {
    httpsOnly = true;
    return this;
  }

  /** Tells browsers to insist on HTTPS for so long (RFC 6797). */
  public SiteSetup hsts(Duration time) {
    hsts = time;
    return this;
  }

  /** A certificate of this site alone, from PEM files. */
  public SiteSetup tls(Path certificate, Path key) {
    tls = Optional.of(new WebConfig.TlsConfig(certificate, key));
    return this;
  }

  /** Files of a folder, with {@code index.html} for folders. */
  public SiteSetup files(String at, Path folder) {
    return files(at, folder, false);
  }

  /** Files of a folder; folders without an index show what they hold if {@code listing}. */
  public SiteSetup files(String at, Path folder, boolean listing) {
    return route(
        new WebConfig.RouteConfig.Files(
            at, folder, List.of("index.html"), listing, Optional.empty(), Optional.empty()));
  }

  /** Another server: {@code http://host:port}, with a path to put requests under. */
  public SiteSetup proxy(String at, String to) {
    return route(
        new WebConfig.RouteConfig.Proxy(
            at, URI.create(to), true, false, Duration.ofSeconds(5), Duration.ofSeconds(60), 64));
  }

  /** Another address, with 308. */
  public SiteSetup redirect(String at, String to) {
    return route(new WebConfig.RouteConfig.Redirect(at, to, 308, false));
  }

  /** Any route, with all its settings. */
  public SiteSetup route(WebConfig.RouteConfig route) {
    routes.add(route);
    return this;
  }

  /** Answers GET and HEAD; {@code /path} exactly, or {@code /path/*} with all below. */
  public SiteSetup get(String path, Handler handler) {
    return handle(path, Set.of("GET"), handler);
  }

  /** Answers POST. */
  public SiteSetup post(String path, Handler handler) {
    return handle(path, Set.of("POST"), handler);
  }

  /** Answers these methods; none means all. */
  public SiteSetup handle(String path, Set<String> methods, Handler handler) {
    boolean below = path.endsWith("/*");
    var at = WebConfig.path(below ? path.substring(0, path.length() - 1) : path, "path");
    handlers.add(
        new HandlerRoute(
            below ? new TargetPath(at.segments(), false) : at,
            below,
            Set.copyOf(methods),
            handler));
    return this;
  }

  WebConfig.SiteConfig config() {
    return new WebConfig.SiteConfig(
        List.copyOf(aliases), fallback, httpsOnly, hsts, tls, List.copyOf(routes));
  }

  List<HandlerRoute> handlers() {
    return List.copyOf(handlers);
  }
}
