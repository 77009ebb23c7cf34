package dev.islet.testkit;

import dev.islet.core.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Drives an engine without a thread: every event and every deadline at its exact virtual moment.
 *
 * <pre>{@code
 * var loop = new VirtualLoop<>(engine);
 * assertThat(loop.on(new Discover(…))).containsExactly(new Offer(…));
 * assertThat(loop.advance(Duration.ofHours(8))).containsExactly(new Expired(…));
 * }</pre>
 */
public final class VirtualLoop<E, A> {
  private final Engine<E, A> engine;
  private final VirtualTime time;

  public VirtualLoop(Engine<E, A> engine) {
    this(engine, new VirtualTime());
  }

  public VirtualLoop(Engine<E, A> engine, VirtualTime time) {
    this.engine = engine;
    this.time = time;
  }

  public VirtualTime time() {
    return time;
  }

  /** Gives the engine one event now; what it wants done. */
  public List<A> on(E event) {
    var actions = new ArrayList<A>();
    engine.on(time.now(), event, actions::add);
    return actions;
  }

  /**
   * Lets time pass, calling the engine at each of its deadlines on the way; what it wants done.
   *
   * @throws IllegalStateException if the engine keeps asking for a moment that is already due
   */
  public List<A> advance(Duration by) {
    var actions = new ArrayList<A>();
    long end = time.now() + by.toNanos();
    int stuck = 0;
    while (engine.deadline() <= end) {
      long before = engine.deadline();
      time.advanceTo(before);
      engine.onTime(time.now(), actions::add);
      stuck = engine.deadline() <= time.now() ? stuck + 1 : 0;
      if (stuck > 1_000) {
        throw new IllegalStateException("the engine's deadline does not move on from " + before);
      }
    }
    time.advanceTo(end);
    return actions;
  }
}
