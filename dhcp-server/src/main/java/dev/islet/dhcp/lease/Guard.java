package dev.islet.dhcp.lease;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets each of many senders through at a steady rate with bursts (the generic cell rate algorithm
 * of ITU-T I.371), and remembers only those that spoke last, so that a flood of invented senders
 * takes no memory.
 *
 * @param <K> what tells senders apart
 */
final class Guard<K> {
  private static final int REMEMBERED = 8_192;
  private static final long SECOND = 1_000_000_000L;

  private final long interval;
  private final long burst;

  /** When each sender's next message would come if it kept to its rate. */
  private final Map<K, Long> due =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param perSecond messages a second; 0 lets everything through
   * @param burst how many may come at once
   */
  Guard(int perSecond, int burst) {
    this.interval = perSecond == 0 ? 0 : SECOND / perSecond;
    this.burst = interval * burst;
  }

  /** Whether a message may pass; counts it if so. */
  boolean passes(K sender, long now) {
    if (interval == 0) {
      return true;
    }
    long at = Math.max(due.getOrDefault(sender, now), now);
    if (at - now >= burst) {
      return false;
    }
    due.put(sender, at + interval);
    return true;
  }
}
