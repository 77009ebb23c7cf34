package dev.islet.dns.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

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
    try {
      WholeFile.write(file, seconds + "\n");
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=dns file=" + file + " cannot be written: " + e);
    }
  }
}
