package dev.islet.web.transport;

import dev.islet.web.route.Entry;
import dev.islet.web.route.FileAnswer;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;

/**
 * Sends the pieces of an answer one after the other, as fast as the client takes them: files go
 * from the disk to the socket without passing through this process where the system can do that.
 */
final class FileSender implements ChannelListener<StreamSinkChannel> {
  /**
   * So much of a file goes through memory first. While the head is not out Undertow's channel takes
   * a file from the file's own position, whatever position it is told; behind bytes it does not.
   */
  private static final int FIRST = 16 << 10;

  /** Opens a file that was found. */
  @FunctionalInterface
  public interface Opener {
    FileChannel open(Entry file) throws IOException;
  }

  private final HttpServerExchange exchange;
  private final Iterator<FileAnswer.Piece> pieces;
  private final Opener opener;
  private @Nullable ByteBuffer memory;
  private @Nullable FileChannel file;
  private long at;
  private long end;
  private boolean headOut;

  private FileSender(HttpServerExchange exchange, FileAnswer answer, Opener opener) {
    this.exchange = exchange;
    this.pieces = answer.content().iterator();
    this.opener = opener;
  }

  /** Sends an answer; the exchange ends when the last byte is out. */
  static void send(HttpServerExchange exchange, FileAnswer answer, Opener opener) {
    exchange.setStatusCode(answer.status());
    Exchange.put(answer.headers(), exchange.getResponseHeaders());
    if (answer.status() == 304 || answer.status() == 204) {
      exchange.endExchange();
      return;
    }
    exchange.setResponseContentLength(answer.length());
    if (exchange.getRequestMethod().toString().equals("HEAD")) {
      exchange.endExchange();
    } else if (answer.content().size() == 1
        && answer.content().getFirst()
            instanceof FileAnswer.Piece.Memory(var bytes, int offset, int count)) {
      exchange.getResponseSender().send(ByteBuffer.wrap(bytes, offset, count));
    } else {
      var sender = new FileSender(exchange, answer, opener);
      if (sender.openFirst()) {
        sender.handleEvent(exchange.getResponseChannel());
      }
    }
  }

  /** While the head is not sent a file that cannot be opened can still be told. */
  private boolean openFirst() {
    try {
      advance();
      return true;
    } catch (IOException e) {
      exchange.getResponseHeaders().clear();
      Answers.error(exchange, 404, "The file went away.");
      return false;
    }
  }

  private boolean advance() throws IOException {
    closeFile();
    memory = null;
    if (!pieces.hasNext()) {
      return false;
    }
    switch (pieces.next()) {
      case FileAnswer.Piece.Memory(var bytes, int offset, int count) ->
          memory = ByteBuffer.wrap(bytes, offset, count);
      case FileAnswer.Piece.Slice(var entry, long offset, long count) -> {
        file = opener.open(entry);
        at = offset;
        end = offset + count;
        if (!headOut) {
          memory = first();
        }
      }
    }
    return true;
  }

  private ByteBuffer first() throws IOException {
    var from = java.util.Objects.requireNonNull(file);
    var bytes = ByteBuffer.allocate((int) Math.min(FIRST, end - at));
    while (bytes.hasRemaining()) {
      int n = from.read(bytes, at);
      if (n < 0) {
        throw new IOException("the file became shorter before it was sent");
      }
      at += n;
    }
    return bytes.flip();
  }

  @Override
  public void handleEvent(StreamSinkChannel channel) {
    try {
      while (true) {
        if (!step(channel)) {
          channel.getWriteSetter().set(this);
          channel.resumeWrites();
          return;
        }
        if (done() && !advance()) {
          finish(channel);
          return;
        }
      }
    } catch (IOException e) {
      closeFile();
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  private boolean done() {
    var bytes = memory;
    return (bytes == null || !bytes.hasRemaining()) && at == end;
  }

  /** Writes some; false if the client takes no more for now. */
  private boolean step(StreamSinkChannel channel) throws IOException {
    var bytes = memory;
    if (bytes != null && bytes.hasRemaining()) {
      int n = channel.write(bytes);
      headOut |= n > 0;
      return n > 0;
    }
    var from = file;
    if (from == null || at == end) {
      return true;
    }
    long n = channel.transferFrom(from, at, end - at);
    if (n <= 0 && from.size() <= at) {
      throw new IOException("the file became shorter while it was sent");
    }
    at += Math.max(n, 0);
    return n > 0;
  }

  private void finish(StreamSinkChannel channel) throws IOException {
    closeFile();
    channel.shutdownWrites();
    if (!channel.flush()) {
      channel
          .getWriteSetter()
          .set(
              ChannelListeners.flushingChannelListener(
                  null,
                  (StreamSinkChannel c, IOException e) ->
                      IoUtils.safeClose(exchange.getConnection())));
      channel.resumeWrites();
    }
  }

  private void closeFile() {
    IoUtils.safeClose(file);
    file = null;
  }
}
