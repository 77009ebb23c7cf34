package dev.islet.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class WalkTest {
  private static final String ROOT = "198.18.0.1";
  private static final String TLD = "198.18.0.2";
  private static final String ONE = "198.18.0.3";
  private static final String TWO = "198.18.0.4";
  private static final String EVIL = "198.18.6.66";

  private final Internet net = small();

  /** The root, example., and shop.example. on two servers. */
  private static Internet small() {
    return new Internet(7)
        .hint("a.root.", ROOT)
        .zone(
            ".",
            ROOT,
            "@ NS a.root.",
            "a.root. A " + ROOT,
            "example. 86400 NS ns.example.",
            "ns.example. A " + TLD,
            "net. NS ns.net.",
            "ns.net. A " + TLD)
        .zone(
            "example.",
            TLD,
            "@ NS ns.example.",
            "ns A " + TLD,
            "shop 600 NS ns1.shop",
            "shop 600 NS ns2.shop",
            "ns1.shop A " + ONE,
            "ns2.shop A " + TWO,
            "far NS ns.host.net.",
            "ring NS ns.ring",
            "ns.ring A 198.18.0.5",
            "flat.deep.down TXT \"no cut above\"",
            "alias CNAME www.shop.example.",
            "old DNAME shop.example.")
        .zone("net.", TLD, "@ NS ns.net.", "ns A " + TLD, "host NS ns.host", "ns.host A " + TWO)
        .zone("host.net.", TWO, "@ NS ns", "ns A " + TWO, "www A 192.0.2.9")
        .zone("ring.example.", "198.18.0.5", "@ NS ns", "pool CNAME loop.shop.example.")
        .zone("far.example.", TWO, "@ NS ns.host.net.", "www A 192.0.2.8")
        .zone(
            "shop.example.",
            ONE + " " + TWO,
            "@ NS ns1",
            "@ NS ns2",
            "ns1 A " + ONE,
            "ns2 A " + TWO,
            "www A 192.0.2.7",
            "www TXT \"hello\"",
            "a.b.c.d A 192.0.2.6",
            "loop CNAME pool.ring.example.",
            "home CNAME printer.local.",
            "_sip._udp SRV 0 0 5060 www");
  }

  private static List<String> answers(Internet.Result result) {
    return result.texts();
  }

  @Test
  void it_walks_from_the_root_and_shows_each_server_no_more_than_it_must_see() {
    var result = net.resolve("www.shop.example.", Type.A);
    assertThat(answers(result)).containsExactly("www.shop.example. a 192.0.2.7");
    assertThat(net.sent.stream().map(s -> s.name() + " " + s.type()))
        .containsExactly(". NS", "example. A", "shop.example. A", "www.shop.example. A");
    assertThat(net.sent.stream().map(Internet.Sent::server)).startsWith(ROOT, ROOT, TLD);
    assertThat(net.idle()).isTrue();
    assertThat(String.join("\n", net.steps))
        .contains("RFC 8109")
        .contains("198.18.0.2 is asked for shop.example. A, no more than it must see")
        .contains("at shop.example.: a referral: 2 servers, 2 addresses");
  }

  @Test
  void what_is_known_is_not_asked_again() {
    net.resolve("www.shop.example.", Type.A);
    assertThat(net.resolve("www.shop.example.", Type.A).queries()).isZero();
    assertThat(net.resolve("www.shop.example.", Type.TXT).queries()).isEqualTo(1);
    assertThat(net.resolve("nothing.shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    assertThat(net.resolve("www.far.example.", Type.A).queries())
        .as("far.example at its parent, then net., host.net. and its server")
        .isBetween(4, 6);
  }

  @Test
  void the_root_sees_no_more_than_the_last_label_of_what_does_not_exist() {
    assertThat(net.resolve("my.secret.printer.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    assertThat(net.asked()).containsExactly(ROOT + " . NS", ROOT + " printer. A");
    assertThat(net.resolve("other.printer.", Type.A).queries()).isZero();
  }

  @Test
  void servers_without_glue_are_looked_up() {
    var result = net.resolve("www.far.example.", Type.A);
    assertThat(answers(result)).containsExactly("www.far.example. a 192.0.2.8");
    assertThat(net.asked()).anyMatch(q -> q.endsWith("ns.host.net. A"));
  }

  @Test
  void aliases_are_resolved_by_the_servers_of_their_targets() {
    assertThat(answers(net.resolve("alias.example.", Type.A)))
        .containsExactly("alias.example. cname www.shop.example.", "www.shop.example. a 192.0.2.7");
    assertThat(answers(net.resolve("www.old.example.", Type.A)))
        .containsExactly(
            "old.example. dname shop.example.",
            "www.old.example. cname www.shop.example.",
            "www.shop.example. a 192.0.2.7");
    assertThat(answers(net.resolve("www.old.example.", Type.CNAME)))
        .containsExactly(
            "old.example. dname shop.example.", "www.old.example. cname www.shop.example.");
    net.steps.clear();
    var circle = net.resolve("loop.shop.example.", Type.A);
    assertThat(circle.rcode()).isEqualTo("SERVFAIL");
    assertThat(circle.queries()).as(() -> String.join("\n", net.steps)).isEqualTo(3);
  }

  @Test
  void special_names_never_leave_even_if_an_alias_leads_to_them() {
    var result = net.resolve("home.shop.example.", Type.A);
    assertThat(result.rcode()).isEqualTo("NXDOMAIN");
    assertThat(answers(result)).containsExactly("home.shop.example. cname printer.local.");
    assertThat(net.asked()).noneMatch(q -> q.contains("local."));
  }

  @Test
  void an_alias_into_a_suffix_with_servers_of_its_own_is_forwarded() {
    var corp = new InetSocketAddress(Internet.ip("198.18.9.9"), 53);
    net.zone("local.", "198.18.9.9", "printer A 10.0.0.9");
    net.routes =
        q ->
            q.name().subdomain(Internet.n("local."))
                ? new Route.Ask(List.of(corp))
                : new Route.Walk();
    assertThat(answers(net.resolve("home.shop.example.", Type.A)))
        .containsExactly("home.shop.example. cname printer.local.", "printer.local. a 10.0.0.9");
  }

  @Test
  void names_that_are_no_zones_are_walked_through_once() {
    var first = net.resolve("flat.deep.down.example.", Type.TXT);
    assertThat(answers(first)).hasSize(1);
    net.sent.clear();
    net.resolve("other.deep.down.example.", Type.TXT);
    assertThat(net.asked()).containsExactly(TLD + " other.deep.down.example. TXT");
  }

  @Test
  void long_names_cost_no_more_than_ten_steps_and_services_are_asked_whole() {
    net.resolve("1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20.shop.example.", Type.A);
    long steps =
        net.sent.stream().filter(s -> s.server().equals(ONE) || s.server().equals(TWO)).count();
    assertThat(steps).isLessThanOrEqualTo(10);
    net.sent.clear();
    net.resolve("_sip._udp.shop.example.", Type.SRV);
    assertThat(net.asked()).hasSize(1).allMatch(q -> q.endsWith("_sip._udp.shop.example. SRV"));
  }

  @Test
  void nothing_below_a_name_that_does_not_exist_is_asked_for() {
    net.resolve("gone.shop.example.", Type.A);
    assertThat(net.resolve("x.gone.shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    net.sent.clear();
    for (int i = 0; i < 50; i++) {
      var result = net.resolve("r" + i + ".gone.shop.example.", Type.AAAA);
      assertThat(result.rcode()).isEqualTo("NXDOMAIN");
      assertThat(result.answer().authority()).hasSize(1);
    }
    assertThat(net.sent).isEmpty();
    net.pass(Duration.ofMinutes(6));
    net.resolve("late.gone.shop.example.", Type.A);
    assertThat(net.sent).isNotEmpty();
  }

  @Test
  void a_server_that_denies_what_only_leads_to_names_is_asked_for_whole_names() {
    for (var host : List.of(ONE, TWO)) {
      net.host(host)
          .twist(
              (query, honest) -> {
                boolean empty =
                    honest.getRcode() == Rcode.NOERROR
                        && honest.getSection(Section.ANSWER).isEmpty();
                if (empty) {
                  honest.getHeader().setRcode(Rcode.NXDOMAIN);
                }
                return honest;
              });
    }
    assertThat(answers(net.resolve("a.b.c.d.shop.example.", Type.A))).hasSize(1);
    assertThat(net.resolve("c.d.shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    assertThat(net.resolve("a.b.c.d.shop.example.", Type.TXT).queries())
        .as("its denials of names above are no longer believed")
        .isEqualTo(1);
  }

  @Test
  void a_server_that_fails_on_short_names_gets_the_whole_one() {
    for (var host : List.of(ONE, TWO)) {
      net.host(host)
          .twist(
              (query, honest) -> {
                if (query.getQuestion().getName().labels() < 7) {
                  honest.getHeader().setRcode(Rcode.SERVFAIL);
                }
                return honest;
              });
    }
    assertThat(answers(net.resolve("a.b.c.d.shop.example.", Type.A))).hasSize(1);
  }

  @Test
  void lame_refusing_and_failing_servers_are_left_for_others() {
    for (var fault : List.of(Rcode.REFUSED, Rcode.SERVFAIL, Rcode.NOTIMP, Rcode.NOTAUTH)) {
      var world = small();
      world.host(ONE).says(fault).takes(1);
      for (int i = 0; i < 8; i++) {
        assertThat(world.resolve("h" + i + ".shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
      }
    }
    var upward = small();
    upward
        .host(ONE)
        .takes(1)
        .twist(
            (query, honest) -> {
              var reply = Internet.empty(query);
              reply.addRecord(
                  new NSRecord(Name.root, 1, 60, Internet.n("a.root.")), Section.AUTHORITY);
              return reply;
            });
    for (int i = 0; i < 8; i++) {
      assertThat(upward.resolve("h" + i + ".shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    }
    long visits = upward.sent.stream().filter(s -> s.server().equals(ONE)).count();
    assertThat(visits).as("a lame server is remembered").isLessThanOrEqualTo(2);
  }

  @Test
  void an_answer_without_authority_is_taken_only_if_there_is_no_other() {
    for (var host : List.of(ONE, TWO)) {
      net.host(host)
          .twist(
              (query, honest) -> {
                honest.getHeader().unsetFlag(Flags.AA);
                return honest;
              });
    }
    assertThat(answers(net.resolve("www.shop.example.", Type.A))).hasSize(1);
    assertThat(net.asked()).anyMatch(q -> q.startsWith(ONE)).anyMatch(q -> q.startsWith(TWO));
  }

  @Test
  void nothing_out_of_bailiwick_is_believed() {
    net.zone("evil.", EVIL, "@ NS ns", "ns A " + EVIL);
    for (var host : List.of(ONE, TWO)) {
      net.host(host)
          .twist(
              (query, honest) -> {
                if (!query.getQuestion().getName().subdomain(Internet.n("shop.example."))) {
                  return honest;
                }
                var bank = Internet.n("www.far.example.");
                honest.addRecord(a(bank), Section.ANSWER);
                honest.addRecord(
                    new NSRecord(Internet.n("far.example."), 1, 999, Internet.n("ns.evil.")),
                    Section.AUTHORITY);
                honest.addRecord(
                    new NSRecord(Internet.n("example."), 1, 999, Internet.n("ns.evil.")),
                    Section.AUTHORITY);
                honest.addRecord(a(Internet.n("ns.evil.")), Section.ADDITIONAL);
                honest.addRecord(a(Internet.n("ns.host.net.")), Section.ADDITIONAL);
                return honest;
              });
    }
    assertThat(answers(net.resolve("www.shop.example.", Type.A))).hasSize(1);
    assertThat(net.resolve("no.shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    assertThat(answers(net.resolve("www.far.example.", Type.A)))
        .containsExactly("www.far.example. a 192.0.2.8");
    assertThat(net.asked()).noneMatch(q -> q.startsWith(EVIL));
    assertThat(net.kept.values().toString()).doesNotContain(EVIL);
    assertThat(String.join("\n", net.steps)).contains("out of bailiwick ignored");
  }

  private static ARecord a(Name name) {
    return new ARecord(name, 1, 999, Internet.ip(EVIL));
  }

  @Test
  void a_target_beside_an_alias_in_the_same_reply_is_not_believed() {
    net.host(TLD)
        .twist(
            (query, honest) -> {
              if (query.getQuestion().getName().equals(Internet.n("alias.example."))) {
                honest.addRecord(a(Internet.n("www.shop.example.")), Section.ANSWER);
              }
              return honest;
            });
    assertThat(answers(net.resolve("alias.example.", Type.A)))
        .contains("www.shop.example. a 192.0.2.7")
        .noneMatch(t -> t.contains(EVIL));
  }

  @Test
  void cut_replies_are_fetched_over_tcp() {
    net.host(ONE).cuts();
    net.host(TWO).cuts();
    assertThat(answers(net.resolve("www.shop.example.", Type.TXT))).hasSize(1);
    assertThat(net.asked()).anyMatch(q -> q.endsWith("www.shop.example. TXT TCP"));
    net.host(ONE).withoutTcp();
    net.host(TWO).withoutTcp();
    assertThat(net.resolve("www.shop.example.", Type.MX).rcode()).isEqualTo("SERVFAIL");
  }

  @Test
  void servers_without_edns_are_asked_plainly_and_that_is_remembered() {
    for (var host : List.of(ONE, TWO)) {
      net.host(host).refusesEdns(host.equals(ONE) ? Rcode.FORMERR : Rcode.NOTIMP);
    }
    for (int i = 0; i < 10; i++) {
      assertThat(net.resolve("h" + i + ".shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    }
    assertThat(net.resolve("again.shop.example.", Type.A).queries()).isEqualTo(1);
    var drops = small();
    drops.host(ONE).ignoresEdns();
    drops.host(TWO).ignoresEdns();
    assertThat(answers(drops.resolve("www.shop.example.", Type.A))).hasSize(1);
    assertThat(drops.resolve("again.shop.example.", Type.A).took())
        .isLessThan(Duration.ofSeconds(6));
  }

  @Test
  void servers_that_do_not_keep_case_are_asked_over_tcp_once_or_in_plain_case() {
    for (var host : List.of(ONE, TWO)) {
      net.host(host).mangles();
    }
    net.host(TWO).withoutTcp();
    for (int i = 0; i < 20; i++) {
      assertThat(net.resolve("host" + i + ".shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    }
    assertThat(net.sent.stream().filter(Internet.Sent::stream).count()).isBetween(1L, 2L);
  }

  @Test
  void servers_that_want_cookies_get_them_and_replies_without_are_not_believed() {
    net.host(ONE).wantsCookies();
    net.host(TWO).wantsCookies();
    for (int i = 0; i < 20; i++) {
      assertThat(net.resolve("host" + i + ".shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    }
    var leaf = net.sent.stream().filter(s -> s.server().equals(ONE) || s.server().equals(TWO));
    assertThat(leaf).as("a cookie is fetched once of each").hasSizeLessThanOrEqualTo(22);
    assertThat(net.sent).noneMatch(Internet.Sent::stream);
    net.host(ONE).forgetsCookies();
    net.host(TWO).forgetsCookies();
    assertThat(net.resolve("late.shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    assertThat(net.sent.getLast().stream()).isTrue();
  }

  @Test
  void addresses_of_our_own_are_never_asked() {
    net.zone(
        "example.",
        TLD,
        "@ NS ns.example.",
        "ns A " + TLD,
        "trap NS ns.trap",
        "ns.trap A 127.0.0.1",
        "ns.trap A 192.168.1.1",
        "ns.trap A 10.1.2.3",
        "ns.trap A 169.254.1.1",
        "ns.trap A 224.0.0.1",
        "ns.trap A 0.0.0.0",
        "ns.trap AAAA ::1",
        "ns.trap AAAA fe80::1",
        "ns.trap AAAA fd00::1");
    assertThat(net.resolve("www.trap.example.", Type.A).rcode()).isEqualTo("SERVFAIL");
    assertThat(net.sent.stream().map(Internet.Sent::server)).containsOnly(ROOT, TLD);
  }

  @Test
  void a_referral_to_a_thousand_servers_costs_little() {
    var records = new ArrayList<>(List.of("@ NS ns.example.", "ns A " + TLD));
    for (int i = 0; i < 1_000; i++) {
      records.add("nxns NS ns" + i + ".victim.net.");
    }
    net.zone("example.", TLD, records.toArray(String[]::new));
    net.zone(
        "net.", TLD, "@ NS ns.net.", "ns A " + TLD, "victim NS ns.victim", "ns.victim A " + TWO);
    net.zone("victim.net.", TWO, "@ NS ns", "ns A " + TWO);
    var result = net.resolve("www.nxns.example.", Type.A);
    net.settle();
    assertThat(result.rcode()).isEqualTo("SERVFAIL");
    assertThat(net.sent.stream().filter(s -> s.server().equals(TWO)).count())
        .as("queries that reach the victim")
        .isLessThanOrEqualTo(16);
  }

  @Test
  void zones_whose_servers_are_in_each_other_are_given_up() {
    net.zone(
        "example.",
        TLD,
        "@ NS ns.example.",
        "ns A " + TLD,
        "left NS ns.right",
        "right NS ns.left",
        "self NS ns.self");
    for (var name : List.of("www.left.example.", "www.right.example.", "www.self.example.")) {
      var result = net.resolve(name, Type.A);
      assertThat(result.rcode()).isEqualTo("SERVFAIL");
      assertThat(result.took()).isLessThan(Duration.ofSeconds(1));
    }
    assertThat(net.sent.size()).as(() -> String.join("\n", net.steps)).isLessThan(24);
  }

  @Test
  void dead_servers_cost_time_once_and_the_fast_one_is_preferred() {
    net.host(ONE).dead();
    for (int i = 0; i < 40; i++) {
      assertThat(net.resolve("h" + i + ".shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    }
    long dead = net.sent.stream().filter(s -> s.server().equals(ONE)).count();
    assertThat(dead).isLessThan(8);

    var world = small();
    world.host(ONE).takes(300);
    world.host(TWO).takes(5);
    for (int i = 0; i < 200; i++) {
      world.resolve("h" + i + ".shop.example.", Type.A);
    }
    long slow = world.sent.stream().filter(s -> s.server().equals(ONE)).count();
    assertThat(slow).as("explored now and then").isBetween(1L, 30L);
  }

  @Test
  void a_dead_zone_fails_in_time_and_is_asked_of_its_parent_again() {
    net.resolve("www.shop.example.", Type.A);
    net.host(ONE).dead();
    net.host(TWO).dead();
    net.zone("shop.example.", "198.18.0.9", "@ NS ns3", "ns3 A 198.18.0.9", "new A 192.0.2.77");
    net.zone(
        "example.",
        TLD,
        "@ NS ns.example.",
        "ns A " + TLD,
        "shop NS ns3.shop",
        "ns3.shop A 198.18.0.9");
    var moved = net.resolve("new.shop.example.", Type.A);
    assertThat(moved.rcode()).isIn("NOERROR", "SERVFAIL");
    assertThat(moved.took()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    net.host("198.18.0.9").dead();
    var result = net.resolve("x.shop.example.", Type.A);
    assertThat(result.rcode()).isEqualTo("SERVFAIL");
    assertThat(result.took()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    assertThat(net.resolve("x.shop.example.", Type.A).queries())
        .as("a failure is remembered (RFC 9520)")
        .isZero();
    net.settle();
    assertThat(net.idle()).isTrue();
  }

  @Test
  void a_zone_cannot_prolong_its_own_delegation() {
    net.resolve("www.shop.example.", Type.A);
    net.zone("example.", TLD, "@ NS ns.example.", "ns A " + TLD);
    for (int i = 0; i < 20; i++) {
      net.pass(Duration.ofSeconds(40));
      net.resolve("shop.example.", Type.NS);
      net.resolve("t" + i + ".shop.example.", Type.A);
    }
    assertThat(net.resolve("late.shop.example.", Type.A).rcode()).isEqualTo("NXDOMAIN");
    net.sent.clear();
    net.resolve("later.shop.example.", Type.TXT);
    assertThat(net.sent.stream().map(Internet.Sent::server)).doesNotContain(ONE, TWO);
  }

  @Test
  void the_parent_is_asked_for_a_ds() {
    net.zone(
        "example.",
        TLD,
        "@ NS ns.example.",
        "ns A " + TLD,
        "shop NS ns1.shop",
        "ns1.shop A " + ONE,
        "shop DS 1 13 2 " + "ab".repeat(32));
    net.resolve("www.shop.example.", Type.A);
    net.sent.clear();
    var key = new CacheKey(Question.in(Internet.n("shop.example."), Type.DS), true, true);
    assertThat(answers(net.resolve(key))).hasSize(1);
    assertThat(net.asked()).containsExactly(TLD + " shop.example. DS");
    assertThat(net.resolve("www.shop.example.", Type.DS).rcode()).isEqualTo("NOERROR");
  }

  @Test
  void the_same_question_is_asked_once_and_all_get_the_answer() {
    var got = new ArrayList<Answer>();
    for (int i = 0; i < 100; i++) {
      net.want(
          new CacheKey(Question.in(Internet.n("www.far.example."), Type.A), false, false), got);
    }
    net.settle();
    assertThat(got).hasSize(100).allMatch(a -> a.rcode() == Rcode.NOERROR);
    assertThat(net.sent.size()).isLessThan(12);
  }

  @Test
  void an_old_answer_stands_in_for_one_that_cannot_be_had() {
    net.resolve("www.shop.example.", Type.A);
    net.pass(Duration.ofHours(2));
    net.host(ONE).dead();
    net.host(TWO).dead();
    net.host(TLD).dead();
    net.host(ROOT).dead();
    var late = net.resolve("www.shop.example.", Type.A);
    assertThat(answers(late)).containsExactly("www.shop.example. a 192.0.2.7");
    assertThat(late.answer().answer().getFirst().ttl()).isEqualTo(30);
    assertThat(late.answer().error().orElseThrow().code()).isEqualTo(3);
    assertThat(late.took()).as("the asker's patience").isEqualTo(Duration.ofMillis(1_800));
    net.settle();
    var next = net.resolve("www.shop.example.", Type.A);
    assertThat(next.queries()).as("after a failure nobody is asked for a while").isZero();
    assertThat(answers(next)).hasSize(1);
    for (var host : List.of(ONE, TWO, TLD, ROOT)) {
      net.host(host).alive();
    }
    net.pass(Duration.ofMinutes(3));
    var fresh = net.resolve("www.shop.example.", Type.A);
    assertThat(fresh.answer().error()).isEmpty();
    assertThat(fresh.answer().answer().getFirst().ttl()).isEqualTo(3_600);
    net.pass(Duration.ofDays(2));
    for (var host : List.of(ONE, TWO, TLD, ROOT)) {
      net.host(host).dead();
    }
    assertThat(net.resolve("www.shop.example.", Type.A).rcode()).isEqualTo("SERVFAIL");
  }

  @Test
  void without_a_root_it_fails_in_time() {
    net.host(ROOT).dead();
    var result = net.resolve("www.shop.example.", Type.A);
    assertThat(result.rcode()).isEqualTo("SERVFAIL");
    assertThat(result.took()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    net.host(ROOT).alive();
    net.settle();
    net.pass(Duration.ofMinutes(3));
    assertThat(answers(net.resolve("www.shop.example.", Type.A))).hasSize(1);
  }
}
