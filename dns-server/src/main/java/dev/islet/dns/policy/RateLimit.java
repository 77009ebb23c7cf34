package dev.islet.dns.policy;

import dev.islet.core.net.Prefix;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Response rate limiting: how many replies of a kind a network gets over UDP in a second, so that
 * questions with a forged source make no flood of answers at whoever really lives there.
 *
 * <p>Of those over the rate each n-th gets a short reply with TC: a real asker comes again over
 * TCP, where its address is proven, and a forger gains nothing. Takes an address as bytes and
 * allocates nothing; safe for many threads.
 */
public final class RateLimit {
  /** What a reply says; each kind is counted apart, so that a flood of one spares the others. */
  public enum Kind {
    ANSWER,
    NO_DATA,
    NO_NAME,
    REFERRAL,
    ERROR
  }

  /** What to do with a reply. */
  public enum Verdict {
    SEND,
    /** Send a header with TC in its place. */
    SLIP,
    DROP
  }

  /**
   * @param perSecond replies of one kind to one network; 0 means no limit
   * @param slip each n-th over the rate is answered with TC; 0 means none
   * @param ipv4 length of a network, in bits
   * @param ipv6 length of a network, in bits
   * @param exempt networks without a limit
   */
  public record Limits(int perSecond, int slip, int ipv4, int ipv6, List<Prefix> exempt) {
    public static final Limits NONE = new Limits(0, 0, 24, 56, List.of());

    public Limits {
      exempt = List.copyOf(exempt);
    }
  }

  // One word for each bucket: 20 bits of its key's hash, then 44 bits of the time, in units of
  // 2^14 ns, at which the network's debt is paid (the generic cell rate algorithm). A paid bucket
  // says nothing that an empty one does not, so it may go to another network at any time, and a
  // table of fixed size forgets nobody's debt until four networks that share a row all have one.
  private static final int BUCKETS = 1 << 16;
  private static final int ROW = 4;
  private static final int TIME_BITS = 44;
  private static final long TIME_MASK = (1L << TIME_BITS) - 1;
  private static final int UNIT = 14;
  private static final long SECOND = 1_000_000_000L >> UNIT;
  private static final int TRIES = 4;

  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
  private final AtomicInteger over = new AtomicInteger();
  private final long seed;
  private volatile Rule rule;

  /** The limits as the hot path wants them. */
  private record Rule(Limits limits, long cost, byte[][] exempt, int[] lengths) {
    static Rule of(Limits limits) {
      return new Rule(
          limits,
          limits.perSecond == 0 ? 0 : Math.max(1, SECOND / limits.perSecond),
          limits.exempt.stream().map(p -> p.address().getAddress()).toArray(byte[][]::new),
          limits.exempt.stream().mapToInt(Prefix::length).toArray());
    }
  }

  /**
   * @param seed random, so that nobody can choose networks that meet in the table
   */
  public RateLimit(Limits limits, long seed) {
    this.seed = seed;
    this.rule = Rule.of(limits);
  }

  /** From the next reply on, these hold. */
  public void limits(Limits limits) {
    rule = Rule.of(limits);
  }

  /**
   * Weighs a reply that is about to leave.
   *
   * @param length bytes of the address, 4 or 16
   * @param now in nanoseconds
   */
  public Verdict weigh(byte[] address, int length, Kind kind, long now) {
    var rules = rule;
    if (rules.cost == 0 || exempt(rules, address, length)) {
      return Verdict.SEND;
    }
    int bits = length == 4 ? rules.limits.ipv4 : rules.limits.ipv6;
    long key = mix(mix(prefix(address, bits) ^ seed) + (length << 8 | kind.ordinal()));
    int row = (int) key & BUCKETS - ROW;
    long tag = key >>> TIME_BITS;
    long time = now >> UNIT & TIME_MASK;
    for (int i = 0; i < TRIES; i++) {
      int at = find(row, tag, time);
      long seen = buckets.get(at);
      long debt = seen >>> TIME_BITS == tag ? debt(seen, time) : 0;
      if (debt + rules.cost > SECOND) {
        return denied(rules.limits.slip);
      }
      long paid = time + debt + rules.cost & TIME_MASK;
      if (buckets.compareAndSet(at, seen, tag << TIME_BITS | paid)) {
        return Verdict.SEND;
      }
    }
    return Verdict.SEND; // others are quicker; the next reply is weighed again
  }

  /** Whether an address has no limit, so that there is nothing to weigh. */
  public boolean spares(byte[] address, int length) {
    var rules = rule;
    return rules.cost == 0 || exempt(rules, address, length);
  }

  private Verdict denied(int slip) {
    return slip > 0 && Math.floorMod(over.getAndIncrement(), slip) == slip - 1
        ? Verdict.SLIP
        : Verdict.DROP;
  }

  /** The bucket of a key in its row, or that of the smallest debt to take over. */
  private int find(int row, long tag, long time) {
    int least = row;
    long smallest = Long.MAX_VALUE;
    for (int at = row; at < row + ROW; at++) {
      long word = buckets.get(at);
      if (word >>> TIME_BITS == tag) {
        return at;
      }
      long debt = debt(word, time);
      if (debt < smallest) {
        smallest = debt;
        least = at;
      }
    }
    return least;
  }

  /** How long until a bucket is paid; one of years ago may look like the future, and counts not. */
  private static long debt(long word, long time) {
    long ahead = (word & TIME_MASK) - time << 64 - TIME_BITS >> 64 - TIME_BITS;
    return ahead < 0 || ahead > 2 * SECOND ? 0 : ahead;
  }

  private static boolean exempt(Rule rule, byte[] address, int length) {
    for (int i = 0; i < rule.exempt.length; i++) {
      if (rule.exempt[i].length == length && within(rule.exempt[i], rule.lengths[i], address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean within(byte[] network, int bits, byte[] address) {
    for (int i = 0; i < bits; i += 8) {
      int mask = 0xFF00 >> Math.min(8, bits - i) & 0xFF;
      if (((network[i >> 3] ^ address[i >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** The first bits of an address; of more than 64 they are folded. */
  private static long prefix(byte[] address, int bits) {
    long prefix = 0;
    for (int i = 0; i < bits; i += 8) {
      int mask = 0xFF00 >> Math.min(8, bits - i) & 0xFF;
      prefix = Long.rotateLeft(prefix, 8) ^ address[i >> 3] & mask;
    }
    return prefix;
  }

  private static long mix(long x) {
    x = (x ^ x >>> 32) * 0xd6e8feb86659fd93L;
    x = (x ^ x >>> 32) * 0xd6e8feb86659fd93L;
    return x ^ x >>> 32;
  }
}
