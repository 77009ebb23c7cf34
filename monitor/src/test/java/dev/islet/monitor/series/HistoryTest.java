package dev.islet.monitor.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.series.History.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final long START = 1_764_000_000_000L / 900_000 * 900_000;

  private final History history = new History();
  private final List<History.Row> rows = new ArrayList<>();

  private void add(long second, float value) {
    assertThat(history.index(new History.Name("a", "A", ""))).contains(0);
    history.add(START + second * 1000, new float[] {value}, rows::add);
  }

  private List<Double> seconds(long now) {
    return history.span(Step.SECOND, List.of("a"), START + now * 1000).series().get("a");
  }

  @Test
  void seconds_become_minutes_and_quarters_by_their_mean() {
    for (int i = 0; i <= 900; i++) {
      add(i, i % 60);
    }
    assertThat(rows).hasSize(16);
    assertThat(rows).filteredOn(r -> r.step() == Step.MINUTE).allMatch(r -> r.values()[0] == 29.5f);
    assertThat(rows).filteredOn(r -> r.step() == Step.QUARTER).hasSize(1);
    assertThat(seconds(900)).hasSize(3600).endsWith(58.0, 59.0, 0.0);
  }

  @Test
  void what_was_not_measured_is_unknown() {
    add(0, 1);
    add(3, Float.NaN);
    add(5, 2);
    assertThat(seconds(6)).endsWith(1.0, null, null, null, null, 2.0, null);
    add(60, 1);
    assertThat(rows.getFirst().values()[0]).isEqualTo(1.5f);
  }

  @Test
  void a_clock_that_steps_neither_stops_nor_fills_anything() {
    add(0, 1);
    add(400L * 86_400, 2); // the network's time came
    assertThat(seconds(400L * 86_400)).endsWith(null, 2.0);
    add(10, 3); // and was wrong
    assertThat(seconds(10)).endsWith(null, 3.0);
    add(7, 4); // a small step back overwrites
    assertThat(seconds(10)).endsWith(null, 4.0, null, null, 3.0);
  }

  @Test
  void the_number_of_series_is_bounded() {
    for (int i = 0; i < History.MOST; i++) {
      assertThat(history.index(new History.Name("s" + i, "", ""))).contains(i);
    }
    assertThat(history.index(new History.Name("one more", "", ""))).isEmpty();
    assertThat(history.refused()).isEqualTo(1);
    assertThat(history.span(Step.SECOND, List.of("one more", "s1"), START).series())
        .containsOnlyKeys("s1");
  }
}
