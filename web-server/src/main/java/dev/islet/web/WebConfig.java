package dev.islet.web;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.web.log.AccessFormat;
import dev.islet.web.model.ByteSize;
import dev.islet.web.route.Upstream;
import dev.islet.web.wire.TargetPath;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The web server's configuration; the file {@code web.yaml}.
 *
 * @param http where plain HTTP is spoken
 * @param https where TLS is spoken
 * @param sites virtual hosts by their first name
 */
public record WebConfig(
    @Key(value = "addresses and ports for plain HTTP", def = "[]") List<InetSocketAddress> http,
    @Key(value = "addresses and ports for HTTPS", def = "[]") List<InetSocketAddress> https,
    @Key(value = "whether HTTPS clients may speak HTTP/2", def = "true") boolean http2,
    @Key(value = "whether plain clients may begin with HTTP/2 at once", def = "false") boolean h2c,
    @Key("certificate for sites without their own; by default a self-signed one is made and kept")
        Optional<TlsConfig> tls,
    @Key("virtual hosts by their first name") Map<String, SiteConfig> sites,
    @Key(value = "access log", def = "{}") AccessLogConfig accessLog,
    @Key(value = "room and patience for clients", def = "{}") LimitsConfig limits,
    @Key(
            value =
                "how long a file that was looked up is believed unchanged; 0s asks the disk each time",
            def = "1s")
        Duration fileCache,
    @Key(value = "how long requests under way may take when the server stops", def = "5s")
        Duration drain,
    @Key(value = "threads that move bytes; 0 for one a processor", def = "0") int ioThreads,
    @Key("the admin endpoint, like 127.0.0.1:9080; without it there is none")
        Optional<AdminConfig> admin) {
  public WebConfig {
    if (http.isEmpty() && https.isEmpty()) {
      throw new BadValue("http", "nothing to listen on: give http, https or both an address");
    }
    if (sites.isEmpty()) {
      throw new BadValue("sites", "at least one site is needed");
    }
    if (ioThreads < 0 || ioThreads > 64) {
      throw new BadValue("ioThreads", "expected 0 to 64 but found " + ioThreads);
    }
  }

  /** A certificate in PEM files. */
  public record TlsConfig(
      @Key("PEM file: the server's certificate, then those that vouch for it") Path certificate,
      @Key("PEM file: its private key in PKCS #8") Path key) {}

  /** One virtual host. */
  public record SiteConfig(
      @Key(value = "further names; *.home.arpa stands for all below", def = "[]")
          List<String> aliases,
      @Key(value = "whether it answers for names that no site has", def = "false") boolean fallback,
      @Key(value = "whether plain requests are redirected to HTTPS", def = "false")
          boolean httpsOnly,
      @Key(value = "how long browsers shall insist on HTTPS; 0s for not at all", def = "0s")
          Duration hsts,
      @Key("certificate of this site alone") Optional<TlsConfig> tls,
      @Key(value = "what answers below which path; the longest path wins", def = "[]")
          List<RouteConfig> routes) {}

  /** What answers below a path. */
  public sealed interface RouteConfig {
    /** The path as written. */
    String at();

    /** Static files from a folder. */
    record Files(
        @Key(value = "the path", def = "/") String at,
        @Key("the folder") Path folder,
        @Key(value = "files that stand for their folder", def = "[index.html]") List<String> index,
        @Key(value = "whether a folder without one shows what it holds", def = "false")
            boolean listing,
        @Key("value of Cache-Control, like max-age=3600") Optional<String> cacheControl,
        @Key("file that answers where nothing else does, like /index.html")
            Optional<String> notFound)
        implements RouteConfig {
      public Files {
        path(at, "at");
        notFound.ifPresent(file -> path(file, "notFound"));
        cacheControl.ifPresent(WebConfig::headerValue);
      }
    }

    /** Another server. */
    record Proxy(
        @Key(value = "the path", def = "/") String at,
        @Key("the server, like http://127.0.0.1:9000") URI to,
        @Key(value = "whether it is told the name the client asked for", def = "true")
            boolean keepHost,
        @Key(value = "whether the path is taken off before it is asked", def = "false")
            boolean strip,
        @Key(value = "how long connecting may take", def = "5s") Duration connectTimeout,
        @Key(value = "how long it may think before its answer begins", def = "60s")
            Duration answerTimeout,
        @Key(value = "connections kept to it at most", def = "64") int connections)
        implements RouteConfig {
      public Proxy {
        path(at, "at");
        if (connections < 1 || connections > 10_000) {
          throw new BadValue("connections", "expected 1 to 10000 but found " + connections);
        }
        try {
          new Upstream(to, keepHost, strip ? at : "", connectTimeout, answerTimeout, connections);
        } catch (IllegalArgumentException e) {
          throw new BadValue("to", String.valueOf(e.getMessage()));
        }
      }
    }

    /** Another address. */
    record Redirect(
        @Key(value = "the path", def = "/") String at,
        @Key("the address: absolute, or a path") String to,
        @Key(value = "301, 302, 303, 307 or 308", def = "308") int status,
        @Key(value = "whether the rest of the path is added to it", def = "false") boolean keepRest)
        implements RouteConfig {
      public Redirect {
        path(at, "at");
        if (!List.of(301, 302, 303, 307, 308).contains(status)) {
          throw new BadValue("status", "expected 301, 302, 303, 307 or 308 but found " + status);
        }
        if (!to.matches("(https?://|/)[\\x21-\\x7E]*")) {
          throw new BadValue("to", "expected an address like https://www.home.arpa/ or /new");
        }
      }
    }
  }

  /** Access log files in the web folder of the logs. */
  public record AccessLogConfig(
      @Key(value = "combined, json or both; [] for no log", def = "[combined]")
          List<AccessFormat> formats,
      @Key(value = "size at which a file is rotated", def = "10MiB") ByteSize size,
      @Key(value = "rotated files kept", def = "5") int keep) {
    public AccessLogConfig {
      if (keep < 0 || keep > 1000) {
        throw new BadValue("keep", "expected 0 to 1000 but found " + keep);
      }
    }
  }

  /** Room and patience for clients. */
  public record LimitsConfig(
      @Key(value = "open connections", def = "4096") int connections,
      @Key(value = "open connections from one address", def = "256") int perClient,
      @Key(value = "how long a request's head or a TLS handshake may take", def = "10s")
          Duration headTime,
      @Key(value = "how long a connection may rest or stand still", def = "60s") Duration idleTime,
      @Key(value = "how long a WebSocket may rest", def = "1h") Duration webSocketIdleTime,
      @Key(value = "size of request line and headers", def = "32KiB") ByteSize head,
      @Key(value = "header lines of a request", def = "100") int headers,
      @Key(value = "length of path and query", def = "8KiB") ByteSize target,
      @Key(value = "content of a request", def = "64MiB") ByteSize body,
      @Key(value = "content of a request to a handler in code", def = "1MiB") ByteSize handlerBody,
      @Key(value = "bytes a second that content must arrive with", def = "256B") ByteSize minRate,
      @Key(value = "requests at once on one HTTP/2 connection", def = "100") int streams) {
    public LimitsConfig {
      between("connections", connections, 1, 1_000_000);
      between("perClient", perClient, 1, 1_000_000);
      between("headers", headers, 8, 1_000);
      between("streams", streams, 1, 10_000);
      if (head.bytes() < 1024 || head.bytes() > 1 << 20) {
        throw new BadValue("head", "expected 1KiB to 1MiB but found " + head);
      }
      if (target.bytes() < 256 || target.bytes() > head.bytes()) {
        throw new BadValue("target", "expected 256B to the size of the head but found " + target);
      }
      if (headTime.isZero() || idleTime.isZero()) {
        throw new BadValue("headTime", "times must be more than 0s");
      }
    }

    private static void between(String key, int n, int least, int most) {
      if (n < least || n > most) {
        throw new BadValue(key, "expected " + least + " to " + most + " but found " + n);
      }
    }
  }

  static TargetPath path(String text, String key) {
    return switch (TargetPath.parse(text)) {
      case TargetPath.Parsed.Good(var good) -> good;
      case TargetPath.Parsed.Bad(var why) ->
          throw new BadValue(key, "\"" + text + "\" is not a path: " + why);
    };
  }

  private static void headerValue(String text) {
    if (!text.matches("[\\x20-\\x7E]+")) {
      throw new BadValue("cacheControl", "\"" + text + "\" is not the value of a header");
    }
  }
}
