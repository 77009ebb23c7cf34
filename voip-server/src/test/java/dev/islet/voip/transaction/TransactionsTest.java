package dev.islet.voip.transaction;

import static dev.islet.voip.transaction.Bench.TCP;
import static dev.islet.voip.transaction.Bench.UDP;
import static dev.islet.voip.transaction.Bench.request;
import static dev.islet.voip.transaction.Bench.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.wire.Compose;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The timers of RFC 3261 §17 (appendix A) and RFC 6026, to the millisecond. */
class TransactionsTest {
  private final Bench bench = new Bench(1000);

  @Test
  void an_invite_is_repeated_by_timer_a_and_given_up_by_timer_b() {
    bench.begin(request("INVITE", "a"), UDP);
    bench.advance(Duration.ofMinutes(2));
    assertThat(bench.times("INVITE"))
        .containsExactly(0L, 500L, 1500L, 3500L, 7500L, 15_500L, 31_500L);
    assertThat(bench.heard).containsExactly("32000 TIMEOUT");
    assertThat(bench.transactions.clients()).isZero();
  }

  @Test
  void over_tcp_nothing_is_repeated() {
    bench.begin(request("INVITE", "a"), TCP);
    bench.begin(request("BYE", "b"), TCP);
    bench.advance(Duration.ofMinutes(2));
    assertThat(bench.sent).hasSize(2);
    assertThat(bench.heard).containsExactlyInAnyOrder("32000 TIMEOUT", "32000 TIMEOUT");
  }

  @Test
  void other_requests_are_repeated_by_timer_e_up_to_t2_and_given_up_by_timer_f() {
    bench.begin(request("BYE", "a"), UDP);
    bench.advance(Duration.ofMinutes(2));
    assertThat(bench.times("BYE"))
        .containsExactly(
            0L, 500L, 1500L, 3500L, 7500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
    assertThat(bench.heard).containsExactly("32000 TIMEOUT");
  }

  @Test
  void after_a_provisional_answer_timer_e_is_t2_and_timer_f_goes_on() {
    var request = request("OPTIONS", "a");
    bench.begin(request, UDP);
    bench.advance(Duration.ofMillis(600));
    bench.receive(response(100, request), UDP);
    bench.advance(Duration.ofMinutes(1));
    assertThat(bench.times("OPTIONS")).startsWith(0L, 500L, 1500L, 5500L, 9500L).endsWith(29_500L);
    assertThat(bench.heard).containsExactly("600 100", "32000 TIMEOUT");
  }

  @Test
  void a_provisional_answer_ends_the_repeats_of_an_invite() {
    var request = request("INVITE", "a");
    bench.begin(request, UDP);
    bench.receive(response(180, request), UDP);
    bench.advance(Duration.ofMinutes(5));
    assertThat(bench.times("INVITE")).containsExactly(0L);
    assertThat(bench.heard).containsExactly("0 180");
  }

  @Test
  void a_failure_of_an_invite_is_acknowledged_each_time_for_timer_d() {
    var request = request("INVITE", "a");
    bench.begin(request, UDP);
    bench.receive(response(486, request), UDP);
    bench.advance(Duration.ofSeconds(1));
    bench.receive(response(486, request), UDP);
    bench.advance(Duration.ofSeconds(30));
    bench.receive(response(486, request), UDP);
    bench.advance(Duration.ofSeconds(2));
    bench.receive(response(486, request), UDP);
    assertThat(bench.times("ACK")).containsExactly(0L, 1000L, 31_000L);
    assertThat(bench.heard).containsExactly("0 486", "33000 stray 486");
  }

  @Test
  void each_2xx_goes_to_the_core_for_timer_m() {
    var request = request("INVITE", "a");
    bench.begin(request, UDP);
    bench.receive(response(200, request), UDP);
    bench.advance(Duration.ofSeconds(31));
    bench.receive(response(200, request), UDP);
    bench.advance(Duration.ofSeconds(2));
    bench.receive(response(200, request), UDP);
    assertThat(bench.times("ACK")).isEmpty();
    assertThat(bench.heard).containsExactly("0 200", "31000 200", "33000 stray 200");
  }

  @Test
  void copies_of_other_answers_are_swallowed_for_timer_k() {
    var request = request("BYE", "a");
    bench.begin(request, UDP);
    bench.receive(response(200, request), UDP);
    bench.advance(Duration.ofMillis(4900));
    bench.receive(response(200, request), UDP);
    bench.advance(Duration.ofMillis(200));
    bench.receive(response(200, request), UDP);
    assertThat(bench.heard).containsExactly("0 200", "5100 stray 200");
  }

  @Test
  void a_failure_answered_is_repeated_by_timer_g_until_timer_h() {
    bench.receive(request("INVITE", "a"), UDP);
    var server = bench.taken();
    server.respond(bench.time.now(), Compose.response(request("INVITE", "a"), 486, "t"));
    bench.advance(Duration.ofMinutes(2));
    assertThat(bench.times("486"))
        .containsExactly(
            0L, 500L, 1500L, 3500L, 7500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
    assertThat(server.state()).isEqualTo(ServerTransaction.State.TERMINATED);
    assertThat(bench.transactions.servers()).isZero();
  }

  @Test
  void the_ack_of_a_failure_ends_the_repeats_and_stragglers_are_swallowed_for_timer_i() {
    var invite = request("INVITE", "a");
    bench.receive(invite, UDP);
    var server = bench.taken();
    server.respond(bench.time.now(), Compose.response(invite, 486, "t"));
    bench.receive(request("ACK", "a"), UDP);
    bench.receive(request("ACK", "a"), UDP);
    bench.receive(invite, UDP);
    bench.advance(Duration.ofMillis(4900));
    assertThat(server.state()).isEqualTo(ServerTransaction.State.CONFIRMED);
    bench.advance(Duration.ofMillis(200));
    assertThat(server.state()).isEqualTo(ServerTransaction.State.TERMINATED);
    assertThat(bench.times("486")).containsExactly(0L);
    assertThat(bench.heard).containsExactly("0 INVITE");
  }

  @Test
  void an_accepted_invite_swallows_copies_for_timer_l_and_leaves_the_2xx_to_the_core() {
    var invite = request("INVITE", "a");
    bench.receive(invite, UDP);
    var server = bench.taken();
    server.respond(bench.time.now(), Compose.response(invite, 200, "t"));
    bench.advance(Duration.ofSeconds(31));
    bench.receive(invite, UDP);
    assertThat(bench.times("200")).containsExactly(0L);
    assertThat(server.state()).isEqualTo(ServerTransaction.State.ACCEPTED);
    bench.receive(request("ACK", "other"), UDP);
    bench.advance(Duration.ofSeconds(2));
    bench.receive(invite, UDP);
    assertThat(bench.heard).containsExactly("0 INVITE", "31000 ACK", "33000 INVITE");
  }

  @Test
  void the_answer_to_another_request_is_kept_for_timer_j() {
    var register = request("REGISTER", "a");
    bench.receive(register, UDP);
    bench.taken().respond(bench.time.now(), Compose.response(register, 200, "t"));
    bench.advance(Duration.ofSeconds(31));
    bench.receive(register, UDP);
    bench.advance(Duration.ofSeconds(2));
    bench.receive(register, UDP);
    assertThat(bench.times("200")).containsExactly(0L, 31_000L);
    assertThat(bench.heard).containsExactly("0 REGISTER", "33000 REGISTER");
  }

  @Test
  void over_tcp_answers_are_not_kept() {
    var register = request("REGISTER", "a");
    bench.receive(register, TCP);
    bench.taken().respond(bench.time.now(), Compose.response(register, 200, "t"));
    assertThat(bench.transactions.servers()).isZero();
  }

  @Test
  void a_provisional_answer_is_repeated_for_copies_of_the_invite() {
    var invite = request("INVITE", "a");
    bench.receive(invite, UDP);
    bench.taken().respond(bench.time.now(), Compose.response(invite, 100, ""));
    bench.receive(invite, UDP);
    assertThat(bench.sent)
        .extracting(Bench.Sent::title)
        .containsExactly("100 Trying", "100 Trying");
  }

  @Test
  void a_cancel_finds_its_invite_and_waits_for_an_answer_before_it_is_sent() {
    var invite = request("INVITE", "a");
    var client = bench.begin(invite, UDP);
    client.cancel(bench.time.now());
    assertThat(bench.times("CANCEL")).isEmpty();
    bench.advance(Duration.ofMillis(700));
    bench.receive(response(180, invite), UDP);
    assertThat(bench.times("CANCEL")).containsExactly(700L);
    bench.receive(response(487, invite), UDP);
    assertThat(bench.heard).containsExactly("700 180", "700 487");
    assertThat(bench.times("ACK")).containsExactly(700L);
  }

  @Test
  void a_cancelled_invite_that_is_never_answered_is_given_up() {
    var invite = request("INVITE", "a");
    var client = bench.begin(invite, UDP);
    bench.receive(response(180, invite), UDP);
    client.cancel(bench.time.now());
    bench.advance(Duration.ofSeconds(33));
    assertThat(bench.heard).containsExactly("0 180", "32000 TIMEOUT");
  }

  @Test
  void a_cancel_received_is_told_once_while_it_can_be_obeyed() {
    var invite = request("INVITE", "a");
    bench.receive(invite, UDP);
    var server = bench.taken();
    server.watch(now -> bench.heard.add("cancelled"));
    bench.receive(request("CANCEL", "a"), UDP);
    bench.receive(request("CANCEL", "a"), UDP);
    bench.receive(request("CANCEL", "none"), UDP);
    assertThat(bench.heard)
        .containsExactly("0 INVITE", "0 CANCEL true", "cancelled", "0 CANCEL false");
  }

  @Test
  void a_lost_connection_fails_what_was_asked_over_it() {
    bench.begin(request("INVITE", "a"), TCP);
    bench.begin(request("INVITE", "b"), UDP);
    bench.transactions.lost(bench.time.now(), 7, TCP.remote());
    assertThat(bench.heard).containsExactly("0 TRANSPORT");
  }

  @Test
  void answers_go_where_rfc_3581_says() {
    var plain = request("OPTIONS", "a");
    bench.receive(plain, UDP);
    assertThat(bench.arrivals.getLast().reply().remote().getPort()).isEqualTo(5070);
    var other =
        new dev.islet.voip.model.Flow(
            UDP.transport(), UDP.local(), new java.net.InetSocketAddress("192.168.7.20", 9999), 0);
    bench.receive(plain, other);
    assertThat(bench.arrivals.getLast().reply().remote().getPort()).isEqualTo(5070);
    var nat =
        new dev.islet.voip.model.Flow(
            UDP.transport(), UDP.local(), new java.net.InetSocketAddress("203.0.113.9", 9999), 0);
    bench.receive(plain, nat);
    assertThat(bench.arrivals.getLast().reply().remote()).isEqualTo(nat.remote());
    assertThat(bench.arrivals.getLast().request().vitals().via().toString())
        .contains("received=203.0.113.9");
  }

  @Test
  void a_full_table_forgets_the_longest_answered_and_then_refuses() {
    var small = new Bench(3);
    for (int n = 0; n < 5; n++) {
      var register = request("REGISTER", "r" + n);
      small.receive(register, UDP);
      small.taken().respond(small.time.now(), Compose.response(register, 200, "t"));
    }
    assertThat(small.transactions.servers()).isEqualTo(3);
    assertThat(small.transactions.evicted()).isEqualTo(2);
    for (int n = 0; n < 3; n++) {
      small.receive(request("INVITE", "i" + n), UDP);
      small.taken();
    }
    small.receive(request("INVITE", "i9"), UDP);
    assertThat(small.transactions.accept(small.arrivals.getLast())).isEmpty();
  }

  @Test
  void nothing_is_left_behind() {
    for (int n = 0; n < 100; n++) {
      bench.begin(request("BYE", "b" + n), UDP);
      var register = request("REGISTER", "r" + n);
      bench.receive(register, UDP);
      bench.taken().respond(bench.time.now(), Compose.response(register, 200, "t"));
    }
    bench.advance(Duration.ofMinutes(2));
    assertThat(bench.transactions.clients()).isZero();
    assertThat(bench.transactions.servers()).isZero();
    assertThat(bench.timers.next()).isEqualTo(Long.MAX_VALUE);
  }
}
