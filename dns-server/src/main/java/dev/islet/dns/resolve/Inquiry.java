package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A question for others.
 *
 * @param key question and flags; what is the same is asked once
 * @param upstreams whom to ask, in no order, at least one
 */
public record Inquiry(CacheKey key, List<InetSocketAddress> upstreams) {
  public Inquiry {
    upstreams = List.copyOf(upstreams);
    if (upstreams.isEmpty()) {
      throw new IllegalArgumentException("nobody to ask for " + key.question());
    }
  }
}
