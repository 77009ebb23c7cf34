package dev.islet.voip.transport.sip;

import dev.islet.voip.model.Flow;
import dev.islet.voip.wire.StreamFramer;
import dev.islet.voip.wire.StreamFramer.Piece;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One TCP or TLS connection: a virtual thread reads, another writes from a bounded queue. */
final class Connection {
  private static final int WAITING = 256;
  private static final byte[] PONG = "\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Flow flow;
  private final Socket socket;
  private final StreamLimits limits;
  private final Intake intake;
  private final ArrayBlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(WAITING);
  private volatile boolean closed;

  Connection(Flow flow, Socket socket, StreamLimits limits, Intake intake) {
    this.flow = flow;
    this.socket = socket;
    this.limits = limits;
    this.intake = intake;
  }

  Flow flow() {
    return flow;
  }

  /** Queues a message; a peer that does not read loses its connection. */
  boolean send(byte[] bytes) {
    if (closed) {
      return false;
    }
    if (!queue.offer(bytes)) {
      close();
      return false;
    }
    return true;
  }

  /** Reads until the connection ends. */
  void serve() {
    var writer = Thread.ofVirtual().name("sip-write-" + flow.connection()).start(this::write);
    try {
      read();
    } catch (IOException e) {
      // The peer has gone, or was idle too long: both are ends.
    } finally {
      close();
      writer.interrupt();
    }
  }

  private void read() throws IOException {
    var framer = new StreamFramer(limits.maxMessage());
    var bytes = new byte[4096];
    var in = socket.getInputStream();
    long begun = 0;
    while (!closed) {
      long left = limits.idle().toMillis();
      if (framer.partial()) {
        long now = System.nanoTime();
        begun = begun == 0 ? now : begun;
        left = limits.message().toMillis() - (now - begun) / 1_000_000;
        if (left <= 0) {
          throw new SocketTimeoutException("a message took too long");
        }
      } else {
        begun = 0;
      }
      socket.setSoTimeout((int) Math.max(1, left));
      int count = in.read(bytes);
      if (count < 0) {
        return;
      }
      framer.feed(bytes, 0, count);
      if (!drain(framer)) {
        return;
      }
    }
  }

  private boolean drain(StreamFramer framer) {
    while (true) {
      switch (framer.next()) {
        case Piece.Message(var message) -> {
          if (!intake.framed(flow, message)) {
            return false;
          }
        }
        case Piece.Ping() -> send(PONG);
        case Piece.Broken(var reason, var head) -> {
          intake.dropped(flow, reason, head);
          return false;
        }
        case Piece.None() -> {
          return true;
        }
      }
    }
  }

  private void write() {
    try {
      var out = socket.getOutputStream();
      while (!closed) {
        var next = queue.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          out.write(next);
        }
      }
    } catch (IOException e) {
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the connection has ended
    }
  }

  void close() {
    closed = true;
    try {
      socket.close();
    } catch (IOException e) {
      return; // it is as closed as it can be
    }
  }
}
