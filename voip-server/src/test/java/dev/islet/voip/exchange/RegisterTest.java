package dev.islet.voip.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.registrar.Registrar.Change;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Registration and its proof (RFC 3261 §10 and §22, RFC 7616, RFC 8760). */
class RegisterTest {
  private final ExchangeBench bench = new ExchangeBench();
  private final Phone phone = bench.phone("100", 5070);

  @Test
  void two_challenges_are_given_the_better_first() {
    phone.register("");
    assertThat(phone.lastStatus()).isEqualTo(401);
    assertThat(phone.lastResponse().headers().values("WWW-Authenticate"))
        .hasSize(2)
        .satisfies(
            all -> {
              assertThat(all.get(0)).contains("algorithm=SHA-256").contains("qop=\"auth\"");
              assertThat(all.get(1)).contains("algorithm=MD5");
            });
    assertThat(bench.exchange.load().served()).isZero();
  }

  @Test
  void a_phone_registers_and_its_binding_is_kept_before_the_answer() {
    phone.register();
    assertThat(phone.statuses("REGISTER")).containsExactly(401, 200);
    assertThat(phone.lastResponse().headers().first("Contact"))
        .contains("<" + phone.contact() + ">;expires=600");
    assertThat(bench.kept).singleElement().isInstanceOf(Change.Put.class);
    assertThat(bench.exchange.bindings())
        .singleElement()
        .satisfies(b -> assertThat(b.expires()).isEqualTo(bench.time.now() + 600 * 1_000_000_000L));
  }

  @Test
  void a_phone_that_fails_on_a_choice_gets_md5_alone() {
    phone.agent = "Old Phone 1.0";
    phone.register("");
    assertThat(phone.lastResponse().headers().values("WWW-Authenticate"))
        .singleElement()
        .asString()
        .contains("MD5");
    phone.register();
    assertThat(phone.lastStatus()).isEqualTo(200);
    var silent = bench.phone("101", 5071);
    silent.register("");
    silent.register("");
    assertThat(silent.lastResponse().headers().values("WWW-Authenticate")).hasSize(1);
  }

  @Test
  void a_request_said_twice_gets_the_same_answer_twice() {
    var register =
        """
        REGISTER sip:home.arpa SIP/2.0
        Via: SIP/2.0/UDP 192.168.7.20:5070;branch=z9hG4bK%s
        From: <sip:100@home.arpa>;tag=r
        To: <sip:100@home.arpa>
        Call-ID: twice
        CSeq: %d REGISTER
        Content-Length: 0

        """;
    phone.send(register.formatted("one", 1));
    var first = phone.lastResponse();
    bench.advance(Duration.ofMillis(500));
    phone.send(register.formatted("one", 1));
    assertThat(phone.statuses("REGISTER")).containsExactly(401, 401);
    assertThat(phone.lastResponse().headers()).isEqualTo(first.headers());
    phone.send(register.formatted("two", 2));
    assertThat(phone.lastResponse().headers().first("WWW-Authenticate"))
        .isNotEqualTo(first.headers().first("WWW-Authenticate"));
  }

  @Test
  void a_registration_runs_out() {
    phone.register();
    bench.advance(Duration.ofSeconds(599));
    assertThat(bench.exchange.registrations()).isEqualTo(1);
    bench.advance(Duration.ofSeconds(2));
    assertThat(bench.exchange.registrations()).isZero();
    assertThat(bench.kept).last().isInstanceOf(Change.Gone.class);
  }

  @Test
  void too_brief_is_told_and_too_long_is_cut() {
    phone.registerAs("Contact: <" + phone.contact() + ">\nExpires: 30\n");
    assertThat(phone.lastStatus()).isEqualTo(423);
    assertThat(phone.lastResponse().headers().first("Min-Expires")).contains("60");
    phone.registerAs("Contact: <" + phone.contact() + ">\nExpires: 99999\n");
    assertThat(phone.lastResponse().headers().first("Contact").orElseThrow())
        .endsWith("expires=7200");
    phone.registerAs("Contact: <" + phone.contact() + ">\nExpires: junk\n");
    assertThat(phone.lastResponse().headers().first("Contact").orElseThrow())
        .endsWith("expires=3600");
  }

  @Test
  void several_contacts_by_priority_and_no_more_than_allowed() {
    phone.registerAs("Contact: <sip:a@h>;q=0.2, <sip:b@h>;q=0.9\nContact: <sip:c@h>;q=0.5\n");
    assertThat(phone.lastResponse().headers().values("Contact"))
        .extracting(c -> c.substring(0, 8))
        .containsExactly("<sip:b@h", "<sip:c@h", "<sip:a@h");
    phone.registerAs("Contact: <sip:d@h>\n");
    assertThat(phone.lastStatus()).isEqualTo(403);
    assertThat(bench.exchange.registrations()).isEqualTo(3);
  }

  @Test
  void signing_off_one_contact_and_all() {
    phone.registerAs("Contact: <sip:a@h>, <sip:b@h>\n");
    phone.registerAs("Contact: <sip:a@h>;expires=0\n");
    assertThat(bench.exchange.bindings()).extracting("contact").containsExactly("sip:b@h");
    phone.registerAs("Contact: *\n");
    assertThat(phone.lastStatus()).isEqualTo(400);
    phone.registerAs("Contact: *, <sip:a@h>\nExpires: 0\n");
    assertThat(phone.lastStatus()).isEqualTo(400);
    phone.registerAs("Contact: *\nExpires: 0\n");
    assertThat(phone.lastStatus()).isEqualTo(200);
    assertThat(bench.exchange.registrations()).isZero();
  }

  @Test
  void a_query_without_contact_changes_nothing() {
    phone.register();
    bench.kept.clear();
    phone.registerAs("");
    assertThat(phone.lastResponse().headers().values("Contact")).hasSize(1);
    assertThat(bench.kept).isEmpty();
  }

  @Test
  void a_faulty_contact_takes_nothing_of_the_request() {
    phone.registerAs("Contact: <sip:a@h>, <mailto:x@y>\n");
    assertThat(phone.lastStatus()).isEqualTo(400);
    phone.registerAs("Contact: <sip:a@h>, <sip:b@h>;expires=5\n");
    assertThat(phone.lastStatus()).isEqualTo(423);
    assertThat(bench.exchange.registrations()).isZero();
  }

  @Test
  void a_count_cannot_be_used_twice_and_stale_is_told() {
    phone.register();
    var repeated =
        "REGISTER sip:home.arpa SIP/2.0\n"
            + phone.via()
            + "From: <sip:100@home.arpa>;tag=r\nTo: <sip:100@home.arpa>\nCall-ID: other\nCSeq: 9"
            + " REGISTER\n"
            + phone.credentials("REGISTER", "sip:home.arpa", "Authorization", 1)
            + "\n";
    phone.send(repeated);
    assertThat(phone.lastStatus()).isEqualTo(401);
    assertThat(phone.lastResponse().headers().first("WWW-Authenticate").orElseThrow())
        .contains("stale=true");
  }

  @Test
  void a_nonce_ends_with_its_time_without_counting_as_a_failure() {
    phone.register();
    for (int n = 0; n < 5; n++) {
      bench.advance(Duration.ofMinutes(6));
      phone.register("Contact: <" + phone.contact() + ">\n");
      assertThat(phone.lastStatus()).isEqualTo(401);
      assertThat(phone.lastResponse().headers().first("WWW-Authenticate").orElseThrow())
          .contains("stale=true");
      phone.takeChallenge("WWW-Authenticate");
      phone.register("Contact: <" + phone.contact() + ">\n");
      assertThat(phone.lastStatus()).isEqualTo(200);
    }
  }

  @Test
  void wrong_and_unknown_users_get_the_same_answer_until_they_get_none() {
    phone.password = "wrong";
    var stranger = bench.phone("999", 5099);
    phone.register();
    stranger.register();
    assertThat(phone.statuses("REGISTER")).containsExactly(401, 401);
    assertThat(stranger.statuses("REGISTER")).containsExactly(401, 401);
    phone.register();
    assertThat(bench.counts).containsEntry(Tally.AUTH_FAILED, 3);
    int heard = phone.inbox.size();
    phone.register();
    assertThat(phone.inbox).hasSize(heard);
    assertThat(bench.counts).containsKey(Tally.SILENCED);
    bench.advance(Duration.ofSeconds(31));
    phone.password = "pw100";
    phone.forgetChallenge();
    phone.register();
    assertThat(phone.lastStatus()).isEqualTo(200);
  }

  @Test
  void a_nonce_given_to_another_address_counts_for_nothing() {
    phone.register("");
    phone.takeChallenge("WWW-Authenticate");
    var elsewhere = new InetSocketAddress("192.168.7.66", 5070);
    var spy = new Phone(bench, "100", elsewhere);
    bench.phones.put(elsewhere, spy);
    for (int n = 0; n < 20; n++) {
      bench.receive(
          "REGISTER sip:home.arpa SIP/2.0\nVia: SIP/2.0/UDP 192.168.7.66:5070;branch=z9hG4bKs"
              + n
              + "\nFrom: <sip:100@home.arpa>;tag=r\nTo: <sip:100@home.arpa>\nCall-ID: s\nCSeq: "
              + (n + 1)
              + " REGISTER\n"
              + phone.credentials("REGISTER", "sip:home.arpa", "Authorization", n + 1)
              + "\n",
          elsewhere);
    }
    assertThat(spy.statuses("REGISTER")).hasSize(20).containsOnly(401);
    assertThat(bench.counts).doesNotContainKey(Tally.AUTH_FAILED);
  }

  @Test
  void nobody_registers_another() {
    phone.register("");
    phone.takeChallenge("WWW-Authenticate");
    phone.send(
        "REGISTER sip:home.arpa SIP/2.0\n"
            + phone.via()
            + "From: <sip:100@home.arpa>;tag=r\nTo: <sip:101@home.arpa>\nCall-ID: o\nCSeq: 1"
            + " REGISTER\nContact: <sip:x@y>\n"
            + phone.credentials("REGISTER", "sip:home.arpa", "Authorization", 1)
            + "\n");
    assertThat(phone.lastStatus()).isEqualTo(403);
  }

  @Test
  void a_digest_for_another_target_is_refused() {
    phone.register("");
    phone.takeChallenge("WWW-Authenticate");
    phone.send(
        "REGISTER sip:home.arpa SIP/2.0\n"
            + phone.via()
            + "From: <sip:100@home.arpa>;tag=r\nTo: <sip:100@home.arpa>\nCall-ID: o\nCSeq: 1"
            + " REGISTER\n"
            + phone.credentials("REGISTER", "sip:elsewhere.example", "Authorization", 1)
            + "\n");
    assertThat(phone.lastStatus()).isEqualTo(401);
    assertThat(bench.counts).containsEntry(Tally.AUTH_FAILED, 1);
  }

  @Test
  void a_register_for_a_foreign_domain_and_a_scanner() {
    phone.send(
        "REGISTER sip:example.com SIP/2.0\n"
            + phone.via()
            + "From: <sip:100@home.arpa>;tag=r\nTo: <sip:100@home.arpa>\nCall-ID: o\nCSeq: 1"
            + " REGISTER\n\n");
    assertThat(phone.lastStatus()).isEqualTo(403);
    int heard = phone.inbox.size();
    phone.agent = "friendly-scanner";
    phone.register("");
    assertThat(phone.inbox).hasSize(heard);
    assertThat(bench.counts).containsEntry(Tally.SCANNER, 1);
  }

  @Test
  void a_repeat_of_a_register_gets_the_kept_answer() {
    phone.register();
    var text =
        "REGISTER sip:home.arpa SIP/2.0\nVia: SIP/2.0/UDP"
            + " 192.168.7.20:5070;branch=z9hG4bKsame\nFrom: <sip:100@home.arpa>;tag=r\nTo:"
            + " <sip:100@home.arpa>\nCall-ID: reg-1005070\nCSeq: 50 REGISTER\n"
            + phone.credentials("REGISTER", "sip:home.arpa", "Authorization", 2)
            + "\n";
    phone.send(text);
    phone.send(text);
    assertThat(phone.statuses("REGISTER")).containsExactly(401, 200, 200, 200);
  }

  @Test
  void an_old_register_that_comes_late_is_refused() {
    phone.register();
    phone.register();
    phone.send(
        "REGISTER sip:home.arpa SIP/2.0\n"
            + phone.via()
            + "From: <sip:100@home.arpa>;tag=r\nTo: <sip:100@home.arpa>\nCall-ID:"
            + " reg-1005070\nCSeq: 1 REGISTER\nContact: <"
            + phone.contact()
            + ">;expires=0\n"
            + phone.credentials("REGISTER", "sip:home.arpa", "Authorization", 99)
            + "\n");
    assertThat(phone.lastStatus()).isEqualTo(500);
    assertThat(bench.exchange.registrations()).isEqualTo(1);
  }

  @Test
  void what_was_kept_is_restored_but_what_ran_out_is_not() {
    phone.register();
    var kept = bench.exchange.bindings();
    var later = new ExchangeBench(false, kept);
    assertThat(later.exchange.registrations()).isEqualTo(1);
    later.advance(Duration.ofSeconds(601));
    assertThat(later.exchange.registrations()).isZero();
  }

  @Test
  void an_extension_taken_away_loses_its_phones() {
    phone.register();
    bench.on(new ExchangeEvent.Accounts(Map.of()));
    assertThat(bench.exchange.registrations()).isZero();
    assertThat(bench.kept).last().isInstanceOf(Change.Gone.class);
  }

  @Test
  void other_methods() {
    for (var method : List.of("SUBSCRIBE", "MESSAGE", "PUBLISH", "REFER", "NOTIFY", "FOO")) {
      phone.send(plain(method, ""));
      assertThat(phone.lastStatus()).as(method).isEqualTo(405);
      assertThat(phone.lastResponse().headers().first("Allow").orElseThrow()).contains("INVITE");
    }
    phone.send(plain("OPTIONS", ""));
    assertThat(phone.lastStatus()).isEqualTo(200);
    assertThat(phone.lastResponse().headers().first("Allow").orElseThrow()).contains("INVITE");
    phone.send(plain("BYE", ""));
    assertThat(phone.lastStatus()).isEqualTo(481);
    phone.send(plain("INFO", ";tag=unknown"));
    assertThat(phone.lastStatus()).isEqualTo(481);
    int heard = phone.inbox.size();
    phone.send(plain("ACK", ";tag=unknown"));
    assertThat(phone.inbox).hasSize(heard);
  }

  private String plain(String method, String toTag) {
    return method
        + " sip:101@home.arpa SIP/2.0\n"
        + phone.via()
        + "From: <sip:100@home.arpa>;tag=r\nTo: <sip:101@home.arpa>"
        + toTag
        + "\nCall-ID: o\nCSeq: 1 "
        + method
        + "\n\n";
  }
}
