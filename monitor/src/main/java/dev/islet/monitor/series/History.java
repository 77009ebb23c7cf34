package dev.islet.monitor.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was measured: one value a second for an hour, their mean a minute for 30 hours, and a
 * quarter of an hour for 30 days. Memory is bounded by the number of series. Used by several
 * threads.
 */
public final class History {
  /** How many series there may be; what comes later is not kept, and counted. */
  public static final int MOST = 96;

  /** How finely, for how long. */
  public enum Step {
    SECOND(1_000, 3_600),
    MINUTE(60_000, 1_800),
    QUARTER(900_000, 2_880);

    private final long millis;
    private final int slots;

    Step(long millis, int slots) {
      this.millis = millis;
      this.slots = slots;
    }

    /** Between two values. */
    public long millis() {
      return millis;
    }
  }

  /** A series as it is named. */
  public record Name(String key, String label, String unit) {}

  /** One value of every series at one step; unknown ones are NaN. */
  public record Row(Step step, long slot, float[] values) {}

  /** A part of the history. */
  public record Span(long from, long step, Map<String, List<@Nullable Double>> series) {}

  private final Map<String, Integer> indices = new LinkedHashMap<>();
  private final List<Name> names = new ArrayList<>();
  private final Map<Step, Ring> rings = new LinkedHashMap<>();
  private final Gather minute = new Gather(Step.MINUTE);
  private final Gather quarter = new Gather(Step.QUARTER);
  private long refused;

  public History() {
    for (var step : Step.values()) {
      rings.put(step, new Ring(step.slots));
    }
  }

  /** Sums of what falls into one slot of a coarser ring. */
  private static final class Gather {
    private final Step step;
    private double[] sums = new double[0];
    private int[] counts = new int[0];
    private long slot = -1;

    Gather(Step step) {
      this.step = step;
    }

    void add(int index, float value) {
      if (index >= sums.length) {
        sums = Arrays.copyOf(sums, index + 16);
        counts = Arrays.copyOf(counts, index + 16);
      }
      if (!Float.isNaN(value)) {
        sums[index] += value;
        counts[index]++;
      }
    }

    float[] means(int series) {
      var means = new float[series];
      for (int i = 0; i < series; i++) {
        means[i] = i >= counts.length || counts[i] == 0 ? Float.NaN : (float) (sums[i] / counts[i]);
      }
      Arrays.fill(sums, 0);
      Arrays.fill(counts, 0);
      return means;
    }
  }

  /**
   * The number of a series, which is made when it is new.
   *
   * @return empty if there are too many
   */
  public synchronized Optional<Integer> index(Name name) {
    var known = indices.get(name.key());
    if (known != null) {
      return Optional.of(known);
    }
    if (names.size() == MOST) {
      refused++;
      return Optional.empty();
    }
    indices.put(name.key(), names.size());
    names.add(name);
    rings.values().forEach(Ring::grow);
    return Optional.of(names.size() - 1);
  }

  /**
   * Takes what was measured in a second.
   *
   * @param millis the wall clock
   * @param values by index; NaN where unknown
   * @param finished is given the rows that this completes
   */
  public synchronized void add(long millis, float[] values, Consumer<Row> finished) {
    finish(minute, millis, finished);
    finish(quarter, millis, finished);
    var seconds = ring(Step.SECOND);
    long slot = millis / Step.SECOND.millis;
    seconds.reach(slot);
    for (int i = 0; i < Math.min(values.length, names.size()); i++) {
      seconds.put(i, slot, values[i]);
      minute.add(i, values[i]);
      quarter.add(i, values[i]);
    }
  }

  private void finish(Gather gather, long millis, Consumer<Row> finished) {
    long slot = millis / gather.step.millis;
    if (gather.slot >= 0 && gather.slot != slot) {
      var row = new Row(gather.step, gather.slot, gather.means(names.size()));
      restore(row);
      finished.accept(row);
    }
    gather.slot = slot;
  }

  /** Completes what has begun, for the end. */
  public synchronized void finish(Consumer<Row> finished) {
    for (var gather : List.of(minute, quarter)) {
      if (gather.slot >= 0) {
        finish(gather, (gather.slot + 1) * gather.step.millis, finished);
        gather.slot = -1;
      }
    }
  }

  /** Takes a row of before. */
  public synchronized void restore(Row row) {
    var ring = ring(row.step());
    ring.reach(row.slot());
    for (int i = 0; i < Math.min(row.values().length, names.size()); i++) {
      ring.put(i, row.slot(), row.values()[i]);
    }
  }

  /** Every series, in the order of their numbers. */
  public synchronized List<Name> names() {
    return List.copyOf(names);
  }

  /** Series that were not kept, for there were too many; counted each time. */
  public synchronized long refused() {
    return refused;
  }

  /** Every row of the coarser rings, oldest first. */
  public synchronized void rows(Consumer<Row> each) {
    for (var step : List.of(Step.QUARTER, Step.MINUTE)) {
      var ring = ring(step);
      for (long slot = Math.max(0, ring.newest() - ring.slots() + 1);
          slot <= ring.newest();
          slot++) {
        var values = new float[names.size()];
        boolean any = false;
        for (int i = 0; i < values.length; i++) {
          values[i] = ring.get(i, slot);
          any |= !Float.isNaN(values[i]);
        }
        if (any) {
          each.accept(new Row(step, slot, values));
        }
      }
    }
  }

  /**
   * A part of the history up to now.
   *
   * @param keys of the series; unknown ones are left out
   * @param now the wall clock
   */
  public synchronized Span span(Step step, List<String> keys, long now) {
    long last = now / step.millis;
    long first = last - step.slots + 1;
    var ring = ring(step);
    var found = new LinkedHashMap<String, List<@Nullable Double>>();
    for (var key : keys) {
      var index = indices.get(key);
      if (index != null) {
        var values = new ArrayList<@Nullable Double>(step.slots);
        for (long slot = first; slot <= last; slot++) {
          float value = ring.get(index, slot);
          values.add(Float.isNaN(value) ? null : Double.valueOf(shortest(value)));
        }
        found.put(key, values);
      }
    }
    return new Span(first * step.millis, step.millis, found);
  }

  /** As a double with no more digits than the float had. */
  private static double shortest(float value) {
    return Float.isInfinite(value) ? 0 : Double.parseDouble(Float.toString(value));
  }

  private Ring ring(Step step) {
    var ring = rings.get(step);
    if (ring == null) {
      throw new IllegalStateException("no ring for " + step);
    }
    return ring;
  }
}
