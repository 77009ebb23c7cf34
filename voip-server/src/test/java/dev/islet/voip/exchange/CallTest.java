package dev.islet.voip.exchange;

import static dev.islet.voip.exchange.Phone.sdp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.model.CallState;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls between phones (RFC 3261 §12 to §15, flows of RFC 3665), on virtual time. */
class CallTest {
  private final ExchangeBench bench = new ExchangeBench();
  private final Phone caller = bench.registered("100", 5070);
  private final Phone callee = bench.registered("101", 5071);

  @AfterEach
  void nothing_is_left_behind() {
    bench.leavesNothing();
  }

  private static String body(SipMessage message) {
    return new String(message.body(), StandardCharsets.ISO_8859_1);
  }

  private SipResponse talking() {
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 180, "");
    callee.answer(callee.request("INVITE"), 200, sdp(4001, "sendrecv"));
    var ok = caller.lastResponse();
    assertThat(ok.status()).isEqualTo(200);
    caller.asCaller("ACK", ok, 2, "");
    assertThat(bench.exchange.calls())
        .singleElement()
        .satisfies(c -> assertThat(c.state()).isEqualTo(CallState.TALKING));
    return ok;
  }

  @Test
  void a_call_from_ringing_to_the_callers_bye() {
    var ok = talking();
    assertThat(caller.statuses("INVITE")).containsExactly(407, 100, 180, 200);
    var invite = callee.request("INVITE");
    assertThat(invite.uri()).isEqualTo(callee.contact());
    assertThat(invite.headers().first("From").orElseThrow())
        .startsWith("\"Phone 100\" <sip:100@home.arpa>;tag=");
    assertThat(invite.vitals().callId()).isNotEqualTo(ok.vitals().callId());
    assertThat(invite.headers().first("Proxy-Authorization")).isEmpty();
    assertThat(body(invite)).contains("c=IN IP4 192.168.7.1").contains("m=audio 10006 ");
    assertThat(body(ok)).contains("c=IN IP4 192.168.7.1").contains("m=audio 10004 ");
    assertThat(callee.requests("ACK")).hasSize(1);
    assertThat(bench.relay.told).containsExactly("A 4000 SENDRECV", "B 4001 SENDRECV", "answered");
    bench.advance(Duration.ofSeconds(20));
    caller.asCaller("BYE", ok, 3, "");
    assertThat(caller.statuses("BYE")).containsExactly(200);
    callee.answer(callee.request("BYE"), 200, "");
    assertThat(bench.records)
        .singleElement()
        .satisfies(
            r -> {
              assertThat(r.status()).isEqualTo(200);
              assertThat(r.talked()).isEqualTo(Duration.ofSeconds(20));
              assertThat(r.reason()).isEqualTo("caller hung up");
            });
  }

  @Test
  void the_callee_hangs_up() {
    talking();
    callee.asCallee("BYE", callee.request("INVITE"), 1, "");
    assertThat(callee.statuses("BYE")).containsExactly(200);
    caller.answer(caller.request("BYE"), 200, "");
    assertThat(bench.records.getFirst().reason()).isEqualTo("callee hung up");
  }

  @Test
  void a_bye_of_the_callee_waits_for_the_callers_ack() {
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 200, sdp(4001, "sendrecv"));
    callee.asCallee("BYE", callee.request("INVITE"), 1, "");
    assertThat(caller.requests("BYE")).isEmpty();
    caller.asCaller("ACK", caller.lastResponse(), 2, "");
    caller.answer(caller.request("BYE"), 200, "");
  }

  @Test
  void byes_that_cross_are_both_answered() {
    var ok = talking();
    callee.asCallee("BYE", callee.request("INVITE"), 1, "");
    caller.asCaller("BYE", ok, 3, "");
    assertThat(caller.statuses("BYE")).containsExactly(200);
    caller.answer(caller.request("BYE"), 200, "");
  }

  @Test
  void a_2xx_is_repeated_until_its_ack_and_without_one_the_call_ends() {
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 200, sdp(4001, "sendrecv"));
    bench.advance(Duration.ofSeconds(33));
    assertThat(caller.statuses("INVITE").stream().filter(s -> s == 200)).hasSize(11);
    assertThat(bench.records.getFirst().reason()).startsWith("no ACK from 100");
    assertThat(callee.requests("BYE")).isNotEmpty();
    assertThat(caller.requests("BYE")).isNotEmpty();
  }

  @Test
  void a_copy_of_the_callees_2xx_is_acknowledged_again() {
    talking();
    callee.answer(callee.request("INVITE"), 200, sdp(4001, "sendrecv"));
    assertThat(callee.requests("ACK")).hasSize(2);
    assertThat(callee.requests("ACK").get(0)).isEqualTo(callee.requests("ACK").get(0));
    callee.asCallee("BYE", callee.request("INVITE"), 1, "");
  }

  @Test
  void the_caller_gives_up() {
    var id = caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 180, "");
    caller.sibling("CANCEL", "sip:101@home.arpa", id, 2, "<sip:101@home.arpa>");
    assertThat(caller.statuses("CANCEL")).containsExactly(200);
    assertThat(caller.statuses("INVITE")).endsWith(180, 487);
    callee.answer(callee.request("CANCEL"), 200, "");
    callee.answer(callee.request("INVITE"), 487, "");
    assertThat(callee.requests("ACK")).hasSize(1);
    assertThat(bench.records.getFirst().status()).isEqualTo(487);
  }

  @Test
  void an_answer_that_crosses_the_cancel_is_taken_and_ended() {
    var id = caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 180, "");
    caller.sibling("CANCEL", "sip:101@home.arpa", id, 2, "<sip:101@home.arpa>");
    callee.answer(callee.request("INVITE"), 200, sdp(4001, "sendrecv"));
    assertThat(callee.requests("ACK")).hasSize(1);
    callee.answer(callee.request("BYE"), 200, "");
    assertThat(caller.statuses("INVITE")).endsWith(487).doesNotContain(200);
  }

  @Test
  void busy_declined_and_challenged() {
    for (int[] told :
        new int[][] {{486, 486}, {603, 603}, {404, 404}, {401, 480}, {302, 480}, {503, 480}}) {
      caller.invite("101", sdp(4000, "sendrecv"));
      callee.answer(callee.request("INVITE"), told[0], "");
      assertThat(caller.lastStatus()).isEqualTo(told[1]);
      bench.advance(Duration.ofSeconds(40));
    }
  }

  @Test
  void nobody_answers_in_time() {
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 180, "");
    bench.advance(Duration.ofSeconds(31));
    assertThat(caller.statuses("INVITE")).contains(480);
    callee.answer(callee.request("CANCEL"), 200, "");
    callee.answer(callee.request("INVITE"), 487, "");
  }

  @Test
  void a_phone_that_is_switched_off_counts_as_not_there() {
    caller.invite("101", sdp(4000, "sendrecv"));
    bench.advance(Duration.ofSeconds(33));
    assertThat(caller.statuses("INVITE")).contains(480);
  }

  @Test
  void unknown_unregistered_foreign_and_pretended() {
    caller.invite("555", sdp(4000, "sendrecv"));
    assertThat(caller.lastStatus()).isEqualTo(404);
    caller.invite("102", sdp(4000, "sendrecv"));
    assertThat(caller.lastStatus()).isEqualTo(480);
    caller.inviteUri("sip:101@example.com", sdp(4000, "sendrecv"));
    assertThat(caller.lastStatus()).isEqualTo(403);
    caller.inviteUri("sip:101@voip.home.arpa", sdp(4000, "sendrecv"));
    assertThat(callee.requests("INVITE")).hasSize(1);
    callee.answer(callee.request("INVITE"), 486, "");
    caller.inviteUri("tel:101", "");
    assertThat(caller.lastStatus()).isEqualTo(416);
    assertThat(bench.counts).containsEntry(Tally.FORBIDDEN, 1);
  }

  @Test
  void without_a_password_nobody_is_called() {
    caller.password = "wrong";
    caller.invite("101", sdp(4000, "sendrecv"));
    assertThat(caller.lastStatus()).isEqualTo(407);
    assertThat(callee.requests("INVITE")).isEmpty();
  }

  @Test
  void several_phones_ring_and_the_first_that_answers_has_it() {
    var second = bench.registered("101", 5072);
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 180, "");
    second.answer(second.request("INVITE"), 180, "");
    second.answer(second.request("INVITE"), 200, sdp(4002, "sendrecv"));
    assertThat(caller.lastStatus()).isEqualTo(200);
    callee.answer(callee.request("CANCEL"), 200, "");
    callee.answer(callee.request("INVITE"), 487, "");
    assertThat(second.requests("ACK")).hasSize(1);
    caller.asCaller("ACK", caller.lastResponse(), 2, "");
    // The first one answered at the same moment: it is acknowledged and ended.
    caller.asCaller("BYE", caller.lastResponse(), 3, "");
    second.answer(second.request("BYE"), 200, "");
  }

  @Test
  void two_answers_at_the_same_moment() {
    var second = bench.registered("101", 5072);
    caller.invite("101", sdp(4000, "sendrecv"));
    second.answer(second.request("INVITE"), 200, sdp(4002, "sendrecv"));
    callee.answer(callee.request("INVITE"), 200, sdp(4001, "sendrecv"));
    assertThat(callee.requests("ACK")).hasSize(1);
    callee.answer(callee.request("BYE"), 200, "");
    caller.asCaller("ACK", caller.lastResponse(), 2, "");
    caller.asCaller("BYE", caller.lastResponse(), 3, "");
    second.answer(second.request("BYE"), 200, "");
  }

  @Test
  void the_best_of_several_refusals_is_told_and_a_6xx_ends_all() {
    var second = bench.registered("101", 5072);
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 404, "");
    second.answer(second.request("INVITE"), 486, "");
    assertThat(caller.lastStatus()).isEqualTo(486);
    bench.advance(Duration.ofSeconds(40));
    caller.invite("101", sdp(4000, "sendrecv"));
    second.answer(second.request("INVITE"), 180, "");
    callee.answer(callee.request("INVITE"), 603, "");
    assertThat(caller.lastStatus()).isEqualTo(603);
    second.answer(second.request("CANCEL"), 200, "");
    second.answer(second.request("INVITE"), 487, "");
  }

  @Test
  void early_media_goes_through_the_relay_too() {
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 183, sdp(4001, "sendrecv"));
    var progress = caller.lastResponse();
    assertThat(progress.status()).isEqualTo(183);
    assertThat(body(progress)).contains("m=audio 10004 ");
    callee.answer(callee.request("INVITE"), 486, "");
  }

  @Test
  void hold_is_asked_of_the_other_phone() {
    var ok = talking();
    caller.asCaller("INVITE", ok, 3, sdp(4000, "sendonly"));
    var hold = callee.request("INVITE");
    assertThat(body(hold)).contains("a=sendonly").contains("m=audio 10006 ");
    callee.answer(hold, 200, sdp(4001, "recvonly"));
    assertThat(callee.requests("ACK")).hasSize(2);
    var held = caller.lastResponse();
    assertThat(held.vitals().cseq().number()).isEqualTo(3);
    assertThat(body(held)).contains("a=recvonly").contains("m=audio 10004 ");
    caller.asCaller("ACK", held, 3, "");
    assertThat(bench.relay.told).endsWith("A 4000 SENDONLY", "B 4001 RECVONLY");
    caller.asCaller("BYE", ok, 4, "");
    callee.answer(callee.request("BYE"), 200, "");
  }

  @Test
  void invites_that_cross_are_both_told_to_wait() {
    var ok = talking();
    caller.asCaller("INVITE", ok, 3, sdp(4000, "sendonly"));
    var hold = callee.request("INVITE");
    callee.asCallee("INVITE", hold, 1, sdp(4001, "sendonly"));
    assertThat(callee.lastStatus()).isEqualTo(491);
    caller.asCaller("INVITE", ok, 4, sdp(4000, "sendonly"));
    assertThat(caller.lastStatus()).isEqualTo(500);
    assertThat(caller.lastResponse().headers().first("Retry-After")).isPresent();
    callee.answer(hold, 491, "");
    assertThat(caller.lastStatus()).isEqualTo(491);
    caller.asCaller("BYE", ok, 5, "");
    callee.answer(callee.request("BYE"), 200, "");
  }

  @Test
  void an_invite_without_an_offer_carries_the_answer_in_its_ack() {
    caller.invite("101", "");
    var invite = callee.request("INVITE");
    assertThat(invite.body()).isEmpty();
    callee.answer(invite, 200, sdp(4001, "sendrecv"));
    assertThat(callee.requests("ACK")).isEmpty();
    assertThat(body(caller.lastResponse())).contains("m=audio 10004 ");
    caller.asCaller("ACK", caller.lastResponse(), 2, sdp(4000, "sendrecv"));
    assertThat(body(callee.request("ACK"))).contains("m=audio 10006 ");
    assertThat(bench.relay.told).contains("A 4000 SENDRECV", "B 4001 SENDRECV");
    caller.asCaller("BYE", caller.lastResponse(), 3, "");
    callee.answer(callee.request("BYE"), 200, "");
  }

  @Test
  void info_update_and_message_are_passed_on_and_the_rest_is_not() {
    var ok = talking();
    long seq = 3;
    for (var method : new String[] {"INFO", "MESSAGE", "UPDATE"}) {
      caller.asCaller(method, ok, seq++, "");
      callee.answer(callee.request(method), 200, "");
      assertThat(caller.statuses(method)).containsExactly(200);
    }
    caller.asCaller("OPTIONS", ok, seq++, "");
    assertThat(caller.lastStatus()).isEqualTo(200);
    caller.asCaller("REFER", ok, seq++, "");
    assertThat(caller.lastStatus()).isEqualTo(405);
    caller.asCaller("INFO", ok, 3, "");
    assertThat(caller.lastStatus()).isEqualTo(500);
    caller.asCaller("BYE", ok, seq, "");
    callee.answer(callee.request("BYE"), 200, "");
  }

  @Test
  void a_phone_that_vanishes_ends_the_call() {
    talking();
    bench.advance(Duration.ofSeconds(61));
    caller.answer(caller.request("OPTIONS"), 200, "");
    bench.advance(Duration.ofSeconds(33));
    assertThat(bench.records)
        .singleElement()
        .satisfies(r -> assertThat(r.reason()).isEqualTo("101 vanished"));
    assertThat(caller.requests("BYE")).isNotEmpty();
    assertThat(callee.requests("BYE")).isEmpty();
  }

  @Test
  void a_call_does_not_outlive_the_longest_time() {
    talking();
    for (int n = 0; n < 61 && bench.records.isEmpty(); n++) {
      bench.advance(Duration.ofSeconds(60));
      caller.answer(caller.request("OPTIONS"), 200, "");
      callee.answer(callee.request("OPTIONS"), 405, "");
    }
    assertThat(bench.records.getFirst().reason()).contains("longest");
  }

  @Test
  void silence_and_the_end_of_the_server_end_calls() {
    talking();
    bench.on(new ExchangeEvent.Closing());
    assertThat(bench.records.getFirst().reason()).isEqualTo("the server stops");
    caller.answer(caller.request("BYE"), 200, "");
    callee.answer(callee.request("BYE"), 200, "");
  }

  @Test
  void limits_of_one_extension_and_of_the_server() {
    caller.invite("101", sdp(4000, "sendrecv"));
    caller.invite("101", sdp(4000, "sendrecv"));
    caller.invite("101", sdp(4000, "sendrecv"));
    assertThat(caller.lastStatus()).isEqualTo(403);
    bench.relay.room = 2;
    var other = bench.registered("102", 5073);
    other.invite("101", sdp(4000, "sendrecv"));
    assertThat(other.lastStatus()).isEqualTo(503);
  }

  @Test
  void what_cannot_be_understood_is_said() {
    caller.invite("101", "v=0\nno description\n");
    assertThat(caller.lastStatus()).isEqualTo(488);
    caller.invite("101", sdp(4000, "sendrecv"));
    callee.answer(callee.request("INVITE"), 200, "");
    assertThat(caller.lastStatus()).isEqualTo(488);
    assertThat(callee.requests("ACK")).hasSize(1);
    callee.answer(callee.request("BYE"), 200, "");
  }

  @Test
  void the_embedder_routes() {
    var routed = new ExchangeBench(true, bench.exchange.bindings());
    var from = routed.phone("100", 5070);
    var to = routed.phone("101", 5071);
    from.invite("reception", sdp(4000, "sendrecv"));
    var ask = routed.routings.getFirst();
    assertThat(ask.call().to()).isEqualTo("reception");
    assertThat(ask.call().from()).isEqualTo("100");
    routed.on(new ExchangeEvent.Routed(ask.id(), new Routing.Ring("101", Duration.ofSeconds(5))));
    to.answer(to.request("INVITE"), 180, "");
    routed.advance(Duration.ofSeconds(6));
    assertThat(from.statuses("INVITE")).contains(180, 480);
    from.invite("nobody", sdp(4000, "sendrecv"));
    routed.on(new ExchangeEvent.Routed(routed.routings.getLast().id(), new Routing.Reject(603)));
    assertThat(from.lastStatus()).isEqualTo(603);
    from.invite("slow", sdp(4000, "sendrecv"));
    routed.advance(Duration.ofSeconds(11));
    assertThat(from.statuses("INVITE")).contains(500);
    routed.leavesNothing();
  }
}
