package dev.islet.dns.transfer;

import static dev.islet.dns.transfer.TransferDialogTest.zone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.zone.Zone;
import dev.islet.testkit.VirtualLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/** The timers of secondary zones and of notices, in virtual time. */
class TransferEngineTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  private static final TransferLimits LIMITS =
      new TransferLimits(10_000, 100, Duration.ofMinutes(1));
  private static final Peer FIRST = peer(1);
  private static final Peer SECOND = peer(2);

  private final TransferEngine engine = new TransferEngine(new Random(5));
  private final VirtualLoop<TransferEvent, TransferAction> loop = new VirtualLoop<>(engine);

  private static Peer peer(int last) {
    return new Peer(new InetSocketAddress("192.0.2." + last, 53), Optional.empty());
  }

  private void secondary(Optional<Secondary.Kept> kept, Peer... primaries) {
    engine.secondaries(
        loop.time().now(), List.of(new Secondary(HOME, List.of(primaries), LIMITS)), name -> kept);
  }

  private static Optional<Secondary.Kept> kept(Zone zone, Duration age) {
    return Optional.of(new Secondary.Kept(zone, age.toNanos()));
  }

  private static List<TransferAction.Fetch> fetches(List<TransferAction> actions) {
    return actions.stream()
        .filter(TransferAction.Fetch.class::isInstance)
        .map(TransferAction.Fetch.class::cast)
        .toList();
  }

  private static <T> List<T> all(List<TransferAction> actions, Class<T> type) {
    return actions.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<TransferAction> ends(TransferAction.Fetch fetch, Outcome outcome) {
    return loop.on(new TransferEvent.Fetched(fetch.exchange(), outcome));
  }

  @Test
  void a_zone_without_a_copy_is_asked_for_at_once_and_then_with_growing_pauses() {
    secondary(Optional.empty(), FIRST);
    assertThat(engine.served()).containsEntry(HOME, Optional.empty());
    var asked = fetches(loop.advance(Duration.ZERO));
    assertThat(asked).hasSize(1);
    int tries = 0;
    for (long pause : new long[] {2, 4, 8, 16, 32, 64, 128, 256, 300, 300}) {
      ends(asked.getFirst(), new Outcome.Failed("down"));
      assertThat(fetches(loop.advance(Duration.ofMillis(pause * 900 - 1)))).isEmpty();
      asked = fetches(loop.advance(Duration.ofMillis(pause * 100 + 1)));
      assertThat(asked).as("after " + pause + " s").hasSize(1);
      tries++;
    }
    assertThat(tries).isEqualTo(10);
    var done = ends(asked.getFirst(), new Outcome.Whole(zone(5), 100));
    assertThat(all(done, TransferAction.Adopt.class)).hasSize(1);
    assertThat(engine.served().get(HOME)).isPresent();
  }

  @Test
  void the_timers_of_the_soa_are_kept() {
    secondary(kept(zone(5), Duration.ofHours(1)), FIRST); // refresh 1 h, retry 15 min, expire 1 d
    assertThat(engine.served().get(HOME)).as("served at once").isPresent();
    var asked = fetches(loop.advance(Duration.ZERO));
    ends(asked.getFirst(), new Outcome.UpToDate());
    assertThat(fetches(loop.advance(Duration.ofMinutes(53)))).isEmpty();
    asked = fetches(loop.advance(Duration.ofMinutes(7)));
    assertThat(asked).as("refresh").hasSize(1);
    ends(asked.getFirst(), new Outcome.Failed("down"));
    assertThat(fetches(loop.advance(Duration.ofMinutes(13)))).isEmpty();
    asked = fetches(loop.advance(Duration.ofMinutes(2)));
    assertThat(asked).as("retry").hasSize(1);
  }

  @Test
  void after_expire_a_zone_is_withdrawn_until_a_primary_answers_again() {
    secondary(kept(zone(5), Duration.ofHours(23)), FIRST);
    var asked = fetches(loop.advance(Duration.ZERO));
    var none = ends(asked.getFirst(), new Outcome.Failed("down"));
    assertThat(all(none, TransferAction.Withdraw.class)).isEmpty();
    var later = loop.advance(Duration.ofMinutes(59));
    assertThat(all(later, TransferAction.Withdraw.class)).isEmpty();
    var last = fetches(later).getLast();
    assertThat(all(loop.advance(Duration.ofMinutes(1)), TransferAction.Withdraw.class))
        .containsExactly(new TransferAction.Withdraw(HOME));
    assertThat(engine.served()).containsEntry(HOME, Optional.empty());
    var back = ends(last, new Outcome.UpToDate());
    assertThat(all(back, TransferAction.Adopt.class)).hasSize(1);
    assertThat(engine.served().get(HOME)).isPresent();
  }

  @Test
  void a_copy_that_expired_while_we_were_down_is_not_served() {
    secondary(kept(zone(5), Duration.ofHours(25)), FIRST);
    assertThat(engine.served()).containsEntry(HOME, Optional.empty());
  }

  @Test
  void the_next_primary_is_asked_at_once() {
    secondary(kept(zone(5), Duration.ZERO), FIRST, SECOND);
    var asked = fetches(loop.advance(Duration.ZERO));
    assertThat(asked.getFirst().primary()).isEqualTo(FIRST);
    asked = fetches(ends(asked.getFirst(), new Outcome.Failed("down")));
    assertThat(asked.getFirst().primary()).isEqualTo(SECOND);
    assertThat(fetches(ends(asked.getFirst(), new Outcome.Failed("down")))).isEmpty();
  }

  @Test
  void notify_asks_at_once_and_once_more_if_one_is_under_way() {
    secondary(kept(zone(5), Duration.ZERO), FIRST, SECOND);
    ends(fetches(loop.advance(Duration.ZERO)).getFirst(), new Outcome.UpToDate());
    var heard = new TransferEvent.Notified(HOME, SECOND.address().getAddress());
    var asked = fetches(loop.on(heard));
    assertThat(asked.getFirst().primary()).as("the one that said so").isEqualTo(SECOND);
    assertThat(loop.on(heard)).isEmpty();
    assertThat(loop.on(heard)).isEmpty();
    var again = ends(asked.getFirst(), new Outcome.Whole(zone(6), 100));
    assertThat(fetches(again)).hasSize(1);
    assertThat(fetches(ends(fetches(again).getFirst(), new Outcome.UpToDate()))).isEmpty();
  }

  @Test
  void a_zone_that_the_operator_took_away_is_gone_and_late_answers_change_nothing() {
    secondary(kept(zone(5), Duration.ZERO), FIRST);
    var asked = fetches(loop.advance(Duration.ZERO));
    assertThat(engine.secondaries(loop.time().now(), List.of(), name -> Optional.empty()))
        .containsExactly(HOME);
    assertThat(ends(asked.getFirst(), new Outcome.Whole(zone(6), 100))).isEmpty();
    assertThat(engine.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_notice_is_repeated_until_it_is_answered() {
    var first = loop.on(new TransferEvent.Published(zone(5), List.of(FIRST)));
    var sent = all(first, TransferAction.Notify.class);
    assertThat(sent).hasSize(1);
    for (long pause : new long[] {3, 6, 12, 24}) {
      loop.on(new TransferEvent.NotifyFailed(sent.getFirst().exchange(), "no answer"));
      assertThat(loop.advance(Duration.ofMillis(pause * 1_000 - 1))).isEmpty();
      sent = all(loop.advance(Duration.ofMillis(1)), TransferAction.Notify.class);
      assertThat(sent).as("after " + pause + " s").hasSize(1);
    }
    loop.on(new TransferEvent.NotifyFailed(sent.getFirst().exchange(), "no answer"));
    assertThat(all(loop.advance(Duration.ofDays(1)), TransferAction.Notify.class)).isEmpty();
  }

  @Test
  void a_burst_of_changes_costs_one_notice_more() {
    var sent =
        all(
            loop.on(new TransferEvent.Published(zone(5), List.of(FIRST))),
            TransferAction.Notify.class);
    for (int serial = 6; serial < 100; serial++) {
      assertThat(loop.on(new TransferEvent.Published(zone(serial), List.of(FIRST)))).isEmpty();
    }
    var next =
        all(
            loop.on(new TransferEvent.NotifyAnswered(sent.getFirst().exchange(), Rcode.NOERROR)),
            TransferAction.Notify.class);
    assertThat(next).hasSize(1);
    assertThat(loop.on(new TransferEvent.NotifyAnswered(next.getFirst().exchange(), Rcode.REFUSED)))
        .noneMatch(TransferAction.Notify.class::isInstance);
  }
}
