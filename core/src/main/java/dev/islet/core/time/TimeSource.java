package dev.islet.core.time;

import java.time.Instant;

/**
 * The two clocks a service may read, handed in so that tests own time.
 *
 * <p>Protocol timers use {@link #now()}, which never steps: a board without a battery-backed clock
 * may see its wall clock jump by years when network time arrives, and no lease may expire of that.
 * Timestamps that other machines must agree on (TSIG, certificates, logs) use {@link #wall()}.
 */
public interface TimeSource {
  /**
   * Nanoseconds since the Unix epoch as it was believed to be when this source was made, advanced
   * by a monotonic clock. Never decreases.
   */
  long now();

  /** The wall clock; may jump in both directions. */
  Instant wall();

  /** The wall clock in whole seconds since the Unix epoch, where an object is too much. */
  default long seconds() {
    return wall().getEpochSecond();
  }

  /** The clocks of this machine. */
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /** {@code now()} as an instant, for people. */
  static Instant instant(long now) {
    return Instant.ofEpochSecond(
        Math.floorDiv(now, 1_000_000_000L), Math.floorMod(now, 1_000_000_000L));
  }
}
