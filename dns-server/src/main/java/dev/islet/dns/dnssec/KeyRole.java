package dev.islet.dns.dnssec;

/** What a key is for (RFC 6781 section 3.1). */
public enum KeyRole {
  /** Signs everything. */
  CSK(true, true),
  /** Signs the set of keys; the parent's DS record names it. */
  KSK(true, false),
  /** Signs all other sets. */
  ZSK(false, true);

  private final boolean entry;
  private final boolean zone;

  KeyRole(boolean entry, boolean zone) {
    this.entry = entry;
    this.zone = zone;
  }

  /** Whether it is a secure entry point: chains of trust enter the zone by it. */
  boolean entry() {
    return entry;
  }

  /** Whether it signs data. */
  boolean zone() {
    return zone;
  }
}
