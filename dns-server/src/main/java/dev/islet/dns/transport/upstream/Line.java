package dev.islet.dns.transport.upstream;

import dev.islet.dns.resolve.Protection;
import dev.islet.dns.wire.DohRequest;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way to one server: at most one connection that takes questions, and those that wait for it.
 * All on the event loop.
 *
 * <p>A connection that was idle may have been closed by the server just as a question left. So a
 * question that was lost with a connection that had worked before is sent once more over a new one;
 * any other loss is told.
 */
final class Line {
  /** A connection without questions is closed after this, in nanoseconds. */
  private static final long IDLE = 20_000_000_000L;

  private final SecureUpstreams owner;
  private final InetSocketAddress server;
  private final Protection protection;
  private final List<Ask> queue = new ArrayList<>();
  private @Nullable Call call;
  private long lastUsed;

  Line(SecureUpstreams owner, InetSocketAddress server, Protection protection) {
    this.owner = owner;
    this.server = server;
    this.protection = protection;
  }

  void ask(Ask ask) {
    lastUsed = owner.now();
    if (call != null && call.talk != null) {
      call.ask(ask);
      return;
    }
    queue.add(ask);
    if (call == null) {
      call = new Call();
      call.connect();
    }
  }

  /** Nobody waits for it any more; after a reply, or because none came in time. */
  void forget(Ask ask) {
    queue.remove(ask);
    if (call != null) {
      call.forget(ask);
    }
  }

  /** Hangs up if nothing was asked for a while. */
  void reap(long now) {
    if (call != null && call.talk != null && call.underWay.isEmpty() && now - lastUsed > IDLE) {
      call.hangUp();
    }
  }

  void close() {
    if (call != null) {
      call.hangUp();
    }
  }

  /** One connection, from its beginning to its end. */
  private final class Call implements Ear {
    private final Set<Ask> underWay = new LinkedHashSet<>();
    private @Nullable Channel channel;
    private @Nullable Talk talk;
    private long lastReply = Long.MIN_VALUE;
    private boolean over;

    void connect() {
      if (server.isUnresolved()) {
        owner.addresses(
            server.getHostString(),
            found -> {
              if (found.isEmpty()) {
                end("the bootstrap servers know no address of " + server.getHostString());
              } else {
                open(new InetSocketAddress(found.getFirst(), server.getPort()));
              }
            });
      } else {
        open(server);
      }
    }

    private void open(InetSocketAddress address) {
      boolean https = protection.kind() == Protection.Kind.HTTPS;
      var engine = owner.trust().engine(protection, server.getPort(), https ? "h2" : "dot");
      new Bootstrap()
          .group(owner.loop())
          .channel(NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, owner.patienceMillis())
          .handler(
              new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel opened) {
                  var tls = new SslHandler(engine);
                  tls.setHandshakeTimeoutMillis(owner.patienceMillis());
                  opened.pipeline().addLast(tls, new Handshake(https));
                }
              })
          .connect(address)
          .addListener(
              (io.netty.channel.ChannelFuture done) -> {
                if (!done.isSuccess()) {
                  end("cannot connect: " + done.cause().getMessage());
                  return;
                }
                channel = done.channel();
                channel.closeFuture().addListener(gone -> end("the connection was closed"));
                if (over) {
                  channel.close();
                }
              });
    }

    private void ready(Talk open) {
      if (over) {
        return;
      }
      talk = open;
      var waiting = new ArrayList<>(queue);
      queue.clear();
      waiting.forEach(this::ask);
    }

    void ask(Ask ask) {
      underWay.add(ask);
      ask.sentAt = owner.now();
      if (talk != null) {
        talk.ask(ask);
      }
    }

    void forget(Ask ask) {
      if (!underWay.remove(ask) || talk == null) {
        return;
      }
      talk.forget(ask);
      if (lastReply < ask.sentAt) {
        hangUp(); // nothing at all has come since: the path may be dead
      }
    }

    void hangUp() {
      var open = channel;
      end("given up");
      if (open != null) {
        open.close();
      }
    }

    /** The end: what was under way is lost, or sent once more. */
    private void end(String why) {
      if (over) {
        return;
      }
      over = true;
      if (call == this) {
        call = null;
      }
      boolean worked = lastReply != Long.MIN_VALUE;
      var lost = new ArrayList<>(underWay);
      underWay.clear();
      if (call == null) {
        lost.addAll(queue);
        queue.clear();
      }
      for (var ask : lost) {
        if (worked && !ask.again) {
          ask.again = true;
          Line.this.ask(ask);
        } else {
          owner.failed(ask, why);
        }
      }
    }

    @Override
    public void replied(Ask ask, byte[] message) {
      lastReply = owner.now();
      lastUsed = lastReply;
      if (underWay.remove(ask)) {
        owner.replied(ask, message);
      }
      hangUpIfLeft();
    }

    @Override
    public void refused(Ask ask, String why) {
      if (!over && underWay.remove(ask)) {
        owner.failed(ask, why);
      }
      hangUpIfLeft();
    }

    @Override
    public void leaving() {
      if (call == this) {
        call = null; // the next question opens another connection
      }
      hangUpIfLeft();
    }

    private void hangUpIfLeft() {
      if (call != this && underWay.isEmpty() && !over) {
        hangUp();
      }
    }

    /** Waits for the end of the handshake, then lets the protocol in. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
      private final boolean https;

      Handshake(boolean https) {
        this.https = https;
      }

      @Override
      public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent done)) {
          return;
        }
        if (!done.isSuccess()) {
          owner.distrusted();
          end("TLS: " + done.cause().getMessage());
          ctx.close();
          return;
        }
        var engine = ctx.pipeline().get(SslHandler.class).engine();
        if (https && !"h2".equals(engine.getApplicationProtocol())) {
          end("the server does not speak HTTP/2");
          ctx.close();
          return;
        }
        if (https) {
          var authority =
              protection.name() + (server.getPort() == 443 ? "" : ":" + server.getPort());
          var doh = new DohTalk.Builder(Call.this, authority, protection.path()).build();
          ctx.pipeline().addLast(doh);
          ready(doh);
        } else {
          var dot = new DotTalk(Call.this);
          ctx.pipeline()
              .addLast(
                  new LengthFieldBasedFrameDecoder(DohRequest.MAX_MESSAGE + 2, 0, 2, 0, 2), dot);
          ready(dot);
        }
      }

      @Override
      public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close(); // the end of the connection is told to all who wait
      }
    }
  }
}
