package dev.islet.core.service;

import java.util.List;

/**
 * A server with a one-way life: made, started once, closed once. To start again, make a new one.
 *
 * <p>{@link #start()} returns when every socket is bound, or throws and leaves nothing open.
 */
public interface Service extends AutoCloseable {
  /** The short name used in commands, metrics and folders: {@code dns}, {@code dhcp}, … */
  String name();

  /** Where it stands in its life. */
  State state();

  /**
   * Binds everything and begins to serve.
   *
   * @return this, so that {@code start().awaitStop()} reads on
   * @throws StartException what failed and what to do about it; nothing is left open
   * @throws IllegalStateException if it was started before
   */
  Service start();

  /** Where it listens; empty before it runs. */
  List<Endpoint> endpoints();

  /**
   * Reads the configuration file again, if the service came from one, and applies it whole or not
   * at all.
   */
  Reload reload();

  /** Waits until it has stopped or failed. */
  void awaitStop() throws InterruptedException;

  /** Stops it: no new work, a bounded time for work under way, then the end. May be repeated. */
  @Override
  void close();
}
