/**
 * The thread of a protocol: events in, actions out.
 *
 * <p>A packet becomes an event that is offered to an {@link dev.islet.core.engine.EngineLoop}. The
 * loop records it, gives it to the {@link dev.islet.core.engine.Engine} with the time, and hands
 * what the engine wants done to the {@link dev.islet.core.engine.Outlet}; when the queue is empty,
 * the outlet flushes: commits, then sends.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.engine;
