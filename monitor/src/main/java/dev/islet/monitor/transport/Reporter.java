package dev.islet.monitor.transport;

import dev.islet.monitor.report.Report;
import dev.islet.monitor.report.Run;
import dev.islet.monitor.wire.JsonReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Listens to a running monitor for a while and writes the report of what it told. */
public final class Reporter {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int LONGEST = 32 << 20;

  private Reporter() {}

  /**
   * Writes a report.
   *
   * @param page address of the monitor's page
   * @param time how long to listen
   * @param folder where the files go; made if it is not there
   * @return what speaks against comparing the run with others
   * @throws IOException if the monitor does not answer, or the folder cannot be written
   */
  public static List<String> write(InetSocketAddress page, Duration time, Path folder)
      throws IOException {
    var run = new Run();
    long end = System.nanoTime() + time.toNanos();
    LiveReader.follow(
        page,
        sample -> {
          run.add(sample);
          return System.nanoTime() < end;
        });
    if (run.times().isEmpty()) {
      throw new IOException("the monitor told no sample");
    }
    Files.createDirectories(folder);
    for (var file : new Report(run, voip(page)).files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return run.marks();
  }

  private static Map<String, @Nullable Object> voip(InetSocketAddress page) {
    try (var link = new AdminLink(page, Optional.empty(), LONGEST)) {
      var answer = link.ask("GET", "/api/calls", PATIENCE_MILLIS);
      return answer.status() == 200 ? JsonReader.object(JsonReader.read(answer.text())) : Map.of();
    } catch (IOException | IllegalArgumentException e) {
      return Map.of(); // no calls were measured
    }
  }
}
