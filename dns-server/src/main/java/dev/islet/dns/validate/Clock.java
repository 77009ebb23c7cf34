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
 * clock below the floor is wrong.
 *
 * <p>A clock far ahead finds the keys of the trust anchor out of date, as if somebody had played
 * back an old answer. It is taken for wrong, if that is allowed at all, unless the floor tells that
 * the keys are old, or the clock went on evenly since it was found right. Then the end of their
 * signature is a ceiling over the clock, until they are signed for the present again.
 */
final class Clock {
  /** When the newer of the built-in keys came into the root zone. */
  static final long RELEASED = Instant.parse("2025-01-11T00:00:00Z").getEpochSecond();

  /** A clock that is being set may go back by so much, in seconds. */
  private static final long SLACK = 3_600;

  private static final long SECOND = 1_000_000_000L;

  private long floor;
  private long ceiling = Long.MAX_VALUE;
  private boolean confirmed;

  /** Between both clocks when the trust anchor's keys were last found signed for now. */
  private long offset;

  /**
   * @param floor seconds since 1970, as kept; 0 if none is
   */
  Clock(long floor) {
    this.floor = Math.max(floor, RELEASED);
  }

  boolean trusts(long wall) {
    return wall >= floor && wall <= ceiling;
  }

  /** A trust anchor's keys are signed for now. */
  void timely(Moment moment) {
    floor = Math.max(floor, moment.wall() - SLACK);
    ceiling = Long.MAX_VALUE;
    offset = offset(moment);
    confirmed = true;
  }

  /**
   * A trust anchor's keys were signed for a time that is over.
   *
   * @return whether that makes the clock a wrong one
   */
  boolean over(Moment moment, long expired) {
    if (confirmed || expired < floor) {
      return false;
    }
    ceiling = expired;
    return true;
  }

  /**
   * Whether it was set since it was found right: then what rests on that must be looked at anew.
   */
  boolean jumped(Moment moment) {
    boolean jumped = confirmed && Math.abs(offset(moment) - offset) > SLACK;
    confirmed &= !jumped;
    return jumped;
  }

  private static long offset(Moment moment) {
    return moment.wall() - moment.now() / SECOND;
  }

  /** A trust anchor's keys were signed then. */
  void atLeast(long seconds) {
    floor = Math.max(floor, seconds);
  }

  long floor() {
    return floor;
  }
}
