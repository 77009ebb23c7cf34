package dev.islet.router.store;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.config.Key;
import dev.islet.core.engine.Recorder;
import dev.islet.core.trace.Json;
import dev.islet.router.hub.RouterInput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came in, one JSON object a line: given to a new engine in the same order it replays, as a
 * bug report or a test. Writing stops at a size, so that a forgotten recording fills no card.
 */
public final class InputLog implements Recorder<RouterInput>, AutoCloseable {
  /** Where writing stops, in characters. */
  public static final long LIMIT = 64L << 20;

  private static final Logger LOG = System.getLogger("islet.router");

  /**
   * One line.
   *
   * @param at nanoseconds of the engine's clock
   * @param input what came in
   */
  public record Line(
      @Key("nanoseconds of the engine's clock") long at, @Key("what came in") RouterInput input) {}

  private final Path file;
  private @Nullable BufferedWriter out;
  private long written;

  private InputLog(Path file, BufferedWriter out) {
    this.file = file;
    this.out = out;
  }

  /** Begins a recording, instead of an older one in that file. */
  public static InputLog create(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    return new InputLog(file, Files.newBufferedWriter(file));
  }

  @Override
  public void record(long now, RouterInput event) {
    if (out == null) {
      return;
    }
    var text =
        event instanceof RouterInput.Configured
            ? "# the configuration changed here; a replay goes on with the old one\n"
            : Json.write(line(now, event)) + "\n";
    try {
      out.write(text);
      out.flush();
      written += text.length();
      if (written > LIMIT) {
        LOG.log(Level.WARNING, "service=router file=" + file + " the recording is full and ends");
        close();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "service=router file=" + file + " the recording ends: " + e);
      out = null;
    }
  }

  private static Map<String, Object> line(long now, RouterInput event) {
    var kind =
        event
            .getClass()
            .getSimpleName()
            .replaceAll("([a-z])([A-Z])", "$1-$2")
            .toLowerCase(Locale.ROOT);
    var line = new LinkedHashMap<String, Object>();
    line.put("at", now);
    line.put("input", Map.of(kind, event));
    return line;
  }

  /**
   * Reads a recording.
   *
   * @throws dev.islet.core.config.ConfigException where a line is no input
   */
  public static List<Line> read(Path file) throws IOException {
    var lines = new ArrayList<Line>();
    for (var text : Files.readAllLines(file)) {
      if (!text.startsWith("#")) {
        lines.add(ConfigFile.parse(text, file, Line.class, Map.of()));
      }
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    var open = out;
    out = null;
    if (open != null) {
      open.close();
    }
  }
}
