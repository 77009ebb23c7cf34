package dev.islet.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for a condition of the real world, so that no test sleeps for a guessed time. */
public final class Wait {
  private Wait() {}

  /**
   * Asks again every few milliseconds.
   *
   * @param obstacle what is still missing, in words; empty when the condition holds
   * @throws AssertionError with the last obstacle, when the time is over
   */
  public static void until(Duration atMost, Supplier<String> obstacle) {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      var missing = obstacle.get();
      if (missing.isEmpty()) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("after " + atMost.toMillis() + " ms: " + missing);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
