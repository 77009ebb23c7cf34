package dev.islet.dns.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Handled;
import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.MessageView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;

/**
 * One connection of a client: a reading and a writing virtual thread with a bounded queue between
 * them. Replies leave in the order they get ready (RFC 7766 section 7); those of the fast lane
 * together, for all questions that came together, from the reading thread if nothing else waits.
 *
 * <p>Reading stops while as many questions are under way as the pipeline allows, so that the
 * client's own send buffer holds it back.
 */
final class TcpConnection {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final Iterator<ByteBuffer> END = Collections.emptyIterator();

  private static final byte[] NOTHING = new byte[0];

  /** Room for some questions; more only while one is larger. */
  private static final int IN = 2_048;

  /** Replies of the fast lane leave together up to about this. */
  private static final int OUT = 16_384;

  /** No question is under way longer than this, in nanoseconds. */
  private static final long LONGEST_ANSWER = 10_000_000_000L;

  private final SocketChannel channel;
  private final InetSocketAddress client;
  private final InetSocketAddress local;
  private final Gate gate;
  private final FastPasses passes;
  private final ClientAddress address;
  private final MessageView view = new MessageView();
  private final TcpLimits limits;
  private final TimeSource time;
  private final ArrayBlockingQueue<Iterator<ByteBuffer>> replies;
  private final java.util.concurrent.Semaphore room;
  private final ReplyTo back = ReplyTo.of(this::queue, this::nothing);
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
      FastPasses passes,
      TcpLimits limits,
      TimeSource time) {
    this.address = ClientAddress.of(client.getAddress());
    this.passes = passes;
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
    var in = ByteBuffer.allocate(IN);
    try {
      while (channel.read(in) >= 0) {
        in.flip();
        answer(in);
        in = rest(in);
      }
      if (in.position() > 0) {
        return; // the last message is not whole
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

  /** Answers all messages that are whole: in a row those that the fast lane knows, others alone. */
  private void answer(ByteBuffer in) throws IOException, InterruptedException {
    while (isWhole(in)) {
      lastWhole = time.now();
      var ready = fast(in);
      if (ready.length > 0) {
        room.acquire();
        send(ready);
      } else if (isWhole(in)) {
        int size = in.getShort() & 0xFFFF;
        var message = in.slice(in.position(), size);
        in.position(in.position() + size);
        room.acquire();
        slow(message);
      }
    }
  }

  private static boolean isWhole(ByteBuffer in) {
    return in.remaining() >= 2 && in.remaining() >= 2 + (in.getShort(in.position()) & 0xFFFF);
  }

  /** What is left for the next time, with room for all of the message that it begins. */
  private static ByteBuffer rest(ByteBuffer in) {
    int needed = in.remaining() < 2 ? IN : Math.max(IN, 2 + (in.getShort(in.position()) & 0xFFFF));
    return needed == in.capacity() ? in.compact() : ByteBuffer.allocate(needed).put(in);
  }

  /**
   * The framed replies to the next messages, up to one that is for the slow lane; none if that is
   * the first.
   */
  private byte[] fast(ByteBuffer in) {
    var pass = passes.take();
    try {
      var out = NOTHING;
      int filled = 0;
      while (filled < OUT && isWhole(in)) {
        int size = in.getShort(in.position()) & 0xFFFF;
        if (size > FastPass.QUESTION_BYTES) {
          break;
        }
        in.get(in.position() + 2, pass.question(0), 0, size);
        pass.read(0, size, address.high(), address.low());
        int bytes = pass.answer(0);
        if (bytes < 0) {
          break;
        }
        in.position(in.position() + 2 + size);
        if (bytes > 0) {
          if (filled + 2 + bytes > out.length) {
            out = Arrays.copyOf(out, Math.max(Math.max(512, 2 * out.length), filled + 2 + bytes));
          }
          out[filled] = (byte) (bytes >> 8);
          out[filled + 1] = (byte) bytes;
          System.arraycopy(pass.reply(), 0, out, filled + 2, bytes);
          filled += 2 + bytes;
        }
      }
      return filled == out.length ? out : Arrays.copyOf(out, filled);
    } finally {
      passes.giveBack(pass);
    }
  }

  private void slow(ByteBuffer message) {
    switch (gate.handle(view, message, client, local, Transport.TCP, back)) {
      case Handled.Reply(var reply) -> queue(reply);
      case Handled.Sequence(var messages) -> queue(messages);
      case Handled.Later() -> {} // its place stays taken until the reply has left
      case Handled.Silence() -> nothing();
    }
  }

  /** Writes at once if nothing else waits to leave: that spares waking the other thread. */
  private void send(byte[] framed) throws IOException {
    var bytes = ByteBuffer.wrap(framed);
    if (room.availablePermits() < limits.pipeline() - 1) {
      offer(List.of(bytes).iterator());
    } else {
      write(bytes);
      room.release();
    }
  }

  /** A question has no reply: its place is free. */
  private void nothing() {
    room.release();
  }

  private void queue(byte[] message) {
    offer(List.of(framed(message)).iterator());
  }

  private void queue(Iterator<byte[]> messages) {
    offer(
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return messages.hasNext();
          }

          @Override
          public ByteBuffer next() {
            return framed(messages.next());
          }
        });
  }

  private static ByteBuffer framed(byte[] message) {
    var framed = ByteBuffer.allocate(message.length + 2);
    return framed.putShort((short) message.length).put(message).flip();
  }

  /** Never blocks: each reply has a place kept in the queue since its question was read. */
  private void offer(Iterator<ByteBuffer> framed) {
    if (!replies.offer(framed)) {
      close();
    }
  }

  private void write() {
    try {
      for (var next = replies.take(); next != END; next = replies.take()) {
        while (next.hasNext()) {
          write(next.next());
        }
        room.release();
      }
    } catch (IOException | InterruptedException | CancellationException e) {
      close();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "service=dns a connection was closed because a reply failed", e);
      close();
    }
  }

  private void write(ByteBuffer framed) throws IOException {
    writingSince = time.now();
    while (framed.hasRemaining()) {
      channel.write(framed);
    }
    writingSince = Long.MAX_VALUE;
    lastWhole = time.now();
  }
}
