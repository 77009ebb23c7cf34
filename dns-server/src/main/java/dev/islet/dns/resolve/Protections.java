package dev.islet.dns.resolve;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which servers are protected, and how. An address that was once protected stays so until it is
 * named as a plain one: no question that is under way over a reload leaves in the clear.
 */
public final class Protections {
  private volatile Map<InetSocketAddress, Protection> known = Map.of();

  Protections() {}

  /**
   * From now on these hold; may be called from any thread.
   *
   * @param plain addresses that are to be asked in the clear
   */
  public synchronized void take(
      Map<InetSocketAddress, Protection> guarded, Set<InetSocketAddress> plain) {
    var next = new HashMap<>(known);
    next.keySet().removeAll(plain);
    next.putAll(guarded);
    known = Map.copyOf(next);
  }

  Optional<Protection> of(InetSocketAddress server) {
    return Optional.ofNullable(known.get(server));
  }
}
