package dev.islet.voip.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A finished call, for the bill and for the teacher: who, whom, when, how it ended, how it sounded.
 *
 * @param callId the Call-ID of the caller's dialog (RFC 3261 §8.1.1.4)
 * @param caller who called, as an extension or address
 * @param callee who was called, as dialled
 * @param invited when the INVITE came
 * @param answered when 200 OK was sent to the caller; empty if nobody answered
 * @param ended when the last party was told
 * @param status the final status code the caller got; 200 for an answered call
 * @param reason how it ended, for people: {@code caller hung up}, {@code busy}, {@code no media}
 * @param quality the media, if any was relayed
 */
public record CallRecord(
    String callId,
    String caller,
    String callee,
    Instant invited,
    Optional<Instant> answered,
    Instant ended,
    int status,
    String reason,
    Optional<CallQuality> quality) {
  /** Time spoken: from answer to end, zero if nobody answered. */
  public Duration talked() {
    return answered.map(a -> Duration.between(a, ended)).orElse(Duration.ZERO);
  }
}
