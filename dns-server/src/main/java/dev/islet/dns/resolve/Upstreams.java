package dev.islet.dns.resolve;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * How each upstream server behaved lately, and whom to ask next: mostly the fastest, now and then
 * another, so that one that got better is noticed. A server that fails is left alone for a while
 * that doubles with each failure.
 */
final class Upstreams {
  private static final long FIRST_GUESS = 100_000_000L;
  private static final long FIRST_PENALTY = 2_000_000_000L;
  private static final long MAX_PENALTY = 60_000_000_000L;
  private static final int EXPLORE = 32;
  private static final int MAX_KNOWN = 256;

  private static final class Health {
    long smoothed = FIRST_GUESS;
    int failures;
    long benchedUntil = Long.MIN_VALUE;
  }

  private final Map<InetSocketAddress, Health> known = new HashMap<>();
  private final RandomGenerator random;

  Upstreams(RandomGenerator random) {
    this.random = random;
  }

  /** One of the candidates not yet tried; if all were, the best of all again. */
  InetSocketAddress choose(
      List<InetSocketAddress> candidates, Set<InetSocketAddress> tried, long now) {
    var fresh = candidates.stream().filter(c -> !tried.contains(c)).toList();
    var open = fresh.isEmpty() ? candidates : fresh;
    if (open.size() > 1 && random.nextInt(EXPLORE) == 0) {
      return open.get(random.nextInt(open.size()));
    }
    InetSocketAddress best = open.getFirst();
    long bestCost = Long.MAX_VALUE;
    for (var each : open) {
      var health = health(each);
      long cost = health.smoothed + (health.benchedUntil > now ? MAX_PENALTY : 0);
      if (cost < bestCost) {
        best = each;
        bestCost = cost;
      }
    }
    return best;
  }

  void answered(InetSocketAddress server, long nanos) {
    var health = health(server);
    health.smoothed = (7 * health.smoothed + nanos) / 8;
    health.failures = 0;
    health.benchedUntil = Long.MIN_VALUE;
  }

  void failed(InetSocketAddress server, long now) {
    var health = health(server);
    long penalty = Math.min(MAX_PENALTY, FIRST_PENALTY << Math.min(health.failures, 5));
    health.failures++;
    health.benchedUntil = now + penalty;
  }

  private Health health(InetSocketAddress server) {
    if (known.size() > MAX_KNOWN) {
      known.clear(); // only after many reloads with other servers
    }
    return known.computeIfAbsent(server, s -> new Health());
  }
}
