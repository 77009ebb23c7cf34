package dev.islet.dns.infra;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * The zones known so far, bounded. The root is always known: from the hints, and after priming (RFC
 * 8109) from the root itself.
 *
 * <p>A zone's servers are only ever what its parent said, for as long as the parent said: a zone
 * cannot prolong its own delegation, so that one taken away dies everywhere (the "ghost domain").
 */
public final class Delegations {
  private static final int MAX = 2_048;
  private static final int MAX_PLAIN = 4_096;
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX_SECONDS = 86_400;

  /** A priming that failed is tried again after this. */
  private static final long AGAIN = 60 * SECOND;

  private final Map<Name, Delegation> zones = bounded(MAX);
  private final Map<Name, Long> plain = bounded(MAX_PLAIN);
  private final Map<Name, Long> odd = bounded(MAX);
  private RootHints hints;
  private @Nullable Delegation root;
  private long primeAt = Long.MIN_VALUE;

  public Delegations(RootHints hints) {
    this.hints = hints;
  }

  /** Begins anew from other hints. */
  public void hints(RootHints next) {
    hints = next;
    zones.clear();
    plain.clear();
    odd.clear();
    root = null;
    primeAt = Long.MIN_VALUE;
  }

  /** How many zones below the root are known. */
  public int size() {
    return zones.size();
  }

  /** The lowest known zone that holds a name. */
  public Delegation closest(Name name, long now) {
    for (int up = 0; up < name.labels() - 1; up++) {
      var at = up == 0 ? name : new Name(name, up);
      var known = zones.get(at);
      if (known != null) {
        if (known.dies() > now) {
          return known;
        }
        zones.remove(at);
      }
    }
    return root != null ? root : hints.delegation();
  }

  /** Learns a zone from its parent's referral. */
  public void put(Delegation delegation) {
    zones.put(delegation.zone(), delegation);
  }

  /** None of the zone's servers could be reached: the parent is to be asked again. */
  public void remove(Name zone) {
    zones.remove(zone);
  }

  /** Whether the root is to be asked for its servers first (RFC 8109 section 3). */
  public boolean unprimed(long now) {
    return now >= primeAt;
  }

  /** The root's own word on its servers; hints fill in addresses that it left out. */
  public void primed(Delegation said, long now) {
    root = said.completedBy(hints.delegation());
    primeAt = Math.max(said.dies(), now + AGAIN);
  }

  /** The root could not be asked; the last word, or the hints, go on to serve. */
  public void primingFailed(long now) {
    primeAt = now + AGAIN;
  }

  /** A name that its zone answered for is no zone of its own, for a while. */
  public void plainName(Name name, long until) {
    plain.put(name, until);
  }

  /** Whether a name is known to be no zone of its own. */
  public boolean isPlain(Name name, long now) {
    var until = plain.get(name);
    return until != null && until > now;
  }

  /** The servers of a zone get names wrong that only lead to others (RFC 9156 section 2.3). */
  public void odd(Name zone, long until) {
    odd.put(zone, until);
  }

  /** Whether a zone's servers are to be asked for whole names only. */
  public boolean isOdd(Name zone, long now) {
    var until = odd.get(zone);
    return until != null && until > now;
  }

  /**
   * When what a parent said dies.
   *
   * @param seconds its TTL; a day at most counts
   */
  public static long dies(long now, long seconds) {
    return now + Math.min(seconds, MAX_SECONDS) * SECOND;
  }

  static <V> Map<Name, V> bounded(int max) {
    return new LinkedHashMap<>(64, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Name, V> eldest) {
        return size() > max;
      }
    };
  }
}
