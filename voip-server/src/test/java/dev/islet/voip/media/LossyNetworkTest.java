package dev.islet.voip.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * What the meter says of known networks, as a table that was looked over by a person. A change of
 * the table is a change of what users see: look it over again, then put it into the file.
 */
class LossyNetworkTest {
  private static final double[][] NETWORKS = {
    // loss %, late %, twice %, jitter ms
    {0, 0, 0, 0},
    {0, 0, 0, 5},
    {0, 0, 0, 19},
    {1, 0, 0, 2},
    {5, 0, 0, 2},
    {20, 0, 0, 2},
    {0, 2, 0, 2},
    {0, 0, 2, 2},
    {3, 3, 3, 10},
  };

  @Test
  void the_table_of_networks_is_as_reviewed() throws IOException {
    var table = new StringBuilder();
    line(
        table,
        "%6s %6s %6s %6s | %6s %6s %6s %6s %6s %6s | %6s %6s %7s %5s",
        "loss%",
        "late%",
        "twice%",
        "jitter",
        "packet",
        "lost",
        "lost%",
        "missed",
        "double",
        "late",
        "mean J",
        "max J",
        "max gap",
        "MOS");
    for (var n : NETWORKS) {
      var tape = RtpTape.network(new Random(20), 3_000, n[0], n[1], n[2], n[3]);
      var q = tape.measured();
      var jitter = q.jitter().orElseThrow();
      line(
          table,
          "%6.0f %6.0f %6.0f %6.0f | %6d %6d %6.2f %6d %6d %6d | %6.2f %6.2f %7.2f %5.2f",
          n[0],
          n[1],
          n[2],
          n[3],
          q.packets(),
          q.loss().lost(),
          q.loss().percent(),
          q.loss().missing(),
          q.loss().duplicates(),
          q.loss().reordered(),
          jitter.mean(),
          jitter.max(),
          q.delta().max(),
          q.mos().orElseThrow());
    }
    try (var reviewed = LossyNetworkTest.class.getResourceAsStream("/rtp-networks.txt")) {
      assertThat(reviewed).as("rtp-networks.txt, should be:%n%s", table).isNotNull();
      assertThat(table.toString()).isEqualTo(new String(reviewed.readAllBytes(), UTF_8));
    }
  }

  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
