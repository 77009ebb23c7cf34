package dev.islet.core.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** The new content of a journal while it is written beside it. */
final class Snapshot implements Consumer<byte[]> {
  final Path path;
  final RandomAccessFile io;
  final ByteArrayOutputStream buffer = new ByteArrayOutputStream(1 << 16);
  long size;
  long records;

  Snapshot(Path path) throws IOException {
    this.path = path;
    Files.deleteIfExists(path); // of an attempt that failed
    io = new RandomAccessFile(path.toFile(), "rw");
    buffer.writeBytes(JournalFormat.header());
  }

  @Override
  public void accept(byte[] record) {
    if (record.length > Journal.MAX_RECORD) {
      throw new IllegalArgumentException(
          "a record of " + record.length + " bytes is longer than " + Journal.MAX_RECORD);
    }
    buffer.writeBytes(JournalFormat.head(record));
    buffer.writeBytes(record);
    records++;
    if (buffer.size() > 1 << 20) {
      try {
        drain();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void drain() throws IOException {
    io.write(buffer.toByteArray());
    size += buffer.size();
    buffer.reset();
  }

  void finish() throws IOException {
    drain();
    io.getFD().sync();
  }

  void abandon() throws IOException {
    io.close();
    Files.deleteIfExists(path);
  }
}
