package dev.islet.core.engine;

import java.util.function.Consumer;

/**
 * A protocol's brain: events in, actions out, time handed in. It knows no socket, file, thread or
 * clock, so that a test can drive it through a year in a millisecond.
 *
 * <p>Implementations are not thread-safe; {@link EngineLoop} gives each its own thread.
 *
 * @param <E> what can happen to it, a sealed set of records
 * @param <A> what it can want done, a sealed set of records
 */
public interface Engine<E, A> {
  /** The deadline of an engine that waits for nothing. */
  long NEVER = Long.MAX_VALUE;

  /**
   * Something happened.
   *
   * @param now nanoseconds, see {@link dev.islet.core.time.TimeSource#now()}
   */
  void on(long now, E event, Consumer<? super A> out);

  /** The deadline has come; acts on everything due at or before {@code now}. */
  void onTime(long now, Consumer<? super A> out);

  /** When {@link #onTime} wants to be called next, in nanoseconds, or {@link #NEVER}. */
  long deadline();
}
