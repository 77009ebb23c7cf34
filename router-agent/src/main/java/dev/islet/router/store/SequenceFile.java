package dev.islet.router.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps the bound of RIP sequence numbers over restarts (RFC 4822 section 3.2.2): a neighbour
 * refuses messages whose number went back, and a board without a battery-backed clock cannot take
 * the number from the time.
 */
public final class SequenceFile {
  private final Path file;

  /**
   * @param folder of the service's state; made when first needed
   */
  public SequenceFile(Path folder) {
    this.file = folder.resolve("rip-sequence");
  }

  /** The bound kept last; 0 if there is none or it cannot be read as a number. */
  public long read() throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(Files.readString(file).strip()) & 0xFFFF_FFFFL;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Keeps a bound, whole or not at all. */
  public void write(long bound) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var aside = file.resolveSibling("rip-sequence.new");
    try (var out =
        java.nio.channels.FileChannel.open(
            aside,
            java.nio.file.StandardOpenOption.CREATE,
            java.nio.file.StandardOpenOption.TRUNCATE_EXISTING,
            java.nio.file.StandardOpenOption.WRITE)) {
      out.write(
          java.nio.ByteBuffer.wrap(
              (bound + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      out.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
