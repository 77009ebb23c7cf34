package dev.islet.web;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.HostPort;
import dev.islet.core.time.TimeSource;
import dev.islet.web.model.WebEvent;
import dev.islet.web.route.Route.HandlerRoute;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Describes a web server in code; fills the same records as the file. Without more it keeps no log,
 * has no admin endpoint and leaves nothing on the disk.
 */
public final class Setup {
  private final List<InetSocketAddress> http = new ArrayList<>();
  private final List<InetSocketAddress> https = new ArrayList<>();
  private final Map<String, WebConfig.SiteConfig> sites = new LinkedHashMap<>();
  private final Map<String, List<HandlerRoute>> handlers = new LinkedHashMap<>();
  private final List<Consumer<? super WebEvent>> listeners = new ArrayList<>();
  private boolean http2 = true;
  private boolean h2c;
  private Optional<WebConfig.TlsConfig> tls = Optional.empty();
  private WebConfig.AccessLogConfig accessLog =
      new WebConfig.AccessLogConfig(List.of(), new dev.islet.web.model.ByteSize(10 << 20), 5);
  private WebConfig.LimitsConfig limits = ConfigFile.defaults(WebConfig.LimitsConfig.class);
  private Duration fileCache = Duration.ofSeconds(1);
  private Duration drain = Duration.ofSeconds(5);
  private int ioThreads;
  private Optional<AdminConfig> admin = Optional.empty();
  private Optional<Path> data = Optional.empty();
  private Optional<Path> logs = Optional.empty();
  private TimeSource time = TimeSource.system();

  Setup() {}

  /** Speaks plain HTTP there; port 0 takes any free one. */
  public Setup listen(String host, int port) {
    http.add(new InetSocketAddress(HostPort.address(host), port));
    return this;
  }

  /** Speaks HTTPS there; port 0 takes any free one. */
  public Setup listenTls(String host, int port) {
    https.add(new InetSocketAddress(HostPort.address(host), port));
    return this;
  }

  /** Whether HTTPS clients may speak HTTP/2; they may unless told otherwise. */
  public Setup http2(boolean on) {
    http2 = on;
    return this;
  }

  /** Whether plain clients may begin with HTTP/2 at once; they may not unless told so. */
  public Setup h2c(boolean on) {
    h2c = on;
    return this;
  }

  /** The certificate of all sites without their own, instead of a self-signed one. */
  public Setup tls(Path certificate, Path key) {
    tls = Optional.of(new WebConfig.TlsConfig(certificate, key));
    return this;
  }

  /** A virtual host. */
  public Setup site(String name, Consumer<SiteSetup> describe) {
    var site = new SiteSetup();
    describe.accept(site);
    sites.put(name, site.config());
    handlers.put(name, site.handlers());
    return this;
  }

  /** The access log, in the folder given to {@link #logs}. */
  public Setup accessLog(WebConfig.AccessLogConfig config) {
    accessLog = config;
    return this;
  }

  /** Other limits, made from the defaults. */
  public Setup limits(UnaryOperator<WebConfig.LimitsConfig> change) {
    limits = change.apply(limits);
    return this;
  }

  /** How long a file that was looked up is believed unchanged. */
  public Setup fileCache(Duration believe) {
    fileCache = believe;
    return this;
  }

  /** How long requests under way may take when the server closes. */
  public Setup drain(Duration time) {
    drain = time;
    return this;
  }

  /** Threads that move bytes; 0 for one a processor. */
  public Setup ioThreads(int count) {
    ioThreads = count;
    return this;
  }

  /** An admin endpoint on a loopback port. */
  public Setup admin(int port) {
    admin = Optional.of(AdminConfig.loopback(port));
    return this;
  }

  /** Where certificates are kept; without it, in a folder that goes away with the server. */
  public Setup data(Path folder) {
    data = Optional.of(folder);
    return this;
  }

  /** Where logs are written. */
  public Setup logs(Path folder) {
    logs = Optional.of(folder);
    return this;
  }

  /** The clocks, for tests. */
  public Setup time(TimeSource clocks) {
    time = clocks;
    return this;
  }

  /** Is told what the server sees, decides and does, on a thread of its own. */
  public Setup onTrace(Consumer<? super WebEvent> listener) {
    listeners.add(listener);
    return this;
  }

  WebConfig config() {
    return new WebConfig(
        List.copyOf(http),
        List.copyOf(https),
        http2,
        h2c,
        tls,
        java.util.Collections.unmodifiableMap(new LinkedHashMap<>(sites)),
        accessLog,
        limits,
        fileCache,
        drain,
        ioThreads,
        admin);
  }

  Map<String, List<HandlerRoute>> handlers() {
    return handlers;
  }

  List<Consumer<? super WebEvent>> listeners() {
    return listeners;
  }

  Optional<Path> data() {
    return data;
  }

  Optional<Path> logs() {
    return logs;
  }

  TimeSource time() {
    return time;
  }
}
