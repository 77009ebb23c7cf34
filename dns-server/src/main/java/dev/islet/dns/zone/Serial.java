package dev.islet.dns.zone;

import org.xbill.DNS.SOARecord;

/** Serial numbers of zones, which go round (RFC 1982). */
public final class Serial {
  private static final long MASK = 0xFFFF_FFFFL;

  private Serial() {}

  /** Whether {@code a} comes after {@code b}: less than half the circle ahead. */
  public static boolean isAfter(long a, long b) {
    long ahead = a - b & MASK;
    return ahead != 0 && ahead < 0x8000_0000L;
  }

  /** The next one; 0 is left out, since some take it for "none". */
  public static long next(long serial) {
    long next = serial + 1 & MASK;
    return next == 0 ? 1 : next;
  }

  /** The same start of authority with another serial and TTL. */
  public static SOARecord in(SOARecord soa, long serial, long ttl) {
    return new SOARecord(
        soa.getName(),
        soa.getDClass(),
        ttl,
        soa.getHost(),
        soa.getAdmin(),
        serial,
        soa.getRefresh(),
        soa.getRetry(),
        soa.getExpire(),
        soa.getMinimum());
  }

  /** The later of two. */
  public static long later(long a, long b) {
    return isAfter(b, a) ? b : a;
  }
}
