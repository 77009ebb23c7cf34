package dev.islet.core.service;

import java.nio.file.Path;

/**
 * Where a service keeps things: what must survive, and what it tells.
 *
 * @param data state that was promised to somebody; each service uses a sub-folder of its own name
 * @param logs logs and records for people
 */
public record Home(Path data, Path logs) {
  /** The folder of one service's state; not created by this call. */
  public Path data(String service) {
    return data.resolve(service);
  }

  /** The folder of one service's logs; not created by this call. */
  public Path logs(String service) {
    return logs.resolve(service);
  }
}
