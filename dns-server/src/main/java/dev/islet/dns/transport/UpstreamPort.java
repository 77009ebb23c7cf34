package dev.islet.dns.transport;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Outlet;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.resolve.ResolveAction;
import dev.islet.dns.resolve.ResolveEvent;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.xbill.DNS.Type;

/**
 * The hands of the resolver: sends what it wants sent, brings back what comes, puts results into
 * the cache and gives them to those who wait.
 */
public final class UpstreamPort implements Outlet<ResolveAction>, AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final InetSocketAddress HERE = new InetSocketAddress(0);

  private final AnswerCache cache;
  private final TimeSource time;
  private final Trace<DnsEvent> trace;
  private final Tally tally;
  private final UpstreamDatagrams datagrams;
  private final Map<Long, SocketChannel> streams = new ConcurrentHashMap<>();
  private final Duration patience;
  private volatile Consumer<ResolveEvent> engine = e -> {};

  private UpstreamPort(
      AnswerCache cache, TimeSource time, Trace<DnsEvent> trace, Tally tally, Duration patience)
      throws IOException {
    this.cache = cache;
    this.time = time;
    this.trace = trace;
    this.tally = tally;
    this.patience = patience;
    this.datagrams = UpstreamDatagrams.open(e -> engine.accept(e));
  }

  /**
   * Opens the hands; nothing is bound before a question is to be sent.
   *
   * @param patience how long a connection may take to come about
   */
  public static UpstreamPort open(
      AnswerCache cache, TimeSource time, Trace<DnsEvent> trace, Tally tally, Duration patience)
      throws IOException {
    return new UpstreamPort(cache, time, trace, tally, patience);
  }

  /**
   * Tells where events go; before the first question. An event that finds the queue full is lost
   * like a datagram on its way: the exchange ends by its deadline.
   */
  public void feed(EngineLoop<ResolveEvent, ResolveAction> loop) {
    engine = loop::offer;
    datagrams.start();
  }

  @Override
  public void perform(ResolveAction action) {
    switch (action) {
      case ResolveAction.SendDatagram send -> {
        tally.upstream("asked-udp");
        datagrams.send(send.exchange(), send.to(), send.port(), send.message());
        forwarded(send.about(), send.attempt(), send.to(), send.message(), Packet.Transport.UDP);
      }
      case ResolveAction.SendStream send -> {
        tally.upstream("asked-tcp");
        forwarded(send.about(), send.attempt(), send.to(), send.message(), Packet.Transport.TCP);
        Thread.ofVirtual().name("dns-upstream-tcp").start(() -> stream(send));
      }
      case ResolveAction.Close(var exchange) -> close(exchange);
      case ResolveAction.Done(var key, var answer, var keep, var waiters) -> {
        var said = keep ? cache.settle(key, answer, time.now()) : answer;
        waiters.forEach(w -> w.accept(said));
      }
      case ResolveAction.Judged(var about, var upstream, var accepted, var why, var message) -> {
        tally.upstream(accepted ? "used" : "ignored");
        if (trace.on()) {
          var packet = new Packet(Packet.Transport.UDP, upstream, HERE, message);
          trace.emit(
              new DnsEvent.UpstreamSaid(about.question().name().toString(), accepted, why, packet));
        }
      }
      case ResolveAction.Walked(var about, var zone, var why) -> {
        if (trace.on()) {
          var question = about.question();
          trace.emit(
              new DnsEvent.Walked(
                  question.name().toString(),
                  Type.string(question.type()),
                  zone.toString(),
                  why.get()));
        }
      }
      case ResolveAction.Silent(var about, var upstream, var nanos) -> {
        tally.upstream("silent");
        if (trace.on()) {
          trace.emit(
              new DnsEvent.TimedOut(
                  about.question().name().toString(), upstream, Duration.ofNanos(nanos)));
        }
      }
    }
  }

  @Override
  public void close() {
    datagrams.close();
    streams.keySet().forEach(this::close);
  }

  private void forwarded(
      dev.islet.dns.cache.CacheKey about,
      int attempt,
      InetSocketAddress to,
      byte[] message,
      Packet.Transport transport) {
    if (trace.on()) {
      var question = about.question();
      trace.emit(
          new DnsEvent.Forwarded(
              question.name().toString(),
              Type.string(question.type()),
              attempt,
              new Packet(transport, HERE, to, message)));
    }
  }

  private void close(long exchange) {
    datagrams.close(exchange);
    var stream = streams.remove(exchange);
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "service=dns closing a connection upstream failed", e);
      }
    }
  }

  private void stream(ResolveAction.SendStream send) {
    try (var channel = SocketChannel.open()) {
      streams.put(send.exchange(), channel);
      channel.socket().connect(send.to(), (int) patience.toMillis());
      var out = ByteBuffer.allocate(send.message().length + 2);
      out.putShort((short) send.message().length).put(send.message()).flip();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      var length = fill(channel, ByteBuffer.allocate(2)).getShort(0) & 0xFFFF;
      var message = fill(channel, ByteBuffer.allocate(length)).array();
      engine.accept(new ResolveEvent.StreamReply(send.exchange(), message));
    } catch (IOException e) {
      engine.accept(new ResolveEvent.Failed(send.exchange(), "TCP: " + e.getMessage()));
    } finally {
      streams.remove(send.exchange());
    }
  }

  private static ByteBuffer fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("closed in the middle of a reply");
      }
    }
    return buffer;
  }
}
