package dev.islet.core.engine;

/**
 * The hands of an engine: carries its actions out, on the loop's thread.
 *
 * <p>{@link #flush()} marks the end of a batch of events. An outlet that must make something
 * durable before it is said on the network keeps the sayings until then, commits its journal once,
 * and sends them all: group commit without a second thread.
 */
@FunctionalInterface
public interface Outlet<A> {
  /** Does, or keeps until {@link #flush()}, one action. */
  void perform(A action);

  /** The queue is empty or the batch is full: finish what was kept. */
  default void flush() {}
}
