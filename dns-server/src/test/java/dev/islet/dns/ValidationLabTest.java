package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ValidationMode;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What we say of a signed internet, and what Unbound says of it. */
@EnabledIf("installed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidationLabTest {
  private static final List<String> TYPES =
      List.of(
          "A", "AAAA", "TXT", "MX", "CNAME", "NS", "SOA", "DS", "DNSKEY", "SRV", "HTTPS", "DNAME");
  private static final List<String> NAMES =
      List.of(
          "",
          "www.",
          "WwW.",
          "www2.",
          "mail.",
          "srv.",
          "svc.",
          "ent.",
          "b.ent.",
          "a.b.ent.",
          "x.wild.",
          "y.x.wild.",
          "there.wild.",
          "x.there.wild.",
          "wild.",
          "*.wild.",
          "x.alias.",
          "loop.",
          "out.",
          "far.",
          "gone.",
          "astray.",
          "toexpired.",
          "www.tree.",
          "x.tree.",
          "tree.",
          "cover.",
          "under.cover.",
          "x.under.cover.",
          "nothing.",
          "x.nothing.",
          "zz.",
          "kid.",
          "www.kid.",
          "plain.",
          "www.plain.",
          "lame.",
          "x.lame.",
          "ns.",
          "a.",
          "-.");

  private SignedLab lab;
  private DnsServer server;
  private DnsServer walker;
  private Asker ours;
  private Asker walking;
  private Asker theirs;

  static boolean installed() {
    return SignedLab.installed();
  }

  @BeforeAll
  void begin(@TempDir Path folder) throws Exception {
    lab = new SignedLab(folder);
    server = validating(c -> c.forward("127.0.0.1:" + lab.namedPort));
    var hints = lab.hints();
    walker = validating(c -> c.iterate(hints, lab.namedPort));
    ours = Asker.of(server);
    walking = Asker.of(walker);
    theirs = new Asker(new InetSocketAddress("127.0.0.1", lab.unboundPort));
  }

  @AfterAll
  void end() throws Exception {
    for (var each : new AutoCloseable[] {ours, walking, theirs, server, walker, lab}) {
      if (each != null) { // a beginning that failed half-way leaves no process behind
        each.close();
      }
    }
  }

  private DnsServer validating(UnaryOperator<Setup> way) throws IOException {
    var anchors = lab.anchors();
    return DnsServer.create(
            c -> {
              way.apply(c.listen("127.0.0.1", 0))
                  .filter(FilterSetup::allowRebinding) // all name servers are at 127.0.0.1
                  .dnssecValidation(ValidationMode.ON);
              anchors.forEach(c::trustAnchor);
            })
        .start();
  }

  private static Message query(String name, String type, boolean dnssecOk, boolean disabled) {
    var query = Asker.query(name, type);
    query.addRecord(new OPTRecord(1232, 0, 0, dnssecOk ? 0x8000 : 0), Section.ADDITIONAL);
    query.getHeader().setFlag(Flags.AD);
    if (disabled) {
      query.getHeader().setFlag(Flags.CD);
    }
    return query;
  }

  private static String verdict(Message reply) {
    if (reply.getRcode() == Rcode.SERVFAIL) {
      return "bogus";
    }
    return Rcode.string(reply.getRcode())
        + (reply.getHeader().getFlag(Flags.AD) ? " secure" : " insecure");
  }

  private static TreeSet<String> data(Message reply) {
    var set = new TreeSet<String>();
    for (var record : reply.getSection(Section.ANSWER)) {
      if (record.getType() != Type.RRSIG) {
        set.add(
            record.getName().toString().toLowerCase()
                + " "
                + Type.string(record.getType())
                + " "
                + record.rdataToString().toLowerCase());
      }
    }
    return set;
  }

  private static int reason(Message reply) {
    var options = reply.getOPT().getOptions(15);
    return options.isEmpty() ? -1 : ((ExtendedErrorCodeOption) options.getFirst()).getErrorCode();
  }

  private Message ask(Asker asker, Message query) throws IOException {
    Message reply = null;
    for (int tries = 0; reply == null; tries++) {
      try {
        reply = asker.ask(query);
      } catch (SocketTimeoutException e) {
        if (asker != theirs || tries == 3) {
          throw new IOException(
              query.getQuestion() + " by " + (asker == theirs ? "unbound" : "us"), e);
        }
        System.out.println("unbound is slow with " + query.getQuestion());
      }
    }
    return reply.getHeader().getFlag(Flags.TC) && asker != theirs ? asker.tcp(query) : reply;
  }

  @Test
  void good_and_broken_zones_get_the_verdict_that_unbound_gives() throws IOException {
    compare(ours);
  }

  @Test
  void from_the_root_down_they_get_it_too() throws IOException {
    compare(walking);
  }

  private void compare(Asker asker) throws IOException {
    int questions = Integer.getInteger("islet.validation.questions", 3_000);
    var random = new Random(7);
    var zones = new ArrayList<>(SignedLab.GOOD.keySet());
    zones.addAll(SignedLab.BROKEN);
    zones.addAll(List.of("one.", "two.", ".", "nothere.", "nothere.one.", "nothere.two."));
    var differences = new ArrayList<String>();
    var kinds = new TreeMap<String, Integer>();
    for (int i = 0; i < questions; i++) {
      var zone = zones.get(random.nextInt(zones.size()));
      var name = NAMES.get(random.nextInt(NAMES.size())) + (zone.equals(".") ? "" : zone);
      var type = TYPES.get(random.nextInt(TYPES.size()));
      if (name.contains(".tree.") && type.matches("C?D?NAME")) {
        continue; // Unbound 1.17 wants the alias that a DNAME makes signed; delv does not, see
        // below
      }
      var query = query(name.isEmpty() ? "." : name, type, random.nextBoolean(), false);
      var right = ask(theirs, query);
      var left = ask(asker, query);
      kinds.merge(verdict(right), 1, Integer::sum);
      boolean same = verdict(left).equals(verdict(right));
      // what a failure carries means nothing; Unbound's may have the aliases that led to it
      boolean whole = !right.getHeader().getFlag(Flags.TC) && !verdict(right).equals("bogus");
      if (!same || whole && !data(left).equals(data(right))) {
        differences.add(
            query.getQuestion()
                + "\n  unbound "
                + verdict(right)
                + " "
                + data(right)
                + "\n  ours    "
                + verdict(left)
                + " "
                + data(left)
                + " "
                + left.getOPT());
      }
    }
    System.out.println(
        "compared " + questions + ": " + kinds + ", different " + differences.size());
    assertThat(differences.stream().limit(12)).as(differences.size() + " differences").isEmpty();
    assertThat(kinds.keySet())
        .contains(
            "bogus", "NOERROR secure", "NOERROR insecure", "NXDOMAIN secure", "NXDOMAIN insecure");
  }

  @Test
  void what_is_bogus_says_why_and_is_given_to_those_who_check_for_themselves() throws IOException {
    var expected =
        Map.of(
            "www.expired.one.", 7,
            "www.future.one.", 8,
            "www.altered.one.", 6,
            "www.stripped.one.", 10,
            "www.wrongds.one.", 9,
            "www.nokey.one.", 9,
            "www.unsigned.one.", 9,
            "nothing.nodenial.one.", 12,
            "nothing.nodenial3.one.", 12,
            "www.badkeys.one.", 10);
    var found = new HashMap<String, Integer>();
    for (var name : expected.keySet()) {
      var reply = ours.ask(query(name, "A", true, false));
      assertThat(reply.getRcode()).as(name).isEqualTo(Rcode.SERVFAIL);
      assertThat(reply.getSection(Section.ANSWER)).isEmpty();
      found.put(name, reason(reply));
      var raw = ours.ask(query(name, "A", true, true));
      assertThat(raw.getRcode()).as(name).isNotEqualTo(Rcode.SERVFAIL);
      assertThat(raw.getHeader().getFlag(Flags.AD)).isFalse();
      assertThat(raw.getHeader().getFlag(Flags.CD)).isTrue();
    }
    assertThat(found).isEqualTo(expected);
    assertThat(reason(ours.ask(query("www.strange.one.", "A", true, false)))).isEqualTo(1);
    assertThat(reason(ours.ask(query("www.digest.one.", "A", true, false)))).isEqualTo(2);
    assertThat(reason(ours.ask(query("nothing.many.two.", "A", true, false)))).isEqualTo(27);
  }

  @Test
  void delv_drill_and_dig_agree_on_what_we_say(@TempDir Path folder) throws Exception {
    var anchors = new StringBuilder("trust-anchors {\n");
    var file = folder.resolve("root.key");
    for (var anchor : lab.anchor(".")) {
      var words = anchor.split(" ");
      anchors.append("\".\" static-ds ").append(words[2]).append(' ').append(words[3]);
      anchors.append(' ').append(words[4]).append(" \"").append(words[5]).append("\";\n");
    }
    Files.writeString(file, anchors + "};\n");
    var port = String.valueOf(server.endpoints().getFirst().address().getPort());
    for (var question :
        List.of(
            "www.ed.one. A",
            "x.wild.hash.two. A",
            "x.alias.p384.one. A",
            "far.rsa512.one. A",
            "www.tree.ed.one. CNAME",
            "x.tree.ed.one. A",
            "nothing.hash.two. A",
            "ent.ed.one. TXT",
            "kid.ed.one. DS",
            "www.kid.ed.one. TXT")) {
      var words = question.split(" ");
      var said =
          run(
              "delv",
              "@127.0.0.1",
              "-p",
              port,
              "-a",
              file.toString(),
              "+root=.",
              words[0],
              words[1]);
      assertThat(said).as(question).contains("fully validated");
    }
    assertThat(run("delv", "@127.0.0.1", "-p", port, "-a", file.toString(), "www.plain.one.", "A"))
        .contains("unsigned answer");
    var dig = List.of("dig", "@127.0.0.1", "-p", port, "www.altered.one.", "A", "+dnssec");
    assertThat(run(dig.toArray(String[]::new))).contains("SERVFAIL", "EDE: 6");
    var unchecked = new ArrayList<>(dig);
    unchecked.add("+cd");
    assertThat(run(unchecked.toArray(String[]::new))).contains("NOERROR", "203.0.113.66");
    if (Files.isExecutable(Path.of("/usr/bin/drill"))) {
      var key = folder.resolve("root.ds");
      Files.write(key, lab.anchor(".").stream().map(l -> l.replace(". DS", ". IN DS")).toList());
      assertThat(run("drill", "-S", "-k", key.toString(), "-p", port, "@127.0.0.1", "www.ed.one"))
          .contains("Chase successful");
    }
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text;
  }

  @Test
  void a_board_that_wakes_up_in_1970_can_resolve_its_time_server_and_is_strict_when_it_has_the_time(
      @TempDir Path home) throws Exception {
    var wall = new AtomicReference<>(Instant.now());
    try (var board = board(home, wall)) {
      try (var asker = Asker.of(board)) {
        assertThat(verdict(asker.ask(query("www.ed.one.", "A", true, false))))
            .isEqualTo("NOERROR secure");
      }
    }
    assertThat(Long.parseLong(Files.readString(home.resolve("dns/time-floor")).strip()))
        .isBetween(
            Instant.now().minusSeconds(7_200).getEpochSecond(), Instant.now().getEpochSecond());
    for (var wrong : List.of(Instant.EPOCH, Instant.now().minus(Duration.ofDays(3 * 365)))) {
      wall.set(wrong);
      try (var board = board(home, wall);
          var asker = Asker.of(board)) {
        for (var name : List.of("www.ed.one.", "www.expired.one.", "x.wild.hash.two.")) {
          var reply = asker.ask(query(name, "A", true, false));
          assertThat(verdict(reply)).as(name).isEqualTo("NOERROR insecure");
          assertThat(reason(reply)).isEqualTo(5);
          assertThat(reply.getSection(Section.ANSWER)).allMatch(r -> r.getTTL() <= 30);
        }
        var forged = asker.ask(query("www.altered.one.", "A", true, false));
        assertThat(verdict(forged)).as("all but the times is checked").isEqualTo("bogus");
        wall.set(Instant.now());
        // the first question that is not in the cache brings the time along
        assertThat(verdict(asker.ask(query("mail.ed.one.", "MX", true, false))))
            .isEqualTo("NOERROR secure");
        assertThat(verdict(asker.ask(query("www.ed.one.", "A", true, false))))
            .isEqualTo("NOERROR secure");
        var expired = asker.ask(query("www.expired.one.", "A", true, false));
        assertThat(verdict(expired)).isEqualTo("bogus");
        assertThat(reason(expired)).isEqualTo(7);
      }
    }
  }

  private DnsServer board(Path home, AtomicReference<Instant> wall) throws IOException {
    var time =
        new TimeSource() {
          @Override
          public long now() {
            return TimeSource.system().now();
          }

          @Override
          public Instant wall() {
            return wall.get();
          }
        };
    var anchors = lab.anchors();
    return DnsServer.create(
            c -> {
              c.listen("127.0.0.1", 0)
                  .home(home)
                  .forward("127.0.0.1:" + lab.namedPort)
                  .dnssecValidation(ValidationMode.ON)
                  .parts(time, new java.security.SecureRandom());
              anchors.forEach(c::trustAnchor);
            })
        .start();
  }

  @Test
  void negative_anchors_and_denials_spare_questions() throws Exception {
    var seen = new ConcurrentLinkedQueue<DnsEvent>();
    var anchors = lab.anchors();
    try (var server =
            DnsServer.create(
                    c -> {
                      c.listen("127.0.0.1", 0)
                          .forward("127.0.0.1:" + lab.namedPort)
                          .dnssecValidation(ValidationMode.ON)
                          .negativeTrustAnchor("altered.one")
                          .onTrace(seen::add);
                      anchors.forEach(c::trustAnchor);
                    })
                .start();
        var asker = Asker.of(server)) {
      assertThat(verdict(asker.ask(query("www.altered.one.", "A", true, false))))
          .isEqualTo("NOERROR insecure");
      assertThat(verdict(asker.ask(query("nothing.ed.one.", "A", true, false))))
          .isEqualTo("NXDOMAIN secure");
      var hashed = asker.ask(query("nothing.hash.two.", "A", true, false));
      assertThat(verdict(hashed)).isEqualTo("NXDOMAIN secure");
      Wait.until(
          Duration.ofSeconds(5),
          () -> count(seen, DnsEvent.Validated.class) == 3 ? "" : "verdicts: " + seen);
      long asked = count(seen, DnsEvent.Forwarded.class);
      for (var name :
          List.of("nothing.ed.one.", "x.nothing.ed.one.", "nothinh.ed.one.", "nothing.hash.two.")) {
        var reply = asker.ask(query(name, "TXT", true, false));
        assertThat(verdict(reply)).as(name).isEqualTo("NXDOMAIN secure");
      }
      Wait.until(
          Duration.ofSeconds(5),
          () -> count(seen, DnsEvent.Validated.class) == 7 ? "" : "verdicts: " + seen);
      assertThat(count(seen, DnsEvent.Forwarded.class)).isEqualTo(asked);
    }
  }

  private static long count(Iterable<DnsEvent> events, Class<? extends DnsEvent> type) {
    long count = 0;
    for (var event : events) {
      count += type.isInstance(event) ? 1 : 0;
    }
    return count;
  }

  @Test
  void authentic_data_is_told_only_to_those_who_ask() throws IOException {
    var plain = Asker.query("www.ed.one.", "A");
    assertThat(ours.ask(plain).getHeader().getFlag(Flags.AD)).isFalse();
    assertThat(ours.ask(query("www.ed.one.", "A", false, false)).getHeader().getFlag(Flags.AD))
        .isTrue();
    var signed = ours.ask(query("www.ed.one.", "A", true, false));
    assertThat(signed.getSection(Section.ANSWER)).anyMatch(r -> r.getType() == Type.RRSIG);
  }
}
