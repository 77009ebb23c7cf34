package dev.islet.dns.transport;

import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.ResponseWriter;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Fast lanes for connections, which are many more than ever answer at once: each takes one for as
 * long as it does not wait, so there are hardly more than cores.
 */
final class FastPasses {
  /** Longer questions are for the slow lane. */
  static final int QUESTION_BYTES = 1_024;

  private final ConcurrentLinkedQueue<FastPass> free = new ConcurrentLinkedQueue<>();
  private final Supplier<FastLane> lanes;
  private final Tally tally;

  FastPasses(Supplier<FastLane> lanes, Tally tally) {
    this.lanes = lanes;
    this.tally = tally;
  }

  FastPass take() {
    var pass = free.poll();
    return pass != null
        ? pass
        : new FastPass(lanes.get(), Transport.TCP, tally, QUESTION_BYTES, ResponseWriter.MAX_SIZE);
  }

  void giveBack(FastPass pass) {
    pass.count();
    free.offer(pass);
  }
}
