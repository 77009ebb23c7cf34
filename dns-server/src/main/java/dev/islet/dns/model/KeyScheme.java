package dev.islet.dns.model;

/** How many keys a signed zone has. */
public enum KeyScheme {
  /** One key signs everything (a combined signing key). */
  CSK,
  /** A key signs the keys, another the data, so that the second rolls without the parent. */
  KSK_ZSK
}
