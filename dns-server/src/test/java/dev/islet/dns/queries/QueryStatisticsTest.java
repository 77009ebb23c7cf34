package dev.islet.dns.queries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Question;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

class QueryStatisticsTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private final QueryStatistics statistics = new QueryStatistics();

  private static Noted noted(String name, Source source) {
    return new Noted("192.168.7.40", name, Type.A, 0, source);
  }

  @Test
  void hours_of_a_day_are_counted_and_forgotten() {
    for (int hour = 0; hour < 48; hour++) {
      for (int i = 0; i <= hour; i++) {
        var source = i == 0 ? Source.POLICY : Source.CACHE;
        statistics.add(NOON.plus(Duration.ofHours(hour)), noted("a.example.", source));
      }
    }
    var seen = statistics.snapshot(NOON.plus(Duration.ofHours(47).plusMinutes(50)));
    assertThat(seen.hours()).hasSize(24);
    assertThat(seen.hours().getLast().asked()).isEqualTo(48);
    assertThat(seen.hours().getFirst().asked()).isEqualTo(25);
    assertThat(seen.blocked()).isEqualTo(24);
    assertThat(seen.asked()).isEqualTo((25 + 48) * 24 / 2);
    assertThat(statistics.snapshot(NOON.plus(Duration.ofDays(9))).asked()).isZero();
    assertThat(statistics.snapshot(NOON.plus(Duration.ofDays(9))).names()).isEmpty();
    statistics.add(NOON, noted("b.example.", Source.CACHE));
    assertThat(statistics.snapshot(NOON).asked()).as("the clock jumped back").isEqualTo(1);
  }

  @Test
  void what_is_frequent_is_found_among_very_many() {
    var random = new Random(7);
    var exact = new HashMap<String, Integer>();
    var sketch = new SpaceSaving(1_000);
    for (int i = 0; i < 200_000; i++) {
      var name =
          random.nextInt(3) == 0
              ? "often-" + random.nextInt(20)
              : "rare-" + random.nextInt(100_000);
      exact.merge(name, 1, Integer::sum);
      sketch.add(name);
    }
    var counts = sketch.counts();
    assertThat(counts).hasSize(1_000);
    assertThat(counts.subList(0, 20)).allMatch(c -> c.what().startsWith("often-"));
    for (var count : counts) {
      int truth = exact.getOrDefault(count.what(), 0);
      assertThat(count.count()).isBetween((long) truth, truth + count.error());
    }
  }

  private static Request request(String name, String client) {
    var from = new InetSocketAddress(InetAddress.ofLiteral(client), 5_000);
    return new Request(
        1,
        0,
        Question.in(Name.fromConstantString(name), Type.AAAA),
        Optional.empty(),
        from,
        from,
        Transport.UDP);
  }

  @Test
  void the_book_gives_back_what_was_noted_and_no_more_of_the_asker_than_wanted() {
    var book = new QueryBook();
    for (var anonymity : Anonymity.values()) {
      book.note(request("WWW.a.example.", "192.168.7.40"), 3, Source.ZONE);
      book.note(request("b.example.", "2001:db8:1:2::3"), 0, Source.POLICY);
      var read = new ArrayList<Noted>();
      book.read(anonymity, read::add);
      var expected =
          switch (anonymity) {
            case FULL -> new String[] {"192.168.7.40", "2001:db8:1:2:0:0:0:3"};
            case NETWORK -> new String[] {"192.168.7.0/24", "2001:db8:1:0:0:0:0:0/48"};
            case NONE -> new String[] {"", ""};
          };
      assertThat(read)
          .containsExactly(
              new Noted(expected[0], "www.a.example.", Type.AAAA, 3, Source.ZONE),
              new Noted(expected[1], "b.example.", Type.AAAA, 0, Source.POLICY));
    }
  }

  @Test
  void a_full_book_loses_and_counts() {
    var book = new QueryBook();
    for (int i = 0; i < 10_000; i++) {
      book.note(request("www.example.", "192.168.7.40"), 0, Source.CACHE);
    }
    var read = new ArrayList<Noted>();
    book.read(Anonymity.FULL, read::add);
    assertThat(book.lost()).isPositive();
    assertThat(read.size() + book.lost()).isEqualTo(10_000);
  }
}
