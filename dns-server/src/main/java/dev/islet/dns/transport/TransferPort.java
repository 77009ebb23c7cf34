package dev.islet.dns.transport;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Outlet;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.transfer.Peer;
import dev.islet.dns.transfer.TransferAction;
import dev.islet.dns.transfer.TransferEvent;
import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.TsigStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The hands of the transfer engine: each exchange with another server is a virtual thread. */
public final class TransferPort implements Outlet<TransferAction>, AutoCloseable {
  private static final int MAX_DATAGRAM = 4_096;
  private static final Duration NOTIFY_PATIENCE = Duration.ofSeconds(5);

  private final TimeSource time;
  private final Trace<DnsEvent> trace;
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private volatile Consumer<TransferEvent> engine = e -> {};
  private volatile boolean closed;

  public TransferPort(TimeSource time, Trace<DnsEvent> trace) {
    this.time = time;
    this.trace = trace;
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
      case TransferAction.Tell(var event) -> trace.emit(event);
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(TransferPort::quietly);
  }

  private void notify(TransferAction.Notify notify) {
    engine.accept(
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
