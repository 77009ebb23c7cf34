package dev.islet.dns.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class FilterTest {
  private static final MacAddress CARD = MacAddress.parse("b8:27:eb:00:00:01");
  private static final InetAddress CHILD = InetAddress.ofLiteral("192.168.7.40");
  private static final InetAddress OTHER = InetAddress.ofLiteral("192.168.7.50");
  private final VirtualTime time = new VirtualTime();

  private static BlockList list(String name, ListFormat format, String text) {
    return new BlockList(name, Lists.compile(format, text), 15);
  }

  private Filter filter(Group... groups) {
    return filter(a -> Optional.empty(), groups);
  }

  private Filter filter(Cards cards, Group... groups) {
    return new Filter(
        List.of(groups),
        cards,
        BlockReply.parse("zero"),
        60,
        new Rebinding(true, List.of(Name.fromConstantString("lan.example."))),
        time,
        ZoneId.of("Europe/Berlin"));
  }

  private static Group group(String name, List<String> clients, BlockList... lists) {
    return new Group(name, Clients.parse(clients), List.of(lists), List.of(), false);
  }

  @Test
  void a_rule_may_name_a_card_where_no_group_does() {
    var rules =
        list("ads", ListFormat.ADBLOCK, "||games.example^$client=b8:27:eb:00:00:01\n||x.example^");
    Cards cards = a -> a.equals(CHILD) ? Optional.of(CARD) : Optional.empty();
    var filter = filter(cards, group("all", List.of(), rules));
    assertThat(filter.needsCards()).isTrue();
    assertThat(said(filter, "games.example.", CHILD)).startsWith("NOERROR 15");
    assertThat(said(filter, "games.example.", OTHER)).startsWith("pass");
    var plain = list("ads", ListFormat.ADBLOCK, "||x.example^$client=192.168.7.40");
    assertThat(filter(cards, group("all", List.of(), plain)).needsCards()).isFalse();
  }

  private static Question question(String name, int type) {
    return Question.in(Name.fromConstantString(name), type);
  }

  private static String said(Filter filter, String name, InetAddress client) {
    return switch (filter.question(question(name, Type.A), client)) {
      case Verdict.Pass(var why) -> "pass " + why;
      case Verdict.Say(var answer, var why) ->
          Rcode.string(answer.rcode())
              + " "
              + answer.error().map(e -> e.code()).orElse(-1)
              + " "
              + why;
      case Verdict.Drop(var why) -> "drop " + why;
      case Verdict.Rewrite(var alias, var target, var why) -> "to " + target + " " + why;
    };
  }

  @Test
  void the_most_exact_group_counts() {
    var all = group("all", List.of(), list("a", ListFormat.DOMAINS, "a.example"));
    var net = group("net", List.of("192.168.7.0/24"), list("b", ListFormat.DOMAINS, "b.example"));
    var one = group("one", List.of("192.168.7.40"), list("c", ListFormat.DOMAINS, "c.example"));
    var card = group("card", List.of(CARD.toString()), list("d", ListFormat.DOMAINS, "d.example"));
    var plain = filter(all, net, one);
    assertThat(plain.group(CHILD).name()).isEqualTo("one");
    assertThat(plain.group(OTHER).name()).isEqualTo("net");
    assertThat(plain.group(InetAddress.ofLiteral("2001:db8::1")).name()).isEqualTo("all");
    var known = filter(a -> Optional.of(CARD), all, net, one, card);
    assertThat(known.group(CHILD).name()).isEqualTo("card");
    assertThat(said(known, "x.d.example.", CHILD))
        .isEqualTo("NOERROR 15 d blocks d.example and all below for the group card");
    assertThat(said(known, "x.c.example.", CHILD)).isEqualTo("pass ");
  }

  @Test
  void exceptions_of_a_group_win_over_every_list() {
    var own = BlockList.of("groups.g", List.of("good.bad.example"), List.of("*.own.example"), 17);
    var ads = list("ads", ListFormat.ADBLOCK, "||bad.example^$important\n@@||own.example^\n");
    var filter = filter(group("g", List.of(), own, ads));
    assertThat(said(filter, "bad.example.", CHILD)).startsWith("NOERROR 15 ads blocks");
    assertThat(said(filter, "x.good.bad.example.", CHILD)).startsWith("pass groups.g allows");
    assertThat(said(filter, "own.example.", CHILD)).startsWith("pass ads allows");
    assertThat(said(filter, "x.own.example.", CHILD)).startsWith("NOERROR 17 groups.g blocks");
  }

  @Test
  void the_first_policy_zone_wins_and_the_exact_name_in_it() {
    var first = list("one", ListFormat.RPZ, "a.example CNAME rpz-passthru.\n*.b.example CNAME .\n");
    var second =
        list(
            "two",
            ListFormat.RPZ,
            """
            a.example CNAME .
            x.b.example CNAME *.
            drop.example CNAME rpz-drop.
            data.example A 192.0.2.9
            data.example A 192.0.2.10
            data.example TXT "see us"
            move.example CNAME *.garden.example.
            """);
    var filter = filter(group("", List.of(), first, second));
    assertThat(said(filter, "a.example.", CHILD)).startsWith("pass one allows");
    assertThat(said(filter, "x.b.example.", CHILD)).startsWith("NXDOMAIN 15 one");
    assertThat(said(filter, "drop.example.", CHILD)).startsWith("drop two");
    assertThat(said(filter, "move.example.", CHILD)).startsWith("to move.example.garden.example.");
    var data = filter.question(question("data.example.", Type.A), CHILD);
    assertThat(data).isInstanceOf(Verdict.Say.class);
    assertThat(((Verdict.Say) data).answer().answer().getFirst().records()).hasSize(2);
    var none = filter.question(question("data.example.", Type.AAAA), CHILD);
    assertThat(((Verdict.Say) none).answer().answer()).isEmpty();
    assertThat(((Verdict.Say) none).answer().authority()).hasSize(1);
  }

  @Test
  void modifiers_are_weighed() {
    var ads =
        list(
            "ads",
            ListFormat.ADBLOCK,
            """
            ||c.example^$client=192.168.7.40|kids
            ||n.example^$client=~192.168.7.40
            ||d.example^$denyallow=ok.d.example
            ||t.example^$dnstype=AAAA
            """);
    var filter = filter(group("kids", List.of("192.168.7.64/26"), ads), group("", List.of(), ads));
    var kid = InetAddress.ofLiteral("192.168.7.65");
    assertThat(said(filter, "c.example.", CHILD)).startsWith("NOERROR");
    assertThat(said(filter, "c.example.", kid)).startsWith("NOERROR");
    assertThat(said(filter, "c.example.", OTHER)).startsWith("pass");
    assertThat(said(filter, "n.example.", CHILD)).startsWith("pass");
    assertThat(said(filter, "n.example.", OTHER)).startsWith("NOERROR");
    assertThat(said(filter, "x.d.example.", CHILD)).startsWith("NOERROR");
    assertThat(said(filter, "x.ok.d.example.", CHILD)).startsWith("pass");
    assertThat(said(filter, "t.example.", CHILD)).startsWith("pass");
    assertThat(filter.question(question("t.example.", Type.AAAA), CHILD))
        .isInstanceOf(Verdict.Say.class);
  }

  @Test
  void schedules_follow_local_time_over_midnight_and_the_change_of_clocks() {
    var night =
        new Schedule(
            EnumSet.of(DayOfWeek.SATURDAY),
            LocalTime.of(22, 0),
            LocalTime.of(7, 0),
            List.of(BlockList.of("night", List.of(), List.of("*"), 17)));
    var filter = filter(new Group("g", Clients.NOBODY, List.of(), List.of(night), false));
    // 2026-03-28 is a Saturday; on Sunday at 02:00 clocks go to 03:00 in Berlin.
    on(filter, "2026-03-28T20:59:59Z", false);
    on(filter, "2026-03-28T21:00:00Z", true);
    on(filter, "2026-03-29T04:59:59Z", true);
    on(filter, "2026-03-29T05:00:00Z", false);
    on(filter, "2026-03-29T21:00:00Z", false);
    // 2026-10-24 is a Saturday; on Sunday at 03:00 clocks go back to 02:00.
    on(filter, "2026-10-24T20:00:00Z", true);
    on(filter, "2026-10-25T05:59:59Z", true);
    on(filter, "2026-10-25T06:00:00Z", false);
  }

  private void on(Filter filter, String instant, boolean blocked) {
    time.jumpWall(Duration.between(time.wall(), Instant.parse(instant)));
    assertThat(filter.question(question("any.example.", Type.A), CHILD) instanceof Verdict.Say)
        .as(instant)
        .isEqualTo(blocked);
  }

  @Test
  void a_span_of_equal_ends_is_a_whole_day() {
    var day =
        new Schedule(Set.of(DayOfWeek.MONDAY), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT, List.of());
    assertThat(day.on(LocalDateTime.parse("2026-11-23T00:00"))).isTrue();
    assertThat(day.on(LocalDateTime.parse("2026-11-23T23:59"))).isTrue();
    assertThat(day.on(LocalDateTime.parse("2026-11-24T00:00"))).isFalse();
  }

  @Test
  void search_engines_are_led_to_their_safe_names() {
    var filter = filter(new Group("kids", Clients.NOBODY, List.of(), List.of(), true));
    assertThat(said(filter, "WWW.Google.co.uk.", CHILD))
        .isEqualTo("to forcesafesearch.google.com. safe search of the group kids");
    assertThat(said(filter, "m.youtube.com.", CHILD)).startsWith("to restrict.youtube.com.");
    assertThat(said(filter, "www.bing.com.", CHILD)).startsWith("to strict.bing.com.");
    assertThat(said(filter, "duckduckgo.com.", CHILD)).startsWith("to safe.duckduckgo.com.");
    assertThat(said(filter, "mail.google.com.", CHILD)).isEqualTo("pass ");
    assertThat(filter.knowsNothingOf(NameKey.of(Name.fromConstantString("duckduckgo.com."))))
        .isFalse();
  }

  private static Answer answer(String... records) throws IOException {
    var sets = new java.util.ArrayList<RrSet>();
    for (var text : records) {
      var words = text.split(" ", 3);
      sets.add(
          RrSet.of(
              Record.fromString(
                  Name.fromConstantString(words[0]),
                  Type.value(words[1]),
                  DClass.IN,
                  300,
                  words[2],
                  Name.root)));
    }
    return Answer.of(sets, false);
  }

  private static boolean refused(Filter filter, String asked, String... records)
      throws IOException {
    var question = question(asked, Type.A);
    var answer = answer(records);
    boolean refused = filter.answer(question, answer, CHILD) instanceof Verdict.Say;
    if (refused) {
      assertThat(filter.knowsNothingOf(question, answer))
          .as("the fast way must not say it")
          .isFalse();
    }
    return refused;
  }

  @Test
  void aliases_that_lead_to_blocked_names_are_blocked() throws IOException {
    var ads = list("ads", ListFormat.ADBLOCK, "||tracker.example^\n@@||ok.shop.example^\n");
    var filter = filter(group("", List.of(), ads));
    var cloak = "metrics.shop.example. CNAME x.tracker.example.";
    assertThat(refused(filter, "metrics.shop.example.", cloak, "x.tracker.example. A 198.51.100.1"))
        .isTrue();
    assertThat(refused(filter, "ok.shop.example.", "ok.shop.example. CNAME x.tracker.example."))
        .as("the name itself is an exception")
        .isFalse();
    assertThat(refused(filter, "h.example.", "h.example. HTTPS 1 x.tracker.example. alpn=h2"))
        .isTrue();
    assertThat(refused(filter, "h.example.", "h.example. CNAME fine.example.")).isFalse();
  }

  @Test
  void public_names_may_not_have_private_addresses() throws IOException {
    var filter = filter();
    for (var address :
        List.of(
            "A 10.1.2.3",
            "A 192.168.7.1",
            "A 127.0.0.1",
            "A 0.0.0.0",
            "A 169.254.1.1",
            "A 172.31.0.1",
            "A 100.64.0.1",
            "AAAA ::1",
            "AAAA fe80::1",
            "AAAA fd00::1",
            "AAAA ::ffff:192.168.7.1",
            "AAAA 64:ff9b::a00:1",
            "AAAA 2002:c0a8:701::1",
            "HTTPS 1 . ipv4hint=192.168.7.1",
            "HTTPS 1 . ipv6hint=fd00::1")) {
      assertThat(refused(filter, "evil.example.", "evil.example. " + address)).as(address).isTrue();
      assertThat(refused(filter, "nas.lan.example.", "nas.lan.example. " + address)).isFalse();
    }
    for (var address :
        List.of("A 198.51.100.1", "A 172.32.0.1", "AAAA 2001:db8::1", "AAAA 64:ff9b::808:808")) {
      assertThat(refused(filter, "fine.example.", "fine.example. " + address))
          .as(address)
          .isFalse();
    }
  }

  @Test
  void blocked_answers_are_of_the_kind_asked_for() {
    var a = question("x.example.", Type.A);
    var six = question("x.example.", Type.AAAA);
    assertThat(BlockReply.parse("zero").say(a, 5, 15, "").answer().getFirst().ttl()).isEqualTo(5);
    assertThat(BlockReply.parse("zero").say(six, 5, 15, "").answer()).hasSize(1);
    assertThat(BlockReply.parse("192.168.7.1").say(six, 5, 15, "").answer()).isEmpty();
    assertThat(BlockReply.parse("nxdomain").say(a, 5, 15, "").rcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(BlockReply.parse("nodata").say(a, 5, 15, "").rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(BlockReply.parse("nodata").say(a, 5, 15, "").answer()).isEmpty();
  }
}
