package dev.islet.monitor.transport;

import dev.islet.monitor.report.Report;
import dev.islet.monitor.report.Run;
import dev.islet.monitor.wire.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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
    listen(page, time, run);
    if (run.times().isEmpty()) {
      throw new IOException("the monitor told no sample");
    }
    Files.createDirectories(folder);
    for (var file : new Report(run, voip(page)).files().entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return run.marks();
  }

  private static void listen(InetSocketAddress page, Duration time, Run run) throws IOException {
    try (var link = new AdminLink(page, Optional.empty(), LONGEST);
        var lines =
            new BufferedReader(
                new InputStreamReader(
                    link.stream("/api/live", PATIENCE_MILLIS), StandardCharsets.UTF_8))) {
      long end = System.nanoTime() + time.toNanos();
      boolean sample = false;
      for (var line = lines.readLine();
          line != null && System.nanoTime() < end;
          line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          sample = line.equals("event: sample");
        } else if (sample && line.startsWith("data: ")) {
          run.add(JsonReader.object(JsonReader.read(line.substring("data: ".length()))));
        }
      }
    }
  }

  private static Map<String, @Nullable Object> voip(InetSocketAddress page) {
    try (var link = new AdminLink(page, Optional.empty(), LONGEST)) {
      var answer = link.ask("GET", "/api/calls", PATIENCE_MILLIS);
      return answer.status() == 200
          ? JsonReader.object(JsonReader.read(answer.text()))
          : Map.of();
    } catch (IOException | IllegalArgumentException e) {
      return Map.of(); // no calls were measured
    }
  }
}
