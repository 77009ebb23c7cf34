package dev.islet.dhcp.lease;

import static dev.islet.dhcp.Ask.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.islet.core.time.TimeSource;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.subnet.Subnets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LeaseTimeTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static String mac(int n) {
    return "02:00:00:%02x:%02x:%02x".formatted(n >> 16 & 255, n >> 8 & 255, n & 255);
  }

  @Test
  void a_million_lease_hours_pass_and_each_lease_ends_on_time() {
    var lab =
        new Lab(false, Lab.subnet("10.0.0.0/16", "10.0.0.1-10.0.255.254", DAY.multipliedBy(5)));
    for (int i = 0; i < 8_400; i++) {
      lab.last =
          lab.loop.on(
              new Input.Arrived(
                  dev.islet.dhcp.Ask.discover(mac(i)).relay("10.0.0.1").message(),
                  Lab.LINK,
                  Ip4.NONE,
                  67,
                  false));
      var wish = lab.reply().orElseThrow().yiaddr();
      lab.last =
          lab.loop.on(
              new Input.Arrived(
                  request(mac(i)).relay("10.0.0.1").wish(wish).server("10.77.0.1").message(),
                  Lab.LINK,
                  Ip4.NONE,
                  67,
                  false));
      assertThat(lab.reply().orElseThrow().options().type()).contains(MessageType.ACK);
    }
    lab.advance(DAY.multipliedBy(5).minusNanos(1));
    assertThat(lab.engine.usage().getFirst().bound()).isEqualTo(8_400);
    lab.advance(Duration.ofNanos(1));
    assertThat(lab.outcomes()).hasSize(8_400).containsOnly(Outcome.EXPIRED);
    assertThat(lab.engine.usage().getFirst().bound()).isZero();
  }

  @Test
  @Timeout(60)
  void a_full_slash_16_is_given_out_and_refused_without_a_search() {
    var lab = new Lab(false, Lab.subnet("10.0.0.0/16", "10.0.0.1-10.0.255.254", DAY));
    int n = 0;
    Optional<Ip4> address = Optional.of(Ip4.NONE);
    while (address.isPresent()) {
      address = joinsRelayed(lab, mac(n++));
    }
    assertThat(n).isEqualTo(65_535);
    assertThat(lab.engine.usage().getFirst().free()).isZero();
    for (int i = 0; i < 5_000; i++) {
      assertThat(joinsRelayed(lab, mac(100_000 + i))).isEmpty();
    }
  }

  private static Optional<Ip4> joinsRelayed(Lab lab, String mac) {
    lab.last =
        lab.loop.on(
            new Input.Arrived(
                dev.islet.dhcp.Ask.discover(mac).relay("10.0.0.1").message(),
                Lab.LINK,
                Ip4.NONE,
                67,
                false));
    var offer = lab.send();
    if (offer.isEmpty()) {
      return Optional.empty();
    }
    lab.last =
        lab.loop.on(
            new Input.Arrived(
                request(mac)
                    .relay("10.0.0.1")
                    .wish(offer.get().address())
                    .server("10.77.0.1")
                    .message(),
                Lab.LINK,
                Ip4.NONE,
                67,
                false));
    return lab.send().map(Action.Send::address);
  }

  @Test
  void renewals_within_what_was_written_write_nothing_and_lose_nothing() {
    var lab = Lab.usual();
    var mac = mac(1);
    var address = lab.joins(mac).orElseThrow();
    var written = lab.kept().getLast();
    int writes = 0;
    for (int i = 0; i < 100; i++) {
      lab.advance(Lab.LEASE.dividedBy(2));
      lab.saysToUs(request(mac).has(address));
      if (!lab.kept().isEmpty()) {
        writes++;
        written = lab.kept().getLast();
      }
      long promised = lab.loop.time().now() + Lab.LEASE.toNanos();
      assertThat(written.until()).as("the file promises as much").isGreaterThanOrEqualTo(promised);
    }
    assertThat(writes).isLessThanOrEqualTo(50);
  }

  @Test
  void a_lease_that_was_not_stored_is_written_again_at_the_next_chance() {
    var lab = Lab.usual();
    var address = lab.joins(mac(1)).orElseThrow();
    lab.saysToUs(request(mac(1)).has(address));
    assertThat(lab.kept()).isEmpty();
    lab.engine.notStored(List.of(address));
    lab.saysToUs(request(mac(1)).has(address));
    assertThat(lab.kept()).hasSize(1);
  }

  /** A board without a battery-backed clock: each boot may believe any year. */
  private record Boot(long start) implements TimeSource {
    static Boot in(int year) {
      return new Boot(Instant.parse(year + "-01-01T00:00:00Z").getEpochSecond() * 1_000_000_000L);
    }

    @Override
    public long now() {
      return start;
    }

    @Override
    public Instant wall() {
      return TimeSource.instant(start);
    }
  }

  @Test
  void a_wrong_clock_at_boot_neither_ends_leases_nor_makes_them_immortal() {
    for (int year : new int[] {1970, 2023, 2026, 2029, 2099}) {
      var lab = Lab.usual();
      lab.joins(mac(1));
      var records = new ArrayList<>(lab.kept());
      lab.advance(Duration.ofHours(3));
      records.addAll(lab.kept());
      long floor = records.stream().mapToLong(LeaseRecord::at).max().orElseThrow();
      assertThat(floor)
          .as("the file knows how late it was, to 15 minutes")
          .isGreaterThan(lab.loop.time().now() - Duration.ofMinutes(15).toNanos() - 1);

      var clock = new LeaseClock(Boot.in(year), floor);
      var engine =
          new LeaseEngine(
              Lab.policy(false),
              new Subnets(List.of(Lab.subnet("10.77.0.0/24", "10.77.0.50-10.77.0.250"))));
      records.forEach(engine::restore);
      var actions = new ArrayList<Action>();
      engine.onTime(clock.now(), actions::add);
      assertThat(engine.usage().getFirst().bound()).as("booted in " + year).isEqualTo(1);
      // It lives for what was written, less the time that has passed: at most 12 - 3 hours.
      engine.onTime(clock.now() + Duration.ofHours(9).plusMinutes(15).toNanos(), actions::add);
      assertThat(engine.usage().getFirst().bound()).as("booted in " + year).isZero();
      assertThat(engine.leases(clock.now()).getFirst().state()).isEqualTo(LeaseState.FREE);
    }
  }

  @Test
  void a_wall_clock_that_jumps_while_running_is_not_even_seen() {
    var lab = Lab.usual();
    lab.joins(mac(1));
    lab.loop.time().jumpWall(Duration.ofDays(3_650));
    lab.advance(Duration.ofHours(7));
    lab.loop.time().jumpWall(Duration.ofDays(-7_300));
    assertThat(lab.engine.usage().getFirst().bound()).isEqualTo(1);
    lab.advance(Duration.ofHours(1));
    assertThat(lab.engine.usage().getFirst().bound()).isZero();
  }

  @Test
  void leases_of_a_subnet_that_was_taken_out_come_back_with_it() {
    var lab = Lab.usual();
    var address = lab.joins(mac(1)).orElseThrow();
    long now = lab.loop.time().now();
    lab.engine.reconfigure(now, Lab.policy(false), new Subnets(List.of()));
    assertThat(lab.engine.records(now).map(LeaseRecord::address)).contains(address);
    lab.engine.reconfigure(
        now,
        Lab.policy(false),
        new Subnets(List.of(Lab.subnet("10.77.0.0/24", "10.77.0.50-10.77.0.250"))));
    assertThat(lab.engine.usage().getFirst().bound()).isEqualTo(1);
    assertThatCode(() -> lab.advance(Lab.LEASE.multipliedBy(2))).doesNotThrowAnyException();
  }
}
