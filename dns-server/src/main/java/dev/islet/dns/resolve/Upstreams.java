package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How each upstream server behaved lately, and whom to ask next: mostly the fastest, now and then
 * another, so that one that got better is noticed. A server that fails is left alone for a while
 * that doubles with each failure; one that keeps signatures back is asked for them when nobody else
 * is left.
 */
final class Upstreams {
  private static final long FIRST_GUESS = 100_000_000L;
  private static final long FIRST_PENALTY = 2_000_000_000L;
  private static final long MAX_PENALTY = 60_000_000_000L;
  private static final int EXPLORE = 32;
  private static final int MAX_KNOWN = 256;
  private static final int MAX_ANSWERS = 512;
  private static final int MAX_SILENCES = 2;
  private static final long LATELY = 10_000_000_000L;

  private static final class Health {
    long smoothed = FIRST_GUESS;
    int failures;
    long benchedUntil = Long.MIN_VALUE;
    long answeredAt = Long.MIN_VALUE;
    @Nullable Boolean signs;
    int silences;
  }

  private final Map<InetSocketAddress, Health> known = new HashMap<>();

  /** Who has answered a question since it was first asked; those asked longest ago go first. */
  private final LinkedHashMap<CacheKey, Set<InetSocketAddress>> answers = new LinkedHashMap<>();

  private final RandomGenerator random;

  Upstreams(RandomGenerator random) {
    this.random = random;
  }

  /**
   * One of the candidates not yet tried; if all were, the best of all again.
   *
   * @param signed whether signatures are wanted
   */
  InetSocketAddress choose(
      List<InetSocketAddress> candidates, Set<InetSocketAddress> tried, boolean signed, long now) {
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
      cost += signed && Boolean.FALSE.equals(health.signs) ? 2 * MAX_PENALTY : 0;
      if (cost < bestCost) {
        best = each;
        bestCost = cost;
      }
    }
    return best;
  }

  void answered(InetSocketAddress server, long nanos, long now) {
    var health = health(server);
    health.answeredAt = now;
    health.smoothed = (7 * health.smoothed + nanos) / 8;
    health.failures = 0;
    health.benchedUntil = Long.MIN_VALUE;
  }

  /**
   * A server did not answer a question about keys, which one that keeps signatures back may drop; a
   * datagram may be lost as well.
   *
   * @return whether it answers other questions, and was silent on these before
   */
  boolean dropsKeys(InetSocketAddress server, long now) {
    return answers(server, now) && ++health(server).silences >= MAX_SILENCES;
  }

  private boolean answers(InetSocketAddress server, long now) {
    long at = health(server).answeredAt;
    return at != Long.MIN_VALUE && now - at < LATELY;
  }

  /** A server was found to give signatures or not; whether that is news. */
  boolean signs(InetSocketAddress server, boolean signs) {
    var health = health(server);
    boolean news = health.signs == null ? !signs : health.signs != signs;
    health.signs = signs;
    health.silences = 0;
    return news;
  }

  Map<InetSocketAddress, Boolean> signing() {
    var all = new HashMap<InetSocketAddress, Boolean>();
    known.forEach(
        (server, health) -> {
          if (health.signs != null) {
            all.put(server, health.signs);
          }
        });
    return all;
  }

  /** A server has answered a question that will be checked. */
  void gave(CacheKey key, InetSocketAddress server) {
    if (key.dnssecOk() && key.checkingDisabled()) {
      answers.computeIfAbsent(key, k -> new HashSet<>()).add(server);
      if (answers.size() > MAX_ANSWERS) {
        answers.remove(answers.firstEntry().getKey());
      }
    }
  }

  /** Who has answered a question before, if that is doubted; else it begins anew. */
  Set<InetSocketAddress> suspects(CacheKey key, boolean doubted) {
    if (!doubted) {
      answers.remove(key);
    }
    return Set.copyOf(answers.getOrDefault(key, Set.of()));
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
