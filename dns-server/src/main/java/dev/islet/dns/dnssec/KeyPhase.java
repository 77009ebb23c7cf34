package dev.islet.dns.dnssec;

/**
 * Where a key is in its life. What the zone shows of it depends on nothing else.
 *
 * <p>A successor of the same algorithm goes PREPUBLISHED → (SUBMITTED →) ACTIVE → RETIRED. A first
 * key begins at INTRODUCED. Keys of another algorithm go PRESIGNING → INTRODUCED → SUBMITTED →
 * ACTIVE, and those before them OUTGOING → POSTSIGNING (RFC 6781 section 4.1.4: of each algorithm
 * among the keys there is always a signature of everything).
 */
public enum KeyPhase {
  /** Its signatures are in the zone, the key is not yet. */
  PRESIGNING(false, true, false),
  /** The key is in the zone, the data is signed by its predecessor. */
  PREPUBLISHED(true, false, false),
  /** The key and its signatures are in the zone; the parent does not hear of it yet. */
  INTRODUCED(true, true, false),
  /** The parent is asked to name it (CDS), and has not, or not for long enough. */
  SUBMITTED(true, true, true),
  /** In full use. */
  ACTIVE(true, true, true),
  /** Signs no data any more, but signatures of it, or a DS record, may be remembered. */
  RETIRED(true, false, false),
  /** Still in full use, while its successor of another algorithm waits for the parent. */
  OUTGOING(true, true, false),
  /** The key is out of the zone, its signatures stay while the key may be remembered. */
  POSTSIGNING(false, true, false);

  private final boolean published;
  private final boolean signs;
  private final boolean named;

  KeyPhase(boolean published, boolean signs, boolean named) {
    this.published = published;
    this.signs = signs;
    this.named = named;
  }

  /** Whether the DNSKEY set has it; a secure entry point then signs that set. */
  boolean published() {
    return published;
  }

  /** Whether it signs data, if that is its role. */
  boolean signs() {
    return signs;
  }

  /** Whether CDS and CDNSKEY name it, if it is a secure entry point. */
  boolean named() {
    return named;
  }
}
