package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A question for others.
 *
 * @param key question and flags; what is the same is asked once
 * @param upstreams whom to ask, in no order; nobody means a walk from the root
 */
public record Inquiry(CacheKey key, List<InetSocketAddress> upstreams) {
  public Inquiry {
    upstreams = List.copyOf(upstreams);
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
