package dev.islet.voip.media;

import dev.islet.voip.model.StreamLoss;

/**
 * Counts what the sequence numbers of one stream tell: expected, lost, duplicated, reordered.
 *
 * <p>The rules are those of RFC 3550 A.1: up to {@link #MAX_DROPOUT} ahead is a gap, up to {@link
 * #MAX_MISORDER} behind is an old packet, anything else is a jump that counts only if the next
 * packet confirms it: the sender has restarted. Unlike A.1 a restart does not throw away the
 * figures so far: the stretches before and after are added up, since the call is one. And the very
 * first packet counts without probation, because the source was told by signalling and not found by
 * chance; so the figures are those of capture tools.
 */
final class SequenceTracker {
  static final int MAX_DROPOUT = 3_000;
  static final int MAX_MISORDER = 100;

  /** How a packet stands to those before it. */
  enum Place {
    FIRST,
    /** Next, or after a gap. */
    AHEAD,
    /** Late, not seen before. */
    REORDERED,
    DUPLICATE,
    /** Far away; not counted until confirmed. */
    JUMP,
    /** The packet after a jump: both are counted from here on. */
    RESTART
  }

  private boolean begun;
  private int base;
  private int highest;
  private long cycles;
  private int awaited = -1;

  /** Expected in the stretches before the last restart. */
  private long expectedBefore;

  private long received;
  private long duplicates;
  private long reordered;

  /** Bit i of the pair says whether {@code highest - i} has come. */
  private long seenLow;

  private long seenHigh;

  /** Takes the next packet's sequence number, 0 to 65535. */
  Place on(int sequence) {
    if (!begun) {
      begun = true;
      restartAt(sequence);
      received = 1;
      return Place.FIRST;
    }
    int ahead = sequence - highest & 0xFFFF;
    if (ahead == 0) {
      received++;
      duplicates++;
      return Place.DUPLICATE;
    }
    if (ahead < MAX_DROPOUT) {
      if (sequence < highest) {
        cycles += 0x10000;
      }
      highest = sequence;
      shift(ahead);
      received++;
      return Place.AHEAD;
    }
    int behind = 0x10000 - ahead;
    if (behind > MAX_MISORDER) {
      if (sequence != awaited) {
        awaited = sequence + 1 & 0xFFFF;
        return Place.JUMP;
      }
      expectedBefore += stretch();
      restartAt(sequence - 1 & 0xFFFF);
      highest = sequence;
      cycles = sequence == 0 ? 0x10000 : 0;
      shift(1);
      received += 2;
      return Place.RESTART;
    }
    received++;
    if (seen(behind)) {
      duplicates++;
      return Place.DUPLICATE;
    }
    reordered++;
    return Place.REORDERED;
  }

  StreamLoss loss() {
    if (!begun) {
      return new StreamLoss(0, 0, 0, 0);
    }
    long expected = expectedBefore + stretch();
    return new StreamLoss(expected, expected - received, duplicates, reordered);
  }

  private long stretch() {
    return cycles + highest - base + 1;
  }

  private void restartAt(int sequence) {
    base = sequence;
    highest = sequence;
    cycles = 0;
    awaited = -1;
    seenLow = 1;
    seenHigh = 0;
  }

  private void shift(int by) {
    if (by >= 128) {
      seenHigh = 0;
      seenLow = 0;
    } else if (by >= 64) {
      seenHigh = seenLow << by - 64;
      seenLow = 0;
    } else {
      seenHigh = seenHigh << by | seenLow >>> 64 - by;
      seenLow <<= by;
    }
    seenLow |= 1;
  }

  /** Whether the packet so far behind the highest had come; marks it. */
  private boolean seen(int behind) {
    if (behind < 64) {
      long bit = 1L << behind;
      boolean was = (seenLow & bit) != 0;
      seenLow |= bit;
      return was;
    }
    long bit = 1L << behind - 64;
    boolean was = (seenHigh & bit) != 0;
    seenHigh |= bit;
    return was;
  }
}
