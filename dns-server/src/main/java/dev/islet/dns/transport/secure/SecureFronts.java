package dev.islet.dns.transport.secure;

import dev.islet.core.service.StartException;
import dev.islet.core.time.TimeSource;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.Transport;
import dev.islet.dns.transport.FastPasses;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The listening sockets of DNS over TLS, HTTPS and QUIC, on event loops of their own. */
public final class SecureFronts implements AutoCloseable {
  private static final int MAX_THREADS = 4;
  private static final int BACKLOG = 128;
  private static final int MAX_FLUSHES = 64;
  private static final int MAX_LINE = 8_192;
  private static final int MAX_HEADERS = 16_384;
  private static final int MAX_CHUNK = 16_384;

  private final Gate gate;
  private final SSLContext tls;
  private final SecureLimits limits;
  private final String path;
  private final TimeSource time;
  private final Tally tally;
  private final Map<Transport, FastPasses> passes;
  private final Admission admission;
  private final EventLoopGroup loops;
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<Channel> listening = new ArrayList<>();

  /**
   * Starts nothing yet.
   *
   * @param tls presents the certificate in force when a handshake begins
   * @param lanes makes fast lanes, one for each connection that answers at a time
   * @param path where DNS over HTTPS is served
   */
  public SecureFronts(
      Gate gate,
      SSLContext tls,
      SecureLimits limits,
      String path,
      TimeSource time,
      Tally tally,
      Supplier<FastLane> lanes) {
    this.gate = gate;
    this.tls = tls;
    this.limits = limits;
    this.path = path;
    this.time = time;
    this.tally = tally;
    this.passes = new EnumMap<>(Transport.class);
    for (var transport : List.of(Transport.TLS, Transport.HTTPS, Transport.QUIC)) {
      passes.put(transport, new FastPasses(lanes, transport, tally));
    }
    this.admission = new Admission(limits.tcp());
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    this.loops =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory("dns-tls", true), NioIoHandler.newFactory());
  }

  /**
   * Binds; connections wait until {@link #start}.
   *
   * @param transport {@link Transport#TLS} or {@link Transport#HTTPS}
   * @return where it is bound
   * @throws StartException if the address cannot be bound
   */
  public InetSocketAddress bind(InetSocketAddress address, Transport transport) {
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    let(channel, transport);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var cause = bound.cause();
      throw StartException.bind(
          "tcp", address, cause instanceof Exception e ? e : new IllegalStateException(cause));
    }
    listening.add(bound.channel());
    return (InetSocketAddress) bound.channel().localAddress();
  }

  /**
   * Binds a socket of DNS over QUIC; datagrams wait until {@link #start}.
   *
   * @param keys presents the certificate in force when a handshake begins
   * @return where it is bound
   * @throws StartException if there is no QUIC on this machine, or the address cannot be bound
   */
  public InetSocketAddress bindQuic(InetSocketAddress address, X509ExtendedKeyManager keys) {
    var front =
        new QuicFront(
            keys,
            limits,
            c ->
                visit(
                    c,
                    socket(c.remoteSocketAddress()),
                    socket(c.localSocketAddress()),
                    Transport.QUIC));
    var channel = front.bind(address, loops);
    listening.add(channel);
    return (InetSocketAddress) channel.localAddress();
  }

  /** A connection of QUIC has addresses from its first datagram on. */
  private static InetSocketAddress socket(@Nullable SocketAddress address) {
    return (InetSocketAddress) Objects.requireNonNull(address);
  }

  /** Begins to accept. */
  public void start() {
    listening.forEach(channel -> channel.config().setAutoRead(true));
  }

  /** How many connections are open. */
  public int connections() {
    return admission.open();
  }

  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    open.close().awaitUninterruptibly(1_000);
    loops.shutdownGracefully(0, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3_000);
  }

  private void let(Channel channel, Transport transport) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress client)
        || !(channel.localAddress() instanceof InetSocketAddress local)) {
      channel.close(); // gone already
      return;
    }
    var visit = visit(channel, client, local, transport);
    if (!channel.isOpen()) {
      return;
    }
    var handshake = new SslHandler(engine(transport));
    handshake.setHandshakeTimeoutMillis(limits.handshake().toMillis());
    if (transport == Transport.HTTPS) { // records that get ready together leave together
      channel.pipeline().addLast(new FlushConsolidationHandler(MAX_FLUSHES, true));
    }
    channel.pipeline().addLast(handshake, new Greeting(visit, transport));
  }

  /** Lets a connection in, or closes it. */
  private Visit visit(
      Channel channel, InetSocketAddress client, InetSocketAddress local, Transport transport) {
    var visit =
        new Visit(
            channel, client, local, transport, gate, lanes(transport), limits.tcp(), time, tally);
    var refusal = admission.enter(visit);
    if (refusal.isPresent()) {
      tally.rejected(refusal.get());
      channel.close();
      return visit;
    }
    channel.closeFuture().addListener(gone -> admission.leave(visit));
    open.add(channel);
    var reaping =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(visit::reap, 1_000, 1_000, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(gone -> reaping.cancel(false));
    return visit;
  }

  private FastPasses lanes(Transport transport) {
    return Objects.requireNonNull(passes.get(transport));
  }

  private javax.net.ssl.SSLEngine engine(Transport transport) {
    var engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    var parameters = TlsIdentity.parameters();
    parameters.setApplicationProtocols(
        transport == Transport.TLS
            ? new String[] {"dot"} // in IANA's registry of ALPN; RFC 7858 is older
            : new String[] {"h2", "http/1.1"});
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** Waits for the end of the handshake, then for the client's end of TLS. */
  private final class Greeting extends ChannelInboundHandlerAdapter {
    private final Visit visit;
    private final Transport transport;

    Greeting(Visit visit, Transport transport) {
      this.visit = visit;
      this.transport = transport;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done) {
        if (done.isSuccess()) {
          visit.established();
          speak(ctx);
        } else {
          tally.rejected("tls-handshake");
          ctx.close();
        }
      } else if (event instanceof SslCloseCompletionEvent) {
        visit.saidAll();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      visit.broken(cause);
    }

    private void speak(ChannelHandlerContext ctx) {
      var pipeline = ctx.pipeline();
      if (transport == Transport.TLS) {
        pipeline.addLast(new DotSpeech(visit));
      } else if ("h2".equals(pipeline.get(SslHandler.class).engine().getApplicationProtocol())) {
        pipeline.addLast(new DohOverTwo.Builder(visit, path).build());
      } else {
        var config =
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxChunkSize(MAX_CHUNK);
        pipeline.addLast(new HttpServerCodec(config), new DohOverOne(visit, path));
      }
    }
  }
}
