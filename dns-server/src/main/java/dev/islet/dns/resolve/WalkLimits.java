package dev.islet.dns.resolve;

import java.time.Duration;

/**
 * How much work one question from the root may make: the price of NXNS, of endless aliases and of
 * zones that answer nothing is bounded by these.
 *
 * @param total time for one question
 * @param stream time for one connection and its reply
 * @param queries sent for one question, over all that it leads to
 * @param lookups addresses of servers looked up for one question
 * @param lookupsPerZone the same for one referral
 * @param depth how deep such look-ups may lead to others
 * @param aliases one after another
 */
public record WalkLimits(
    Duration total,
    Duration stream,
    int queries,
    int lookups,
    int lookupsPerZone,
    int depth,
    int aliases) {
  /** For a house; about what BIND and Unbound allow. */
  public static final WalkLimits DEFAULT =
      new WalkLimits(Duration.ofSeconds(10), Duration.ofSeconds(3), 80, 16, 6, 5, 16);
}
