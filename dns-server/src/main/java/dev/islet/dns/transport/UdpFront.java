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

  /** More at once spare no time worth telling, and take room in the caches from the zones. */
  private static final int SLOTS = 32;

  /** Larger than any question; only signed updates come near. */
  private static final int SLOT_BYTES = 4_096;

  /** So many datagrams are read before the first of them is answered. */
  private static final int AHEAD = 16;

  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final UdpSocket socket;
  private final Gate gate;
  private final FastPass pass;
  private final Thread thread;

  /** Whether datagrams come to several addresses, so that each notes which. */
  private final boolean wild;

  private UdpFront(UdpSocket socket, Gate gate, FastLane lane, Tally tally) {
    this.socket = socket;
    this.gate = gate;
    this.pass = new FastPass(lane, Transport.UDP, tally, AHEAD, SLOT_BYTES);
    this.wild = socket.local().getAddress().isAnyLocalAddress();
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
      return new UdpFront(socket(options), gate, lane, tally);
    } catch (IOException e) {
      throw StartException.bind("udp", address, e);
    }
  }

  private static UdpSocket socket(UdpOptions options) throws IOException {
    var socket = UdpSocket.open(options);
    socket.forbidFragments();
    var ip = socket.local().getAddress();
    if (!ip.isAnyLocalAddress() && !ip.isLinkLocalAddress()) {
      try {
        socket.omitAskedAddress();
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }
    return socket;
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
        for (int from = 0; from < count; from += AHEAD) {
          int some = Math.min(AHEAD, count - from);
          read(batch, from, some);
          for (int i = 0; i < some; i++) {
            if (!fast(batch, from + i, i)) {
              handle(batch, from + i, view);
            }
          }
        }
        socket.send(batch, count);
        pass.count();
      } catch (java.nio.channels.ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "service=dns a batch was lost", e);
      }
    }
  }

  /** Reads some of the batch for the fast lane, and fetches for all what their answers need. */
  private void read(DatagramBatch batch, int from, int count) {
    for (int i = 0; i < count; i++) {
      int slot = from + i;
      if (batch.length(slot) > FastPass.QUESTION_BYTES || batch.remotePort(slot) == 0) {
        pass.skip(i);
      } else {
        int length = batch.get(slot, pass.question(i));
        pass.read(i, length, batch.remoteHigh(slot), batch.remoteLow(slot));
      }
    }
    if (count > 1) {
      pass.fetch(count);
    }
  }

  /** Whether the fast lane has put its reply into the slot; nothing is allocated. */
  private boolean fast(DatagramBatch batch, int slot, int place) {
    int bytes = pass.answer(place);
    if (bytes < 0) {
      return false;
    }
    batch.put(slot, pass.reply(), bytes);
    return true;
  }

  private void handle(DatagramBatch batch, int i, MessageView view) {
    try {
      var client = batch.remote(i);
      var local = wild ? batch.local(i) : socket.local();
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
