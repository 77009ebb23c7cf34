package dev.islet.dns.model;

/** How a signed zone proves that something is not there. */
public enum Denial {
  /** By the names before and after (RFC 4034 section 4). */
  NSEC,
  /** By their hashes, without salt and further iterations (RFC 5155, RFC 9276). */
  NSEC3
}
