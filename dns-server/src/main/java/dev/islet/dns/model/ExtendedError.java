package dev.islet.dns.model;

/**
 * Why an answer is as it is, in the words of RFC 8914.
 *
 * @param code an info code of the IANA registry
 * @param text for people, kept short
 */
public record ExtendedError(int code, String text) {
  public static final int OTHER = 0;
  public static final int STALE_ANSWER = 3;
  public static final int UNSUPPORTED_ALGORITHM = 1;
  public static final int UNSUPPORTED_DIGEST = 2;
  public static final int FORGED = 4;
  public static final int INDETERMINATE = 5;
  public static final int BOGUS = 6;
  public static final int SIGNATURE_EXPIRED = 7;
  public static final int SIGNATURE_NOT_YET_VALID = 8;
  public static final int DNSKEY_MISSING = 9;
  public static final int RRSIGS_MISSING = 10;
  public static final int NO_ZONE_KEY = 11;
  public static final int NSEC_MISSING = 12;
  public static final int NOT_READY = 14;
  public static final int BLOCKED = 15;
  public static final int PROHIBITED = 18;
  public static final int NOT_AUTHORITATIVE = 20;
  public static final int NOT_SUPPORTED = 21;
  public static final int NO_REACHABLE_AUTHORITY = 22;
  public static final int UNSUPPORTED_ITERATIONS = 27;
}
