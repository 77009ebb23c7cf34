package dev.islet.voip.media;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * The RTP ports of a range: even ones, each with the odd one above for RTCP (RFC 3550 §11). A port
 * given back rests before it is given out again, so that late packets of one call do not reach the
 * next; ports come in random order, so that nobody guesses the next call's. Not thread-safe.
 */
public final class PortPairs {
  private record Resting(int port, long until) {}

  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final ArrayDeque<Resting> resting = new ArrayDeque<>();
  private final long quarantine;

  /**
   * @param first lowest port; an odd one is left out
   * @param last highest port, inclusive
   * @param quarantineNanos how long a port rests
   */
  public PortPairs(int first, int last, long quarantineNanos, RandomGenerator random) {
    var ports = new ArrayList<Integer>();
    for (int port = first + (first & 1); port + 1 <= last; port += 2) {
      ports.add(port);
    }
    Collections.shuffle(ports, random);
    free.addAll(ports);
    quarantine = quarantineNanos;
  }

  /** The next port; empty if all are in use or rest. */
  public OptionalInt take(long now) {
    wake(now);
    var port = free.poll();
    return port == null ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** Gives a port back, to rest. */
  public void giveBack(int port, long now) {
    resting.add(new Resting(port, now + quarantine));
  }

  /** How many could be taken now. */
  public int available(long now) {
    wake(now);
    return free.size();
  }

  private void wake(long now) {
    while (!resting.isEmpty() && resting.peek().until() <= now) {
      free.add(resting.poll().port());
    }
  }
}
