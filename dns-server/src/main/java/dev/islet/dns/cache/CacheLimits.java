package dev.islet.dns.cache;

import java.time.Duration;

/**
 * How much and how long.
 *
 * @param bytes of all entries together, estimated
 * @param maxTtl nothing stays longer, whatever its TTL (RFC 8767 section 4 advises a cap)
 * @param maxNegativeTtl the same for "no such name" and "no such data" (RFC 2308 section 5)
 * @param failureTtl how long a failure to resolve is remembered (RFC 9520 section 3.2: 1 s to 5
 *     min)
 * @param stale how long past its end an answer may still be given if nobody can be asked for a new
 *     one (RFC 8767); never if zero
 */
public record CacheLimits(
    long bytes, Duration maxTtl, Duration maxNegativeTtl, Duration failureTtl, Duration stale) {
  /** Without stale answers. */
  public CacheLimits(long bytes, Duration maxTtl, Duration maxNegativeTtl, Duration failureTtl) {
    this(bytes, maxTtl, maxNegativeTtl, failureTtl, Duration.ZERO);
  }
}
