package dev.islet.web.transport;

import dev.islet.web.wire.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSinkConduit;

/** What is known of one open connection; times are nanoseconds of the time source. */
final class Connection {
  /** Content may come slowly for so long before its rate counts. */
  private static final long GRACE = 20_000_000_000L;

  private final StreamConnection channel;
  private final InetSocketAddress client;
  private final InetSocketAddress server;
  private final boolean tls;
  private final long opened;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();

  volatile long lastRead;
  volatile long lastWrite;

  /** When the client last stopped taking what is sent; 0 while it takes it. */
  volatile long blocked;

  private volatile long lastEnd;
  private volatile boolean tunnel;
  private volatile boolean http2;
  private volatile @Nullable GuardedSource guard;
  private volatile @Nullable StreamSinkConduit plain;
  private volatile Consumer<Refusal> badContent = refusal -> {};

  Connection(
      StreamConnection channel,
      InetSocketAddress client,
      InetSocketAddress server,
      boolean tls,
      long now) {
    this.channel = channel;
    this.client = client;
    this.server = server;
    this.tls = tls;
    this.opened = now;
    this.lastRead = now;
    this.lastWrite = now;
    this.lastEnd = now;
  }

  InetSocketAddress client() {
    return client;
  }

  InetSocketAddress server() {
    return server;
  }

  boolean tls() {
    return tls;
  }

  @Nullable GuardedSource guard() {
    return guard;
  }

  void guard(GuardedSource guard) {
    this.guard = guard;
  }

  /** What to do when the content of the current request turns out malformed. */
  void onBadContent(Consumer<Refusal> act) {
    badContent = act;
  }

  void badContent(Refusal refusal) {
    badContent.accept(refusal);
  }

  /** Writes past Undertow, which closes without an answer when content is malformed. */
  void say(byte[] bytes) {
    var sink = plain;
    if (sink == null) {
      return;
    }
    try {
      sink.write(ByteBuffer.wrap(bytes));
      sink.flush();
    } catch (IOException e) {
      close(); // nobody to tell
    }
  }

  void plain(StreamSinkConduit sink) {
    plain = sink;
  }

  void begin() {
    running.incrementAndGet();
    requests.incrementAndGet();
  }

  void end(long now) {
    lastEnd = now;
    running.decrementAndGet();
  }

  int running() {
    return running.get();
  }

  /** From here on the bytes are not HTTP/1 requests: a WebSocket. */
  void tunnel() {
    tunnel = true;
    var guarding = guard;
    if (guarding != null) {
      guarding.stepAside();
    }
  }

  /** From here on the bytes are frames of HTTP/2. */
  void http2() {
    http2 = true;
  }

  boolean isTunnel() {
    return tunnel;
  }

  void close() {
    channel.getIoThread().execute(() -> IoUtils.safeClose(channel));
  }

  /** Why this connection has been borne long enough; null if it has not. */
  @Nullable String overdue(long now, ConnectionLimits limits) {
    long idle = limits.idle().toNanos();
    long quiet = now - Math.max(lastRead, lastWrite);
    if (tunnel) {
      return quiet > limits.tunnel().toNanos() ? "the WebSocket was idle" : null;
    }
    long stuck = blocked;
    if (stuck != 0 && now - stuck > idle) {
      return "the client does not take what is sent";
    }
    var guarding = guard;
    if (running.get() > 0) {
      return guarding == null
          ? quiet > Math.max(idle, limits.tunnel().toNanos()) ? "nothing moved" : null
          : guarding.slow(now, idle, GRACE, limits.minRate());
    }
    long begun = guarding == null ? 0 : guarding.headSince();
    long head = limits.head().toNanos();
    if (begun != 0 && now - begun > head) {
      return "the request's head did not arrive in time";
    }
    if (requests.get() == 0) {
      return now - opened > (http2 ? idle : head) ? "no request arrived in time" : null;
    }
    return now - lastEnd > idle ? "idle between requests" : null;
  }
}
