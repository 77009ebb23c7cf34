package dev.islet.monitor.transport;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.islet.core.admin.HostHeader;
import dev.islet.core.service.StartException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * The HTTP server of the page, on the JDK's own and virtual threads. Reading is open to whoever can
 * reach it; what changes something asks for the token. Requests under another's name (DNS
 * rebinding) are refused, nothing may be embedded or loaded from elsewhere, and the number of
 * requests and of streams at a time is bounded.
 */
public final class PageServer implements AutoCloseable {
  /** Open connections at a time, of all servers of this kind in the process. */
  private static final int CONNECTIONS = 256;

  private static final int AT_A_TIME = 32;
  private static final int STREAMS = 32;

  private static final String POLICY =
      "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  /** What answers a path. */
  @FunctionalInterface
  public interface Page {
    void serve(Request request) throws IOException;
  }

  private enum Way {
    GET,
    STREAM,
    ACTION
  }

  private record Route(Way way, Page page) {}

  private final Map<String, Route> routes = new LinkedHashMap<>();
  private final Collection<String> names;
  private final String token;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore requests = new Semaphore(AT_A_TIME);
  private final Semaphore streams = new Semaphore(STREAMS);

  private PageServer(HttpServer server, Collection<String> names, String token) {
    this.server = server;
    this.names = names;
    this.token = token;
  }

  /**
   * Binds; {@link #start} begins to serve.
   *
   * @param names by which it may be called, beside its addresses
   * @throws StartException if the address cannot be bound
   */
  public static PageServer bind(InetSocketAddress address, Collection<String> names, String token) {
    // Read by the JDK's server once, before the first is made: who sends no whole request within
    // these seconds is cut off, and there is an end to the connections that others may open.
    System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "20");
    System.getProperties().putIfAbsent("jdk.httpserver.maxConnections", "" + CONNECTIONS);
    try {
      return new PageServer(HttpServer.create(address, 64), names, token);
    } catch (IOException e) {
      throw StartException.bind("tcp", address, e);
    }
  }

  /** A path that is read; one that ends in / stands for all below. */
  public PageServer get(String path, Page page) {
    routes.put(path, new Route(Way.GET, page));
    return this;
  }

  /** A path whose answer goes on. */
  public PageServer stream(String path, Page page) {
    routes.put(path, new Route(Way.STREAM, page));
    return this;
  }

  /** A path that changes something: POST, with the token. */
  public PageServer action(String path, Page page) {
    routes.put(path, new Route(Way.ACTION, page));
    return this;
  }

  /** Begins to serve. */
  public PageServer start() {
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
    return this;
  }

  /** The bound address. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = new Request(exchange);
      try {
        request.header("Content-Security-Policy", POLICY);
        request.header("X-Content-Type-Options", "nosniff");
        request.header("Referrer-Policy", "no-referrer");
        serve(exchange, request);
      } catch (IllegalArgumentException e) {
        request.error(400, String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        System.getLogger("islet.monitor")
            .log(
                System.Logger.Level.WARNING,
                "path=" + request.path() + " could not be answered",
                e);
        request.error(500, String.valueOf(e.getMessage()));
      }
    }
  }

  private void serve(HttpExchange exchange, Request request) throws IOException {
    if (!HostHeader.names(request.header("Host"), server.getAddress(), names)) {
      request.error(421, "the Host header names another server; add the name to \"names\"");
      return;
    }
    var route = route(request.path());
    if (route == null) {
      request.error(404, "no such page");
      return;
    }
    var method = route.way() == Way.ACTION ? "POST" : "GET";
    if (!exchange.getRequestMethod().equals(method)) {
      request.header("Allow", method);
      request.error(405, "use " + method);
      return;
    }
    if (route.way() == Way.ACTION && !authorized(request)) {
      request.header("WWW-Authenticate", "Bearer");
      request.error(401, "present the token of admin.token as a Bearer token");
      return;
    }
    var room = route.way() == Way.STREAM ? streams : requests;
    if (!room.tryAcquire()) {
      request.header("Retry-After", "2");
      request.error(503, "too many at a time");
      return;
    }
    try {
      route.page().serve(request);
    } finally {
      room.release();
    }
  }

  private @org.jspecify.annotations.Nullable Route route(String path) {
    var exact = routes.get(path);
    if (exact != null) {
      return exact;
    }
    int slash = path.lastIndexOf('/');
    return slash < 1 ? null : routes.get(path.substring(0, slash + 1));
  }

  private boolean authorized(Request request) {
    var header = request.header("Authorization");
    return header != null
        && header.startsWith("Bearer ")
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8),
            header.substring("Bearer ".length()).strip().getBytes(StandardCharsets.UTF_8));
  }
}
