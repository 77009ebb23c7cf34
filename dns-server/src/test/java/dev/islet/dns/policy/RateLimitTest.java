package dev.islet.dns.policy;

import static dev.islet.dns.policy.RateLimit.Kind.ANSWER;
import static dev.islet.dns.policy.RateLimit.Kind.NO_NAME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.dns.policy.RateLimit.Kind;
import dev.islet.dns.policy.RateLimit.Limits;
import dev.islet.dns.policy.RateLimit.Verdict;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long NOW = 1_795_000_000L * SECOND;
  private static final List<Prefix> HOME = List.of(Prefix.parse("192.168.0.0/16"));

  private static byte[] ip(String text) {
    return InetAddress.ofLiteral(text).getAddress();
  }

  private static Map<Verdict, Integer> weigh(
      RateLimit limit, String client, Kind kind, int count, long now) {
    var verdicts = new EnumMap<Verdict, Integer>(Verdict.class);
    var address = ip(client);
    for (int i = 0; i < count; i++) {
      verdicts.merge(limit.weigh(address, address.length, kind, now), 1, Integer::sum);
    }
    return verdicts;
  }

  @Test
  void a_network_gets_so_many_of_a_kind_in_a_second() {
    var limit = new RateLimit(new Limits(10, 2, 24, 56, HOME), 5);
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 30, NOW))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(Verdict.SEND, 10, Verdict.SLIP, 10, Verdict.DROP, 10));
    assertThat(weigh(limit, "198.51.100.200", ANSWER, 4, NOW)).doesNotContainKey(Verdict.SEND);
    assertThat(weigh(limit, "198.51.100.1", NO_NAME, 5, NOW)).isEqualTo(Map.of(Verdict.SEND, 5));
    assertThat(weigh(limit, "198.51.101.1", ANSWER, 5, NOW)).isEqualTo(Map.of(Verdict.SEND, 5));
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 20, NOW + SECOND / 2).get(Verdict.SEND))
        .isEqualTo(5);
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 20, NOW + 2 * SECOND).get(Verdict.SEND))
        .isEqualTo(10);
  }

  @Test
  void networks_of_ipv6_are_wider_than_a_host() {
    var limit = new RateLimit(new Limits(10, 0, 24, 56, HOME), 5);
    weigh(limit, "2001:db8:0:1::1", ANSWER, 10, NOW);
    assertThat(weigh(limit, "2001:db8:0:2::9", ANSWER, 3, NOW)).isEqualTo(Map.of(Verdict.DROP, 3));
    assertThat(weigh(limit, "2001:db8:0:102::9", ANSWER, 3, NOW))
        .isEqualTo(Map.of(Verdict.SEND, 3));
    var wide = new RateLimit(new Limits(1, 0, 24, 128, HOME), 5);
    weigh(wide, "2001:db8::1", ANSWER, 1, NOW);
    assertThat(weigh(wide, "2001:db8::1", ANSWER, 1, NOW)).isEqualTo(Map.of(Verdict.DROP, 1));
    assertThat(weigh(wide, "2001:db8::2", ANSWER, 1, NOW)).isEqualTo(Map.of(Verdict.SEND, 1));
  }

  @Test
  void some_have_no_limit_and_zero_is_none() {
    var limit = new RateLimit(new Limits(1, 2, 24, 56, HOME), 5);
    assertThat(weigh(limit, "192.168.7.9", ANSWER, 99, NOW)).isEqualTo(Map.of(Verdict.SEND, 99));
    limit.limits(Limits.NONE);
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 99, NOW)).isEqualTo(Map.of(Verdict.SEND, 99));
  }

  @Test
  void a_flood_from_everywhere_does_not_free_a_network_that_is_over() {
    var limit = new RateLimit(new Limits(10, 0, 24, 56, HOME), 99);
    weigh(limit, "198.51.100.1", ANSWER, 10, NOW);
    var address = new byte[4];
    int passed = 0;
    for (int i = 0; i < 200_000; i++) {
      address[0] = (byte) (1 + i % 100);
      address[1] = (byte) (i / 100);
      address[2] = (byte) (i / 25_600);
      if (limit.weigh(address, 4, ANSWER, NOW + i) == Verdict.SEND) {
        passed++;
      }
    }
    assertThat(passed).as("others are served").isEqualTo(200_000);
    limit.weigh(ip("198.51.100.1"), 4, ANSWER, NOW + 200_000);
    assertThat(
            weigh(limit, "198.51.100.1", ANSWER, 20, NOW + 300_000).getOrDefault(Verdict.SEND, 0))
        .as("at most what an empty bucket gives")
        .isLessThanOrEqualTo(10);
  }

  @Test
  void the_clock_of_the_table_may_come_round() {
    var limit = new RateLimit(new Limits(10, 0, 24, 56, HOME), 5);
    long round = (1L << 44) << 14;
    weigh(limit, "198.51.100.1", ANSWER, 10, round - 1);
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 10, round + 1)).doesNotContainKey(Verdict.SEND);
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 1, round + SECOND)).containsKey(Verdict.SEND);
    assertThat(weigh(limit, "198.51.100.1", ANSWER, 1, round / 2 + round + 9 * SECOND))
        .containsKey(Verdict.SEND);
  }
}
