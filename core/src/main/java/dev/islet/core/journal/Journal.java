package dev.islet.core.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * An append-only file of checksummed records: what {@link #commit} has confirmed survives kill -9
 * and a power cut.
 */
public final class Journal implements AutoCloseable {
  /**
   * Opens or creates a journal and replays every intact record, oldest first.
   *
   * @param replay gets each record; the buffer is only valid during the call
   */
  public static Journal open(Path file, Consumer<ByteBuffer> replay) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Appends a record; it is durable once a {@link #commit} that began afterwards has returned. */
  public void append(byte[] record) {
    throw new UnsupportedOperationException();
  }

  /** Makes every record appended so far durable: one write and one fdatasync for all waiting. */
  public void commit() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Atomically replaces the content by a snapshot; the argument's consumer takes its records. */
  public void compact(Consumer<Consumer<byte[]>> snapshot) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Bytes in the file. */
  public long size() {
    return 0;
  }

  /** Records in the file. */
  public long records() {
    return 0;
  }

  /** Commits what was appended and closes the file. */
  @Override
  public void close() {}
}
