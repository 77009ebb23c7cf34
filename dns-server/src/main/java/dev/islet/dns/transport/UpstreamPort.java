package dev.islet.dns.transport;

import dev.islet.core.config.HostPort;
import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Outlet;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.Question;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.Protection;
import dev.islet.dns.resolve.ResolveAction;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.transport.upstream.SecureUpstreams;
import dev.islet.dns.transport.upstream.Trust;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
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
  private volatile Predicate<ResolveEvent> engine = e -> false;
  private volatile List<InetSocketAddress> bootstrap = List.of();
  private final Trust trust;
  private volatile @Nullable SecureUpstreams secure;

  private UpstreamPort(
      AnswerCache cache,
      TimeSource time,
      Trace<DnsEvent> trace,
      Tally tally,
      Duration patience,
      Trust trust)
      throws IOException {
    this.cache = cache;
    this.time = time;
    this.trace = trace;
    this.tally = tally;
    this.patience = patience;
    this.trust = trust;
    this.datagrams = UpstreamDatagrams.open(this::tell);
  }

  /**
   * Opens the hands; nothing is bound before a question is to be sent.
   *
   * @param patience how long a connection may take to come about
   * @param trust whom to believe that they are the servers to be asked encrypted
   */
  public static UpstreamPort open(
      AnswerCache cache,
      TimeSource time,
      Trace<DnsEvent> trace,
      Tally tally,
      Duration patience,
      Trust trust)
      throws IOException {
    return new UpstreamPort(cache, time, trace, tally, patience, trust);
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
      case ResolveAction.SendSecure send -> {
        tally.upstream(
            send.protection().kind() == Protection.Kind.TLS ? "asked-tls" : "asked-https");
        forwarded(send.about(), send.attempt(), send.to(), send.message(), Packet.Transport.TCP);
        secure().send(send);
      }
      case ResolveAction.Close(var exchange) -> close(exchange);
      case ResolveAction.Done(var key, var answer, var keep, var waiters) -> {
        var said = keep ? cache.settle(key, answer, time.now()) : answer;
        waiters.forEach(w -> w.accept(said));
      }
      case ResolveAction.Judged(var about, var upstream, var accepted, var why, var message) -> {
        tally.upstream(accepted ? "used" : "ignored");
        if (trace.on()) {
          var from = upstream.isUnresolved() ? HERE : upstream;
          var packet = new Packet(Packet.Transport.UDP, from, HERE, message);
          trace.emit(
              new DnsEvent.UpstreamSaid(about.question().name().toString(), accepted, why, packet));
        }
      }
      case ResolveAction.Signs(var upstream, var signs) ->
          LOG.log(
              signs ? Level.INFO : Level.WARNING,
              () ->
                  "service=dns upstream="
                      + HostPort.format(upstream)
                      + (signs
                          ? " gives signatures (DNSSEC) again"
                          : " gives no signatures (DNSSEC): it is asked for them last"));
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
    if (secure != null) {
      secure.close();
    }
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
              new Packet(transport, HERE, to.isUnresolved() ? HERE : to, message)));
    }
  }

  private void close(long exchange) {
    datagrams.close(exchange);
    if (secure != null) {
      secure.forget(exchange);
    }
    var stream = streams.remove(exchange);
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "service=dns closing a connection upstream failed", e);
      }
    }
  }

  private void tell(ResolveEvent event) {
    if (!engine.test(event)) {
      LOG.log(Level.DEBUG, "service=dns the queue of the resolver is full: {0}", event);
    }
  }

  /** Begins with the first question that is to be protected. */
  private SecureUpstreams secure() {
    var begun = secure;
    if (begun == null) {
      begun = new SecureUpstreams(trust, time, tally, patience, this::tell, this::addresses);
      secure = begun;
    }
    return begun;
  }

  /** The plain servers that are asked for the addresses of others; from the next time on. */
  public void bootstrap(List<InetSocketAddress> servers) {
    bootstrap = List.copyOf(servers);
  }

  private void addresses(String host, Consumer<List<InetAddress>> then) {
    addresses(
        host,
        Type.A,
        four -> {
          if (four.isEmpty()) {
            addresses(host, Type.AAAA, then);
          } else {
            then.accept(four);
          }
        });
  }

  /**
   * Asks the bootstrap servers alone. The question has CD set, as questions of people have not: it
   * must not join one of theirs, which may be waiting for this very address.
   */
  private void addresses(String host, int type, Consumer<List<InetAddress>> then) {
    var servers = bootstrap;
    if (servers.isEmpty()) {
      then.accept(List.of());
      return;
    }
    var question = new Question(Name.fromConstantString(host + "."), type, DClass.IN);
    var inquiry = new Inquiry(new CacheKey(question, false, true), servers);
    boolean taken =
        engine.test(
            new ResolveEvent.Wanted(
                inquiry,
                answer ->
                    then.accept(
                        answer.answer().stream()
                            .flatMap(set -> set.records().stream())
                            .flatMap(UpstreamPort::address)
                            .toList())));
    if (!taken) {
      then.accept(List.of());
    }
  }

  private static Stream<InetAddress> address(Record record) {
    return switch (record) {
      case ARecord a -> Stream.of(a.getAddress());
      case AAAARecord aaaa -> Stream.of(aaaa.getAddress());
      default -> Stream.of();
    };
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
      tell(new ResolveEvent.StreamReply(send.exchange(), message));
    } catch (IOException e) {
      tell(new ResolveEvent.Failed(send.exchange(), "TCP: " + e.getMessage()));
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
