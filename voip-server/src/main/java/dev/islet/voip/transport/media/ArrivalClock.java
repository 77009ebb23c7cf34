package dev.islet.voip.transport.media;

import dev.islet.core.time.TimeSource;

/**
 * Turns the kernel's time of arrival, which is of the wall clock, into {@link TimeSource#now},
 * which never steps. So a packet that waited for the relay's thread is not measured as late, and a
 * step of the wall clock during a call is no jitter.
 */
final class ArrivalClock {
  private static final long REMEASURE = 100_000_000L;

  /** A packet does not wait longer than this; a greater difference is a step of the wall clock. */
  private static final long PLAUSIBLE = 1_000_000_000L;

  private final TimeSource time;
  private long measuredAt;

  /** What is to be added to wall-clock nanoseconds. */
  private long ahead;

  ArrivalClock(TimeSource time) {
    this.time = time;
    measure();
  }

  /** When a packet arrived; now, if the kernel did not tell or its clock has stepped. */
  long arrival(long wallNanos) {
    long now = time.now();
    if (wallNanos == 0) {
      return now;
    }
    if (now - measuredAt > REMEASURE) {
      measure();
    }
    long at = wallNanos + ahead;
    return at > now || at < now - PLAUSIBLE ? now : at;
  }

  /** Of three tries the one in which least time passed between reading the two clocks. */
  private void measure() {
    long tightest = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long before = time.now();
      var wall = time.wall();
      long after = time.now();
      if (after - before < tightest) {
        tightest = after - before;
        long nanos = wall.getEpochSecond() * 1_000_000_000L + wall.getNano();
        ahead = before + (after - before) / 2 - nanos;
      }
    }
    measuredAt = time.now();
  }
}
