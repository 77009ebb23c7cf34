package dev.islet.dns.validate;

/** What denials say to a claim. */
enum Proven {
  YES,
  /** An unsigned delegation might be there (RFC 5155 section 6): the answer is insecure. */
  OPT_OUT,
  /** More iterations than this validator computes (RFC 9276 section 3.2): insecure. */
  TOO_MANY_ITERATIONS,
  NO
}
