package dev.islet.voip.model;

/** Where a call stands. */
public enum CallState {
  /** Asked for, not yet routed. */
  ROUTING,
  /** Phones ring. */
  RINGING,
  /** Answered; both speak. */
  TALKING,
  /** Ended. */
  ENDED
}
