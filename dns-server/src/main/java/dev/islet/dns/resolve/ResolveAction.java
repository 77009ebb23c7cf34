package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xbill.DNS.Name;

/** What the {@link ResolveEngine} wants done. */
public sealed interface ResolveAction {
  /**
   * Send from a fresh port; datagrams that come to it are events until {@link Close}.
   *
   * @param port the port drawn; another random one if it is taken
   * @param attempt from 1, for the trace
   */
  record SendDatagram(
      long exchange, CacheKey about, int attempt, InetSocketAddress to, int port, byte[] message)
      implements ResolveAction {}

  /** Connect, send, and read one message. */
  record SendStream(
      long exchange, CacheKey about, int attempt, InetSocketAddress to, byte[] message)
      implements ResolveAction {}

  /**
   * Send inside TLS, over a connection that may serve other exchanges as well. The id is the
   * transport's to change; it brings it back with the reply.
   *
   * @param to not resolved if only its name is known
   */
  record SendSecure(
      long exchange,
      CacheKey about,
      int attempt,
      InetSocketAddress to,
      Protection protection,
      byte[] message)
      implements ResolveAction {}

  /** The exchange is over; give up its port or connection. */
  record Close(long exchange) implements ResolveAction {}

  /** A result for everyone who waited; to be cached first, if it is to be kept. */
  record Done(CacheKey key, Answer answer, boolean keep, List<Consumer<Answer>> waiters)
      implements ResolveAction {
    public Done {
      waiters = List.copyOf(waiters);
    }
  }

  /** A message from upstream was used or not, for trace and counters. */
  record Judged(
      CacheKey about, InetSocketAddress upstream, boolean accepted, String why, byte[] message)
      implements ResolveAction {}

  /**
   * A server that we forward to was found to give signatures, or to keep them back (RFC 4035
   * section 4.1).
   */
  record Signs(InetSocketAddress upstream, boolean signs) implements ResolveAction {}

  /** No answer within the time given to an attempt. */
  record Silent(CacheKey about, InetSocketAddress upstream, long nanos) implements ResolveAction {}

  /**
   * A step of a walk from the root, for the trace.
   *
   * @param zone where it stands
   * @param why computed only for a listener
   */
  record Walked(CacheKey about, Name zone, Supplier<String> why) implements ResolveAction {}
}
