package dev.islet.web.transport;

import dev.islet.web.model.WebEvent;
import dev.islet.web.route.Forwarding;
import dev.islet.web.route.Upstream;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.ResponseCodeHandler;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.XnioExecutor;

/**
 * Sends requests on to other servers and their answers back, by Undertow's proxy, which streams
 * both ways and keeps connections. What it leaves open is done here: fields that belong to one
 * connection do not pass, failures become 502 or 504 with a reason, and waiting has an end.
 */
final class Upstreams {
  private static final AttachmentKey<Attempt> ATTEMPT = AttachmentKey.create(Attempt.class);

  private final Map<Upstream, ProxyHandler> handlers = new ConcurrentHashMap<>();
  private final int ioThreads;
  private final Watcher watcher;

  Upstreams(int ioThreads, Watcher watcher) {
    this.ioThreads = ioThreads;
    this.watcher = watcher;
  }

  /** What is known of one request to a server behind. */
  private static final class Attempt {
    private volatile @Nullable ClientConnection connection;
    private volatile String why = "the server closed the connection without an answer";
    private volatile boolean timedOut;
    private volatile boolean busy;
    private volatile XnioExecutor.@Nullable Key timer;
  }

  /** Forgets the pools of servers that no site names any longer. */
  void keepOnly(java.util.Set<Upstream> used) {
    handlers.keySet().retainAll(used);
  }

  void send(HttpServerExchange exchange, Upstream upstream, Exchange noted) throws Exception {
    var attempt = new Attempt();
    exchange.putAttachment(ATTEMPT, attempt);
    rewriteRequest(exchange);
    exchange.addResponseCommitListener(
        answering -> {
          cancel(attempt);
          rewriteResponse(answering, noted.connection);
        });
    exchange.addDefaultResponseListener(
        ended -> {
          cancel(attempt);
          return failed(ended, upstream, noted, attempt);
        });
    exchange.addExchangeCompleteListener(
        (done, next) -> {
          cancel(attempt);
          next.proceed();
        });
    startTimer(exchange, upstream, attempt);
    if (!upstream.stripped().isEmpty()) {
      exchange.setResolvedPath(upstream.stripped());
    }
    handlers.computeIfAbsent(upstream, this::handler).handleRequest(exchange);
  }

  private void rewriteRequest(HttpServerExchange exchange) {
    var headers = Exchange.headers(exchange.getRequestHeaders());
    boolean upgrade =
        exchange.isHttp11()
            && Forwarding.asksForWebSocket(exchange.getRequestMethod().toString(), headers);
    var authority = exchange.getRequestHeaders().getFirst(Headers.HOST);
    var chunked = exchange.getRequestHeaders().getFirst(Headers.TRANSFER_ENCODING);
    var source = exchange.getSourceAddress();
    var sent =
        Forwarding.request(
            headers,
            source.getAddress() == null
                ? source.getHostString()
                : source.getAddress().getHostAddress(),
            exchange.getRequestScheme(),
            authority == null ? "" : authority,
            upgrade);
    exchange.getRequestHeaders().clear();
    Exchange.put(sent, exchange.getRequestHeaders());
    if (chunked != null) {
      // The guard let through nothing but chunked; the next connection is framed the same way.
      exchange.getRequestHeaders().put(Headers.TRANSFER_ENCODING, "chunked");
    }
  }

  private static void rewriteResponse(HttpServerExchange exchange, Connection connection) {
    var headers = exchange.getResponseHeaders();
    if (exchange.getStatusCode() == 101) {
      connection.tunnel();
      return;
    }
    var chunked = headers.getFirst(Headers.TRANSFER_ENCODING);
    var kept = Forwarding.response(Exchange.headers(headers));
    headers.clear();
    Exchange.put(kept, headers);
    if (chunked != null && exchange.isHttp11()) {
      headers.put(Headers.TRANSFER_ENCODING, "chunked");
    }
  }

  /** Counts only while the server behind has the whole request: slow uploads are not its fault. */
  private void startTimer(HttpServerExchange exchange, Upstream upstream, Attempt attempt) {
    attempt.timer =
        exchange
            .getIoThread()
            .executeAfter(
                () -> {
                  if (exchange.isResponseStarted() || exchange.isComplete()) {
                    return;
                  }
                  if (!exchange.isRequestComplete()) {
                    startTimer(exchange, upstream, attempt);
                    return;
                  }
                  attempt.timedOut = true;
                  attempt.why = "no answer within " + upstream.answer().toMillis() + " ms";
                  exchange.setStatusCode(504);
                  exchange.endExchange();
                  IoUtils.safeClose(attempt.connection);
                },
                upstream.answer().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private static void cancel(Attempt attempt) {
    var timer = attempt.timer;
    if (timer != null) {
      timer.remove();
    }
  }

  /** Undertow ends an exchange with a bare status when the server behind failed. */
  private boolean failed(
      HttpServerExchange exchange, Upstream upstream, Exchange noted, Attempt attempt) {
    int status = attempt.timedOut ? 504 : attempt.busy ? 503 : 502;
    if (exchange.getStatusCode() < 500 || exchange.isResponseStarted()) {
      return false;
    }
    watcher.event(
        new WebEvent.UpstreamFailed(
            noted.id, noted.site, upstream.server().toString(), status, attempt.why));
    if (!exchange.isRequestComplete()) {
      exchange.setPersistent(false);
    }
    Answers.error(exchange, status, "The server behind this one failed: " + attempt.why + ".");
    return true;
  }

  private ProxyHandler handler(Upstream upstream) {
    int each = Math.max(1, (upstream.connections() + ioThreads - 1) / ioThreads);
    var pool =
        new LoadBalancingProxyClient(
                UndertowClient.getInstance(),
                exchange -> exchange.getRequestHeaders().contains(Headers.UPGRADE))
            .setConnectionsPerThread(each)
            .setSoftMaxConnectionsPerThread(Math.max(1, each / 4))
            .setMaxQueueSize(each * 16)
            .setTtl(30_000)
            .setProblemServerRetry(1);
    pool.addHost(URI.create(upstream.server() + upstream.base()), null, null, OptionMap.EMPTY);
    return ProxyHandler.builder()
        .setProxyClient(new Observed(pool, upstream))
        .setMaxRequestTime(-1)
        .setMaxConnectionRetries(1)
        .setRewriteHostHeader(!upstream.keepHost())
        .setReuseXForwarded(false)
        .setNext(ResponseCodeHandler.HANDLE_404)
        .build();
  }

  /** Notes which connection a request got, or why it got none. */
  private record Observed(ProxyClient pool, Upstream upstream) implements ProxyClient {
    @Override
    public ProxyTarget findTarget(HttpServerExchange exchange) {
      return pool.findTarget(exchange);
    }

    @Override
    public List<ProxyTarget> getAllTargets() {
      return pool.getAllTargets();
    }

    @Override
    public void getConnection(
        ProxyTarget target,
        HttpServerExchange exchange,
        ProxyCallback<ProxyConnection> callback,
        long timeout,
        TimeUnit unit) {
      pool.getConnection(
          target,
          exchange,
          new Noting(callback, upstream),
          upstream.connect().toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  private record Noting(ProxyCallback<ProxyConnection> to, Upstream upstream)
      implements ProxyCallback<ProxyConnection> {
    @Override
    public void completed(HttpServerExchange exchange, ProxyConnection result) {
      var attempt = exchange.getAttachment(ATTEMPT);
      if (attempt != null) {
        attempt.connection = result.getConnection();
      }
      to.completed(exchange, result);
    }

    @Override
    public void failed(HttpServerExchange exchange) {
      why(exchange, "no connection to " + upstream.server().getAuthority());
      to.failed(exchange);
    }

    @Override
    public void couldNotResolveBackend(HttpServerExchange exchange) {
      why(exchange, "no connection to " + upstream.server().getAuthority());
      to.couldNotResolveBackend(exchange);
    }

    @Override
    public void queuedRequestFailed(HttpServerExchange exchange) {
      why(exchange, "all connections to " + upstream.server().getAuthority() + " are in use");
      var attempt = exchange.getAttachment(ATTEMPT);
      if (attempt != null) {
        attempt.busy = true;
      }
      to.queuedRequestFailed(exchange);
    }

    private static void why(HttpServerExchange exchange, String why) {
      var attempt = exchange.getAttachment(ATTEMPT);
      if (attempt != null && attempt.connection == null) {
        attempt.why = why; // after a connection was had, a failed retry is not the news
      }
    }
  }
}
