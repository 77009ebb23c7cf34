package dev.islet.dns.validate;

import java.time.Duration;

/**
 * How much is checked at a time.
 *
 * @param total time for one question with all that is asked for it
 * @param jobs how many different questions may be under way
 * @param waiters how many askers may wait in all
 * @param names how many names are remembered as zones
 * @param stripped how long after no signatures came it is looked again whether they do
 * @param patience how long an answer waits for the first signatures, if none may have to do
 */
public record ValidateLimits(
    Duration total, int jobs, int waiters, int names, Duration stripped, Duration patience) {
  /** For a house. */
  public static final ValidateLimits DEFAULT =
      new ValidateLimits(
          Duration.ofSeconds(12), 512, 4_096, 1_024, Duration.ofMinutes(2), Duration.ofSeconds(1));
}
