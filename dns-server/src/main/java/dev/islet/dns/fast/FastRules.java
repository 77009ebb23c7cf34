package dev.islet.dns.fast;

import dev.islet.core.net.Prefix;
import java.util.List;

/** What the fast lane must know of the operator's decisions; immutable. */
public final class FastRules {
  /** Nobody passes: every question takes the slow lane. */
  public static final FastRules CLOSED = new FastRules(false, List.of(), List.of(), List.of());

  private final boolean open;
  private final Networks query;
  private final Networks recursion;
  private final Checkpoint[] checkpoints;

  private FastRules(
      boolean open, List<Prefix> query, List<Prefix> recursion, List<Checkpoint> checkpoints) {
    this.open = open;
    this.query = new Networks(query);
    this.recursion = new Networks(recursion);
    this.checkpoints = checkpoints.toArray(Checkpoint[]::new);
  }

  /**
   * An open lane.
   *
   * @param query networks that may ask at all
   * @param recursion networks whose replies have the RA bit; empty where nobody is asked for them
   * @param checkpoints asked in this order
   */
  public static FastRules open(
      List<Prefix> query, List<Prefix> recursion, List<Checkpoint> checkpoints) {
    return new FastRules(true, query, recursion, checkpoints);
  }

  boolean isOpen() {
    return open;
  }

  boolean pass(FastQuestion question) {
    if (!query.allow(question.clientHigh(), question.clientLow())) {
      return false;
    }
    for (var checkpoint : checkpoints) {
      if (!checkpoint.asks(question)) {
        return false;
      }
    }
    return true;
  }

  Checkpoint.Pass pass(FastQuestion question, Checkpoint.Kind kind) {
    for (var checkpoint : checkpoints) {
      var pass = checkpoint.answers(question, kind);
      if (pass != Checkpoint.Pass.SEND) {
        return pass;
      }
    }
    return Checkpoint.Pass.SEND;
  }

  boolean recursionFor(FastQuestion question) {
    return recursion.allow(question.clientHigh(), question.clientLow());
  }
}
