package dev.islet.voip.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * A file of lines that begins anew before it grows too big: {@code calls.csv}, then {@code
 * calls.1.csv} and so on for older ones, the oldest deleted. Not thread-safe.
 */
final class LineLog implements AutoCloseable {
  /** How much of a file's end is read to find its last line. */
  private static final int TAIL = 64 * 1024;

  private final Path folder;
  private final String name;
  private final String suffix;
  private final String head;
  private final long maxBytes;
  private final int olderFiles;
  private FileChannel file;

  /**
   * Opens or creates the file; a last line that was cut by a crash is removed.
   *
   * @param head written as the first line of each file, if not empty
   */
  LineLog(Path folder, String name, String suffix, String head, long maxBytes, int olderFiles)
      throws IOException {
    this.folder = folder;
    this.name = name;
    this.suffix = suffix;
    this.head = head;
    this.maxBytes = maxBytes;
    this.olderFiles = olderFiles;
    Files.createDirectories(folder);
    this.file = reopen();
  }

  private Path path(int age) {
    return folder.resolve(name + (age == 0 ? "" : "." + age) + suffix);
  }

  private FileChannel reopen() throws IOException {
    var channel =
        FileChannel.open(
            path(0), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      var tail = tail(channel);
      int cut = tail.length() - tail.lastIndexOf('\n') - 1;
      // Only the last part is decoded; a line longer than that is not one of ours.
      channel.truncate(channel.size() - tail.substring(tail.length() - cut).getBytes(UTF_8).length);
      channel.position(channel.size());
      if (channel.size() == 0 && !head.isEmpty()) {
        write(channel, head);
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String tail(FileChannel channel) throws IOException {
    long from = Math.max(0, channel.size() - TAIL);
    var bytes = ByteBuffer.allocate((int) (channel.size() - from));
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
      continue;
    }
    return new String(bytes.array(), 0, bytes.position(), UTF_8);
  }

  /** The number of the last line that has one, in this file or the one before it. */
  OptionalLong lastNumber(Function<String, OptionalLong> number) throws IOException {
    for (int age = 0; age < 2; age++) {
      if (!Files.exists(path(age))) {
        continue;
      }
      try (var channel = FileChannel.open(path(age), StandardOpenOption.READ)) {
        var last = tail(channel).lines().map(number).filter(OptionalLong::isPresent);
        var found = last.reduce((_, later) -> later);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    return OptionalLong.empty();
  }

  /** Appends a line; the system has it when this returns, the disk a little later. */
  void append(String line) throws IOException {
    if (file.size() > 0 && file.size() + line.length() >= maxBytes) {
      rotate();
    }
    write(file, line);
  }

  private void rotate() throws IOException {
    file.force(false);
    file.close();
    for (int age = olderFiles; age > 0; age--) {
      if (Files.exists(path(age - 1))) {
        Files.move(path(age - 1), path(age), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    file = reopen();
  }

  private static void write(FileChannel channel, String line) throws IOException {
    var bytes = ByteBuffer.wrap((line + "\n").getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Waits until the disk has everything. */
  void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
