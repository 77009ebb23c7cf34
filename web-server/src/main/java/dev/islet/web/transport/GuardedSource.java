package dev.islet.web.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.web.wire.MessageScanner;
import dev.islet.web.wire.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Stands between the network and Undertow's reader of HTTP/1. A head is gathered until it is
 * complete and found good; only then does Undertow see its first byte. It never sees a byte of the
 * next request with this one, so its own ideas of where a message ends do not matter.
 *
 * <p>For a head that is refused it is given a harmless request instead, so that the answer takes
 * its turn behind those under way; the front handler asks {@link #refusal()} and answers that.
 * Content that is not well-formed ends in an {@link IOException} for whoever reads it.
 */
final class GuardedSource extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private static final byte[] STAND_IN =
      "GET / HTTP/1.1\r\nHost: refused.invalid\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOTHING = {};
  private static final int CHUNK = 4096;

  private final MessageScanner scanner;
  private final TimeSource time;
  private final Connection connection;
  private final boolean http2Allowed;

  /** Bytes that were read from the network and not scanned. */
  private byte[] waiting = NOTHING;

  private int waitingAt;
  private int waitingEnd;

  /** Bytes that were scanned and not handed on. */
  private byte[] ready = NOTHING;

  private int readyAt;
  private boolean aside;
  private volatile @Nullable Refusal refusal;
  private volatile byte[] refused = NOTHING;
  private volatile long headSince;
  private volatile long contentSince;
  private volatile long contentBytes;
  private volatile boolean starving;

  GuardedSource(
      StreamSourceConduit next,
      MessageScanner scanner,
      TimeSource time,
      Connection connection,
      boolean http2Allowed) {
    super(next);
    this.scanner = scanner;
    this.time = time;
    this.connection = connection;
    this.http2Allowed = http2Allowed;
  }

  /** Gives bytes that were read from the network before this stood here. */
  void prepend(ByteBuffer bytes) {
    waiting = new byte[bytes.remaining()];
    bytes.get(waiting);
    waitingAt = 0;
    waitingEnd = waiting.length;
  }

  /** Why the current request is to be refused; null if it is not. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  /** The first bytes of what was refused. */
  byte[] refusedBytes() {
    return refused;
  }

  /** Since when a head has been arriving; 0 if none is. */
  long headSince() {
    return headSince;
  }

  /**
   * Why content that is arriving is too slow; null if it is not, or if it is not the client's
   * fault.
   */
  @Nullable String slow(long now, long idle, long grace, long minRate) {
    long since = contentSince;
    if (since == 0 || !starving) {
      return null;
    }
    if (now - connection.lastRead > idle) {
      return "the content stopped arriving";
    }
    long took = now - since;
    return took > grace && contentBytes < minRate * (took / 1_000_000_000L)
        ? "the content arrives with less than " + minRate + " bytes a second"
        : null;
  }

  /** What comes from now on is no HTTP/1. */
  void stepAside() {
    aside = true;
    headSince = 0;
    contentSince = 0;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (readyAt < ready.length) {
      return handOn(into);
    }
    if (aside) {
      return waitingAt < waitingEnd ? drainWaiting(into) : next.read(into);
    }
    if (refusal != null) {
      if (!scanner.inHead() && contentSince != 0) {
        throw new IOException(refusal.why());
      }
      return discard(into);
    }
    return scanner.inHead() ? head(into) : content(into);
  }

  private int handOn(ByteBuffer into) {
    int n = Math.min(into.remaining(), ready.length - readyAt);
    into.put(ready, readyAt, n);
    readyAt += n;
    if (readyAt == ready.length) {
      ready = NOTHING;
      readyAt = 0;
    }
    return n;
  }

  private int drainWaiting(ByteBuffer into) {
    int n = Math.min(into.remaining(), waitingEnd - waitingAt);
    into.put(waiting, waitingAt, n);
    waitingAt += n;
    return n;
  }

  /** What follows a refused head is read and thrown away, so that the answer is not lost. */
  private int discard(ByteBuffer into) throws IOException {
    int at = into.position();
    int n = next.read(into);
    into.position(at);
    return Math.min(n, 0);
  }

  private int head(ByteBuffer into) throws IOException {
    contentSince = 0;
    while (true) {
      if (waitingAt == waitingEnd) {
        int n = refill();
        if (n <= 0) {
          if (n == 0 && scanner.headBegun() && headSince == 0) {
            headSince = time.now();
          }
          return n;
        }
      }
      waitingAt += scanner.head(waiting, waitingAt, waitingEnd - waitingAt);
      if (scanner.headComplete()) {
        headSince = 0;
        return complete(into);
      }
    }
  }

  private int complete(ByteBuffer into) {
    var why = scanner.refusal().orElse(null);
    if (why == null && scanner.isHttp2() && !http2Allowed) {
      why = new Refusal(505, "HTTP/2 without TLS is not on here (RFC 9113 section 3.3)");
    }
    if (why != null) {
      refused = scanner.headBytes();
      refusal = why;
      ready = STAND_IN;
    } else {
      ready = scanner.headBytes();
      if (scanner.isHttp2()) {
        connection.http2();
        aside = true;
      }
    }
    readyAt = 0;
    scanner.forgetHead();
    if (!scanner.inHead() && refusal == null) {
      contentSince = time.now();
      contentBytes = 0;
    }
    return handOn(into);
  }

  private int content(ByteBuffer into) throws IOException {
    if (waitingAt == waitingEnd) {
      int n = refill();
      if (n <= 0) {
        starving = n == 0;
        return n;
      }
    }
    starving = false;
    int most = Math.min(waitingEnd - waitingAt, into.remaining());
    int taken = scanner.content(waiting, waitingAt, most);
    into.put(waiting, waitingAt, taken);
    waitingAt += taken;
    contentBytes += taken;
    if (scanner.inHead()) {
      contentSince = 0;
    }
    var why = scanner.refusal().orElse(null);
    if (why != null) {
      refusal = why;
      refused = ("content: " + why.why()).getBytes(StandardCharsets.UTF_8);
      connection.badContent(why);
      // What lies unread when a socket closes takes the answer with it.
      var rest = ByteBuffer.allocate(CHUNK);
      for (int i = 0; i < 16 && next.read(rest.clear()) > 0; i++) {
        rest.clear();
      }
      throw new IOException(why.why());
    }
    return taken;
  }

  private int refill() throws IOException {
    if (waiting.length < CHUNK) {
      waiting = new byte[CHUNK];
    }
    waitingAt = 0;
    waitingEnd = 0;
    int n = next.read(ByteBuffer.wrap(waiting));
    waitingEnd = Math.max(n, 0);
    if (waitingEnd == 0 && !scanner.headBegun() && scanner.inHead()) {
      waiting = NOTHING; // a resting connection holds no buffer
    }
    return n;
  }

  @Override
  public long read(ByteBuffer[] into, int from, int count) throws IOException {
    long total = 0;
    for (int i = from; i < from + count; i++) {
      while (into[i].hasRemaining()) {
        int n = read(into[i]);
        if (n <= 0) {
          return total == 0 ? n : total;
        }
        total += n;
      }
    }
    return total;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
  }

  @Override
  public void resumeReads() {
    if (hasBytes()) {
      next.wakeupReads();
    } else {
      next.resumeReads();
    }
  }

  @Override
  public void awaitReadable() throws IOException {
    if (!hasBytes()) {
      next.awaitReadable();
    }
  }

  @Override
  public void awaitReadable(long duration, TimeUnit unit) throws IOException {
    if (!hasBytes()) {
      next.awaitReadable(duration, unit);
    }
  }

  private boolean hasBytes() {
    return readyAt < ready.length || waitingAt < waitingEnd;
  }
}
