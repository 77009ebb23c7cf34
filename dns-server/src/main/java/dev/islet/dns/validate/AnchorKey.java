package dev.islet.dns.validate;

import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;

/**
 * A key of a trust point.
 *
 * @param key as it is without the REVOKE bit; its TTL is what it was signed with when it was first
 *     seen
 * @param since seconds since 1970 when the phase began
 */
public record AnchorKey(DNSKEYRecord key, AnchorPhase phase, long since) {
  static final int REVOKED = 0x0080;

  /** A key as first seen, whatever its REVOKE bit says. */
  static AnchorKey of(DNSKEYRecord seen, long ttl, AnchorPhase phase, long since) {
    return new AnchorKey(plain(seen, ttl), phase, since);
  }

  /** The key as it is, or was, before it was revoked. */
  static DNSKEYRecord plain(DNSKEYRecord seen, long ttl) {
    return new DNSKEYRecord(
        seen.getName(),
        DClass.IN,
        ttl,
        seen.getFlags() & ~REVOKED,
        seen.getProtocol(),
        seen.getAlgorithm(),
        seen.getKey());
  }

  /** The number that DS records and signatures name it by. */
  public int tag() {
    return key.getFootprint();
  }

  /** Whether it is the same key, revoked or not. */
  boolean is(DNSKEYRecord other) {
    return key.getAlgorithm() == other.getAlgorithm()
        && Arrays.equals(key.getKey(), other.getKey());
  }

  AnchorKey in(AnchorPhase next, long when) {
    return new AnchorKey(key, next, when);
  }
}
