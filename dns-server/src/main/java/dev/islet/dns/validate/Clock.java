package dev.islet.dns.validate;

import java.time.Instant;

/**
 * Whether the wall clock can be right. A board without a battery wakes up in 1970 or where it was
 * switched off; if that stopped validation, the time server's own name could not be resolved and
 * the clock would never be set.
 *
 * <p>Time does not go back: what was once seen to be past is a floor under the clock, kept over
 * restarts. It rises when the keys of a trust anchor are signed for the present by the clock, and
 * when they are signed at a time that the clock has not reached; nobody else can have done that. A
 * clock below the floor is wrong. One far ahead is not noticed, but can raise no floor either,
 * since signatures are out of date for it.
 */
final class Clock {
  /** When the newer of the built-in keys came into the root zone. */
  static final long RELEASED = Instant.parse("2025-01-11T00:00:00Z").getEpochSecond();

  /** A clock that is being set may go back by so much, in seconds. */
  private static final long SLACK = 3_600;

  private long floor;

  /**
   * @param floor seconds since 1970, as kept; 0 if none is
   */
  Clock(long floor) {
    this.floor = Math.max(floor, RELEASED);
  }

  boolean trusts(long wall) {
    return wall >= floor;
  }

  /** A trust anchor's keys are signed for now. */
  void timely(long wall) {
    floor = Math.max(floor, wall - SLACK);
  }

  /** A trust anchor's keys were signed then. */
  void atLeast(long seconds) {
    floor = Math.max(floor, seconds);
  }

  long floor() {
    return floor;
  }
}
