package dev.islet.dns.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

/** Each form of list against a matcher that compares strings. */
class ListReaderTest {
  private static final String[] LABELS = {"a", "b", "ads", "x-1", "_t", "example", "com", "org"};

  private static String name(Random random, int least) {
    var labels = new ArrayList<String>();
    for (int i = least + random.nextInt(3); i > 0; i--) {
      labels.add(LABELS[random.nextInt(LABELS.length)]);
    }
    return String.join(".", labels);
  }

  private static boolean below(String name, String top) {
    return name.endsWith("." + top);
  }

  private static String shout(String text, Random random) {
    return random.nextBoolean() ? text : text.toUpperCase(java.util.Locale.ROOT);
  }

  /** Whether any rule of rank 1 and above is about a name, and the one that wins. */
  private static Optional<Verb> verb(DomainSet set, String text) {
    var key = NameKey.of(Name.fromConstantString(text + "."));
    Optional<Verb> best = Optional.empty();
    for (int label = 0; label <= key.labels(); label++) {
      for (int at = set.find(key, label, -1); at >= 0; at = set.find(key, label, at)) {
        int wanted = label == 0 ? DomainSet.SELF : DomainSet.BELOW;
        var verb = set.verb(at);
        if ((set.scope(at) & wanted) != 0 && (best.isEmpty() || verb.rank() > best.get().rank())) {
          best = Optional.of(verb);
        }
      }
    }
    return best;
  }

  @Test
  void hosts_mean_one_name() {
    var random = new Random(3);
    var lines = new ArrayList<String>(List.of("127.0.0.1 localhost", "# of nobody", ""));
    var names = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      var name = name(random, 2);
      names.add(name);
      lines.add("0.0.0.0\t" + shout(name, random) + (i % 3 == 0 ? " # why" : ""));
    }
    var set = Lists.compile(ListFormat.HOSTS, String.join("\r\n", lines));
    check(random, set, name -> names.contains(name), Verb.BLOCK);
    assertThat(set.skipped()).isZero();
  }

  @Test
  void plain_names_mean_all_below() {
    var random = new Random(4);
    var lines = new ArrayList<String>();
    var whole = new ArrayList<String>();
    var star = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      var name = name(random, 2);
      (i % 2 == 0 ? whole : star).add(name);
      lines.add((i % 2 == 0 ? "" : "*.") + shout(name, random));
    }
    var set = Lists.compile(ListFormat.DOMAINS, String.join("\n", lines));
    check(
        random,
        set,
        name ->
            whole.stream().anyMatch(w -> w.equals(name) || below(name, w))
                || star.stream().anyMatch(s -> below(name, s)),
        Verb.BLOCK);
  }

  @Test
  void exceptions_and_importance_of_ad_blockers_are_weighed() {
    var random = new Random(5);
    for (int round = 0; round < 50; round++) {
      var lines = new ArrayList<String>();
      var rules = new ArrayList<Rule>();
      for (int i = 0; i < 12; i++) {
        var rule =
            new Rule(
                name(random, 1), random.nextInt(3), random.nextBoolean(), random.nextInt(4) == 0);
        rules.add(rule);
        lines.add(rule.line());
      }
      var set = Lists.compile(ListFormat.ADBLOCK, String.join("\n", lines));
      assertThat(set.skipped()).as(lines.toString()).isZero();
      for (int i = 0; i < 200; i++) {
        var name = name(random, 1);
        var expected =
            rules.stream()
                .filter(r -> r.about(name))
                .map(Rule::verb)
                .max(java.util.Comparator.comparingInt(Verb::rank));
        assertThat(verb(set, name)).as(name + " of " + lines).isEqualTo(expected);
      }
    }
  }

  /** A rule the slow way; the kind is: and below, only below, alone. */
  private record Rule(String name, int kind, boolean exception, boolean important) {
    String line() {
      var pattern = List.of("||" + name + "^", "||*." + name + "^", "|" + name + "^|").get(kind);
      var alone = kind == 2 && name.indexOf('.') < 0 ? "||" + name + "^" : pattern;
      return (exception ? "@@" : "") + alone + (important ? "$important" : "");
    }

    boolean about(String other) {
      boolean oneLabel = name.indexOf('.') < 0;
      boolean self = kind != 1 && other.equals(name);
      return self || (kind != 2 || oneLabel) && below(other, name);
    }

    Verb verb() {
      return exception
          ? important ? Verb.ALLOW_IMPORTANT : Verb.ALLOW
          : important ? Verb.BLOCK_IMPORTANT : Verb.BLOCK;
    }
  }

  @Test
  void what_ad_blockers_say_about_pages_is_counted() {
    var set =
        Lists.compile(
            Optional.empty(),
            """
            [Adblock Plus 2.0]
            ! Title: some list
            ||good.example^
            0.0.0.0 host.example
            example.com##.banner
            /banner[0-9]+/
            ||third.example^$third-party
            ||path.example/ads
            ||half.example
            -ads.
            ||off.example^$important
            ||off.example^$important,badfilter
            ||client.example^$client=192.168.7.40|~'children'
            ||odd.example^$client=
            ||deny.example^$denyallow=a.deny.example|b.deny.example
            ||münchen.example^
            """);
    assertThat(set.entries()).isEqualTo(5);
    assertThat(set.notes())
        .containsExactly(
            "a pattern that is no name: 3",
            "a regular expression or path: 1",
            "about pages, not names: 1",
            "modifier client that cannot be read: 1",
            "modifier third-party: 1");
    assertThat(verb(set, "off.example")).isEmpty();
    assertThat(verb(set, "xn--mnchen-3ya.example")).contains(Verb.BLOCK);
    assertThat(verb(set, "host.example")).contains(Verb.BLOCK);
    assertThat(verb(set, "www.host.example")).isEmpty();
  }

  @Test
  void rpz_is_read_as_bind_reads_it() {
    var text =
        """
        $TTL 60
        @ IN SOA localhost. admin.localhost. (
              1      ; serial
              2 3 4
              60 )
          IN NS localhost.
        bad.example        CNAME .
        *.bad.example      CNAME .
        good.bad.example   CNAME rpz-passthru.
        *.nodata.example   300 IN CNAME *.
        quiet.example      CNAME rpz-drop.
        walled.example     A 192.0.2.9
                           AAAA 2001:db8::9
        moved.example      CNAME garden.example.
        32.1.2.0.192.rpz-ip CNAME .
        ns.evil.rpz-nsdname CNAME .
        slow.example       CNAME rpz-tcp-only.
        broken line here
        """;
    var set = Lists.compile(Optional.empty(), text);
    assertThat(verb(set, "bad.example")).contains(Verb.NXDOMAIN);
    assertThat(verb(set, "x.bad.example")).contains(Verb.NXDOMAIN);
    assertThat(verb(set, "good.bad.example")).contains(Verb.PASSTHRU);
    assertThat(verb(set, "nodata.example")).isEmpty();
    assertThat(verb(set, "x.nodata.example")).contains(Verb.NODATA);
    assertThat(verb(set, "quiet.example")).contains(Verb.DROP);
    assertThat(verb(set, "walled.example")).contains(Verb.DATA);
    assertThat(set.conditions())
        .containsExactly(
            "60 A 192.0.2.9", "60 AAAA 2001:db8:0:0:0:0:0:9", "60 CNAME garden.example.");
    assertThat(set.notes())
        .containsExactly(
            "action rpz-tcp-only: 1",
            "not a record: 1",
            "trigger rpz-ip: 1",
            "trigger rpz-nsdname: 1");

    var absolute =
        """
        $ORIGIN rpz.test.
        $TTL 60
        rpz.test. SOA localhost. admin.localhost. 1 2 3 4 60
        bad.example.rpz.test. CNAME .
        $ORIGIN example.rpz.test.
        worse CNAME .
        elsewhere.example. CNAME .
        """;
    var other = Lists.compile(ListFormat.RPZ, absolute);
    assertThat(verb(other, "bad.example")).contains(Verb.NXDOMAIN);
    assertThat(verb(other, "worse.example")).contains(Verb.NXDOMAIN);
    assertThat(other.notes()).containsExactly("a name outside the zone: 1");
  }

  @Test
  void no_bytes_in_a_list_are_a_fault() {
    var random = new Random(6);
    for (int round = 0; round < 500; round++) {
      var text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        var parts = "||@@$^|*./#!;()\"\\ \n\r\t0.0.0.0 CNAME IN SOA 1 a.b client=important,ä\0";
        text.append(parts.charAt(random.nextInt(parts.length())));
      }
      for (var format : ListFormat.values()) {
        assertThat(Lists.compile(format, text.toString())).isNotNull();
      }
    }
  }

  private static void check(Random random, DomainSet set, Predicate<String> blocked, Verb verb) {
    for (int i = 0; i < 5_000; i++) {
      var name = name(random, 1);
      assertThat(verb(set, name))
          .as(name)
          .isEqualTo(blocked.test(name) ? Optional.of(verb) : Optional.empty());
    }
  }
}
