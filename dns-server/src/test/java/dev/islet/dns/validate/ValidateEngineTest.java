package dev.islet.dns.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import dev.islet.dns.model.ValidationMode;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.testkit.VirtualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Root, lab. and kid.lab. under keys of the test; what is answered is written down by the tests.
 */
class ValidateEngineTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 53);

  private final TestZone root = new TestZone(".");
  private final TestZone lab = new TestZone("lab.");
  private final TestZone kid = new TestZone("kid.lab.");
  private final Map<Question, Answer> world = new HashMap<>();
  private final List<Question> asked = new ArrayList<>();
  private final List<ValidateAction> others = new ArrayList<>();
  private Instant wall = TestZone.NOW;
  private VirtualLoop<ValidateEvent, ValidateAction> loop =
      loop(ValidationMode.ON, Set.of(), Set.of());

  private VirtualLoop<ValidateEvent, ValidateAction> loop(
      ValidationMode mode, Set<Name> negative, Set<Name> forwarded) {
    var anchors = new TrustAnchors(Map.of(Name.root, List.of(root.ds())), negative, forwarded);
    return new VirtualLoop<>(
        new ValidateEngine(mode, false, anchors, Map.of(), 0, ValidateLimits.DEFAULT));
  }

  @BeforeEach
  void begin() {
    keys(root);
    keys(lab);
    keys(kid);
    delegation(root, lab);
    delegation(lab, kid);
    plain("un.lab.");
  }

  private void keys(TestZone zone) {
    put(zone.name, Type.DNSKEY, Rcode.NOERROR, zone.signed(zone.key), List.of());
  }

  private void delegation(TestZone parent, TestZone child) {
    put(child.name, Type.DS, Rcode.NOERROR, parent.signed(child.ds()), List.of());
  }

  /** An unsigned delegation of lab. */
  private void plain(String name) {
    put(n(name), Type.DS, 0, List.of(), denial(lab, nsec(name, "zz.lab.", Type.NS)));
  }

  private void put(Name name, int type, int rcode, List<RrSet> answer, List<RrSet> authority) {
    world.put(
        Question.in(name, type),
        new Answer(rcode, false, answer, authority, List.of(), false, Optional.empty()));
  }

  private void put(String name, int type, List<RrSet> answer, List<RrSet> authority) {
    put(n(name), type, Rcode.NOERROR, answer, authority);
  }

  private static Name n(String text) {
    return Name.fromConstantString(text);
  }

  private static Record a(String name) {
    return new ARecord(n(name), 1, 300, InetAddress.getLoopbackAddress());
  }

  private static Record nsec(String name, String next, int... types) {
    return new NSECRecord(n(name), 1, 300, n(next), types);
  }

  /** Signed SOA and signed denials. */
  private static List<RrSet> denial(TestZone zone, Record... records) {
    var all = new ArrayList<RrSet>();
    var soa = new SOARecord(zone.name, 1, 300, zone.name, zone.name, 1, 2, 3, 4, 300);
    all.addAll(zone.signed(soa));
    for (var record : records) {
      all.addAll(zone.signed(record));
    }
    return all;
  }

  @SafeVarargs
  private static List<RrSet> all(List<RrSet>... parts) {
    return Arrays.stream(parts).flatMap(List::stream).toList();
  }

  /** Asks, answers what the engine asks for, and gives its result. */
  private ValidateAction.Done ask(String name, int type) {
    var key = new CacheKey(Question.in(n(name), type), true, false);
    var wanted = new ResolveEvent.Wanted(new Inquiry(key, List.of(SERVER)), answer -> {});
    var todo = new ArrayDeque<>(loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond())));
    while (!todo.isEmpty()) {
      switch (todo.poll()) {
        case ValidateAction.Ask(var job, var inquiry) ->
            todo.addAll(answer(job, inquiry.key().question()));
        case ValidateAction.Fetch(var job, var question, var anew) ->
            todo.addAll(answer(job, question));
        case ValidateAction.Done done -> {
          return done;
        }
        case ValidateAction other -> others.add(other);
      }
    }
    throw new AssertionError("no result for " + name + " after " + asked + others);
  }

  private List<ValidateAction> answer(long job, Question question) {
    asked.add(question);
    var known = world.getOrDefault(question, Answer.of(Rcode.SERVFAIL));
    return loop.on(new ValidateEvent.Fetched(job, question, known, wall.getEpochSecond()));
  }

  private void secure(ValidateAction.Done done) {
    assertThat(done.verdict()).as(done.why()).isEqualTo("secure");
    assertThat(done.answer().security()).isEqualTo(Security.SECURE);
  }

  private void insecure(ValidateAction.Done done) {
    assertThat(done.verdict()).as(done.why()).isEqualTo("insecure");
  }

  private void bogus(ValidateAction.Done done, int code) {
    assertThat(done.verdict()).as(done.why()).isEqualTo("bogus");
    assertThat(done.answer().rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(done.answer().answer()).isEmpty();
    assertThat(done.answer().error().orElseThrow().code()).as(done.why()).isEqualTo(code);
  }

  @Test
  void a_signed_answer_is_secure_and_lives_no_longer_than_its_signature() {
    lab.until = TestZone.NOW.plusSeconds(40);
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    var done = ask("www.lab.", Type.A);
    secure(done);
    assertThat(done.answer().answer()).hasSize(2).allMatch(s -> s.ttl() == 40);
    asked.clear();
    put("other.lab.", Type.A, lab.signed(a("other.lab.")), List.of());
    secure(ask("other.lab.", Type.A));
    assertThat(asked).as("keys are remembered").hasSize(1);
  }

  @Test
  void no_part_of_an_answer_outlives_any_signature_that_it_needs() {
    var soa = new SOARecord(lab.name, 1, 300, lab.name, lab.name, 1, 2, 3, 4, 300);
    var long_ = lab.signed(soa);
    lab.until = TestZone.NOW.plusSeconds(40);
    var denies = lab.signed(nsec("lab.", "zz.lab.", 6));
    put(n("x.lab."), Type.A, 3, List.of(), all(long_, denies));
    var denied = ask("x.lab.", Type.A);
    secure(denied);
    assertThat(denied.signedFor()).isEqualTo(40);
    assertThat(denied.answer().authority()).hasSize(4).allMatch(s -> s.ttl() <= 40);
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    lab.until = TestZone.NOW.plusSeconds(86_400);
    var wild = lab.expanded(n("w.lab."), a("*.lab."));
    lab.until = TestZone.NOW.plusSeconds(30);
    put("w.lab.", Type.A, wild, lab.signed(nsec("v.lab.", "zz.lab.", 1)));
    var made = ask("w.lab.", Type.A);
    secure(made);
    assertThat(made.answer().answer()).hasSize(2).allMatch(s -> s.ttl() <= 30);
    put("www.un.lab.", Type.A, List.of(RrSet.of(a("www.un.lab."))), List.of());
    assertThat(ask("www.un.lab.", Type.A).signedFor()).isZero();
  }

  @Test
  void below_an_unsigned_delegation_all_is_insecure_even_if_it_claims_to_be_signed() {
    put("www.un.lab.", Type.A, List.of(RrSet.of(a("www.un.lab."))), List.of());
    insecure(ask("www.un.lab.", Type.A));
    var own = new TestZone("un.lab.");
    put("x.un.lab.", Type.A, own.signed(a("x.un.lab.")), List.of());
    insecure(ask("x.un.lab.", Type.A));
  }

  @Test
  void without_signatures_below_a_signed_delegation_it_is_bogus() {
    put("www.kid.lab.", Type.A, List.of(RrSet.of(a("www.kid.lab."))), List.of());
    put(n("www.kid.lab."), Type.DS, 0, List.of(), denial(kid, nsec("www.kid.lab.", "kid.lab.", 1)));
    bogus(ask("www.kid.lab.", Type.A), 10);
  }

  @Test
  void every_link_of_a_chain_is_checked() {
    var first = new CNAMERecord(n("out.lab."), 1, 300, n("www.un.lab."));
    var last = List.of(RrSet.of(a("www.un.lab.")));
    put("out.lab.", Type.A, all(lab.signed(first), last), List.of());
    insecure(ask("out.lab.", Type.A));
    var forged = new CNAMERecord(n("bad.lab."), 1, 300, n("www.un.lab."));
    var other = new TestZone("lab.").signed(forged);
    put("bad.lab.", Type.A, all(other, last), List.of());
    assertThat(ask("bad.lab.", Type.A).verdict()).isEqualTo("bogus");
  }

  @Test
  void an_alias_that_a_dname_makes_is_as_good_as_the_dname_and_no_other() {
    var dname = new DNAMERecord(n("old.lab."), 1, 300, n("lab."));
    var made = RrSet.of(new CNAMERecord(n("www.old.lab."), 1, 300, n("www.lab.")));
    var end = lab.signed(a("www.lab."));
    put("www.old.lab.", Type.A, all(lab.signed(dname), List.of(made), end), List.of());
    secure(ask("www.old.lab.", Type.A));
    var wrong = RrSet.of(new CNAMERecord(n("x.old.lab."), 1, 300, n("www.lab.")));
    put("x.old.lab.", Type.A, all(lab.signed(dname), List.of(wrong), end), List.of());
    put(n("old.lab."), Type.DS, 0, List.of(), denial(lab, nsec("old.lab.", "zz.lab.", 39)));
    put(n("x.old.lab."), Type.DS, 0, lab.signed(dname), List.of());
    assertThat(ask("x.old.lab.", Type.A).verdict()).isEqualTo("bogus");
  }

  @Test
  void a_wildcard_needs_the_proof_that_nothing_is_closer() {
    var wild = a("*.lab.");
    put("x.lab.", Type.A, lab.expanded(n("x.lab."), wild), List.of());
    bogus(ask("x.lab.", Type.A), 12);
    var proof = lab.signed(nsec("www.lab.", "zz.lab.", 1));
    put("x.lab.", Type.A, lab.expanded(n("x.lab."), wild), proof);
    secure(ask("x.lab.", Type.A));
    // a wildcard further up than the closest name that is there
    var deep = lab.expanded(n("x.www.lab."), wild);
    put("x.www.lab.", Type.A, deep, lab.signed(nsec("www.lab.", "zz.lab.", 1)));
    bogus(ask("x.www.lab.", Type.A), 12);
  }

  @Test
  void denials_must_be_of_the_zone_and_say_what_they_are_taken_for() {
    put(n("x.lab."), Type.A, 3, List.of(), denial(lab, nsec("lab.", "zz.lab.", 6)));
    secure(ask("x.lab.", Type.A));
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    // next name outside the zone
    put(n("x.lab."), Type.A, 3, List.of(), denial(lab, nsec("lab.", "zz.other.", 6)));
    bogus(ask("x.lab.", Type.A), 12);
    // no proof about the wildcard
    put(n("x.lab."), Type.A, 3, List.of(), denial(lab, nsec("w.lab.", "zz.lab.", 1)));
    bogus(ask("x.lab.", Type.A), 12);
    // made from a wildcard, so that its owner is not what was signed
    var moved = lab.expanded(n("w.lab."), nsec("*.lab.", "zz.lab.", 1));
    put(n("x.lab."), Type.A, 3, List.of(), all(denial(lab), moved));
    bogus(ask("x.lab.", Type.A), 12);
    // the name is there without records
    put(n("b.lab."), Type.A, 3, List.of(), denial(lab, nsec("lab.", "a.b.lab.", 6)));
    bogus(ask("b.lab.", Type.A), 12);
    put(n("b.lab."), Type.A, 0, List.of(), denial(lab, nsec("lab.", "a.b.lab.", 6)));
    secure(ask("b.lab.", Type.A));
  }

  @Test
  void no_data_is_not_proven_by_an_alias_nor_by_the_other_side_of_a_zone_cut() {
    put("w.lab.", Type.A, List.of(), denial(lab, nsec("w.lab.", "zz.lab.", Type.TXT)));
    secure(ask("w.lab.", Type.A));
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    put("w.lab.", Type.A, List.of(), denial(lab, nsec("w.lab.", "zz.lab.", Type.CNAME)));
    bogus(ask("w.lab.", Type.A), 12);
    // the parent's record of a delegation says nothing of the child's types
    put("kid.lab.", Type.A, List.of(), denial(lab, nsec("kid.lab.", "zz.lab.", Type.NS, Type.DS)));
    bogus(ask("kid.lab.", Type.A), 12);
    // nor of names below it
    put(n("x.kid.lab."), Type.A, 3, List.of(), denial(lab, nsec("kid.lab.", "zz.lab.", Type.NS)));
    bogus(ask("x.kid.lab.", Type.A), 12);
    // the child's apex does not deny its DS set
    put("kid.lab.", Type.DS, List.of(), denial(kid, nsec("kid.lab.", "kid.lab.", 2, 6)));
    assertThat(ask("kid.lab.", Type.DS).verdict()).isEqualTo("bogus");
  }

  @Test
  void a_delegation_is_not_made_unsigned_by_tricks() {
    put("www.kid.lab.", Type.A, List.of(RrSet.of(a("www.kid.lab."))), List.of());
    // a record of another delegation
    put("kid.lab.", Type.DS, List.of(), denial(lab, nsec("un.lab.", "zz.lab.", Type.NS)));
    bogus(ask("www.kid.lab.", Type.A), 12);
    // no denial at all
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    put("kid.lab.", Type.DS, List.of(), denial(lab));
    bogus(ask("www.kid.lab.", Type.A), 12);
    // a DS set of a wildcard with a key of the attacker
    var evil = new TestZone("kid.lab.");
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    put(
        "kid.lab.",
        Type.DS,
        lab.expanded(n("kid.lab."), TestZone.moved(evil.ds(), n("*.lab."))),
        List.of());
    keys(evil);
    put("www.kid.lab.", Type.A, evil.signed(a("www.kid.lab.")), List.of());
    bogus(ask("www.kid.lab.", Type.A), 6);
  }

  @Test
  void only_the_zone_itself_signs() {
    var other = new TestZone("other.");
    keys(other);
    delegation(root, other);
    put("www.lab.", Type.A, other.signed(a("www.lab.")), List.of());
    put(n("www.lab."), Type.DS, 0, List.of(), denial(lab, nsec("www.lab.", "zz.lab.", 1)));
    bogus(ask("www.lab.", Type.A), 10);
    // a signer that is no zone
    var fake = new TestZone("www.lab.");
    keys(fake);
    put("a.www.lab.", Type.A, fake.signed(a("a.www.lab.")), List.of());
    bogus(ask("a.www.lab.", Type.A), 11);
    // more labels signed than there are
    var sig = lab.signature(a("a.b.lab."));
    put(
        "w.lab.",
        Type.A,
        List.of(RrSet.of(a("w.lab.")), RrSet.of(TestZone.moved(sig, n("w.lab.")))),
        List.of());
    bogus(ask("w.lab.", Type.A), 6);
  }

  @Test
  void what_cannot_be_checked_here_is_insecure_unless_something_else_can() {
    var strange = new DSRecord(n("kid.lab."), 1, 300, 1, 200, 2, new byte[32]);
    put("kid.lab.", Type.DS, lab.signed(strange), List.of());
    put("www.kid.lab.", Type.A, List.of(RrSet.of(a("www.kid.lab."))), List.of());
    var done = ask("www.kid.lab.", Type.A);
    insecure(done);
    assertThat(done.answer().error().orElseThrow().code()).isEqualTo(1);
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    put("kid.lab.", Type.DS, lab.signed(strange, kid.ds()), List.of());
    put("www.kid.lab.", Type.A, kid.signed(a("www.kid.lab.")), List.of());
    secure(ask("www.kid.lab.", Type.A));
  }

  @Test
  void out_of_time_is_bogus() {
    lab.until = TestZone.NOW.minusSeconds(1);
    put("old.lab.", Type.A, lab.signed(a("old.lab.")), List.of());
    bogus(ask("old.lab.", Type.A), 7);
    lab.from = TestZone.NOW.plusSeconds(60);
    lab.until = TestZone.NOW.plusSeconds(600);
    put("new.lab.", Type.A, lab.signed(a("new.lab.")), List.of());
    bogus(ask("new.lab.", Type.A), 8);
  }

  @Test
  void names_below_a_negative_anchor_or_of_forward_zones_are_let_through() {
    put("www.kid.lab.", Type.A, List.of(RrSet.of(a("www.kid.lab."))), List.of());
    loop = loop(ValidationMode.ON, Set.of(n("kid.lab.")), Set.of());
    insecure(ask("www.kid.lab.", Type.A));
    put("nas.corp.", Type.A, List.of(RrSet.of(a("nas.corp."))), List.of());
    put(n("corp."), Type.DS, 3, List.of(), denial(root, nsec(".", "lab.", 2, 6)));
    bogus(ask("nas.corp.", Type.A), 10);
    loop = loop(ValidationMode.ON, Set.of(), Set.of(n("corp.")));
    insecure(ask("nas.corp.", Type.A));
  }

  @Test
  void denials_answer_further_questions_until_they_are_old() {
    put(n("x.lab."), Type.A, 3, List.of(), denial(lab, nsec("lab.", "zz.lab.", 2, 6)));
    secure(ask("x.lab.", Type.A));
    asked.clear();
    var more = ask("y.x.lab.", Type.TXT);
    secure(more);
    assertThat(more.answer().rcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(more.answer().authority()).hasSize(4);
    assertThat(ask("lab.", Type.TXT).answer().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(asked).isEmpty();
    loop.advance(Duration.ofSeconds(300));
    assertThat(ask("y.x.lab.", Type.TXT).verdict()).isEqualTo("failed");
    assertThat(asked).isNotEmpty();
  }

  @Test
  void too_many_iterations_are_insecure_but_only_if_they_are_signed() {
    var apex = hashed("lab.", 60, Type.SOA);
    put(n("x.lab."), Type.A, 3, List.of(), denial(lab, apex));
    var done = ask("x.lab.", Type.A);
    insecure(done);
    assertThat(done.answer().error().orElseThrow().code()).isEqualTo(27);
    put(n("y.lab."), Type.A, 3, List.of(), all(denial(lab), new TestZone("lab.").signed(apex)));
    assertThat(ask("y.lab.", Type.A).verdict()).isEqualTo("bogus");
  }

  private static Record hashed(String name, int iterations, int... types) {
    var like =
        new NSEC3Record(n("a.lab."), 1, 300, 1, 0, iterations, new byte[0], new byte[20], types);
    var owner = Nsec3Denials.ownerOf(n(name), n("lab."), like);
    return new NSEC3Record(owner, 1, 300, 1, 0, iterations, new byte[0], new byte[20], types);
  }

  @Test
  void hashes_of_long_names_are_computed_only_so_often() {
    var budget = new Budget();
    var other = (NSEC3Record) hashed("other.lab.", Nsec3Denials.MAX_ITERATIONS, Type.A);
    int names = 0;
    while (!budget.spent() && names++ < 1_000) {
      var deep = n("a.".repeat(120) + "lab.");
      assertThat(new Denials(lab.name, List.of(other), budget).noName(deep)).isEqualTo(Proven.NO);
    }
    assertThat(names).as("each costs some 120").isEqualTo(3);
  }

  @Test
  void keys_that_share_a_tag_and_signatures_that_fail_are_tried_only_so_often() {
    var keys = new ArrayList<Record>(List.of(kid.key));
    var random = new Random(3);
    while (keys.size() < 120) {
      var bytes = new byte[64];
      random.nextBytes(bytes);
      var twin = new DNSKEYRecord(kid.name, 1, 300, 257, 3, 13, bytes);
      int more = (kid.key.getFootprint() - twin.getFootprint()) & 0xFFFF;
      int word = ((bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF) + more;
      bytes[0] = (byte) (word >> 8);
      bytes[1] = (byte) word;
      twin = new DNSKEYRecord(kid.name, 1, 300, 257, 3, 13, bytes);
      if (twin.getFootprint() == kid.key.getFootprint()) {
        keys.add(0, twin);
      }
    }
    put(kid.name, Type.DNSKEY, 0, kid.signed(keys.toArray(Record[]::new)), List.of());
    var sigs = new ArrayList<Record>();
    for (int i = 0; i < 120; i++) {
      kid.until = TestZone.NOW.plusSeconds(1_000 + i);
      sigs.add(kid.signature(a("other.kid.lab.")));
    }
    var moved = sigs.stream().map(s -> TestZone.moved(s, n("www.kid.lab."))).toList();
    put("www.kid.lab.", Type.A, List.of(RrSet.of(a("www.kid.lab.")), RrSet.of(moved)), List.of());
    assertThat(ask("www.kid.lab.", Type.A).verdict()).isEqualTo("bogus");
    // the cost: sets of one zone, each with as many bad signatures
    var budget = new Budget();
    var usable = keys.stream().map(k -> (DNSKEYRecord) k).toList();
    var set = RrSet.of(a("www.kid.lab."));
    var signed = new Signed(set, moved.stream().map(s -> (RRSIGRecord) s).toList());
    var moment = new Moment(0, TestZone.NOW.getEpochSecond(), true);
    int checks = 0;
    while (!budget.spent() && checks++ < 1_000) {
      assertThat(Signatures.check(signed, kid.name, usable, moment, budget))
          .isInstanceOf(Check.Bad.class);
    }
    assertThat(checks).isLessThanOrEqualTo(2);
  }

  @Test
  void a_thousand_ways_to_change_a_byte_are_noticed() {
    var www = new TXTRecord(n("www.lab."), 1, 300, "what the owner wrote");
    var good = lab.signed(www);
    var random = new Random(11);
    for (int i = 0; i < 1_000; i++) {
      boolean data = random.nextBoolean();
      var record = (data ? good.get(0) : good.get(1)).records().getFirst();
      var bytes = record.rdataToWireCanonical();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      RrSet bad;
      try {
        bad = RrSet.of(Record.newRecord(record.getName(), record.getType(), 1, 300, bytes));
      } catch (RuntimeException e) {
        continue; // no longer a record
      }
      var canonical = bad.records().getFirst().rdataToWireCanonical();
      if (Arrays.equals(canonical, record.rdataToWireCanonical())) {
        continue; // another case of the signer's name
      }
      put(
          "www.lab.",
          Type.TXT,
          data ? List.of(bad, good.get(1)) : List.of(good.get(0), bad),
          List.of());
      put(n("www.lab."), Type.DS, 0, List.of(), denial(lab, nsec("www.lab.", "zz.lab.", 16)));
      var done = ask("www.lab.", Type.TXT);
      assertThat(done.verdict()).as(bad.records().toString()).isNotIn("secure", "insecure");
    }
  }

  @Test
  void with_a_clock_of_1970_all_but_the_times_is_checked_and_again_when_it_is_set() {
    lab.from = Instant.parse("2020-01-01T00:00:00Z");
    lab.until = Instant.parse("2020-02-01T00:00:00Z");
    put("old.lab.", Type.A, lab.signed(a("old.lab.")), List.of());
    var forged = new TestZone("lab.").signed(a("forged.lab."));
    put("forged.lab.", Type.A, forged, List.of());
    wall = Instant.EPOCH.plusSeconds(60);
    var done = ask("old.lab.", Type.A);
    assertThat(done.verdict()).isEqualTo("untimed");
    assertThat(done.answer().security()).isEqualTo(Security.UNTIMED);
    assertThat(done.answer().error().orElseThrow().code()).isEqualTo(5);
    assertThat(done.answer().answer()).isNotEmpty();
    assertThat(ask("forged.lab.", Type.A).verdict()).isEqualTo("bogus");
    assertThat(others).contains(new ValidateAction.ClockJudged(false));
    wall = TestZone.NOW;
    bogus(ask("old.lab.", Type.A), 7);
    assertThat(others).contains(new ValidateAction.ClockJudged(true));
  }

  @Test
  void a_clock_behind_the_anchors_own_signature_is_not_trusted_and_the_floor_is_kept() {
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    wall = Instant.parse("2025-06-01T00:00:00Z"); // above the built-in floor, a year behind
    var done = ask("www.lab.", Type.A);
    assertThat(done.verdict()).as(done.why()).isEqualTo("untimed");
    assertThat(others)
        .contains(
            new ValidateAction.KeepFloor(root.from.getEpochSecond()),
            new ValidateAction.ClockJudged(false));
    wall = TestZone.NOW;
    secure(ask("www.lab.", Type.A));
    // signatures of a leaf, which anybody may make, say nothing of the clock
    others.clear();
    lab.from = Instant.parse("2090-01-01T00:00:00Z");
    lab.until = Instant.parse("2091-01-01T00:00:00Z");
    put("x.lab.", Type.A, lab.signed(a("x.lab.")), List.of());
    bogus(ask("x.lab.", Type.A), 8);
    assertThat(others).isEmpty();
  }

  @Test
  void a_clock_far_ahead_is_found_wrong_by_the_anchors_keys_and_does_not_stop_resolving() {
    loop = loop(ValidationMode.AUTO, Set.of(), Set.of());
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    put("forged.lab.", Type.A, new TestZone("lab.").signed(a("forged.lab.")), List.of());
    for (var year : List.of("2031", "2099")) { // serial arithmetic takes 2099 for a time before
      wall = Instant.parse(year + "-06-01T00:00:00Z");
      assertThat(ask("www.lab.", Type.A).verdict()).isEqualTo("untimed");
      assertThat(ask("forged.lab.", Type.A).verdict()).isEqualTo("bogus");
      wall = TestZone.NOW;
      secure(ask("www.lab.", Type.A));
      assertThat(others)
          .containsSubsequence(
              new ValidateAction.ClockJudged(false), new ValidateAction.ClockJudged(true));
      others.clear();
    }
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    wall = Instant.parse("2031-06-01T00:00:00Z");
    bogus(ask("www.lab.", Type.A), 7);
  }

  @Test
  void an_old_answer_that_is_played_back_does_not_make_a_right_clock_wrong() {
    loop = loop(ValidationMode.AUTO, Set.of(), Set.of());
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    secure(ask("www.lab.", Type.A));
    loop.advance(Duration.ofDays(3));
    wall = TestZone.NOW.plus(Duration.ofDays(3)); // the keys' signature was for one
    bogus(ask("www.lab.", Type.A), 7);
    assertThat(others).doesNotContain(new ValidateAction.ClockJudged(false));
  }

  @Test
  void what_was_taken_for_a_wrong_clock_ends_when_the_anchors_keys_are_signed_for_it() {
    loop = loop(ValidationMode.AUTO, Set.of(), Set.of());
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    wall = TestZone.NOW.plus(Duration.ofDays(3));
    assertThat(ask("www.lab.", Type.A).verdict()).isEqualTo("untimed");
    root.until = wall.plusSeconds(86_400);
    lab.until = root.until;
    begin();
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    loop.advance(Duration.ofMinutes(10));
    wall = wall.plusSeconds(600);
    secure(ask("www.lab.", Type.A));
  }

  @Test
  void a_server_that_strips_signatures_is_refused_or_if_so_wished_believed() {
    put(Name.root, Type.DNSKEY, 0, List.of(RrSet.of(root.key)), List.of());
    put("www.lab.", Type.A, List.of(RrSet.of(a("www.lab."))), List.of());
    bogus(ask("www.lab.", Type.A), 10);
    assertThat(others).contains(new ValidateAction.SignaturesCome(false));
    loop = loop(ValidationMode.AUTO, Set.of(), Set.of());
    assertThat(ask("www.lab.", Type.A).verdict()).isEqualTo("unchecked");
    var key = new CacheKey(Question.in(n("www.lab."), Type.A), false, false);
    var wanted = new ResolveEvent.Wanted(new Inquiry(key, List.of(SERVER)), answer -> {});
    assertThat(loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond())))
        .containsExactly(new ValidateAction.Pass(wanted));
    // it is looked again while nobody waits, and once they come there is no way back
    loop.advance(Duration.ofMinutes(11));
    keys(root);
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    var looked = loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond()));
    assertThat(looked).hasSize(2).contains(new ValidateAction.Pass(wanted));
    var fetch = (ValidateAction.Fetch) looked.getFirst();
    assertThat(answer(fetch.job(), fetch.question()))
        .contains(new ValidateAction.SignaturesCome(true));
    secure(ask("www.lab.", Type.A));
    put("x.lab.", Type.A, List.of(RrSet.of(a("x.lab."))), List.of());
    put(n("x.lab."), Type.DS, 0, List.of(), denial(lab, nsec("x.lab.", "zz.lab.", 1)));
    bogus(ask("x.lab.", Type.A), 10);
  }

  @Test
  void nobody_waits_for_signatures_that_may_never_come() {
    loop = loop(ValidationMode.AUTO, Set.of(), Set.of());
    put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
    var key = new CacheKey(Question.in(n("www.lab."), Type.A), true, false);
    var wanted = new ResolveEvent.Wanted(new Inquiry(key, List.of(SERVER)), answer -> {});
    var first = loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond())).getFirst();
    long job = ((ValidateAction.Ask) first).job();
    var root = (ValidateAction.Fetch) answer(job, key.question()).getFirst();
    assertThat(root.question()).isEqualTo(Question.in(Name.root, Type.DNSKEY));
    assertThat(loop.advance(Duration.ofMillis(999))).isEmpty();
    var done = (ValidateAction.Done) loop.advance(Duration.ofMillis(1)).getFirst();
    assertThat(done.verdict()).isEqualTo("unchecked");
    assertThat(done.answer().answer()).isNotEmpty();
    assertThat(done.keep()).isFalse();
    assertThat(loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond())))
        .containsExactly(new ValidateAction.Pass(wanted));
    // they come after all
    assertThat(answer(job, root.question())).contains(new ValidateAction.SignaturesCome(true));
    put("other.lab.", Type.A, lab.signed(a("other.lab.")), List.of());
    secure(ask("other.lab.", Type.A));
    // who must have them waits for them
    loop = loop(ValidationMode.ON, Set.of(), Set.of());
    loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond()));
    answer(1, key.question());
    assertThat(loop.advance(Duration.ofSeconds(11))).isEmpty();
  }

  @Test
  void a_false_answer_is_asked_of_others_with_all_that_it_rests_on_but_not_for_ever() {
    var second = new InetSocketAddress("192.0.2.2", 53);
    var third = new InetSocketAddress("192.0.2.3", 53);
    var key = new CacheKey(Question.in(n("www.lab."), Type.A), true, false);
    var inquiry = new Inquiry(key, List.of(SERVER, second, third));
    var wanted = new ResolveEvent.Wanted(inquiry, answer -> {});
    put("www.lab.", Type.A, new TestZone("lab.").signed(a("www.lab.")), List.of());
    for (boolean good : new boolean[] {true, false}) {
      loop = loop(ValidationMode.ON, Set.of(), Set.of());
      int doubted = 0;
      ValidateAction.Done done = null;
      var todo = new ArrayDeque<>(loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond())));
      while (done == null) {
        switch (todo.remove()) {
          case ValidateAction.Ask(var job, var ask) -> {
            doubted += ask.doubted() ? 1 : 0;
            if (good && doubted == 2) {
              put("www.lab.", Type.A, lab.signed(a("www.lab.")), List.of());
            }
            todo.addAll(answer(job, ask.key().question()));
          }
          case ValidateAction.Fetch(var job, var question, var anew) ->
              todo.addAll(answer(job, question));
          case ValidateAction.Done end -> done = end;
          default -> {}
        }
      }
      assertThat(doubted).isEqualTo(2);
      assertThat(done.verdict()).isEqualTo(good ? "secure" : "bogus");
      assertThat(done.waiters()).hasSize(1);
      put("www.lab.", Type.A, new TestZone("lab.").signed(a("www.lab.")), List.of());
    }
  }

  @Test
  void one_job_serves_all_who_ask_and_ends_in_time() {
    var key = new CacheKey(Question.in(n("www.lab."), Type.A), true, false);
    var wanted = new ResolveEvent.Wanted(new Inquiry(key, List.of(SERVER)), answer -> {});
    var event = new ValidateEvent.Wanted(wanted, wall.getEpochSecond());
    assertThat(loop.on(event)).hasSize(1);
    assertThat(loop.on(event)).isEmpty();
    var late = (ValidateAction.Done) loop.advance(Duration.ofSeconds(12)).getFirst();
    assertThat(late.waiters()).hasSize(2);
    assertThat(late.verdict()).isEqualTo("failed");
  }
}
