package dev.islet.dns.model;

/** Which handler of the chain gave an answer. */
public enum Source {
  /** Access control said no. */
  ACL,
  /** A name with a meaning of its own: localhost, .onion, private reverse zones. */
  SPECIAL,
  /** A zone of ours. */
  ZONE,
  /** A function of the embedding program. */
  CODE,
  /** A list, or a rule of a group. */
  POLICY,
  /** The cache. */
  CACHE,
  /** An upstream server. */
  FORWARD,
  /** Put together from an answer with IPv4 addresses (RFC 6147). */
  DNS64,
  /** A dynamic update. */
  UPDATE,
  /** The message itself: malformed, unknown version or opcode. */
  MESSAGE
}
