package dev.islet.voip.transaction;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import java.util.Optional;

/** The core above the transactions (RFC 3261 §5: transaction user). */
public interface TransactionUser {
  /**
   * A new request, neither ACK nor CANCEL. Answer it statelessly, or take it on with {@link
   * Transactions#accept}.
   *
   * @param arrival the request with the path its answers take
   */
  void request(long now, Arrival arrival);

  /** An ACK that belongs to no failure: it is for a 2xx. */
  void ack(long now, SipRequest ack, Flow from);

  /** A CANCEL; the transaction it names is told by the machine, after this. */
  void cancel(
      long now, ServerTransaction cancel, SipRequest request, Optional<ServerTransaction> of);

  /** A response that belongs to no request of ours. */
  void stray(long now, SipResponse response, Flow from);

  /**
   * A request that has arrived and awaits a decision.
   *
   * @param request with its topmost Via completed
   * @param from the path it came by
   * @param reply the path answers take
   */
  record Arrival(SipRequest request, Flow from, Flow reply) {}
}
