package dev.islet.core.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Where the log lines of a process go: standard error, and a file that is rotated by size so that
 * it never fills the card. Only the command line calls this; an embedded server logs through {@link
 * System.Logger} to whatever its host has set up.
 */
public final class Logs {
  private static final int FILE_BYTES = 4 << 20;
  private static final int FILES = 3;

  private Logs() {}

  /** Only warnings and worse, to standard error; for the short-lived commands. */
  public static void quiet() {
    var root = reset();
    root.setLevel(Level.WARNING);
    console(root, Level.WARNING);
  }

  /**
   * Information and worse to {@code <folder>/<name>.log}, and to standard error from the given
   * level on.
   *
   * @param folder made if missing
   * @param name of the file, without ending
   */
  public static void toFolder(Path folder, String name, Level console) throws IOException {
    Files.createDirectories(folder);
    var root = reset();
    root.setLevel(Level.INFO);
    console(root, console);
    var file =
        new FileHandler(folder.resolve(name + ".%g.log").toString(), FILE_BYTES, FILES, true);
    file.setFormatter(new LineFormatter());
    file.setLevel(Level.INFO);
    root.addHandler(file);
  }

  private static Logger reset() {
    LogManager.getLogManager().reset();
    return Logger.getLogger("");
  }

  private static void console(Logger root, Level level) {
    Handler handler = new ConsoleHandler();
    handler.setFormatter(new LineFormatter());
    handler.setLevel(level);
    root.addHandler(handler);
  }
}
