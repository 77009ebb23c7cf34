package dev.islet.web.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.web.log.AccessEntry;
import dev.islet.web.model.Request;
import dev.islet.web.model.WebEvent;
import dev.islet.web.route.Route;
import dev.islet.web.route.Upstream;
import dev.islet.web.site.Site;
import dev.islet.web.site.Sites;
import dev.islet.web.wire.Authority;
import dev.islet.web.wire.Masks;
import dev.islet.web.wire.Refusal;
import dev.islet.web.wire.TargetPath;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.xnio.IoUtils;

/**
 * The first and only handler Undertow knows: finds the site and the route of a request and has it
 * answered. The sites are one value, exchanged whole at a reload; a request keeps the sites it
 * began with.
 */
public final class Front implements HttpHandler, AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.web");
  private static final HttpString HSTS = new HttpString("Strict-Transport-Security");
  private static final byte[] NOTHING = {};

  private final TimeSource time;
  private final Watcher watcher;
  private final Connections connections;
  private final Upstreams upstreams;
  private final FileSender.Opener opener;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong ids = new AtomicLong();
  private volatile Sites sites;
  private volatile int httpsPort;
  private volatile boolean draining;

  /**
   * @param opener opens files that were found
   * @param ioThreads how many threads share the connections to servers behind
   */
  public Front(
      Sites sites,
      ConnectionLimits limits,
      int ioThreads,
      FileOpener opener,
      TimeSource time,
      Watcher watcher) {
    this.sites = sites;
    this.time = time;
    this.watcher = watcher;
    this.opener = opener::open;
    this.connections = new Connections(limits, time, watcher);
    this.upstreams = new Upstreams(ioThreads, watcher);
  }

  /** Opens a file that was found. */
  @FunctionalInterface
  public interface FileOpener {
    java.nio.channels.FileChannel open(dev.islet.web.route.Entry file) throws IOException;
  }

  Connections connections() {
    return connections;
  }

  /** How many connections are open. */
  public int openConnections() {
    return connections.count();
  }

  /** What is known of the open connections, for people; at most {@code most} of them. */
  public List<String> clients(int most) {
    return connections.all().stream()
        .limit(most)
        .map(
            c ->
                c.client().getAddress().getHostAddress()
                    + " "
                    + (c.isTunnel() ? "websocket" : c.running() > 0 ? "active" : "resting"))
        .toList();
  }

  /** Brings other sites and limits into force for requests that begin after it. */
  public void change(Sites changed, ConnectionLimits limits) {
    connections.limits(limits);
    sites = changed;
    var used = new HashSet<Upstream>();
    for (var site : changed.all()) {
      for (var route : site.routes()) {
        if (route instanceof Route.ProxyRoute proxy) {
          used.add(proxy.upstream());
        }
      }
    }
    upstreams.keepOnly(used);
  }

  /** Where redirects to TLS point; 0 if nothing listens with TLS. */
  public void httpsPort(int port) {
    httpsPort = port;
  }

  /** From here on connections are closed behind their answers. */
  void drain() {
    draining = true;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    var connection =
        connections.of(
            (InetSocketAddress) exchange.getConnection().getPeerAddress(),
            ((InetSocketAddress) exchange.getConnection().getLocalAddress()).getPort());
    if (connection == null) {
      exchange.getConnection().close(); // it ended before its request began
      return;
    }
    var guard = connection.guard();
    var refusal = guard == null || connection.isTunnel() ? null : guard.refusal();
    if (refusal != null && guard != null) {
      watcher.event(
          new WebEvent.Refused(
              connection.client(),
              connection.server(),
              refusal.status(),
              refusal.why(),
              Masks.head(guard.refusedBytes(), 1024)));
      Answers.errorAndClose(exchange, refusal.status(), refusal.why());
      return;
    }
    var noted = new Exchange(ids.incrementAndGet(), time.now(), connection);
    exchange.putAttachment(Exchange.KEY, noted);
    connection.begin();
    connection.onBadContent(refused -> badContent(exchange, connection, refused));
    if (draining) {
      exchange.setPersistent(false);
    }
    route(exchange, noted);
  }

  private void route(HttpServerExchange exchange, Exchange noted) throws Exception {
    var host = exchange.getRequestHeaders().getFirst(Headers.HOST);
    var authority = Authority.parse(host == null ? "" : host);
    var site = authority.flatMap(a -> sites.find(a.host()));
    // HTTP/1.0 may come without a name; then only the default site can be meant.
    if (host == null && exchange.isHttp10()) {
      site = sites.find("");
    }
    noted.site = site.map(Site::name).orElse("-");
    follow(exchange, noted, authority.map(Authority::host).orElse(""));
    if (authority.isEmpty() && !(host == null && exchange.isHttp10())) {
      Answers.errorAndClose(exchange, 400, "The Host names no host (RFC 9110 section 7.2).");
      return;
    }
    if (site.isEmpty()) {
      Answers.error(exchange, 421, "No site here has that name (RFC 9110 section 15.5.20).");
      return;
    }
    var method = exchange.getRequestMethod().toString();
    if (method.equals("CONNECT") || method.equals("TRACE")) {
      Answers.error(exchange, 405, method + " is not served here.");
      return;
    }
    if (exchange.getRequestURI().equals("*")) {
      exchange.getResponseHeaders().put(Headers.ALLOW, "GET, HEAD, POST, OPTIONS");
      exchange.setStatusCode(204);
      exchange.endExchange();
      return;
    }
    serve(exchange, noted, site.get(), authority.map(Authority::host).orElse(""));
  }

  private void serve(HttpServerExchange exchange, Exchange noted, Site site, String host)
      throws Exception {
    boolean tls = noted.connection.tls();
    if (tls && site.hsts().toSeconds() > 0) {
      exchange.getResponseHeaders().put(HSTS, "max-age=" + site.hsts().toSeconds());
    }
    if (!tls && site.httpsOnly() && httpsPort > 0) {
      noted.by = "redirect";
      Answers.redirect(
          exchange,
          308,
          "https://" + host + (httpsPort == 443 ? "" : ":" + httpsPort) + localTarget(exchange));
      return;
    }
    TargetPath path;
    switch (TargetPath.parse(localPath(exchange))) {
      case TargetPath.Parsed.Bad(var why) -> {
        Answers.error(exchange, 400, why + ".");
        return;
      }
      case TargetPath.Parsed.Good(var good) -> path = good;
    }
    switch (Route.choose(site.routes(), path, exchange.getRequestMethod().toString())) {
      case Route.Choice.NoSuchPath() ->
          Answers.error(exchange, 404, "There is nothing at this address.");
      case Route.Choice.OtherMethods(var allowed) -> {
        exchange.getResponseHeaders().put(Headers.ALLOW, String.join(", ", allowed));
        Answers.error(exchange, 405, "This address answers " + String.join(", ", allowed) + ".");
      }
      case Route.Choice.Chosen(var route) -> {
        noted.by = route.kind();
        answer(exchange, noted, route, path, host);
      }
    }
  }

  private void answer(
      HttpServerExchange exchange, Exchange noted, Route route, TargetPath path, String host)
      throws Exception {
    switch (route) {
      case Route.FilesRoute files -> {
        if (exchange.isInIoThread() && !files.files().isWarm(files.rest(path))) {
          exchange.dispatch(threads, (HttpHandler) later -> files(later, noted, files, path, host));
        } else {
          files(exchange, noted, files, path, host);
        }
      }
      case Route.ProxyRoute proxy -> upstreams.send(exchange, proxy.upstream(), noted);
      case Route.RedirectRoute redirect ->
          Answers.redirect(
              exchange, redirect.status(), redirect.location(path, exchange.getQueryString()));
      case Route.HandlerRoute handler -> gather(exchange, noted, handler, path, host);
    }
  }

  private void files(
      HttpServerExchange exchange,
      Exchange noted,
      Route.FilesRoute route,
      TargetPath path,
      String host) {
    try {
      var request = request(exchange, noted, path, host, NOTHING);
      FileSender.send(exchange, route.files().answer(request, route.rest(path), path), opener);
    } catch (IOException e) {
      Answers.error(exchange, 404, "The file cannot be read.");
    }
  }

  /** Waits for the whole content, without a thread, then calls the handler on a virtual one. */
  private void gather(
      HttpServerExchange exchange,
      Exchange noted,
      Route.HandlerRoute route,
      TargetPath path,
      String host) {
    long most = connections.limits().handlerBody();
    if (exchange.getRequestContentLength() > most) {
      Answers.errorAndClose(exchange, 413, "A handler takes at most " + most + " bytes.");
      return;
    }
    var receiver = exchange.getRequestReceiver();
    receiver.setMaxBufferSize((int) Math.min(most, Integer.MAX_VALUE));
    receiver.receiveFullBytes(
        (ready, body) ->
            ready.dispatch(
                threads, (HttpHandler) later -> call(later, noted, route, path, host, body)),
        (failed, e) -> contentFailed(failed, e));
  }

  /** Undertow closes the connection at malformed content, so the answer goes past it. */
  private void badContent(HttpServerExchange exchange, Connection connection, Refusal refusal) {
    watcher.event(
        new WebEvent.Refused(
            connection.client(), connection.server(), refusal.status(), refusal.why(), NOTHING));
    if (!exchange.isResponseStarted()) {
      exchange.setStatusCode(refusal.status());
      connection.say(Answers.raw(refusal.status(), refusal.why()));
    }
  }

  private static void contentFailed(HttpServerExchange exchange, IOException e) {
    if (e instanceof RequestTooBigException
        || e instanceof io.undertow.io.Receiver.RequestToLargeException) {
      Answers.errorAndClose(exchange, 413, "The content is too large.");
    } else {
      IoUtils.safeClose(exchange.getConnection()); // told by badContent, or nobody is left to tell
    }
  }

  private void call(
      HttpServerExchange exchange,
      Exchange noted,
      Route.HandlerRoute route,
      TargetPath path,
      String host,
      byte[] body) {
    try {
      var reply = route.handler().handle(request(exchange, noted, path, host, body));
      exchange.setStatusCode(reply.status());
      Exchange.put(
          reply.headers().without("Content-Length").without("Transfer-Encoding"),
          exchange.getResponseHeaders());
      if (reply.status() == 204 || reply.status() == 304) {
        exchange.endExchange();
      } else {
        Answers.bytes(exchange, reply.body());
      }
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.log(Level.WARNING, "site=" + noted.site + " path=" + path + " the handler failed", e);
      Answers.error(exchange, 500, "The handler failed.");
    }
  }

  private static Request request(
      HttpServerExchange exchange, Exchange noted, TargetPath path, String host, byte[] body) {
    return new Request(
        exchange.getRequestMethod().toString(),
        noted.connection.tls() ? "https" : "http",
        host,
        path.toString(),
        exchange.getQueryString(),
        exchange.getProtocol().toString(),
        Exchange.headers(exchange.getRequestHeaders()),
        noted.connection.client(),
        body);
  }

  /** The path of a request target, also where it names the server (RFC 9112 section 3.2.2). */
  private static String localPath(HttpServerExchange exchange) {
    var uri = exchange.getRequestURI();
    int slashes = exchange.isHostIncludedInRequestURI() ? uri.indexOf("://") : -1;
    if (slashes < 0) {
      return uri;
    }
    int slash = uri.indexOf('/', slashes + 3);
    return slash < 0 ? "/" : uri.substring(slash);
  }

  private static String localTarget(HttpServerExchange exchange) {
    var query = exchange.getQueryString();
    return localPath(exchange) + (query.isEmpty() ? "" : "?" + query);
  }

  /** Tells of the request now, and of its answer when that is complete. */
  private void follow(HttpServerExchange exchange, Exchange noted, String host) {
    var connection = noted.connection;
    var target = Exchange.target(exchange);
    var referer = Optional.ofNullable(exchange.getRequestHeaders().getFirst(Headers.REFERER));
    var agent = Optional.ofNullable(exchange.getRequestHeaders().getFirst(Headers.USER_AGENT));
    if (watcher.tracing()) {
      watcher.event(
          new WebEvent.Requested(
              noted.id,
              noted.site,
              connection.client(),
              connection.server(),
              exchange.getRequestMethod().toString(),
              target,
              exchange.getProtocol().toString(),
              Exchange.requestHead(exchange)));
    }
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          long now = time.now();
          connection.end(now);
          long micros = (now - noted.began) / 1_000;
          watcher.answered(
              new AccessEntry(
                  noted.id,
                  TimeSource.instant(noted.began),
                  connection.client().getAddress().getHostAddress(),
                  noted.site,
                  host,
                  done.getRequestMethod().toString(),
                  target,
                  done.getProtocol().toString(),
                  done.getStatusCode(),
                  done.getResponseBytesSent(),
                  micros,
                  referer.orElse(""),
                  agent.orElse(""),
                  noted.by));
          if (watcher.tracing()) {
            watcher.event(
                new WebEvent.Answered(
                    noted.id,
                    noted.site,
                    connection.client(),
                    connection.server(),
                    done.getStatusCode(),
                    done.getResponseBytesSent(),
                    micros,
                    noted.by,
                    Exchange.responseHead(done)));
          }
          next.proceed();
        });
  }
}
