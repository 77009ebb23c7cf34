package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A question for others.
 *
 * @param key question and flags; what is the same is asked once
 * @param upstreams whom to ask, in no order; nobody means a walk from the root
 * @param doubted whether the last answer proved false: who gave it is asked only if nobody else
 *     answers
 */
public record Inquiry(CacheKey key, List<InetSocketAddress> upstreams, boolean doubted) {
  public Inquiry {
    upstreams = List.copyOf(upstreams);
  }

  /** A question that is asked for the first time. */
  public Inquiry(CacheKey key, List<InetSocketAddress> upstreams) {
    this(key, upstreams, false);
  }

  /** The same of others than who answered it last. */
  public Inquiry again() {
    return new Inquiry(key, upstreams, true);
  }

  /** A question for the servers of its own zone, found by a walk from the root. */
  public static Inquiry walk(CacheKey key) {
    return new Inquiry(key, List.of());
  }

  /** Whether the answer is to be found by a walk from the root. */
  public boolean walks() {
    return upstreams.isEmpty();
  }
}
