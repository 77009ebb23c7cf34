package dev.islet.web.transport;

import dev.islet.core.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;

/** Notes when bytes leave, and when the client stops taking them. */
final class WatchedSink extends AbstractStreamSinkConduit<StreamSinkConduit> {
  private final Connection connection;
  private final TimeSource time;

  WatchedSink(StreamSinkConduit next, Connection connection, TimeSource time) {
    super(next);
    this.connection = connection;
    this.time = time;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    boolean had = from.hasRemaining();
    int n = next.write(from);
    noted(n, had);
    return n;
  }

  @Override
  public long write(ByteBuffer[] from, int at, int count) throws IOException {
    long n = next.write(from, at, count);
    noted(n, true);
    return n;
  }

  @Override
  public int writeFinal(ByteBuffer from) throws IOException {
    boolean had = from.hasRemaining();
    int n = next.writeFinal(from);
    noted(n, had);
    return n;
  }

  @Override
  public long writeFinal(ByteBuffer[] from, int at, int count) throws IOException {
    long n = next.writeFinal(from, at, count);
    noted(n, true);
    return n;
  }

  @Override
  public long transferFrom(FileChannel from, long position, long count) throws IOException {
    long n = next.transferFrom(from, position, count);
    noted(n, count > 0);
    return n;
  }

  @Override
  public long transferFrom(StreamSourceChannel from, long count, ByteBuffer through)
      throws IOException {
    long n = next.transferFrom(from, count, through);
    if (n > 0) {
      noted(n, true);
    }
    return n;
  }

  private void noted(long n, boolean had) {
    if (n > 0) {
      connection.lastWrite = time.now();
      connection.blocked = 0;
    } else if (had && n == 0 && connection.blocked == 0) {
      connection.blocked = time.now();
    }
  }
}
