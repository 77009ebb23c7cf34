package dev.islet.dns.validate;

/** Where a key is in its life as a trust anchor (RFC 5011 section 4.2). */
public enum AnchorPhase {
  /** New, signed for by a trusted key; trusted when it has been there for the hold-down time. */
  PENDING,
  /** Trusted. */
  VALID,
  /** Trusted, but not in the zone when that was last looked at. */
  MISSING,
  /** Taken back by itself, for ever. */
  REVOKED,
  /** Taken back, and for so long that the zone need not show it any more. */
  REMOVED;

  boolean trusted() {
    return this == VALID || this == MISSING;
  }

  boolean over() {
    return this == REVOKED || this == REMOVED;
  }
}
