package dev.islet.dns.transport.secure;

import dev.islet.core.service.StartException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The listening sockets of DNS over QUIC (RFC 9250). Needs a native library, which is not there
 * unless it was put there; nothing else may touch the classes of QUIC.
 *
 * <p>An asker shows by a Retry that its address is its own before it gets more than that (RFC 9000
 * section 8.1.2). Nothing is taken before the handshake is done, so nothing can be played back (RFC
 * 9250 section 4.5).
 */
final class QuicFront {
  /** Only the length and a message (RFC 9250 section 4.2). */
  private static final int STREAM_BYTES = 2 + 65_535;

  /** For all questions of a connection that are not answered yet. */
  private static final int CONNECTION_BYTES = 4 * STREAM_BYTES;

  private static final AttributeKey<Visit> VISIT = AttributeKey.valueOf("dns-doq-visit");

  private final X509ExtendedKeyManager keys;
  private final SecureLimits limits;
  private final Function<QuicChannel, Visit> visits;

  /**
   * @param visits lets a connection in; one that is closed then is not
   */
  QuicFront(X509ExtendedKeyManager keys, SecureLimits limits, Function<QuicChannel, Visit> visits) {
    this.keys = keys;
    this.limits = limits;
    this.visits = visits;
  }

  /**
   * Binds; datagrams wait until the channel reads.
   *
   * @throws StartException if there is no QUIC here, or the address cannot be bound
   */
  Channel bind(InetSocketAddress address, EventLoopGroup loops) {
    if (!available()) {
      throw new StartException(
          "DNS-DOQ-001",
          "DNS over QUIC needs a native library that is not there for this machine",
          "Build with -Pquic, which adds it, or remove doq",
          new UnsupportedOperationException("no QUIC"));
    }
    var tls = QuicSslContextBuilder.forServer(keys, null).applicationProtocols("doq").build();
    var codec =
        new QuicServerCodecBuilder()
            .sslContext(tls)
            .tokenHandler(new RetryTokens())
            .maxIdleTimeout(limits.tcp().idle().toMillis(), TimeUnit.MILLISECONDS)
            .initialMaxData(CONNECTION_BYTES)
            .initialMaxStreamDataBidirectionalRemote(STREAM_BYTES)
            .initialMaxStreamsBidirectional(limits.tcp().pipeline())
            .initialMaxStreamsUnidirectional(0)
            .streamOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .handler(new Connection())
            .streamHandler(
                new ChannelInitializer<QuicStreamChannel>() {
                  @Override
                  protected void initChannel(QuicStreamChannel stream) {
                    stream.pipeline().addLast(new DoqSpeech(stream.parent().attr(VISIT).get()));
                  }
                })
            .build();
    var bound =
        new Bootstrap()
            .group(loops)
            .channel(NioDatagramChannel.class)
            .option(ChannelOption.AUTO_READ, false)
            .handler(codec)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var cause = bound.cause();
      throw StartException.bind(
          "udp", address, cause instanceof Exception e ? e : new IllegalStateException(cause));
    }
    return bound.channel();
  }

  private static boolean available() {
    try {
      return Quic.isAvailable();
    } catch (LinkageError e) {
      return false; // not even its classes
    }
  }

  /** Lets connections in and waits for their handshake. */
  @io.netty.channel.ChannelHandler.Sharable
  private final class Connection extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRegistered(ChannelHandlerContext ctx) throws Exception {
      if (ctx.channel() instanceof QuicChannel channel) {
        var visit = visits.apply(channel);
        channel.attr(VISIT).set(visit);
        if (!channel.isOpen()) {
          return;
        }
        var late =
            channel
                .eventLoop()
                .schedule(
                    () -> {
                      if (!visit.isEstablished()) {
                        visit.rejected("tls-handshake");
                        channel.close();
                      }
                    },
                    limits.handshake().toMillis(),
                    TimeUnit.MILLISECONDS);
        channel.closeFuture().addListener(gone -> late.cancel(false));
      }
      super.channelRegistered(ctx);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent done) {
        var visit = ctx.channel().attr(VISIT).get();
        if (done.isSuccess()) {
          visit.established();
        } else {
          visit.rejected("tls-handshake");
          ctx.close();
        }
      }
      super.userEventTriggered(ctx, event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.channel().attr(VISIT).get().broken(cause);
    }
  }

  /** Ends a connection with a code of DNS over QUIC (RFC 9250 section 4.3). */
  static void end(QuicChannel connection, int code) {
    connection.close(true, code, Unpooled.EMPTY_BUFFER);
  }
}
