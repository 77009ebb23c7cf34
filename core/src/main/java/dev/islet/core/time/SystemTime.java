package dev.islet.core.time;

import java.time.Instant;

final class SystemTime implements TimeSource {
  static final SystemTime INSTANCE = new SystemTime();

  private final long origin;

  private SystemTime() {
    var wall = Instant.now();
    origin = wall.getEpochSecond() * 1_000_000_000L + wall.getNano() - System.nanoTime();
  }

  @Override
  public long now() {
    return origin + System.nanoTime();
  }

  @Override
  public Instant wall() {
    return Instant.now();
  }

  @Override
  public long seconds() {
    return Math.floorDiv(System.currentTimeMillis(), 1_000L);
  }
}
