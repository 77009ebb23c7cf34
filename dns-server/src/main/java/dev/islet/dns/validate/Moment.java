package dev.islet.dns.validate;

/**
 * When something is judged.
 *
 * @param now nanoseconds of the clock that never steps
 * @param wall seconds since 1970 of the clock that signatures mean
 * @param trusted whether the latter is right; if not, times are not looked at
 */
record Moment(long now, long wall, boolean trusted) {
  private static final long SECOND = 1_000_000_000L;

  /** The moment some seconds later, in nanoseconds. */
  long plus(long seconds) {
    return now + seconds * SECOND;
  }
}
