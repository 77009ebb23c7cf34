package dev.islet.dns.resolve;

import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * The moment in which the engine works: what time it is, where actions go, and what is still to be
 * done before it is over. Work is put off rather than called from within other work, so that no
 * part sees another half-way.
 */
final class Stage {
  private final ArrayDeque<Runnable> agenda = new ArrayDeque<>();
  private Consumer<? super ResolveAction> out = action -> {};
  private long now;

  /** Does this and all that follows from it. */
  void run(long moment, Consumer<? super ResolveAction> outlet, Runnable work) {
    now = moment;
    out = outlet;
    agenda.add(work);
    try {
      for (var next = agenda.poll(); next != null; next = agenda.poll()) {
        next.run();
      }
    } finally {
      out = action -> {};
    }
  }

  /** Nanoseconds. */
  long now() {
    return now;
  }

  void act(ResolveAction action) {
    out.accept(action);
  }

  /** Does this before the moment is over, after what is under way. */
  void later(Runnable work) {
    agenda.add(work);
  }
}
