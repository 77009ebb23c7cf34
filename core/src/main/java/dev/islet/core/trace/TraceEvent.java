package dev.islet.core.trace;

import java.util.Optional;

/**
 * Something a service saw, decided or did. Each service's {@code model} has a sealed set of records
 * that implement this; their components become the fields of the JSON line.
 */
public interface TraceEvent {
  /**
   * One sentence for people: what was decided and why, with the RFC section where one says so. It
   * becomes the comment of the packet in a capture file.
   */
  String note();

  /** The bytes that crossed the wire, if this event is about a packet. */
  default Optional<Packet> packet() {
    return Optional.empty();
  }
}
