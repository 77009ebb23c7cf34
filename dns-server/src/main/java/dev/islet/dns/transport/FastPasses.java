package dev.islet.dns.transport;

import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.ResponseWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Fast lanes for connections, which are many more than ever answer at once: each takes one for as
 * long as it does not wait, so there are hardly more than cores.
 */
public final class FastPasses {
  private final ConcurrentLinkedQueue<FastPass> free = new ConcurrentLinkedQueue<>();
  private final Supplier<FastLane> lanes;
  private final Transport transport;
  private final Tally tally;

  /**
   * @param lanes makes fast lanes
   * @param transport of all connections, a stream
   */
  public FastPasses(Supplier<FastLane> lanes, Transport transport, Tally tally) {
    this.lanes = lanes;
    this.transport = transport;
    this.tally = tally;
  }

  /**
   * The reply to a question, from index 0 to its limit.
   *
   * @return empty if the slow lane must answer; without bytes if there is no reply
   */
  public Optional<byte[]> answer(ByteBuffer message, ClientAddress client) {
    int size = message.limit();
    if (size > FastPass.QUESTION_BYTES) {
      return Optional.empty();
    }
    var pass = take();
    try {
      message.get(0, pass.question(0), 0, size);
      pass.read(0, size, client.high(), client.low());
      int bytes = pass.answer(0);
      return bytes < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(pass.reply(), bytes));
    } finally {
      giveBack(pass);
    }
  }

  FastPass take() {
    var pass = free.poll();
    return pass != null
        ? pass
        : new FastPass(lanes.get(), transport, tally, 1, ResponseWriter.MAX_SIZE);
  }

  void giveBack(FastPass pass) {
    pass.count();
    free.offer(pass);
  }
}
