package dev.islet.web.transport;

import dev.islet.web.log.AccessEntry;
import dev.islet.web.model.WebEvent;

/** Is told what happens on the connections. Called on I/O threads: must not wait. */
public interface Watcher {
  /** Whether anybody listens to the trace; only then are events of single requests made. */
  boolean tracing();

  /** Something happened. */
  void event(WebEvent event);

  /** A request was answered. */
  void answered(AccessEntry entry);
}
