package dev.islet.dns.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;

class AnswerCacheTest {
  private static final long SECOND = 1_000_000_000L;
  private static final CacheLimits LIMITS =
      new CacheLimits(1 << 20, Duration.ofHours(24), Duration.ofHours(1), Duration.ofSeconds(5));
  private final AnswerCache cache = new AnswerCache(LIMITS);

  private static Name n(String text) {
    return Name.fromConstantString(text);
  }

  private static CacheKey key(String name) {
    return new CacheKey(Question.in(n(name), 1), false, false);
  }

  private static RrSet a(String name, long ttl) {
    return RrSet.of(new ARecord(n(name), 1, ttl, InetAddress.getLoopbackAddress()));
  }

  private static Answer negative(int rcode, long ttl, long minimum) {
    var soa = RrSet.of(new SOARecord(n("com."), 1, ttl, n("a."), n("b."), 1, 2, 3, 4, minimum));
    return new Answer(rcode, false, List.of(), List.of(soa), List.of(), false, Optional.empty());
  }

  private Optional<Long> ttl(String name, long now) {
    return cache.get(key(name), now).map(x -> x.answer().getFirst().ttl());
  }

  @Test
  void ttls_run_down_and_the_lowest_ends_it() {
    cache.put(
        key("www.com."),
        Answer.of(
            List.of(
                RrSet.of(new CNAMERecord(n("www.com."), 1, 300, n("x.com."))), a("x.com.", 100)),
            false),
        0);
    assertThat(ttl("www.com.", 0)).contains(100L); // nothing outlives the whole
    assertThat(ttl("www.com.", 40 * SECOND)).contains(60L);
    assertThat(ttl("www.com.", 100 * SECOND - 1)).contains(1L);
    assertThat(ttl("www.com.", 100 * SECOND)).isEmpty();
  }

  @Test
  void what_is_asked_for_often_is_due_before_it_dies_once() {
    cache.put(key("www.com."), Answer.of(List.of(a("www.com.", 100)), false), 0);
    for (int i = 0; i < 5; i++) {
      ttl("www.com.", 10 * SECOND);
    }
    assertThat(cache.due(key("www.com."), 80 * SECOND)).isFalse();
    assertThat(cache.due(key("www.com."), 95 * SECOND)).isTrue();
    assertThat(cache.due(key("www.com."), 96 * SECOND)).isFalse();
    cache.put(key("rare.com."), Answer.of(List.of(a("rare.com.", 100)), false), 0);
    ttl("rare.com.", 95 * SECOND);
    assertThat(cache.due(key("rare.com."), 95 * SECOND)).isFalse();
  }

  @Test
  void letters_case_does_not_matter_and_the_askers_comes_back() {
    cache.put(key("www.com."), Answer.of(List.of(a("www.com.", 60)), false), 0);
    var answer = cache.get(key("WWW.com."), 0).orElseThrow();
    assertThat(answer.answer().getFirst().name().toString()).isEqualTo("WWW.com.");
  }

  @Test
  void signatures_and_unchecked_data_are_other_answers() {
    cache.put(key("www.com."), Answer.of(List.of(a("www.com.", 60)), false), 0);
    var question = Question.in(n("www.com."), 1);
    assertThat(cache.get(new CacheKey(question, true, false), 0)).isEmpty();
    assertThat(cache.get(new CacheKey(question, false, true), 0)).isEmpty();
  }

  @Test
  void no_answer_is_kept_over_the_caps_and_ttl_0_not_at_all() {
    cache.put(key("long.com."), Answer.of(List.of(a("long.com.", 9_999_999)), false), 0);
    assertThat(ttl("long.com.", 0)).contains(86_400L);
    cache.put(key("zero.com."), Answer.of(List.of(a("zero.com.", 0)), false), 0);
    assertThat(ttl("zero.com.", 0)).isEmpty();
  }

  @Test
  void negative_answers_live_as_their_soa_says() {
    cache.put(key("no.com."), negative(Rcode.NXDOMAIN, 600, 30), 0);
    assertThat(cache.get(key("no.com."), 29 * SECOND)).isPresent();
    assertThat(cache.get(key("no.com."), 30 * SECOND)).isEmpty();
    cache.put(key("capped.com."), negative(Rcode.NOERROR, 90_000, 90_000), 0);
    assertThat(cache.get(key("capped.com."), 3_599 * SECOND)).isPresent();
    assertThat(cache.get(key("capped.com."), 3_600 * SECOND)).isEmpty();
    cache.put(key("bare.com."), Answer.of(Rcode.NXDOMAIN), 0); // RFC 2308 section 5
    assertThat(cache.get(key("bare.com."), 0)).isEmpty();
  }

  @Test
  void failures_are_remembered_for_a_moment() {
    cache.put(key("bad.com."), Answer.of(Rcode.SERVFAIL), 0);
    assertThat(cache.get(key("bad.com."), 4 * SECOND)).isPresent();
    assertThat(cache.get(key("bad.com."), 5 * SECOND)).isEmpty();
  }

  @Test
  void bytes_stay_bounded_and_what_is_asked_for_stays() {
    var random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      var name = "host-" + random.nextInt(20_000) + ".com.";
      cache.put(key(name), Answer.of(List.of(a(name, 3_600)), false), 0);
      assertThat(cache.bytes()).isLessThanOrEqualTo(1 << 20);
      cache.put(key("favourite.com."), Answer.of(List.of(a("favourite.com.", 3_600)), false), 0);
      assertThat(cache.get(key("favourite.com."), 0)).isPresent();
    }
    assertThat(cache.size()).isBetween(500, 3_000);
    assertThat(cache.evicted()).isPositive();
    cache.limits(
        new CacheLimits(0, LIMITS.maxTtl(), LIMITS.maxNegativeTtl(), LIMITS.failureTtl()), 0);
    assertThat(cache.bytes()).isZero();
    assertThat(cache.size()).isZero();
  }

  @Test
  void a_favourite_survives_a_flood_without_being_put_again() {
    cache.put(key("favourite.com."), Answer.of(List.of(a("favourite.com.", 3_600)), false), 0);
    for (int i = 0; i < 20_000; i++) {
      var name = "flood-" + i + ".com.";
      cache.put(key(name), Answer.of(List.of(a(name, 3_600)), false), 0);
      assertThat(cache.get(key("favourite.com."), 0)).isPresent();
    }
  }
}
