package dev.islet.monitor.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.series.History;
import dev.islet.monitor.series.History.Step;
import dev.islet.testkit.ChildJvm;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {
  private static final long START = 1_764_000_000_000L / 900_000 * 900_000;

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("history");
  }

  private static History history(String... keys) {
    var history = new History();
    for (var key : keys) {
      assertThat(history.index(new History.Name(key, key, "%"))).isPresent();
    }
    return history;
  }

  /** Minutes of one value a second that is the number of the minute. */
  private static void measure(History history, HistoryFile file, int from, int minutes) {
    for (int second = from * 60; second < (from + minutes) * 60; second++) {
      history.add(START + second * 1000L, new float[] {second / 60, Float.NaN}, file::add);
    }
  }

  private static List<Double> minutes(History history, int upTo) {
    return history.span(Step.MINUTE, List.of("a"), START + upTo * 60_000L).series().get("a");
  }

  @Test
  void what_was_measured_is_there_after_a_restart() throws Exception {
    var history = history("a", "b");
    try (var file = HistoryFile.open(file(), history)) {
      measure(history, file, 0, 60);
      history.finish(file::add);
    }
    var again = new History();
    try (var file = HistoryFile.open(file(), again)) {
      assertThat(file.damage()).isEmpty();
      assertThat(again.names()).extracting(History.Name::key).containsExactly("a", "b");
      var values = minutes(again, 60);
      assertThat(values.subList(values.size() - 61, values.size() - 1))
          .containsExactlyElementsOf(
              java.util.stream.IntStream.range(0, 60).mapToObj(i -> Double.valueOf(i)).toList());
      assertThat(again.span(Step.QUARTER, List.of("a"), START + 3_600_000L).series().get("a"))
          .endsWith(7.0, 22.0, 37.0, 52.0, null);
      assertThat(again.span(Step.MINUTE, List.of("b"), START).series().get("b"))
          .as("never known")
          .containsOnlyNulls();
    }
  }

  @Test
  void a_cut_anywhere_costs_only_what_came_last() throws Exception {
    var history = history("a", "b");
    try (var file = HistoryFile.open(file(), history)) {
      measure(history, file, 0, 40);
    }
    var whole = Files.readAllBytes(file());
    var random = new Random(5);
    for (int i = 0; i < 100; i++) {
      int length = random.nextInt(whole.length);
      var cut = folder.resolve("cut" + i);
      Files.write(cut, java.util.Arrays.copyOf(whole, length));
      var again = new History();
      try (var file = HistoryFile.open(cut, again)) {
        assertThat(file.damage()).as("cut at " + length).isEmpty();
        if (!again.names().isEmpty()) {
          var values = minutes(again, 40);
          var known = values.stream().filter(java.util.Objects::nonNull).toList();
          assertThat(known)
              .as("the first minutes, without a gap")
              .isEqualTo(
                  java.util.stream.IntStream.range(0, known.size())
                      .mapToObj(n -> Double.valueOf(n))
                      .toList());
        }
      }
    }
  }

  @Test
  void damage_is_set_aside_and_told() throws Exception {
    var history = history("a", "b");
    try (var file = HistoryFile.open(file(), history)) {
      measure(history, file, 0, 40);
    }
    try (var raw = new RandomAccessFile(file().toFile(), "rw")) {
      raw.seek(raw.length() / 2);
      raw.write(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    }
    var again = new History();
    try (var file = HistoryFile.open(file(), again)) {
      assertThat(file.damage().orElseThrow()).contains("history.damaged");
      assertThat(folder.resolve("history.damaged")).isNotEmptyFile();
      assertThat(minutes(again, 40)).contains(0.0);
    }
  }

  @Test
  void a_file_that_is_something_else_is_set_aside_and_told() throws Exception {
    Files.writeString(file(), "These are not the minutes you are looking for.\n".repeat(20));
    try (var file = HistoryFile.open(file(), new History())) {
      assertThat(file.damage().orElseThrow()).contains("history.damaged");
      assertThat(folder.resolve("history.damaged")).content().startsWith("These are");
    }
  }

  @Test
  void thirty_days_of_every_series_stay_below_five_mebibytes() throws Exception {
    var keys = new String[History.MOST];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "service.figure-number-" + i;
    }
    var history = history(keys);
    var values = new float[keys.length];
    long most = 0;
    long bytes;
    int days = 31;
    try (var file = HistoryFile.open(file(), history)) {
      for (long minute = 0; minute < days * 1440L; minute++) {
        for (int i = 0; i < values.length; i++) {
          values[i] = minute + i;
        }
        history.add(START + minute * 60_000, values, file::add);
        most = Math.max(most, file.size());
      }
      bytes = file.bytesWritten();
    }
    // While it is written anew, the old and the new file lie beside each other.
    long fresh = history.names().size() * 4L * (1_800 + 2_880) + 200_000;
    assertThat(most + fresh).isLessThan(5L << 20);
    assertThat(bytes / days).as("bytes a day").isLessThan(2_000_000);
  }

  @Test
  void kill_costs_at_most_the_minutes_not_yet_written() throws Exception {
    var child = ChildJvm.of(Writing.class, file().toString()).start();
    try (var told = child.inputReader()) {
      String line = told.readLine();
      while (line != null && Integer.parseInt(line) < 60) {
        line = told.readLine();
      }
      child.destroyForcibly().waitFor();
      int written = Integer.parseInt(java.util.Objects.requireNonNull(line));
      var history = new History();
      try (var file = HistoryFile.open(file(), history)) {
        assertThat(file.damage()).isEmpty();
        var known =
            minutes(history, written + 1000).stream().filter(java.util.Objects::nonNull).count();
        assertThat(known).isGreaterThanOrEqualTo(written - 7);
      }
    }
  }

  /** Writes minutes as fast as it can and tells each, until it is killed. */
  static final class Writing {
    public static void main(String[] args) throws Exception {
      var history = history("a", "b");
      try (var file = HistoryFile.open(Path.of(args[0]), history)) {
        for (int minute = 0; minute < 1_000; minute++) {
          measure(history, file, minute, 1);
          System.out.println(minute);
          System.out.flush();
          Thread.sleep(1);
        }
      }
    }
  }
}
