package dev.islet.voip.wire;

import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import java.util.Optional;

/** What bytes turned out to be. */
public sealed interface Parsed {
  /** A message in order. */
  record Good(SipMessage message) implements Parsed {}

  /** Only line ends: a phone keeps its path open (RFC 5626 §3.5.1). */
  record KeepAlive(boolean ping) implements Parsed {}

  /**
   * Not a message that can be acted upon.
   *
   * @param offset where the fault was seen
   * @param reason what was expected
   * @param status what to answer, 400 or 505
   * @param request present if enough is there to answer it
   */
  record Malformed(int offset, String reason, int status, Optional<SipRequest> request)
      implements Parsed {}
}
