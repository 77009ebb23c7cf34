package dev.islet.dhcp.lease;

import dev.islet.core.time.TimeSource;
import java.time.Instant;

/**
 * The time of leases: never steps, goes on across restarts, and believes no wall clock.
 *
 * <p>It starts at the latest time found in the lease file and is advanced by the monotonic clock,
 * so the time in which the server did not run does not count. A board that boots in 1970 or in 2099
 * therefore neither keeps leases for ever nor ends them all at once; an address whose lease ran out
 * while the server was off is held a little longer than needed, which hurts nobody. Only a server
 * without a lease file asks what the wall clock says.
 */
public final class LeaseClock implements TimeSource {
  private final TimeSource base;
  private final long offset;

  /**
   * @param floor the latest time in the lease file, or {@link Long#MIN_VALUE} if there is none
   */
  public LeaseClock(TimeSource base, long floor) {
    this.base = base;
    this.offset = floor == Long.MIN_VALUE ? 0 : floor - base.now();
  }

  @Override
  public long now() {
    return base.now() + offset;
  }

  @Override
  public Instant wall() {
    return base.wall();
  }

  /** When a moment of {@link #now()} will be, on the wall clock as it goes now. */
  public Instant wallOf(long moment) {
    return base.wall().plusNanos(moment - now());
  }
}
