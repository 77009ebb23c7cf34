package dev.islet.core.engine;

/** Sees every event an engine is given, in order: the recording that replays as a test. */
@FunctionalInterface
public interface Recorder<E> {
  /**
   * Called on the loop's thread before the engine.
   *
   * @param now nanoseconds, the same value the engine gets
   */
  void record(long now, E event);
}
