package dev.islet.monitor.transport;

import dev.islet.monitor.wire.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Follows the samples of a running monitor, as the page does. */
public final class LiveReader {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int LONGEST = 32 << 20;

  private LiveReader() {}

  /**
   * Hands on each sample as it comes.
   *
   * @param page address of the monitor's page
   * @param each is given a sample, and says whether it wants another
   * @throws IOException if the monitor does not answer, or no longer
   */
  public static void follow(InetSocketAddress page, Predicate<Map<String, @Nullable Object>> each)
      throws IOException {
    try (var link = new AdminLink(page, Optional.empty(), LONGEST);
        var lines =
            new BufferedReader(
                new InputStreamReader(
                    link.stream("/api/live", PATIENCE_MILLIS), StandardCharsets.UTF_8))) {
      boolean sample = false;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("event: ")) {
          sample = line.equals("event: sample");
        } else if (sample && line.startsWith("data: ")) {
          try {
            if (!each.test(JsonReader.object(JsonReader.read(line.substring("data: ".length()))))) {
              return;
            }
          } catch (IllegalArgumentException e) {
            throw new IOException("this is no monitor: " + e.getMessage(), e);
          }
        }
      }
      throw new IOException("the monitor has stopped");
    }
  }
}
