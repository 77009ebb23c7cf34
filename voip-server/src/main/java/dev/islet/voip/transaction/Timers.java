package dev.islet.voip.transaction;

import dev.islet.core.engine.Engine;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Things to be done at moments to come. Not thread-safe: belongs to one engine. */
public final class Timers {
  /** What is done when its time has come. */
  @FunctionalInterface
  public interface Due {
    /**
     * @param now nanoseconds
     */
    void at(long now);
  }

  /** One thing to be done; may be called off. */
  public static final class Timer implements Comparable<Timer> {
    private final long at;
    private @Nullable Due due;

    private Timer(long at, Due due) {
      this.at = at;
      this.due = due;
    }

    /** Calls it off; the memory of what was to be done is let go at once. */
    public void cancel() {
      due = null;
    }

    @Override
    public int compareTo(Timer other) {
      return Long.compare(at, other.at);
    }
  }

  private final PriorityQueue<Timer> queue = new PriorityQueue<>();

  /** Has something done at a moment. */
  public Timer at(long moment, Due due) {
    var timer = new Timer(moment, due);
    queue.add(timer);
    return timer;
  }

  /** The next moment at which something is to be done, or {@link Engine#NEVER}. */
  public long next() {
    while (true) {
      var first = queue.peek();
      if (first == null) {
        return Engine.NEVER;
      }
      if (first.due != null) {
        return first.at;
      }
      queue.poll();
    }
  }

  /** Does everything due at or before now. */
  public void run(long now) {
    while (next() <= now) {
      var timer = queue.poll();
      if (timer != null && timer.due != null) {
        var due = timer.due;
        timer.due = null;
        due.at(now);
      }
    }
  }
}
