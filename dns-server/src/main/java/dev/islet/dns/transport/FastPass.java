package dev.islet.dns.transport;

import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.fast.FastQuestion;
import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;

/**
 * A fast lane with room for questions and a reply, and a count of what it has answered. Serves one
 * thread at a time; nothing is allocated.
 *
 * <p>Where several questions have come at once they are read one after the other, then {@linkplain
 * #fetch what they need is fetched}, then each is answered.
 */
final class FastPass {
  /** Longer questions are for the slow lane. */
  static final int QUESTION_BYTES = 1_024;

  private static final Logger LOG = System.getLogger("islet.dns");

  /** Response codes that the fast lane has, those of a zone apart from those of the cache. */
  private static final int CODES = 6;

  private final FastLane lane;
  private final Transport transport;
  private final Tally tally;
  private final byte[][] messages;
  private final FastQuestion[] questions;
  private final boolean[] plain;
  private final byte[] reply;
  private final long[] answered = new long[2 * CODES];

  /**
   * @param places how many questions are read before the first is answered
   * @param replyBytes the longest reply of the transport
   */
  FastPass(FastLane lane, Transport transport, Tally tally, int places, int replyBytes) {
    this.lane = lane;
    this.transport = transport;
    this.tally = tally;
    this.messages = new byte[places][QUESTION_BYTES];
    this.questions = new FastQuestion[places];
    Arrays.setAll(questions, i -> new FastQuestion());
    this.plain = new boolean[places];
    this.reply = new byte[replyBytes];
  }

  /** Where the bytes of a question are put before it is {@link #read}. */
  byte[] question(int place) {
    return messages[place];
  }

  /** Where {@link #answer} leaves the reply. */
  byte[] reply() {
    return reply;
  }

  /** Reads the question at a place, of {@code length} bytes. */
  void read(int place, int length, long clientHigh, long clientLow) {
    plain[place] = questions[place].read(messages[place], length, clientHigh, clientLow, transport);
  }

  /** Notes that there is no question at a place that the fast lane takes. */
  void skip(int place) {
    plain[place] = false;
  }

  /** Gets what the questions at the first places need nearer, at once for all. */
  void fetch(int count) {
    for (int i = 0; i < count; i++) {
      if (plain[i]) {
        lane.expect(questions[i]);
      }
    }
    lane.fetch();
  }

  /**
   * How many bytes the reply to the question at a place has, 0 if there is none; or {@link
   * FastLane#SLOW}.
   */
  int answer(int place) {
    if (!plain[place]) {
      return FastLane.SLOW;
    }
    try {
      int bytes = lane.answer(questions[place], messages[place], reply);
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
