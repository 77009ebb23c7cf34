package dev.islet.dhcp.lease;

import java.util.Arrays;

/**
 * Lets each of many senders through at a steady rate with bursts (the generic cell rate algorithm
 * of ITU-T I.371), and remembers only those that spoke last, so that a flood of invented senders
 * takes no memory and leaves none behind: all there is are two arrays. Each sender has a few places
 * it may be in, and the one there that was silent for longest makes room. Two senders with the same
 * hash share a rate, which happens to one pair in a hundred full tables.
 *
 * @param <K> what tells senders apart
 */
final class Guard<K> {
  private static final int PLACES = 8;
  private static final int REMEMBERED = 8_192;
  private static final long SECOND = 1_000_000_000L;
  private static final long NOBODY = Long.MIN_VALUE;

  private final long interval;
  private final long burst;
  private final int[] hashes;

  /** When each sender's next message would come if it kept to its rate. */
  private final long[] due;

  /**
   * @param perSecond messages a second; 0 lets everything through
   * @param burst how many may come at once
   */
  Guard(int perSecond, int burst) {
    this.interval = perSecond == 0 ? 0 : SECOND / perSecond;
    this.burst = interval * burst;
    this.hashes = new int[interval == 0 ? 0 : REMEMBERED];
    this.due = new long[hashes.length];
    Arrays.fill(due, NOBODY);
  }

  /** Whether a message may pass; counts it if so. */
  boolean passes(K sender, long now) {
    if (interval == 0) {
      return true;
    }
    int hash = sender.hashCode() * 0x9E3779B9;
    int place = place(hash);
    boolean known = due[place] != NOBODY && hashes[place] == hash;
    long at = known ? Math.max(due[place], now) : now;
    if (at - now >= burst) {
      return false;
    }
    hashes[place] = hash;
    due[place] = at + interval;
    return true;
  }

  /** Where a sender is, or may be. */
  private int place(int hash) {
    int first = (hash ^ hash >>> 15) & REMEMBERED - PLACES;
    int best = first;
    for (int i = first; i < first + PLACES; i++) {
      if (due[i] != NOBODY && hashes[i] == hash) {
        return i;
      }
      if (due[i] < due[best]) {
        best = i;
      }
    }
    return best;
  }
}
