package dev.islet.ftp;

import dev.islet.core.time.TimeSource;
import dev.islet.ftp.store.DiskHomes;
import java.time.Duration;
import java.util.function.Supplier;

/** Removes old unfinished uploads: at the start, and four times a day, on a virtual thread. */
final class Sweeper implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofHours(6);

  private final Thread thread;

  Sweeper(DiskHomes homes, TimeSource time, Supplier<Duration> keep) {
    thread = Thread.ofVirtual().name("ftp-sweeper").start(() -> run(homes, time, keep));
  }

  private static void run(DiskHomes homes, TimeSource time, Supplier<Duration> keep) {
    try {
      while (true) {
        homes.sweep(time.wall().minus(keep.get()));
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the service closes
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join(Duration.ofSeconds(5));
  }
}
