package dev.islet.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.store.MasterFile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

class AuthorityTest {
  private static final Zones ZONES =
      Zones.of(
          List.of(
              zone(
                  "example.",
                  "@ 900 SOA ns host 7 3600 900 86400 60",
                  "@ NS ns",
                  "ns A 192.0.2.1",
                  "*.wild A 192.0.2.2",
                  "*.wild MX 10 ns",
                  "host.wild TXT x",
                  "a.ent.wild TXT y",
                  "alias CNAME host.wild",
                  "far CNAME www.other.",
                  "out CNAME www.elsewhere.",
                  "loop1 CNAME loop2",
                  "loop2 CNAME loop1",
                  "gone CNAME nothing",
                  "sub NS ns.sub",
                  "sub NS ns.other.",
                  "ns.sub A 192.0.2.3",
                  "sub DS 1 13 2 " + "ab".repeat(32),
                  "kid NS ns.kid",
                  "ns.kid A 192.0.2.4",
                  "kid DS 2 13 2 " + "cd".repeat(32),
                  "old DNAME new.other.",
                  "old TXT here",
                  "long DNAME " + ("a".repeat(60) + ".").repeat(3) + "other.",
                  "_sip._udp SRV 0 0 5060 ns",
                  "many A 192.0.2.9",
                  "many TXT " + "z".repeat(99)),
              zone("kid.example.", "@ SOA ns host 1 2 3 4 5", "@ NS ns", "ns A 192.0.2.5"),
              zone(
                  "other.",
                  "@ SOA ns host 1 2 3 4 5",
                  "@ NS ns",
                  "ns A 192.0.2.6",
                  "www A 192.0.2.7",
                  "x.new A 192.0.2.8")));

  private static Zone zone(String origin, String... lines) {
    try {
      return MasterFile.lines(Arrays.asList(lines), Name.fromConstantString(origin), "test");
    } catch (dev.islet.dns.store.ZoneFault e) {
      throw new AssertionError(e);
    }
  }

  private static Answer ask(String name, int type) {
    var question = Question.in(Name.fromConstantString(name), type);
    return Authority.answer(ZONES, question, true).orElseThrow().answer();
  }

  private static Stream<String> sets(List<RrSet> sets) {
    return sets.stream().map(s -> s.name() + " " + s.ttl() + " " + Type.string(s.type()));
  }

  private static void negative(Answer answer, int rcode, String soa) {
    assertThat(answer.rcode()).isEqualTo(rcode);
    assertThat(answer.authoritative()).isTrue();
    assertThat(sets(answer.authority())).containsExactly(soa + " SOA");
  }

  @Test
  void a_wildcard_answers_below_its_parent_only_where_nothing_exists() {
    assertThat(sets(ask("x.wild.example.", Type.A).answer()))
        .containsExactly("x.wild.example. 3600 A");
    assertThat(sets(ask("x.y.wild.example.", Type.A).answer()))
        .containsExactly("x.y.wild.example. 3600 A");
    negative(ask("host.wild.example.", Type.A), Rcode.NOERROR, "example. 60");
    negative(ask("x.host.wild.example.", Type.A), Rcode.NXDOMAIN, "example. 60");
    negative(ask("ent.wild.example.", Type.A), Rcode.NOERROR, "example. 60");
    negative(ask("b.ent.wild.example.", Type.A), Rcode.NXDOMAIN, "example. 60");
    negative(ask("x.wild.example.", Type.AAAA), Rcode.NOERROR, "example. 60");
    assertThat(sets(ask("*.wild.example.", Type.A).answer()))
        .containsExactly("*.wild.example. 3600 A");
  }

  @Test
  void aliases_are_followed_within_and_across_zones_and_out() {
    negative(ask("alias.example.", Type.A), Rcode.NOERROR, "example. 60");
    assertThat(sets(ask("far.example.", Type.A).answer()))
        .containsExactly("far.example. 3600 CNAME", "www.other. 3600 A");
    assertThat(sets(ask("far.example.", Type.CNAME).answer()))
        .containsExactly("far.example. 3600 CNAME");
    var out =
        Authority.answer(ZONES, Question.in(Name.fromConstantString("out.example."), 1), true);
    assertThat(out.orElseThrow().onward()).contains(Name.fromConstantString("www.elsewhere."));
    negative(ask("gone.example.", Type.A), Rcode.NXDOMAIN, "example. 60");
    assertThat(ask("loop1.example.", Type.A).rcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void a_delegation_is_a_referral_with_glue_and_without_aa() {
    var referral = ask("deep.sub.example.", Type.A);
    assertThat(referral.authoritative()).isFalse();
    assertThat(referral.rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(referral.answer()).isEmpty();
    assertThat(referral.glue()).isTrue();
    assertThat(sets(referral.authority())).containsExactly("sub.example. 3600 NS");
    assertThat(sets(referral.additional()))
        .containsExactlyInAnyOrder("ns.sub.example. 3600 A", "ns.other. 3600 A");
    assertThat(ask("ns.sub.example.", Type.A).authoritative()).isFalse();
    assertThat(ask("sub.example.", Type.NS).answer()).isEmpty();
  }

  @Test
  void ds_is_answered_by_the_parent() {
    assertThat(sets(ask("sub.example.", Type.DS).answer())).containsExactly("sub.example. 3600 DS");
    assertThat(sets(ask("kid.example.", Type.DS).answer())).containsExactly("kid.example. 3600 DS");
    assertThat(sets(ask("kid.example.", Type.NS).answer())).containsExactly("kid.example. 3600 NS");
    negative(ask("other.", Type.DS), Rcode.NOERROR, "other. 5");
  }

  @Test
  void a_dname_redirects_what_is_below_it_and_not_itself() {
    assertThat(sets(ask("x.old.example.", Type.A).answer()))
        .containsExactly(
            "old.example. 3600 DNAME", "x.old.example. 3600 CNAME", "x.new.other. 3600 A");
    assertThat(sets(ask("old.example.", Type.TXT).answer()))
        .containsExactly("old.example. 3600 TXT");
    negative(ask("old.example.", Type.A), Rcode.NOERROR, "example. 60");
    var tooLong = ask(("b".repeat(60) + ".").repeat(2) + "long.example.", Type.A);
    assertThat(tooLong.rcode()).isEqualTo(Rcode.YXDOMAIN);
    assertThat(sets(tooLong.answer())).containsExactly("long.example. 3600 DNAME");
  }

  @Test
  void mx_srv_and_ns_bring_the_addresses_of_their_hosts() {
    assertThat(sets(ask("_sip._udp.example.", Type.SRV).additional()))
        .containsExactly("ns.example. 3600 A");
    assertThat(sets(ask("x.wild.example.", Type.MX).additional()))
        .containsExactly("ns.example. 3600 A");
    assertThat(sets(ask("example.", Type.NS).additional())).containsExactly("ns.example. 3600 A");
  }

  @Test
  void any_gives_the_smallest_set_when_it_is_to_be_small() {
    assertThat(sets(ask("many.example.", Type.ANY).answer()))
        .containsExactly("many.example. 3600 A");
    var all =
        Authority.answer(ZONES, Question.in(Name.fromConstantString("many.example."), 255), false);
    assertThat(all.orElseThrow().answer().answer()).hasSize(2);
  }

  @Test
  void names_of_nobody_are_not_answered_here() {
    assertThat(Authority.answer(ZONES, Question.in(Name.fromConstantString("com."), 1), true))
        .isEmpty();
  }

  @Test
  void an_edit_keeps_empty_names_only_while_something_is_below() {
    var zone = ZONES.at(Name.fromConstantString("example.")).orElseThrow();
    var name = Name.fromConstantString("a.ent.wild.example.");
    var edit = zone.edit();
    edit.remove(name, Type.TXT);
    var after = edit.done();
    assertThat(after.find(Name.fromConstantString("ent.wild.example."), Type.A))
        .isInstanceOf(Zone.Found.Sets.class); // the wildcard covers it now
    assertThat(zone.find(Name.fromConstantString("ent.wild.example."), Type.A))
        .isInstanceOf(Zone.Found.NoData.class);
    var back = after.edit();
    zone.at(name).forEach(back::put);
    assertThat(back.done().find(Name.fromConstantString("ent.wild.example."), Type.A))
        .isInstanceOf(Zone.Found.NoData.class);
  }

  @Test
  void serials_go_round() {
    assertThat(Serial.isAfter(1, 0xFFFF_FFFFL)).isTrue();
    assertThat(Serial.isAfter(0xFFFF_FFFFL, 1)).isFalse();
    assertThat(Serial.isAfter(5, 5)).isFalse();
    assertThat(Serial.next(0xFFFF_FFFFL)).isEqualTo(1);
    assertThat(Serial.later(3, 0xFFFF_FFF0L)).isEqualTo(3);
  }
}
