package dev.islet.dns.fast;

import dev.islet.core.net.Prefix;
import dev.islet.dns.filter.Filter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the fast lane must know of the operator's decisions; immutable. */
public final class FastRules {
  /** Nobody passes: every question takes the slow lane. */
  public static final FastRules CLOSED =
      new FastRules(
          false, new Networks(List.of()), new Networks(List.of()), null, new Checkpoint[0], null);

  private static final int RD = 0x0100;

  private final boolean open;
  private final Networks query;
  private final Networks recursion;
  private final @Nullable Networks followed;
  private final Checkpoint[] checkpoints;
  private final @Nullable Filter filter;

  private FastRules(
      boolean open,
      Networks query,
      Networks recursion,
      @Nullable Networks followed,
      Checkpoint[] checkpoints,
      @Nullable Filter filter) {
    this.open = open;
    this.query = query;
    this.recursion = recursion;
    this.followed = followed;
    this.checkpoints = checkpoints;
    this.filter = filter;
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
    return new FastRules(
        true,
        new Networks(query),
        new Networks(recursion),
        null,
        checkpoints.toArray(Checkpoint[]::new),
        null);
  }

  /**
   * The same with answers out of the cache.
   *
   * @param filter names it knows something of are for the slow lane, and answers kept under another
   *     are not used
   */
  public FastRules withCache(Filter filter) {
    return new FastRules(open, query, recursion, followed, checkpoints, filter);
  }

  /**
   * The same with aliases that lead out of our zones: they end there (RFC 1034 section 4.3.2).
   *
   * @param followed networks for whose recursive questions they are followed, on the slow lane
   */
  public FastRules withAliases(List<Prefix> followed) {
    return new FastRules(open, query, recursion, new Networks(followed), checkpoints, filter);
  }

  /** The filter of cached answers; null if there are none on the fast lane. */
  @Nullable Filter filter() {
    return filter;
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

  /** Whether an alias that leads out of our zones is the end of the answer. */
  boolean endsOutside(FastQuestion question) {
    return followed != null
        && ((question.flags() & RD) == 0
            || !followed.allow(question.clientHigh(), question.clientLow()));
  }

  boolean recursionFor(FastQuestion question) {
    return recursion.allow(question.clientHigh(), question.clientLow());
  }
}
