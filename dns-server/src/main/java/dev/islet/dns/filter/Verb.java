package dev.islet.dns.filter;

/** What a rule of a list does to the names it is about. */
public enum Verb {
  /** Block, in the way the configuration says. */
  BLOCK(1),
  /** An exception from every list's rules of rank 1. */
  ALLOW(2),
  /** Block even what exceptions allow. */
  BLOCK_IMPORTANT(3),
  /** An exception from everything. */
  ALLOW_IMPORTANT(4),
  /** RPZ: say that the name does not exist. */
  NXDOMAIN(1),
  /** RPZ: say that the name has no data. */
  NODATA(1),
  /** RPZ: later lists are not asked. */
  PASSTHRU(1),
  /** RPZ: say nothing. */
  DROP(1),
  /** RPZ: say other data. */
  DATA(1);

  private static final Verb[] ALL = values();

  private final int rank;

  Verb(int rank) {
    this.rank = rank;
  }

  /** The higher wins; among equals the first list, and in it the longest name. */
  public int rank() {
    return rank;
  }

  /** Whether the name is let through. */
  public boolean allows() {
    return this == ALLOW || this == ALLOW_IMPORTANT || this == PASSTHRU;
  }

  static Verb at(int ordinal) {
    return ALL[ordinal];
  }
}
