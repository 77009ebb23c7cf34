package dev.islet.dns.transport;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Outlet;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.transfer.Outcome;
import dev.islet.dns.transfer.Peer;
import dev.islet.dns.transfer.Shelf;
import dev.islet.dns.transfer.TransferAction;
import dev.islet.dns.transfer.TransferBook;
import dev.islet.dns.transfer.TransferDialog;
import dev.islet.dns.transfer.TransferEvent;
import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.TsigStream;
import dev.islet.dns.zone.ZoneHolder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The hands of the transfer engine: each exchange with another server is a virtual thread. */
public final class TransferPort implements Outlet<TransferAction>, AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final int MAX_DATAGRAM = 4_096;
  private static final int BUFFER = 1 << 15;
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration NOTIFY_PATIENCE = Duration.ofSeconds(5);

  private final ZoneHolder zones;
  private final Shelf shelf;
  private final TimeSource time;
  private final TransferBook book;
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private volatile Predicate<TransferEvent> engine = e -> false;
  private volatile boolean closed;

  /**
   * @param zones where secondary zones are published
   * @param shelf where they are kept
   */
  public TransferPort(ZoneHolder zones, Shelf shelf, TimeSource time, TransferBook book) {
    this.zones = zones;
    this.shelf = shelf;
    this.time = time;
    this.book = book;
  }

  /** Tells where events go; before the first. */
  public void feed(EngineLoop<TransferEvent, TransferAction> loop) {
    engine = loop::offer;
  }

  @Override
  public void perform(TransferAction action) {
    switch (action) {
      case TransferAction.Notify notify ->
          Thread.ofVirtual().name("dns-notify").start(() -> notify(notify));
      case TransferAction.Fetch fetch ->
          Thread.ofVirtual().name("dns-transfer-in").start(() -> fetch(fetch));
      case TransferAction.Adopt(var zone, var steps) -> {
        shelf.keep(zone, steps);
        zones.change(now -> now.with(zone));
      }
      case TransferAction.Confirm(var zone) -> {
        shelf.confirm(zone);
        book.current();
      }
      case TransferAction.Withdraw(var zone) -> zones.change(now -> now.unavailable(zone));
      case TransferAction.Tell(var event) -> book.tell(event);
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(TransferPort::quietly);
  }

  private void fetch(TransferAction.Fetch fetch) {
    Outcome outcome;
    try {
      outcome = converse(fetch.primary(), fetch.dialog());
    } catch (SocketTimeoutException e) {
      outcome = new Outcome.Failed("too slow, or no answer");
    } catch (IOException e) {
      outcome = new Outcome.Failed("TCP: " + e.getMessage());
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "service=dns a transfer failed by a fault of ours", e);
      outcome = new Outcome.Failed("a fault of ours: " + e);
    }
    tell(new TransferEvent.Fetched(fetch.exchange(), outcome));
  }

  /** Only this event ends its exchange: where the queue is full it waits for room. */
  private void tell(TransferEvent ended) {
    while (!closed && !engine.test(ended)) {
      Thread.yield();
    }
  }

  /** Carries what the dialog says, over one connection or two, until it ends. */
  private Outcome converse(Peer primary, TransferDialog dialog) throws IOException {
    long end = System.nanoTime() + dialog.limits().time().toNanos();
    var message = dialog.begin(time.wall());
    while (true) {
      try (var socket = new Socket()) {
        open.add(socket);
        if (closed) {
          return new Outcome.Failed("the server is closed");
        }
        socket.connect(primary.address(), patience(end));
        var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
        send(socket, message);
        TransferDialog.Step step;
        do {
          step = dialog.on(receive(socket, in, end), time.wall());
          if (step instanceof TransferDialog.Step.Ask(var next, var anew) && !anew) {
            send(socket, next);
          }
        } while (!(step instanceof TransferDialog.Step.End)
            && !(step instanceof TransferDialog.Step.Ask(var next, var anew) && anew));
        if (step instanceof TransferDialog.Step.End(var outcome)) {
          return outcome;
        }
        message = ((TransferDialog.Step.Ask) step).message();
      } finally {
        open.removeIf(s -> s instanceof Socket t && t.isClosed());
      }
    }
  }

  private static void send(Socket socket, byte[] message) throws IOException {
    var framed = ByteBuffer.allocate(message.length + 2);
    framed.putShort((short) message.length).put(message);
    socket.getOutputStream().write(framed.array());
  }

  /** Reads one message; its last byte too must come in time, so each read gets what is left. */
  private static byte[] receive(Socket socket, DataInputStream in, long end) throws IOException {
    socket.setSoTimeout(patience(end));
    var message = new byte[in.readUnsignedShort()];
    for (int at = 0; at < message.length; ) {
      socket.setSoTimeout(patience(end));
      int count = in.read(message, at, message.length - at);
      if (count < 0) {
        throw new EOFException("closed in the middle of a message");
      }
      at += count;
    }
    return message;
  }

  /** Milliseconds left, but no longer than a silent primary is waited for. */
  private static int patience(long end) throws SocketTimeoutException {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("the time for a transfer is over");
    }
    return (int) Math.min(left, SILENCE.toMillis());
  }

  private void notify(TransferAction.Notify notify) {
    tell(
        switch (exchange(notify.peer(), notify.message())) {
          case Answer.Reply(var rcode) ->
              new TransferEvent.NotifyAnswered(notify.exchange(), rcode);
          case Answer.None(var why) -> new TransferEvent.NotifyFailed(notify.exchange(), why);
        });
  }

  private sealed interface Answer {
    record Reply(int rcode) implements Answer {}

    record None(String why) implements Answer {}
  }

  /** Sends a datagram and waits for the answer to it; others are passed over. */
  private Answer exchange(Peer peer, byte[] message) {
    try (var socket = new DatagramSocket()) {
      open.add(socket);
      if (closed) {
        return new Answer.None("the server is closed");
      }
      var signed = peer.key().map(k -> TsigStream.ask(message, k, time.wall()));
      var bytes = signed.map(TsigStream.Request::message).orElse(message);
      socket.connect(peer.address());
      socket.send(new DatagramPacket(bytes, bytes.length));
      var packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
      var view = new MessageView();
      long end = System.nanoTime() + NOTIFY_PATIENCE.toNanos();
      while (true) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return new Answer.None("no answer");
        }
        socket.setSoTimeout((int) left);
        socket.receive(packet);
        var reply = Arrays.copyOf(packet.getData(), packet.getLength());
        boolean ours =
            view.read(ByteBuffer.wrap(reply))
                && view.isResponse()
                && view.id() == ((message[0] & 0xFF) << 8 | message[1] & 0xFF)
                && view.opcode() == (message[2] >> 3 & 0xF);
        if (ours) {
          var wrong = signed.flatMap(s -> s.reply().check(reply, view.tsigAt(), time.wall()));
          return wrong
              .<Answer>map(Answer.None::new)
              .orElseGet(() -> new Answer.Reply(view.flags() & 0xF));
        }
      }
    } catch (SocketTimeoutException e) {
      return new Answer.None("no answer");
    } catch (IOException e) {
      return new Answer.None(String.valueOf(e.getMessage()));
    } finally {
      open.removeIf(s -> s instanceof DatagramSocket d && d.isClosed());
    }
  }

  private static void quietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // it is going away with the server
    }
  }
}
