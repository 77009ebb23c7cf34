package dev.islet.voip.media;

/**
 * How many packets one phone may have relayed: {@value #PER_SECOND} a second, ten times what G.711
 * needs and more than any voice codec sends. It bounds what a mad phone costs, and what two
 * descriptions that point at the relay itself could keep going round.
 */
final class PacketBudget {
  static final int PER_SECOND = 1_000;
  private static final long NANOS_EACH = 1_000_000_000L / PER_SECOND;

  /** The moment up to which the budget is spent; at most a second behind now. */
  private long spent;

  private boolean begun;

  boolean take(long now) {
    long oldest = now - 1_000_000_000L;
    if (!begun || spent < oldest) {
      spent = oldest;
      begun = true;
    }
    if (spent + NANOS_EACH > now) {
      return false;
    }
    spent += NANOS_EACH;
    return true;
  }
}
