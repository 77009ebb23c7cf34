package dev.islet.dhcp.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.BooleanSupplier;

/**
 * A platform thread that receives, turn by turn, until its socket is closed. When the system
 * refuses (the interface is down for a moment) it tries again a little later.
 */
final class Receiver {
  /** Waits for what comes, for a second at most, and passes it on. */
  @FunctionalInterface
  interface Turn {
    /**
     * @throws IOException if the system refuses, also because the socket is closed
     */
    void take() throws IOException;
  }

  private static final Logger LOG = System.getLogger("islet.dhcp");
  private static final long REST_MILLIS = 200;

  private final BooleanSupplier open;
  private final Level level;
  private final Turn turn;
  private final Thread thread;

  private Receiver(String name, BooleanSupplier open, Level level, Turn turn) {
    this.open = open;
    this.level = level;
    this.turn = turn;
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @param name of the thread
   * @param open whether the socket is
   * @param level how to log what the system refuses
   */
  static Receiver start(String name, BooleanSupplier open, Level level, Turn turn) {
    var receiver = new Receiver(name, open, level, turn);
    receiver.thread.start();
    return receiver;
  }

  private void run() {
    while (open.getAsBoolean()) {
      try {
        turn.take();
      } catch (IOException e) {
        if (open.getAsBoolean()) {
          LOG.log(level, "receiver=" + thread.getName() + " receiving failed", e);
          rest();
        }
      }
    }
  }

  private static void rest() {
    try {
      Thread.sleep(REST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it hears. */
  boolean listening() {
    return open.getAsBoolean() && thread.isAlive();
  }

  /** Waits until it has ended; after its socket was closed. */
  void await() {
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
