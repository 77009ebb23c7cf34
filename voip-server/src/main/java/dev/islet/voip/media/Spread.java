package dev.islet.voip.media;

import dev.islet.voip.model.StreamSpread;

/** Minimum, mean, maximum and last of a figure, taken once a packet. */
final class Spread {
  private double min = Double.POSITIVE_INFINITY;
  private double mean;
  private double max = Double.NEGATIVE_INFINITY;
  private double last;

  /**
   * Takes a value.
   *
   * @param intervals how many intervals between packets there have been, left-out ones included:
   *     the mean weighs a left-out one as if it had been the mean so far, as capture tools do
   */
  void add(double value, long intervals) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    mean += (value - mean) / intervals;
    last = value;
  }

  /** Rounded to a microsecond, the resolution of captures. */
  StreamSpread spread() {
    return max == Double.NEGATIVE_INFINITY
        ? StreamSpread.NONE
        : new StreamSpread(micros(min), micros(mean), micros(max), micros(last));
  }

  static double micros(double millis) {
    return Math.rint(millis * 1_000) / 1_000;
  }
}
