package dev.islet.dns.validate;

/**
 * What one question may cost. Zones can be made so that an honest validator works for hours on one
 * answer (CVE-2023-50387, CVE-2023-50868); this one gives up, and the answer counts as bogus.
 */
final class Budget {
  /** Enough for sixteen aliases, each into a zone of its own three levels down. */
  private static final int SIGNATURES = 112;

  private static final int FAILURES = 16;
  private static final int HASHES = 256;

  /** DS and DNSKEY sets asked for. */
  private static final int QUESTIONS = 96;

  private int signatures = SIGNATURES;
  private int failures = FAILURES;
  private int hashes = HASHES;
  private int questions = QUESTIONS;

  /** Whether one more signature may be checked. */
  boolean signature() {
    return failures > 0 && signatures-- > 0;
  }

  /** A check has failed: honest zones have few of those. */
  void failure() {
    failures--;
  }

  /** Whether one more hash may be computed. */
  boolean hash() {
    return hashes-- > 0;
  }

  /** Whether one more set may be asked for. */
  boolean question() {
    return questions-- > 0;
  }

  /** How many signatures were checked. */
  int signaturesUsed() {
    return SIGNATURES - Math.max(0, signatures);
  }

  /** How many hashes were computed. */
  int hashesUsed() {
    return HASHES - Math.max(0, hashes);
  }

  /** Whether something was refused. */
  boolean spent() {
    return failures <= 0 || signatures < 0 || hashes < 0 || questions < 0;
  }
}
