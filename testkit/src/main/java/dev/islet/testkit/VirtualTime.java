package dev.islet.testkit;

import dev.islet.core.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Clocks that stand still until a test moves them. */
public final class VirtualTime implements TimeSource {
  private long now;
  private Instant wall;

  /** Begins at 2026-01-01T00:00:00Z on both clocks. */
  public VirtualTime() {
    wall = Instant.parse("2026-01-01T00:00:00Z");
    now = wall.getEpochSecond() * 1_000_000_000L;
  }

  @Override
  public synchronized long now() {
    return now;
  }

  @Override
  public synchronized Instant wall() {
    return wall;
  }

  /** Moves both clocks on. */
  public synchronized void advance(Duration by) {
    now += by.toNanos();
    wall = wall.plus(by);
  }

  /** Moves both clocks to a moment of {@link #now()}; never back. */
  public synchronized void advanceTo(long moment) {
    if (moment > now) {
      advance(Duration.ofNanos(moment - now));
    }
  }

  /** Lets only the wall clock jump, as network time does to a board that booted in the past. */
  public synchronized void jumpWall(Duration by) {
    wall = wall.plus(by);
  }
}
