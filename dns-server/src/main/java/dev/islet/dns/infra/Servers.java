package dev.islet.dns.infra;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/**
 * How each name server behaves: how fast it is, whether it was silent, for which zones it is lame,
 * what it does not understand. Bounded; who was not asked lately is forgotten first.
 */
public final class Servers {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /** Patience with a server never asked, and the bounds of all patience. */
  private static final long FIRST = 800 * MILLI;

  private static final long LEAST = 200 * MILLI;
  private static final long MOST = 3 * SECOND;

  private static final long FIRST_BENCH = 2 * SECOND;
  private static final long MAX_BENCH = 120 * SECOND;
  private static final long REMEMBER = 600 * SECOND;

  /** One question in so many goes to any server, so that one that got better is noticed. */
  private static final int EXPLORE = 24;

  /** Servers about as fast as the best share the load, which makes forging harder too. */
  private static final long BAND = 20 * MILLI;

  private static final int MAX = 4_096;
  private static final int CLIENT_COOKIE = 8;
  private static final int MAX_LAME = 16;

  /** What a server makes of EDNS. */
  public enum Edns {
    UNKNOWN,
    UNDERSTOOD,
    NOT_UNDERSTOOD
  }

  private static final class Health {
    long smoothed;
    long variation;
    int silences;
    int silentWithEdns;
    long benchedUntil = Long.MIN_VALUE;
    boolean edns;
    long plainUntil = Long.MIN_VALUE;
    long caselessUntil = Long.MIN_VALUE;
    final Map<Name, Long> lame = new HashMap<>(2);
    byte[] cookie = {};
  }

  private final Map<InetAddress, Health> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Health> eldest) {
          return size() > MAX;
        }
      };
  private final RandomGenerator random;

  /** For IPv4 and IPv6: whether anybody ever answered, and how long it counts as not there. */
  private final boolean[] seen = new boolean[2];

  private final long[] missingUntil = {Long.MIN_VALUE, Long.MIN_VALUE};

  public Servers(RandomGenerator random) {
    this.random = random;
  }

  /** How many servers are known. */
  public int size() {
    return known.size();
  }

  /**
   * Whom to ask: mostly one of the fastest, now and then any.
   *
   * @param candidates at least one
   */
  public InetAddress choose(List<InetAddress> candidates, long now) {
    if (candidates.size() == 1) {
      return candidates.getFirst();
    }
    if (random.nextInt(EXPLORE) == 0) {
      return candidates.get(random.nextInt(candidates.size()));
    }
    long best = Long.MAX_VALUE;
    for (var each : candidates) {
      best = Math.min(best, cost(each, now));
    }
    var good = new ArrayList<InetAddress>();
    for (var each : candidates) {
      if (cost(each, now) <= best + BAND) {
        good.add(each);
      }
    }
    return good.get(random.nextInt(good.size()));
  }

  /** A new server counts as fast, so that each is tried once; a benched one comes last. */
  private long cost(InetAddress server, long now) {
    var health = known.get(server);
    boolean benched = missingUntil[family(server)] > now;
    if (health == null) {
      return benched ? MAX_BENCH : 0;
    }
    benched |= health.benchedUntil > now;
    return health.smoothed + (benched ? MAX_BENCH : 0);
  }

  /** How long to wait for a reply, twice as long after each silence (RFC 6298 section 2, 5.5). */
  public long patience(InetAddress server) {
    var health = known.get(server);
    long base =
        health == null || health.smoothed == 0
            ? FIRST
            : Math.max(LEAST, health.smoothed + 4 * health.variation);
    int doublings = health == null ? 0 : Math.min(health.silences, 3);
    return Math.min(MOST, base << doublings);
  }

  /** A reply came. */
  public void answered(InetAddress server, long nanos, boolean edns) {
    var health = health(server);
    if (health.smoothed == 0) {
      health.smoothed = Math.max(1, nanos);
      health.variation = nanos / 2;
    } else {
      health.variation = (3 * health.variation + Math.abs(health.smoothed - nanos)) / 4;
      health.smoothed = Math.max(1, (7 * health.smoothed + nanos) / 8);
    }
    health.silences = 0;
    health.benchedUntil = Long.MIN_VALUE;
    health.edns |= edns;
    seen[family(server)] = true;
  }

  /** No reply came in time. */
  public void silent(InetAddress server, boolean withEdns, long now) {
    var health = health(server);
    health.silences++;
    health.silentWithEdns += withEdns ? 1 : 0;
    bench(health, now);
  }

  /** Nothing could be sent, or the connection broke. */
  public void broken(InetAddress server, long now) {
    var health = health(server);
    health.silences++;
    bench(health, now);
    if (!seen[family(server)]) {
      missingUntil[family(server)] = now + 60 * SECOND; // a house without IPv6 is not its fault
    }
  }

  /** Whether the network seems to carry IPv6. */
  public boolean sixWorks(long now) {
    return missingUntil[1] <= now;
  }

  private static int family(InetAddress server) {
    return server instanceof Inet6Address ? 1 : 0;
  }

  private static void bench(Health health, long now) {
    long time = FIRST_BENCH << Math.min(health.silences - 1, 6);
    health.benchedUntil = now + Math.min(MAX_BENCH, time);
  }

  /** What is known of a server's EDNS (RFC 6891 section 6.2.2). */
  public Edns edns(InetAddress server, long now) {
    var health = known.get(server);
    if (health == null) {
      return Edns.UNKNOWN;
    }
    if (health.plainUntil > now) {
      return Edns.NOT_UNDERSTOOD;
    }
    return health.edns ? Edns.UNDERSTOOD : Edns.UNKNOWN;
  }

  /** Whether a server that never spoke EDNS was silent so often that EDNS may be the reason. */
  public boolean ednsDoubtful(InetAddress server) {
    var health = known.get(server);
    return health != null && !health.edns && health.silentWithEdns >= 2;
  }

  /** It answers without EDNS, not with it. */
  public void withoutEdns(InetAddress server, long now) {
    health(server).plainUntil = now + REMEMBER;
  }

  /** Whether a server gives names back in the case they were sent in. */
  public boolean keepsCase(InetAddress server, long now) {
    var health = known.get(server);
    return health == null || health.caselessUntil <= now;
  }

  /** It does not keep case. */
  public void caseless(InetAddress server, long now) {
    health(server).caselessUntil = now + REMEMBER;
  }

  /** It does not serve a zone that is delegated to it. */
  public void lame(InetAddress server, Name zone, long now) {
    var lame = health(server).lame;
    if (lame.size() >= MAX_LAME) {
      lame.clear();
    }
    lame.put(zone, now + REMEMBER);
  }

  /** Whether a server was found not to serve a zone, lately. */
  public boolean isLame(InetAddress server, Name zone, long now) {
    var health = known.get(server);
    var until = health == null ? null : health.lame.get(zone);
    return until != null && until > now;
  }

  /**
   * The cookie to send: one of our own for each server, and the last one the server gave (RFC 7873
   * section 5.1).
   */
  public byte[] cookie(InetAddress server) {
    var health = health(server);
    if (health.cookie.length == 0) {
      health.cookie = ByteBuffer.allocate(CLIENT_COOKIE).putLong(random.nextLong()).array();
    }
    return health.cookie;
  }

  /**
   * A server gave a cookie, or none any more.
   *
   * @param part the server's, 0 or 8 to 32 bytes
   */
  public void cookie(InetAddress server, byte[] part) {
    var ours = Arrays.copyOf(cookie(server), CLIENT_COOKIE + part.length);
    System.arraycopy(part, 0, ours, CLIENT_COOKIE, part.length);
    health(server).cookie = ours;
  }

  private Health health(InetAddress server) {
    return known.computeIfAbsent(server, s -> new Health());
  }
}
