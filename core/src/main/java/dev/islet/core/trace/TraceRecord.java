package dev.islet.core.trace;

import java.time.Instant;

/**
 * An event with its place in time.
 *
 * @param sequence counts every event of the service since tracing began; a gap is a drop
 * @param at wall-clock time
 * @param service who tells it
 */
public record TraceRecord(long sequence, Instant at, String service, TraceEvent event) {
  /** One JSON object without line breaks: {@code seq, at, service, event, note}, then the event. */
  public String toJson() {
    return Json.event(this, false);
  }

  /** The event under {@code fields}, and what crossed the wire, or null, under {@code packet}. */
  public String toJsonWithPacket() {
    return Json.event(this, true);
  }
}
