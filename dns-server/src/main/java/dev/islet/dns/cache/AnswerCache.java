package dev.islet.dns.cache;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.NameKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * A cache of whole answers, true to their TTLs and bounded in bytes. Safe for many threads: reading
 * takes no lock.
 *
 * <p>Eviction is the clock algorithm: entries stand in a circle; the hand takes away those nobody
 * asked for since it last came by and forgives the others once. It costs a bit per entry, where a
 * true "least recently used" would cost a lock per read.
 */
public final class AnswerCache {
  private static final long SECOND = 1_000_000_000L;

  /** RFC 8767 section 4. */
  private static final long STALE_TTL = 30;

  /** After a failure nobody is asked again for this long (RFC 8767 section 5). */
  private static final long RECHECK = 30 * SECOND;

  /** An answer given so often is worth fetching before it dies. */
  private static final int POPULAR = 3;

  static final class Entry {
    final CacheKey key;
    final Answer answer;
    final long born;
    final long dies;
    final int bytes;
    volatile boolean asked;

    /** Until when its signatures are good. */
    final long signedUntil;

    /** Until when a failure to get a new answer lets a dead one stand in. */
    volatile long standsInUntil = Long.MIN_VALUE;

    int hits; // may miss some: it only tells popular names from others
    volatile boolean renewed;
    volatile boolean gone; // written under the lock of the circle
    @Nullable KeptReply kept; // guarded by the circle

    Entry(CacheKey key, Answer answer, long born, long dies, long signedUntil, int bytes) {
      this.key = key;
      this.answer = answer;
      this.born = born;
      this.dies = dies;
      this.signedUntil = signedUntil;
      this.bytes = bytes;
    }
  }

  private final ConcurrentHashMap<CacheKey, Entry> entries = new ConcurrentHashMap<>();
  private final ArrayDeque<Entry> circle = new ArrayDeque<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();
  private volatile CacheLimits limits;

  private final ReplyRows replies;

  public AnswerCache(CacheLimits limits) {
    this.limits = limits;
    this.replies = new ReplyRows(limits.bytes(), bytes);
  }

  /**
   * The answer to a question with what is left of its TTLs.
   *
   * @param now nanoseconds of the same clock as {@link #put}
   */
  public Optional<Answer> get(CacheKey key, long now) {
    var entry = entries.get(key);
    if (entry == null || entry.dies <= now && entry.standsInUntil <= now) {
      return Optional.empty();
    }
    if (entry.dies <= now) {
      return stale(key, now);
    }
    if (!entry.asked) {
      entry.asked = true;
    }
    if (entry.hits < POPULAR) {
      entry.hits++;
    }
    return Optional.of(aged(entry.answer, Math.max(0, now - entry.born) / SECOND, key));
  }

  /**
   * An answer that has died, not too long ago, with a TTL of 30 seconds (RFC 8767 section 4):
   * better than none. It is no longer secure when one of its signatures has ended.
   */
  public Optional<Answer> stale(CacheKey key, long now) {
    var entry = entries.get(key);
    if (entry == null
        || entry.dies > now
        || now - entry.dies >= limits.stale().toNanos()
        || failed(entry.answer)) {
      return Optional.empty();
    }
    var aged = aged(entry.answer, 0, key);
    var said = entry.signedUntil > now ? aged : aged.unchecked();
    return Optional.of(
        map(said, s -> s.withTtl(STALE_TTL))
            .because(ExtendedError.STALE_ANSWER, "no newer answer could be had"));
  }

  /**
   * Keeps an answer, and says what is to be said: the answer, or if it is a failure and an older
   * answer can stand in for a while, that one (RFC 8767 section 5).
   */
  public Answer settle(CacheKey key, Answer answer, long now) {
    var older = failed(answer) ? stale(key, now) : Optional.<Answer>empty();
    var entry = entries.get(key);
    if (older.isEmpty() || entry == null) {
      put(key, answer, now);
      return answer;
    }
    entry.standsInUntil = now + Math.max(RECHECK, limits.failureTtl().toNanos());
    return older.get();
  }

  /**
   * Whether an answer that is asked for often is about to die, so that a new one should be fetched
   * before it is missed; said once.
   */
  public boolean due(CacheKey key, long now) {
    var entry = entries.get(key);
    if (entry == null
        || entry.renewed
        || entry.hits < POPULAR
        || entry.dies - now > (entry.dies - entry.born) / 10) {
      return false;
    }
    entry.renewed = true;
    return true;
  }

  private static boolean failed(Answer answer) {
    return answer.rcode() != Rcode.NOERROR && answer.rcode() != Rcode.NXDOMAIN;
  }

  /** Keeps an answer that nobody has checked for the lowest of its TTLs, if that is not 0. */
  public void put(CacheKey key, Answer answer, long now) {
    put(key, answer, 0, now);
  }

  /**
   * Keeps an answer for the lowest of its TTLs, if that is not 0.
   *
   * @param signedFor seconds until the first of its signatures ends, if it is secure
   */
  public void put(CacheKey key, Answer answer, long signedFor, long now) {
    var life = life(answer);
    if (life.isZero() || limits.bytes() == 0) {
      return;
    }
    var capped = capped(answer, life.toSeconds());
    long signedUntil = now + signedFor * SECOND;
    var entry = new Entry(key, capped, now, now + life.toNanos(), signedUntil, size(key, capped));
    if (entry.bytes > limits.bytes()) {
      return;
    }
    synchronized (circle) {
      var old = entries.put(key, entry);
      if (old != null) {
        forget(old);
      }
      circle.addLast(entry);
      bytes.addAndGet(entry.bytes);
      turn(now);
    }
  }

  /**
   * The reply to a question as bytes, without allocating; null if none is kept, or if it is in the
   * last tenth of its life: then the long way is asked, where it may be fetched anew in time.
   *
   * @param rules under which it must have been kept
   */
  public @Nullable KeptReply kept(
      NameKey name, int type, boolean dnssecOk, boolean checkingDisabled, Object rules, long now) {
    var reply = replies.find(name, type, dnssecOk, checkingDisabled);
    if (reply == null || !reply.holds(rules, now)) {
      return null;
    }
    var entry = reply.entry();
    if (entry.dies - now < (entry.dies - entry.born) / 10) {
      return null;
    }
    if (!entry.asked) {
      entry.asked = true;
    }
    if (entry.hits < POPULAR) {
      entry.hits++;
    }
    return reply;
  }

  /**
   * Keeps the bytes of a reply that was made of what {@link #get} gave at that time.
   *
   * @param rules under which others may have it too
   */
  public void keep(CacheKey key, Answer answer, byte[] reply, Object rules, long now) {
    var entry = entries.get(key);
    if (entry == null || !key.question().name().equals(entry.key.question().name())) {
      return;
    }
    synchronized (circle) {
      var before = entry.kept;
      if (entry.gone || before != null && before.holds(rules, now)) {
        return;
      }
      long age = Math.max(0, now - entry.born) / SECOND;
      if (!aged(entry.answer, age, key).equals(answer)) {
        return; // another one has come meanwhile, or aliases of ours stand before it
      }
      KeptReply.of(entry, reply, rules, age)
          .ifPresent(
              r -> {
                replies.place(r, now);
                turn(now);
              });
    }
  }

  /** Other limits from now on; what is too much goes. */
  public void limits(CacheLimits next, long now) {
    limits = next;
    synchronized (circle) {
      turn(now);
    }
  }

  /** Forgets everything. */
  public void clear() {
    synchronized (circle) {
      circle.forEach(this::forget);
      entries.clear();
      circle.clear();
      bytes.set(0);
    }
  }

  /** Forgets the answer to one question. */
  public void remove(CacheKey key) {
    synchronized (circle) {
      var entry = entries.remove(key);
      if (entry != null) {
        forget(entry);
      }
    }
  }

  /** Forgets those answers that a predicate holds for. */
  public void forget(Predicate<Answer> which) {
    synchronized (circle) {
      for (var entry : entries.values()) {
        if (which.test(entry.answer) && entries.remove(entry.key, entry)) {
          forget(entry);
        }
      }
    }
  }

  public int size() {
    return entries.size();
  }

  /** What the entries take, estimated. */
  public long bytes() {
    return bytes.get();
  }

  /** How many entries had to go for lack of room. */
  public long evicted() {
    return evicted.get();
  }

  /** Turns the hand until all fits and no more than half of the circle is dead. */
  private void turn(long now) {
    while (bytes.get() > limits.bytes() || circle.size() > 2 * entries.size() + 64) {
      var entry = circle.pollFirst();
      if (entry == null) {
        return;
      }
      if (entry.gone) {
        continue;
      }
      if (entry.asked && entry.dies > now) {
        entry.asked = false;
        circle.addLast(entry);
        continue;
      }
      entries.remove(entry.key, entry);
      forget(entry);
      if (entry.dies > now) {
        evicted.incrementAndGet();
      }
    }
  }

  private void forget(Entry entry) {
    if (!entry.gone) {
      entry.gone = true;
      bytes.addAndGet(-entry.bytes);
      if (entry.kept != null) {
        replies.remove(entry.kept);
      }
    }
  }

  private Duration life(Answer answer) {
    var limit = limits;
    if (failed(answer)) {
      return limit.failureTtl();
    }
    boolean negative = answer.rcode() == Rcode.NXDOMAIN || !endsInData(answer);
    var cap = negative ? limit.maxNegativeTtl() : limit.maxTtl();
    long ttl = cap.toSeconds();
    for (var set : answer.answer()) {
      ttl = Math.min(ttl, set.ttl());
    }
    if (!negative) {
      return Duration.ofSeconds(ttl);
    }
    var soa = answer.authority().stream().filter(s -> s.type() == Type.SOA).findFirst();
    if (soa.isEmpty()) {
      return Duration.ZERO; // RFC 2308 section 5: without an SOA it is not cached
    }
    long minimum = ((SOARecord) soa.get().records().getFirst()).getMinimum();
    return Duration.ofSeconds(Math.min(ttl, Math.min(soa.get().ttl(), minimum)));
  }

  /** Whether the last set is more than an alias. */
  private static boolean endsInData(Answer answer) {
    return answer.answer().stream()
            .anyMatch(
                s -> s.type() != Type.CNAME && s.type() != Type.DNAME && s.type() != Type.RRSIG)
        || !answer.answer().isEmpty()
            && answer.authority().stream().noneMatch(s -> s.type() == Type.SOA);
  }

  private static Answer capped(Answer answer, long seconds) {
    return map(answer, s -> s.withTtl(Math.min(s.ttl(), seconds)));
  }

  /** TTLs less their age, and the first owner in the case it was asked in. */
  private static Answer aged(Answer answer, long age, CacheKey key) {
    var asked = key.question().name();
    return map(
        answer,
        s -> {
          var left = s.withTtl(Math.max(0, s.ttl() - age));
          return s.name().equals(asked) ? left.at(asked) : left;
        });
  }

  private static Answer map(Answer a, java.util.function.UnaryOperator<RrSet> change) {
    return new Answer(
        a.rcode(),
        a.authoritative(),
        all(a.answer(), change),
        all(a.authority(), change),
        all(a.additional(), change),
        a.glue(),
        a.error(),
        a.security());
  }

  private static List<RrSet> all(List<RrSet> sets, java.util.function.UnaryOperator<RrSet> change) {
    return sets.stream().map(change).toList();
  }

  /** Heap bytes of an entry, a little high rather than low. */
  private static int size(CacheKey key, Answer answer) {
    int size = 400 + name(key.question().name());
    for (var sets : List.of(answer.answer(), answer.authority(), answer.additional())) {
      for (var set : sets) {
        size += 120 + name(set.name());
        for (var record : set.records()) {
          size += 96 + 2 * record.rdataToWireCanonical().length;
        }
      }
    }
    return size;
  }

  private static int name(Name name) {
    return 56 + name.length();
  }
}
