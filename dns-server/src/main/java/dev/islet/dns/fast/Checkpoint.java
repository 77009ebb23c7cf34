package dev.islet.dns.fast;

/**
 * A feature's say on the fast lane. Called on receiving threads for each question: it must not
 * allocate, wait or lock. Where it says {@link Pass#SLOW} the question goes through the slow lane
 * as if the fast one were not there, so nothing may have been counted for it.
 */
public interface Checkpoint {
  /** What may be done with an answer that is ready. */
  enum Pass {
    SEND,
    /**
     * Send a reply with nothing but TC in its place, or to who has a cookie now, one that says that
     * the last was bad.
     */
    CUT,
    /** Send nothing. */
    DROP,
    /** Leave it to the slow lane. */
    SLOW
  }

  /** What an answer says. */
  enum Kind {
    ANSWER,
    NO_DATA,
    NO_NAME,
    REFERRAL
  }

  /**
   * Whether a question may be answered on the fast lane. One of the checkpoints has to {@linkplain
   * FastQuestion#cookie give a cookie} to a question that has one.
   */
  default boolean asks(FastQuestion question) {
    return true;
  }

  /** Whether an answer may be sent. */
  default Pass answers(FastQuestion question, Kind kind) {
    return Pass.SEND;
  }
}
