package dev.islet.dns.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A time that is known to be past, kept over restarts: one line, an hour apart at least. */
public final class TimeFloor {
  private static final Logger LOG = System.getLogger("islet.dns");

  private final Path file;

  public TimeFloor(Path file) {
    this.file = file;
  }

  /** Seconds since 1970; 0 if nothing readable was kept. */
  public long read() {
    try {
      return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    } catch (IOException | NumberFormatException e) {
      LOG.log(Level.WARNING, "service=dns file=" + file + " is not used: " + e);
      return 0;
    }
  }

  /** Keeps a time; failing that, the old one stays. */
  public void keep(long seconds) {
    var next = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (var channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        channel.write(ByteBuffer.wrap((seconds + "\n").getBytes(StandardCharsets.US_ASCII)));
        channel.force(true);
      }
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=dns file=" + file + " cannot be written: " + e);
    }
  }
}
