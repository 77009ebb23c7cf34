package dev.islet.web.transport;

import dev.islet.core.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.StreamSourceConduit;

/** Notes when bytes arrive. */
final class WatchedSource extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private final Connection connection;
  private final TimeSource time;

  WatchedSource(StreamSourceConduit next, Connection connection, TimeSource time) {
    super(next);
    this.connection = connection;
    this.time = time;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int n = next.read(into);
    if (n > 0) {
      connection.lastRead = time.now();
    }
    return n;
  }

  @Override
  public long read(ByteBuffer[] into, int from, int count) throws IOException {
    long n = next.read(into, from, count);
    if (n > 0) {
      connection.lastRead = time.now();
    }
    return n;
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
}
