package dev.islet.dns.transport.upstream;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.resolve.Protection;
import dev.islet.dns.resolve.ResolveAction;
import dev.islet.dns.resolve.ResolveEvent;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Questions to upstream servers inside TLS, over connections that are kept. One event loop does it
 * all; it starts with the first question.
 */
public final class SecureUpstreams implements AutoCloseable {
  private record Target(InetSocketAddress server, Protection protection) {}

  private record Sent(Line line, Ask ask) {}

  private final Trust trust;
  private final TimeSource time;
  private final Tally tally;
  private final Duration patience;
  private final Consumer<ResolveEvent> sink;
  private final BiConsumer<String, Consumer<List<InetAddress>>> names;
  private final Map<Target, Line> lines = new HashMap<>();
  private final Map<Long, Sent> sent = new HashMap<>();
  private final EventLoop loop;
  private final MultiThreadIoEventLoopGroup group;

  /**
   * @param patience how long a connection may take to come about
   * @param sink where replies and failures go
   * @param names finds the addresses of a server of which only the name is known; may answer on any
   *     thread, with none if there are none
   */
  public SecureUpstreams(
      Trust trust,
      TimeSource time,
      Tally tally,
      Duration patience,
      Consumer<ResolveEvent> sink,
      BiConsumer<String, Consumer<List<InetAddress>>> names) {
    this.trust = trust;
    this.time = time;
    this.tally = tally;
    this.patience = patience;
    this.sink = sink;
    this.names = names;
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("dns-upstream-tls", true), NioIoHandler.newFactory());
    this.loop = group.next();
    loop.scheduleWithFixedDelay(this::reap, 5, 5, TimeUnit.SECONDS);
  }

  /** Sends; a failure is an event. */
  public void send(ResolveAction.SendSecure send) {
    loop.execute(
        () -> {
          var target = new Target(send.to(), send.protection());
          var line = lines.computeIfAbsent(target, t -> new Line(this, t.server, t.protection));
          var ask = new Ask(send.exchange(), send.message());
          sent.put(send.exchange(), new Sent(line, ask));
          line.ask(ask);
        });
  }

  /** The exchange is over. */
  public void forget(long exchange) {
    loop.execute(
        () -> {
          var gone = sent.remove(exchange);
          if (gone != null) {
            gone.line.forget(gone.ask);
          }
        });
  }

  @Override
  public void close() {
    loop.execute(() -> lines.values().forEach(Line::close));
    group.shutdownGracefully(0, 1_000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3_000);
  }

  private void reap() {
    long now = time.now();
    lines.values().forEach(line -> line.reap(now));
  }

  EventLoop loop() {
    return loop;
  }

  Trust trust() {
    return trust;
  }

  int patienceMillis() {
    return (int) patience.toMillis();
  }

  long now() {
    return time.now();
  }

  void addresses(String host, Consumer<List<InetAddress>> then) {
    names.accept(host, found -> loop.execute(() -> then.accept(found)));
  }

  void replied(Ask ask, byte[] message) {
    if (sent.remove(ask.exchange) != null) {
      sink.accept(new ResolveEvent.StreamReply(ask.exchange, message));
    }
  }

  void failed(Ask ask, String why) {
    if (sent.remove(ask.exchange) != null) {
      sink.accept(new ResolveEvent.Failed(ask.exchange, why));
    }
  }

  /** A server could not show that it is the one that is meant. */
  void distrusted() {
    tally.upstream("tls-refused");
  }
}
