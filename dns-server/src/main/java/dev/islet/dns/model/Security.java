package dev.islet.dns.model;

/**
 * What is known of an answer's truth (RFC 4033 section 5). There is no constant for a bogus answer:
 * nobody is given one as an answer.
 */
public enum Security {
  /** Nobody looked: our own data, or the asker said that it checks by itself (CD). */
  UNCHECKED,
  /** The names lie below a delegation that is proven to be unsigned, or below no trust anchor. */
  INSECURE,
  /**
   * Signed by a chain of keys from a trust anchor; the times could not be checked for lack of a
   * clock.
   */
  UNTIMED,
  /** Signed by a chain of keys from a trust anchor, and within the times of all signatures. */
  SECURE;

  /** What holds for two answers together: the worse. */
  public Security and(Security other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
