package dev.islet.dns.resolve;

import java.time.Duration;

/**
 * How long and how much is asked.
 *
 * @param attempt time for one datagram and its reply
 * @param stream time for one connection and its reply
 * @param total time for one question, over all attempts
 * @param attempts how many servers are asked for one question, one after another
 * @param jobs how many different questions may be under way
 * @param waiters how many askers may wait in all
 */
public record ResolveLimits(
    Duration attempt, Duration stream, Duration total, int attempts, int jobs, int waiters) {
  /** For a house: 512 questions under way, five seconds each. */
  public static final ResolveLimits DEFAULT =
      new ResolveLimits(
          Duration.ofMillis(1_200), Duration.ofSeconds(3), Duration.ofSeconds(5), 4, 512, 4_096);
}
