package dev.islet.core.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.SharedSecret;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.core.trace.Json;
import dev.islet.core.trace.PcapngWriter;
import dev.islet.core.trace.TraceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The admin endpoint of one service: {@code /health /ready /metrics /state /trace /reload} over
 * HTTP, on the JDK's own server and virtual threads.
 *
 * <p>{@code /health} and {@code /ready} are open, since container health checks call them; the rest
 * asks for {@code Authorization: Bearer <token>}. Without the token, requests whose Host header
 * names something other than the endpoint itself are refused, so that a web page cannot reach it by
 * DNS rebinding.
 */
public final class AdminServer implements AutoCloseable {
  /** How long a trace may be silent before its reader is asked whether it is still there. */
  private static final int IDLE_SECONDS = 5;

  private static final int MAX_REQUEST_BODY = 1 << 16;

  private static final byte[] END = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

  private final AdminView view;
  private final Metrics process;
  private final String token;
  private final HttpServer server;
  private final ExecutorService threads;

  private AdminServer(AdminView view, String token, HttpServer server) {
    this.view = view;
    this.token = token;
    this.server = server;
    this.process = ProcessFigures.of(view.name());
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /**
   * Starts the endpoint.
   *
   * @throws StartException if the address cannot be bound or the token not be kept
   */
  public static AdminServer start(AdminConfig config, Home home, AdminView view) {
    String token;
    try {
      token =
          config.token().isPresent()
              ? config.token().get()
              : SharedSecret.of(home.data().resolve("admin.token"));
    } catch (IOException e) {
      throw new StartException(
          "ADMIN-001",
          "cannot keep the admin token in " + home.data() + ": " + e,
          "Make the folder writable or give another with --data",
          e);
    }
    try {
      var server = HttpServer.create(config.listen(), 64);
      var admin = new AdminServer(view, token, server);
      server.setExecutor(admin.threads);
      server.createContext("/", admin::handle);
      server.start();
      return admin;
    } catch (IOException e) {
      throw StartException.bind("tcp", config.listen(), e);
    }
  }

  /** The bound address. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** The token callers must present. */
  public String token() {
    return token;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        serve(exchange);
      } catch (RuntimeException e) {
        System.getLogger("islet.admin")
            .log(
                System.Logger.Level.WARNING, "service=" + view.name() + " admin request failed", e);
        answer(exchange, 500, Map.of("error", String.valueOf(e.getMessage())));
      }
    }
  }

  private void serve(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    boolean authorized = authorized(exchange);
    // Whoever has the token is no web page that came by DNS rebinding.
    if (!authorized
        && !HostHeader.names(
            exchange.getRequestHeaders().getFirst("Host"), server.getAddress(), List.of())) {
      answer(exchange, 421, Map.of("error", "the Host header names another server"));
      return;
    }
    boolean open = path.equals("/health") || path.equals("/ready");
    if (!open && !authorized) {
      exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
      answer(exchange, 401, Map.of("error", "present the token of admin.token as a Bearer token"));
      return;
    }
    var method = path.equals("/reload") ? "POST" : "GET";
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      answer(exchange, 405, Map.of("error", "use " + method));
      return;
    }
    switch (path) {
      case "/health" -> health(exchange);
      case "/ready" -> ready(exchange);
      case "/metrics" -> metrics(exchange);
      case "/state" -> answer(exchange, 200, view.snapshot());
      case "/trace" -> trace(exchange);
      case "/explain" -> explain(exchange);
      case "/reload" -> reload(exchange);
      default ->
          answer(
              exchange,
              404,
              Map.of(
                  "error",
                  "no such page",
                  "pages",
                  List.of(
                      "/health", "/ready", "/metrics", "/state", "/trace", "/explain", "/reload")));
    }
  }

  private boolean authorized(HttpExchange exchange) {
    var header = exchange.getRequestHeaders().getFirst("Authorization");
    return header != null
        && header.startsWith("Bearer ")
        && MessageDigest.isEqual(
            token.getBytes(StandardCharsets.UTF_8),
            header.substring("Bearer ".length()).strip().getBytes(StandardCharsets.UTF_8));
  }

  private void health(HttpExchange exchange) throws IOException {
    var body = new LinkedHashMap<String, Object>();
    body.put("service", view.name());
    body.put("state", view.state());
    body.put("endpoints", view.endpoints().stream().map(Object::toString).toList());
    answer(exchange, view.state() == State.RUNNING ? 200 : 503, body);
  }

  private void ready(HttpExchange exchange) throws IOException {
    var why =
        view.state() == State.RUNNING
            ? view.notReady()
            : java.util.Optional.of("the service is " + view.state());
    var body = new LinkedHashMap<String, Object>();
    body.put("service", view.name());
    body.put("ready", why.isEmpty());
    why.ifPresent(w -> body.put("why", w));
    answer(exchange, why.isEmpty() ? 200 : 503, body);
  }

  private void metrics(HttpExchange exchange) throws IOException {
    var out = new ByteArrayOutputStream();
    if ("buckets=no".equals(exchange.getRequestURI().getQuery())) {
      view.metrics().writeTotals(out);
    } else {
      view.metrics().write(out);
    }
    var body = new ByteArrayOutputStream(out.size() + 2048);
    body.write(out.toByteArray(), 0, out.size() - END.length); // each text ends with # EOF
    process.write(body);
    send(
        exchange,
        200,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        body.toByteArray());
  }

  private void reload(HttpExchange exchange) throws IOException {
    switch (view.reload()) {
      case Reload.Applied applied -> answer(exchange, 200, applied);
      case Reload.Refused refused -> answer(exchange, 409, refused);
    }
  }

  private void explain(HttpExchange exchange) throws IOException {
    try {
      var asked = parameters(exchange.getRequestURI().getRawQuery());
      var hex = asked.get("hex");
      var why = hex == null ? view.explain(asked) : view.annotate(HexFormat.of().parseHex(hex));
      if (why.isPresent()) {
        answer(exchange, 200, why.get());
      } else {
        answer(exchange, 404, Map.of("error", view.name() + " explains nothing"));
      }
    } catch (IllegalArgumentException e) {
      answer(exchange, 400, Map.of("error", String.valueOf(e.getMessage())));
    }
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (var part : query == null ? new String[0] : query.split("&")) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private void trace(HttpExchange exchange) throws IOException {
    var query = exchange.getRequestURI().getQuery();
    boolean capture = "format=pcapng".equals(query);
    boolean packets = "format=packets".equals(query);
    if (query != null && !capture && !packets) {
      answer(
          exchange,
          400,
          Map.of(
              "error",
              "the formats beside the default are packets (events with bytes) and pcapng"));
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Content-Type", capture ? "application/x-pcapng" : "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    var waiting = new ArrayBlockingQueue<TraceRecord>(1024);
    try (var listening = view.trace().listen(record -> offer(waiting, record))) {
      var out = exchange.getResponseBody();
      if (capture) {
        feedPackets(waiting, new PcapngWriter(out));
      } else {
        feedEvents(waiting, out, packets ? TraceRecord::toJsonWithPacket : TraceRecord::toJson);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the endpoint closes
    } catch (IOException e) {
      return; // the reader has gone
    }
  }

  private static void feedEvents(
      ArrayBlockingQueue<TraceRecord> waiting,
      OutputStream out,
      Function<TraceRecord, String> written)
      throws IOException, InterruptedException {
    // The first comment tells the reader that every event from here on will be seen.
    out.write(": listening\n\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    while (true) {
      var next = waiting.poll(IDLE_SECONDS, TimeUnit.SECONDS);
      var text = next == null ? ": alive\n\n" : "data: " + written.apply(next) + "\n\n";
      out.write(text.getBytes(StandardCharsets.UTF_8));
      if (waiting.isEmpty()) {
        out.flush();
      }
    }
  }

  private static void feedPackets(ArrayBlockingQueue<TraceRecord> waiting, PcapngWriter out)
      throws IOException, InterruptedException {
    out.keepAlive();
    while (true) {
      var next = waiting.poll(IDLE_SECONDS, TimeUnit.SECONDS);
      if (next == null) {
        out.keepAlive();
      } else {
        out.write(next);
      }
    }
  }

  private static void offer(ArrayBlockingQueue<TraceRecord> queue, TraceRecord record) {
    while (!queue.offer(record)) {
      queue.poll();
    }
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    send(
        exchange,
        status,
        "application/json; charset=utf-8",
        (Json.write(body) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getRequestBody().readNBytes(MAX_REQUEST_BODY); // no request here needs one
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
