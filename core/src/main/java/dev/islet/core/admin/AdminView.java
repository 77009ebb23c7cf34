package dev.islet.core.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Reload;
import dev.islet.core.service.State;
import dev.islet.core.trace.Trace;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service shows on its admin endpoint. Called on virtual threads, several at a time. */
public interface AdminView {
  String name();

  State state();

  List<Endpoint> endpoints();

  /**
   * Asks the service's own socket a question in its own protocol; empty when the answer was right,
   * else why not, in one sentence.
   */
  Optional<String> notReady();

  /** A snapshot of records, maps, lists and values for {@code /state}, written as JSON. */
  Object snapshot();

  Reload reload();

  /**
   * Why the service decides about something as it does, for {@code /explain}; written as JSON.
   *
   * @param asked parameters of the request
   * @return empty if this service explains nothing
   * @throws IllegalArgumentException if a parameter is missing or cannot be read
   */
  default Optional<Object> explain(Map<String, String> asked) {
    return Optional.empty();
  }

  /**
   * What bytes of this service's protocol mean, field by field, for {@code /explain?hex=}: records
   * with offset, length, name, value and the section of the RFC.
   *
   * @return empty if this service explains no bytes
   */
  default Optional<Object> annotate(byte[] message) {
    return Optional.empty();
  }

  Trace<?> trace();

  Metrics metrics();
}
