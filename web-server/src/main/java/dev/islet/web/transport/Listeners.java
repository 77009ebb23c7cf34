package dev.islet.web.transport;

import dev.islet.core.service.Endpoint;
import dev.islet.core.service.StartException;
import dev.islet.core.time.TimeSource;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.web.cert.Certificates;
import dev.islet.web.wire.MessageScanner;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.ConnectorStatistics;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.DelegateOpenListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2OpenListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioExecutor;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * The sockets: binds them, puts the guard before every HTTP/1 connection, closes what is slow, and
 * drains at the end.
 *
 * <pre>
 * plain  accept -> limits -> guard -> HTTP/1 reader ------------------.
 * TLS    accept -> limits -> handshake, ALPN -+- guard -> HTTP/1 -----+-> front handler
 *                                             `- HTTP/2 frames -------'
 * </pre>
 */
public final class Listeners implements AutoCloseable {
  private final Plan plan;
  private final TimeSource time;
  private final Front front;
  private final Connections connections;
  private final XnioWorker worker;
  private final ByteBufferPool buffers = new DefaultByteBufferPool(true, 16 << 10, 256, 4);
  private final ExecutorService handshakes = Executors.newVirtualThreadPerTaskExecutor();
  private final List<AcceptingChannel<? extends StreamConnection>> accepting = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final XnioExecutor.Key sweeping;

  /**
   * What to listen on.
   *
   * @param http2 whether TLS clients may speak HTTP/2
   * @param h2c whether plain clients may begin with HTTP/2 at once (RFC 9113 section 3.3)
   * @param ioThreads how many threads move bytes
   * @param drain how long requests under way may take when the server ends
   */
  public record Plan(
      List<InetSocketAddress> http,
      List<InetSocketAddress> https,
      boolean http2,
      boolean h2c,
      int ioThreads,
      Duration drain) {}

  private Listeners(Plan plan, TimeSource time, Front front, XnioWorker worker) {
    this.plan = plan;
    this.time = time;
    this.front = front;
    this.connections = front.connections();
    this.worker = worker;
    this.sweeping =
        worker.getIoThread().executeAtInterval(connections::sweep, 500, TimeUnit.MILLISECONDS);
  }

  /**
   * Binds everything, or nothing.
   *
   * @param certificates the current ones, asked at each handshake
   * @throws StartException for an address that cannot be bound
   */
  public static Listeners start(
      Plan plan, TimeSource time, Front front, Supplier<Certificates> certificates) {
    QuietStack.ensure();
    XnioWorker worker;
    try {
      worker =
          Xnio.getInstance(Listeners.class.getClassLoader())
              .createWorker(
                  OptionMap.builder()
                      .set(Options.WORKER_NAME, "web")
                      .set(Options.WORKER_IO_THREADS, plan.ioThreads())
                      .set(Options.WORKER_TASK_CORE_THREADS, 1)
                      .set(Options.WORKER_TASK_MAX_THREADS, 2)
                      .set(Options.THREAD_DAEMON, true)
                      .getMap());
    } catch (IOException e) {
      throw new StartException("WEB-001", "cannot start the I/O threads: " + e, "See the cause", e);
    }
    var listeners = new Listeners(plan, time, front, worker);
    try {
      for (var address : plan.http()) {
        listeners.plain(address);
      }
      for (var address : plan.https()) {
        listeners.tls(address, certificates);
      }
    } catch (StartException e) {
      listeners.close();
      throw e;
    }
    listeners.accepting.forEach(AcceptingChannel::resumeAccepts);
    return listeners;
  }

  /** Where it listens. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  private OptionMap.Builder undertow() {
    var message = connections.limits().message();
    return OptionMap.builder()
        // The guard has counted already; these only must not be smaller.
        .set(UndertowOptions.MAX_HEADER_SIZE, message.headBytes() + 1024)
        .set(UndertowOptions.MAX_HEADERS, message.fields() + 16)
        .set(UndertowOptions.MAX_ENTITY_SIZE, message.bodyBytes())
        .set(UndertowOptions.MAX_PARAMETERS, 10_000)
        .set(UndertowOptions.DECODE_URL, false)
        .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
        .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
        .set(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, connections.limits().streams())
        .set(UndertowOptions.HTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, message.headBytes())
        .set(UndertowOptions.HTTP2_SETTINGS_ENABLE_PUSH, false);
  }

  private static OptionMap.Builder sockets() {
    return OptionMap.builder()
        .set(Options.TCP_NODELAY, true)
        .set(Options.REUSE_ADDRESSES, true)
        .set(Options.BACKLOG, 1024)
        .set(Options.KEEP_ALIVE, true);
  }

  private void plain(InetSocketAddress address) {
    var http =
        new HttpOpenListener(
            buffers, undertow().set(UndertowOptions.ENABLE_HTTP2, plan.h2c()).getMap());
    http.setRootHandler(front);
    bind(
        "http/tcp",
        address,
        () ->
            worker.createStreamConnectionServer(
                address,
                ChannelListeners.openListenerAdapter(
                    (StreamConnection channel) ->
                        connections
                            .accept(channel, false)
                            .ifPresent(c -> open(channel, c, null, http))),
                sockets().getMap()));
  }

  private void tls(InetSocketAddress address, Supplier<Certificates> certificates) {
    var options = undertow().set(UndertowOptions.ENABLE_HTTP2, plan.http2()).getMap();
    var http = new HttpOpenListener(buffers, options);
    http.setRootHandler(front);
    var alpn = new AlpnOpenListener(buffers, options, new Guarded(http));
    if (plan.http2()) {
      var frames = new Http2OpenListener(buffers, options);
      frames.setRootHandler(front);
      alpn.addProtocol(Http2OpenListener.HTTP2, new Framed(frames), 10);
    }
    var parameters = TlsIdentity.parameters();
    var ssl =
        new UndertowXnioSsl(
            Xnio.getInstance(Listeners.class.getClassLoader()),
            OptionMap.create(Options.USE_DIRECT_BUFFERS, true),
            TlsIdentity.contextByName(name -> certificates.get().forName(name)),
            handshakes);
    var secured =
        sockets()
            .set(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(parameters.getProtocols()))
            .set(Options.SSL_ENABLED_CIPHER_SUITES, Sequence.of(parameters.getCipherSuites()))
            .set(UndertowOptions.SSL_USER_CIPHER_SUITES_ORDER, true)
            .getMap();
    bind(
        "https/tcp",
        address,
        () ->
            ssl.createSslConnectionServer(
                worker,
                address,
                ChannelListeners.openListenerAdapter(
                    (StreamConnection channel) ->
                        connections
                            .accept(channel, true)
                            .ifPresent(c -> alpn.handleEvent(channel))),
                secured));
  }

  @FunctionalInterface
  private interface Binding {
    AcceptingChannel<? extends StreamConnection> bind() throws IOException;
  }

  private void bind(String protocol, InetSocketAddress address, Binding binding) {
    try {
      var channel = binding.bind();
      accepting.add(channel);
      endpoints.add(new Endpoint(protocol, channel.getLocalAddress(InetSocketAddress.class)));
    } catch (IOException e) {
      throw StartException.bind("tcp", address, e);
    }
  }

  /** Puts the guard in place and hands the connection to Undertow. */
  private void open(
      StreamConnection channel,
      Connection connection,
      @org.jspecify.annotations.Nullable PooledByteBuffer read,
      HttpOpenListener http) {
    var source = channel.getSourceChannel();
    var guard =
        new GuardedSource(
            source.getConduit(),
            new MessageScanner(connections.limits().message()),
            time,
            connection,
            plan.h2c() && !connection.tls());
    if (read != null) {
      guard.prepend(read.getBuffer());
      read.close();
    }
    connection.guard(guard);
    source.setConduit(guard);
    http.handleEvent(channel);
    connections.follow(channel, connection);
  }

  private Connection known(StreamConnection channel) {
    var client = channel.getPeerAddress(InetSocketAddress.class);
    var server = channel.getLocalAddress(InetSocketAddress.class);
    var connection =
        client == null || server == null ? null : connections.of(client, server.getPort());
    if (connection == null) {
      throw new IllegalStateException("the connection of " + client + " has ended");
    }
    return connection;
  }

  /** HTTP/1 after a TLS handshake. */
  private final class Guarded extends Delegate {
    private final HttpOpenListener http;

    Guarded(HttpOpenListener http) {
      super(http);
      this.http = http;
    }

    @Override
    public void handleEvent(StreamConnection channel, PooledByteBuffer read) {
      open(channel, known(channel), read, http);
    }
  }

  /** HTTP/2 after a TLS handshake. */
  private final class Framed extends Delegate {
    private final Http2OpenListener frames;

    Framed(Http2OpenListener frames) {
      super(frames);
      this.frames = frames;
    }

    @Override
    public void handleEvent(StreamConnection channel, PooledByteBuffer read) {
      var connection = known(channel);
      connection.http2();
      frames.handleEvent(channel, read);
      connections.follow(channel, connection);
    }
  }

  /** Passes on what a listener must answer besides new connections. */
  private abstract static class Delegate implements DelegateOpenListener {
    private final DelegateOpenListener to;

    Delegate(DelegateOpenListener to) {
      this.to = to;
    }

    @Override
    public void handleEvent(StreamConnection channel) {
      handleEvent(channel, null);
    }

    @Override
    public HttpHandler getRootHandler() {
      return to.getRootHandler();
    }

    @Override
    public void setRootHandler(HttpHandler handler) {
      to.setRootHandler(handler);
    }

    @Override
    public OptionMap getUndertowOptions() {
      return to.getUndertowOptions();
    }

    @Override
    public void setUndertowOptions(OptionMap options) {
      to.setUndertowOptions(options);
    }

    @Override
    public ByteBufferPool getBufferPool() {
      return to.getBufferPool();
    }

    @Override
    public ConnectorStatistics getConnectorStatistics() {
      return to.getConnectorStatistics();
    }

    @Override
    public void closeConnections() {
      to.closeConnections();
    }
  }

  /** Takes no more connections, waits for requests under way, then closes everything. */
  @Override
  public void close() {
    front.drain();
    accepting.forEach(AcceptingChannel::suspendAccepts);
    accepting.forEach(IoUtils::safeClose);
    try {
      long until = System.nanoTime() + plan.drain().toNanos();
      while (connections.running() > 0 && System.nanoTime() < until) {
        connections.closeResting();
        TimeUnit.MILLISECONDS.sleep(10);
      }
      sweeping.remove();
      connections.closeAll();
      worker.shutdown();
      if (!worker.awaitTermination(2, TimeUnit.SECONDS)) {
        worker.shutdownNow();
        worker.awaitTermination(2, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
    }
    handshakes.shutdownNow();
    buffers.close();
  }
}
