package dev.islet.dns.transport;

import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A fast lane with room for a question and a reply, and a count of what it has answered. Serves one
 * thread at a time; nothing is allocated.
 */
final class FastPass {
  private static final Logger LOG = System.getLogger("islet.dns");

  /** Response codes that the fast lane has, those of a zone apart from those of the cache. */
  private static final int CODES = 6;

  private final FastLane lane;
  private final Transport transport;
  private final Tally tally;
  private final byte[] question;
  private final byte[] reply;
  private final long[] answered = new long[2 * CODES];

  /**
   * @param questionBytes the longest question that is looked at
   * @param replyBytes the longest reply of the transport
   */
  FastPass(FastLane lane, Transport transport, Tally tally, int questionBytes, int replyBytes) {
    this.lane = lane;
    this.transport = transport;
    this.tally = tally;
    this.question = new byte[questionBytes];
    this.reply = new byte[replyBytes];
  }

  /** Where a question is put before {@link #answer}. */
  byte[] question() {
    return question;
  }

  /** Where {@link #answer} leaves the reply. */
  byte[] reply() {
    return reply;
  }

  /** How many bytes the reply has, 0 if there is none; or {@link FastLane#SLOW}. */
  int answer(int length, long clientHigh, long clientLow) {
    try {
      int bytes = lane.answer(question, length, clientHigh, clientLow, transport, reply);
      if (bytes >= 0 && lane.said()) {
        answered[lane.rcode() + (lane.cached() ? CODES : 0)]++;
      } else if (bytes >= 0) {
        tally.asked(transport);
      }
      return bytes;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "service=dns the fast lane failed, the slow one takes over", e);
      return FastLane.SLOW;
    }
  }

  /** Adds to the metrics what was answered since the last time. */
  void count() {
    for (int i = 0; i < answered.length; i++) {
      if (answered[i] != 0) {
        tally.fast(transport, i < CODES ? Source.ZONE : Source.CACHE, i % CODES, answered[i]);
        answered[i] = 0;
      }
    }
  }
}
