package dev.islet.dns.validate;

/** What denials say of a name without a DS set. */
enum Cut {
  /** A zone begins there, or may, and it is not signed. */
  UNSIGNED,
  /** The hashes cost more than this validator computes (RFC 9276 section 3.2). */
  UNCOMPUTED,
  /** The name is there, but no zone begins at it. */
  NONE,
  /** The name is not there. */
  NO_NAME,
  /** Nothing is proven. */
  UNPROVEN
}
