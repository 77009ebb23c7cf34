package dev.islet.dns.transport.secure;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Handled;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.model.Transport;
import dev.islet.dns.transport.ClientAddress;
import dev.islet.dns.transport.FastPasses;
import dev.islet.dns.transport.TcpLimits;
import dev.islet.dns.wire.MessageView;
import io.netty.channel.Channel;
import io.netty.handler.codec.CodecException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * One connection as the server sees it, whatever it speaks: who it is, how much it has under way,
 * since when it said nothing. Only its event loop touches it.
 */
final class Visit {
  private static final Logger LOG = System.getLogger("islet.dns");

  /** No question is under way longer than this, in nanoseconds. */
  private static final long LONGEST_ANSWER = 10_000_000_000L;

  private final Channel channel;
  private final InetSocketAddress client;
  private final InetSocketAddress local;
  private final Transport transport;
  private final Gate gate;
  private final FastPasses lanes;
  private final ClientAddress address;
  private final TcpLimits limits;
  private final TimeSource time;
  private final Tally tally;
  private final MessageView view = new MessageView();
  private int underWay;

  /** Never before the handshake, which has a limit of its own. */
  private long lastWhole = Long.MAX_VALUE;

  private boolean saidAll;
  private long unwritableSince = Long.MAX_VALUE;

  /**
   * @param channel the connection; what it carries may be channels of their own
   */
  Visit(
      Channel channel,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport,
      Gate gate,
      FastPasses lanes,
      TcpLimits limits,
      TimeSource time,
      Tally tally) {
    this.channel = channel;
    this.client = client;
    this.local = local;
    this.transport = transport;
    this.gate = gate;
    this.lanes = lanes;
    this.address = ClientAddress.of(client.getAddress());
    this.limits = limits;
    this.time = time;
    this.tally = tally;
  }

  /** The handshake is done: from now on it may be idle. */
  void established() {
    lastWhole = time.now();
  }

  InetAddress client() {
    return client.getAddress();
  }

  /**
   * Since when nothing is under way; never, if something is. For other threads it may be a little
   * old, which makes them choose another connection at worst.
   */
  long idleSince() {
    return underWay == 0 ? lastWhole : Long.MAX_VALUE;
  }

  /** Gives its place to another. */
  void evict() {
    rejected("tls-evicted");
    channel.close();
  }

  /** Whether the handshake is done. */
  boolean isEstablished() {
    return lastWhole != Long.MAX_VALUE;
  }

  /** Whether nothing more may be asked before something is answered. */
  boolean full() {
    return underWay >= limits.pipeline();
  }

  /** How many questions may be under way. */
  int pipeline() {
    return limits.pipeline();
  }

  /**
   * Asks. Either {@code reply} is called on the event loop, now or later, be it that nothing will
   * come, and then {@link #answered} is due; or this returns false and there is no reply.
   *
   * @param message from index 0 to its limit; not kept
   */
  boolean ask(ByteBuffer message, ReplyTo reply) {
    lastWhole = time.now();
    underWay++;
    var ready = lanes.answer(message, address);
    if (ready.isPresent()) {
      return reply(ready.get(), reply);
    }
    switch (gate.handle(view, message, client, local, transport, later(reply))) {
      case Handled.Reply(var now) -> reply.send(now);
      case Handled.Sequence(var messages) ->
          throw new IllegalStateException("a transfer is given over plain TCP only");
      case Handled.Later() -> {} // its place stays taken until the reply has left
      case Handled.Silence() -> {
        underWay--;
        return false;
      }
    }
    return true;
  }

  private boolean reply(byte[] message, ReplyTo to) {
    if (message.length == 0) {
      underWay--;
      return false;
    }
    to.send(message);
    return true;
  }

  /** A reply has left, or has nowhere to go any more. */
  void answered() {
    underWay--;
    lastWhole = time.now();
    if (saidAll) {
      channel.eventLoop().execute(this::leave); // after what may still be waiting to be asked
    }
  }

  /** The client has ended its side; the connection ends when all is answered. */
  void saidAll() {
    saidAll = true;
    leave();
  }

  private void leave() {
    if (underWay == 0) {
      channel.close();
    }
  }

  /** Something was not taken. */
  void rejected(String reason) {
    tally.rejected(reason);
  }

  /** Closes it if it is idle, dribbles, or does not take its replies. */
  void reap() {
    long now = time.now();
    long patience = limits.idle().toNanos() + (underWay > 0 ? LONGEST_ANSWER : 0);
    if (channel.isWritable()) {
      unwritableSince = Long.MAX_VALUE;
    } else if (unwritableSince == Long.MAX_VALUE) {
      unwritableSince = now;
    }
    boolean stuck =
        unwritableSince != Long.MAX_VALUE && now - unwritableSince > limits.write().toNanos();
    boolean idle = lastWhole != Long.MAX_VALUE && now - lastWhole > patience;
    if (stuck || idle) {
      channel.close();
    }
  }

  /** Ends it because of a fault: of the peer's, quietly; of ours, with a word in the log. */
  void broken(Throwable cause) {
    if (cause instanceof RuntimeException && !(cause instanceof CodecException)) {
      LOG.log(Level.ERROR, "service=dns a connection was closed because answering failed", cause);
    } else {
      LOG.log(Level.DEBUG, "service=dns a connection ended", cause);
    }
    channel.close();
  }

  private ReplyTo later(ReplyTo reply) {
    return ReplyTo.of(message -> execute(() -> reply.send(message)), () -> execute(reply::nothing));
  }

  private void execute(Runnable what) {
    try {
      channel.eventLoop().execute(what);
    } catch (RejectedExecutionException e) {
      LOG.log(Level.TRACE, "service=dns a reply came after the server had closed", e);
    }
  }
}
