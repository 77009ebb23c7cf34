package dev.islet.dns.transport;

import dev.islet.core.net.socket.DatagramBatch;
import dev.islet.core.net.socket.UdpOptions;
import dev.islet.core.net.socket.UdpSocket;
import dev.islet.core.service.StartException;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Handled;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.MessageView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * One UDP socket with one receiving thread. A reply that is ready at once is written over its
 * question and leaves with the batch, from the address that was asked; a later one is sent alone.
 */
public final class UdpFront implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int SLOTS = 64;

  /** Larger than any question; only signed updates come near. */
  private static final int SLOT_BYTES = 4_096;

  /** Response codes that the fast lane has, those of a zone apart from those of the cache. */
  private static final int CODES = 6;

  private static final int RECEIVE_BUFFER = 1 << 20;
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final UdpSocket socket;
  private final Gate gate;
  private final FastLane lane;
  private final Tally tally;
  private final Thread thread;

  // Of the fast lane, for the receiving thread alone.
  private final byte[] question = new byte[SLOT_BYTES];
  private final byte[] reply = new byte[SLOT_BYTES];
  private final long[] answered = new long[2 * CODES];

  private UdpFront(UdpSocket socket, Gate gate, FastLane lane, Tally tally) {
    this.socket = socket;
    this.gate = gate;
    this.lane = lane;
    this.tally = tally;
    this.thread =
        Thread.ofPlatform()
            .name("dns-udp-" + socket.local().getPort())
            .daemon(true)
            .unstarted(this::run);
  }

  /**
   * Binds.
   *
   * @param shared whether other sockets of ours take part of what comes to this address
   * @param lane this front's own
   * @throws StartException if the address cannot be bound
   */
  public static UdpFront open(
      InetSocketAddress address, boolean shared, Gate gate, FastLane lane, Tally tally) {
    try {
      var options =
          UdpOptions.on(address)
              .withReceiveBuffer(RECEIVE_BUFFER)
              .withIpv6Only(true)
              .withReusePort(shared);
      return new UdpFront(UdpSocket.open(options), gate, lane, tally);
    } catch (IOException e) {
      throw StartException.bind("udp", address, e);
    }
  }

  /** Begins to receive. */
  public void start() {
    thread.start();
  }

  /** Where it is bound. */
  public InetSocketAddress local() {
    return socket.local();
  }

  @Override
  public void close() {
    socket.close();
    if (thread.isAlive()) {
      try {
        thread.join(2_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    var batch = new DatagramBatch(SLOTS, SLOT_BYTES);
    var view = new MessageView();
    while (true) {
      try {
        int count = socket.receive(batch, WAIT);
        if (count < 0) {
          return;
        }
        for (int i = 0; i < count; i++) {
          if (!fast(batch, i)) {
            handle(batch, i, view);
          }
        }
        socket.send(batch, count);
        count();
      } catch (java.nio.channels.ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "service=dns a batch was lost", e);
      }
    }
  }

  /** Whether the fast lane has put its reply into the slot; nothing is allocated. */
  private boolean fast(DatagramBatch batch, int i) {
    try {
      int length = batch.get(i, question);
      int bytes = lane.answer(question, length, batch.remoteHigh(i), batch.remoteLow(i), reply);
      if (bytes < 0 || batch.remotePort(i) == 0) {
        return false;
      }
      batch.put(i, reply, bytes);
      if (lane.said()) {
        answered[lane.rcode() + (lane.cached() ? CODES : 0)]++;
      } else {
        tally.asked(Transport.UDP);
      }
      return true;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "service=dns the fast lane failed, the slow one takes over", e);
      return false;
    }
  }

  /** Adds to the metrics what the fast lane has answered in a batch. */
  private void count() {
    for (int i = 0; i < answered.length; i++) {
      if (answered[i] != 0) {
        tally.fast(i < CODES ? Source.ZONE : Source.CACHE, i % CODES, answered[i]);
        answered[i] = 0;
      }
    }
  }

  private void handle(DatagramBatch batch, int i, MessageView view) {
    try {
      var client = batch.remote(i);
      var local = batch.local(i);
      if (client.getPort() == 0) {
        batch.length(i, 0); // nobody can have sent it, nothing can be sent there
        return;
      }
      switch (gate.handle(
          view, batch.payload(i), client, local, Transport.UDP, back(client, local))) {
        case Handled.Reply(var message) -> batch.bytes(i, message);
        case Handled.Sequence(var messages) ->
            throw new IllegalStateException("several messages for one datagram");
        case Handled.Later() -> batch.length(i, 0);
        case Handled.Silence() -> batch.length(i, 0);
      }
    } catch (RuntimeException e) {
      // A fault of ours must not silence the socket for everybody.
      batch.length(i, 0);
      LOG.log(Level.ERROR, "service=dns a question was dropped because answering it failed", e);
    }
  }

  private ReplyTo back(InetSocketAddress client, InetSocketAddress local) {
    return message -> {
      try {
        var from = local.getAddress();
        socket.send(message, client, from.isAnyLocalAddress() ? null : from);
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "service=dns a reply could not be sent", e);
      }
    };
  }
}
