package dev.islet.dns.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Handled;
import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.MessageView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * One connection of a client: a reading and a writing virtual thread with a bounded queue between
 * them. Replies leave in the order they get ready (RFC 7766 section 7).
 *
 * <p>Reading stops while as many questions are under way as the pipeline allows, so that the
 * client's own send buffer holds it back.
 */
final class TcpConnection {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final Iterator<byte[]> END = Collections.emptyIterator();

  /** No question is under way longer than this, in nanoseconds. */
  private static final long LONGEST_ANSWER = 10_000_000_000L;

  private final SocketChannel channel;
  private final InetSocketAddress client;
  private final InetSocketAddress local;
  private final Gate gate;
  private final TcpLimits limits;
  private final TimeSource time;
  private final ArrayBlockingQueue<Iterator<byte[]>> replies;
  private final java.util.concurrent.Semaphore room;
  private final Thread reader;
  private final Thread writer;
  private volatile long lastWhole;
  private volatile long writingSince = Long.MAX_VALUE;
  private volatile Runnable gone = () -> {};

  TcpConnection(
      SocketChannel channel,
      InetSocketAddress client,
      InetSocketAddress local,
      Gate gate,
      TcpLimits limits,
      TimeSource time) {
    this.channel = channel;
    this.client = client;
    this.local = local;
    this.gate = gate;
    this.limits = limits;
    this.time = time;
    this.replies = new ArrayBlockingQueue<>(limits.pipeline() + 1);
    this.room = new java.util.concurrent.Semaphore(limits.pipeline());
    this.lastWhole = time.now();
    this.reader = Thread.ofVirtual().name("dns-tcp-read").unstarted(this::read);
    this.writer = Thread.ofVirtual().name("dns-tcp-write").unstarted(this::write);
  }

  void start(Runnable whenGone) {
    gone = whenGone;
    writer.start();
    reader.start();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "service=dns closing a connection failed", e);
    }
    reader.interrupt();
    writer.interrupt();
  }

  void join() throws InterruptedException {
    reader.join(1_000);
    writer.join(1_000);
  }

  /** Since when there has been no whole question or reply; never, while a question is under way. */
  long idleSince() {
    return room.availablePermits() < limits.pipeline() ? Long.MAX_VALUE : lastWhole;
  }

  /** Closes it if it is idle, dribbles, or does not take its replies. */
  void reap(long now) {
    boolean waits = room.availablePermits() < limits.pipeline();
    long patience = limits.idle().toNanos() + (waits ? LONGEST_ANSWER : 0);
    boolean idle = now - lastWhole > patience;
    boolean stuck = writingSince < now && now - writingSince > limits.write().toNanos();
    if (idle || stuck) {
      close();
    }
  }

  private void read() {
    var length = ByteBuffer.allocate(2);
    var view = new MessageView();
    try {
      while (fill(length)) {
        var message = ByteBuffer.allocate(length.getShort(0) & 0xFFFF);
        if (!fill(message)) {
          return;
        }
        lastWhole = time.now();
        room.acquire();
        switch (gate.handle(view, message.flip(), client, local, Transport.TCP, this::queue)) {
          case Handled.Reply(var reply) -> queue(reply);
          case Handled.Sequence(var messages) -> queue(messages);
          case Handled.Later() -> {} // its place stays taken until the reply has left
          case Handled.Silence() -> room.release();
        }
        length.clear();
      }
      room.acquire(limits.pipeline()); // the client has said all; wait until all is answered
      replies.add(END);
      writer.join();
    } catch (IOException | InterruptedException e) {
      LOG.log(Level.DEBUG, "service=dns a connection ended", e);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "service=dns a connection was closed because answering failed", e);
    } finally {
      close();
      gone.run();
    }
  }

  /** Never blocks: each reply has a place kept in the queue since its question was read. */
  private void queue(byte[] message) {
    queue(List.of(message).iterator());
  }

  private void queue(Iterator<byte[]> messages) {
    if (!replies.offer(messages)) {
      close();
    }
  }

  private void write() {
    try {
      for (var next = replies.take(); next != END; next = replies.take()) {
        while (next.hasNext()) {
          var message = next.next();
          var framed = ByteBuffer.allocate(message.length + 2);
          framed.putShort((short) message.length).put(message).flip();
          writingSince = time.now();
          while (framed.hasRemaining()) {
            channel.write(framed);
          }
          writingSince = Long.MAX_VALUE;
          lastWhole = time.now();
        }
        room.release();
      }
    } catch (IOException | InterruptedException e) {
      close();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "service=dns a connection was closed because a reply failed", e);
      close();
    }
  }

  /** Reads until the buffer is full, over as many segments as it takes; false at the end. */
  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    return true;
  }
}
