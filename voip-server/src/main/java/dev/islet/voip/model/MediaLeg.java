package dev.islet.voip.model;

/** The two sides of a relayed call. */
public enum MediaLeg {
  /** The caller's side: whoever sent the INVITE. */
  A,
  /** The side that was called. */
  B;

  /** The other side. */
  public MediaLeg other() {
    return this == A ? B : A;
  }
}
