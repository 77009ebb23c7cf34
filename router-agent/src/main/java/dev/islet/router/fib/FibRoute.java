package dev.islet.router.fib;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A route of ours as the kernel holds it.
 *
 * @param prefix what is reached
 * @param metric its priority there; with the prefix the kernel's key
 * @param drop set for a route that discards; then there are no hops
 * @param hops in a fixed order, so that equal sets are equal
 */
public record FibRoute(Prefix prefix, int metric, Optional<Hop.How> drop, List<FibHop> hops) {
  /**
   * A next hop.
   *
   * @param gateway empty for a destination on the link itself
   * @param nic the interface's number
   */
  public record FibHop(Optional<InetAddress> gateway, int nic) {}

  public FibRoute {
    hops =
        hops.stream()
            .sorted(
                Comparator.comparingInt(FibHop::nic)
                    .thenComparing(h -> h.gateway().map(InetAddress::getHostAddress).orElse("")))
            .toList();
  }

  /** The kernel's key for it. */
  public Slot slot() {
    return new Slot(prefix, metric);
  }

  /** A prefix and a metric: at most one route of ours is there. */
  public record Slot(Prefix prefix, int metric) {}

  /** How it leaves, for people. */
  public String via() {
    if (drop.isPresent()) {
      return new Hop.Drop(drop.get()).toString();
    }
    var text = new StringBuilder();
    for (var hop : hops) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(hop.gateway().map(InetAddress::getHostAddress).orElse("link"))
          .append(" nic ")
          .append(hop.nic());
    }
    return text.toString();
  }
}
