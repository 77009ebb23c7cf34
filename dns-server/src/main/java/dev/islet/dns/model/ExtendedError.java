package dev.islet.dns.model;

/**
 * Why an answer is as it is, in the words of RFC 8914.
 *
 * @param code an info code of the IANA registry
 * @param text for people, kept short
 */
public record ExtendedError(int code, String text) {
  public static final int OTHER = 0;
  public static final int PROHIBITED = 18;
  public static final int NOT_AUTHORITATIVE = 20;
  public static final int NOT_SUPPORTED = 21;
  public static final int NO_REACHABLE_AUTHORITY = 22;
}
