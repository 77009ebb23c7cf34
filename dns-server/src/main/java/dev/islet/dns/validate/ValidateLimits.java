package dev.islet.dns.validate;

import java.time.Duration;

/**
 * How much is checked at a time.
 *
 * @param total time for one question with all that is asked for it
 * @param jobs how many different questions may be under way
 * @param waiters how many askers may wait in all
 * @param names how many names are remembered as zones
 * @param stripped how long nothing is checked after no signatures came
 */
public record ValidateLimits(Duration total, int jobs, int waiters, int names, Duration stripped) {
  /** For a house. */
  public static final ValidateLimits DEFAULT =
      new ValidateLimits(Duration.ofSeconds(12), 512, 4_096, 1_024, Duration.ofMinutes(2));
}
