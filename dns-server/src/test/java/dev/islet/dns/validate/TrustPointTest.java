package dev.islet.dns.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.ValidationMode;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.store.AnchorFile;
import dev.islet.testkit.VirtualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A root that rolls its keys, over months of virtual time and restarts (RFC 5011, 8509). */
class TrustPointTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 53);
  private static final Name WWW = Name.fromConstantString("www.");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private final TestZone first = new TestZone(".");
  private final TestZone second = new TestZone(".");
  private final TestZone third = new TestZone(".");
  private final List<String> moves = new ArrayList<>();
  private List<TestZone> signers = List.of(first);
  private List<Record> keys = List.of(first.key);
  private Instant real = TestZone.NOW;
  private Instant wall = real;
  private int refreshed;
  private AnchorFile file;
  private VirtualLoop<ValidateEvent, ValidateAction> loop;

  @BeforeEach
  void begin() {
    file = new AnchorFile(folder.resolve("trust-anchors"));
    restart(first.ds());
  }

  /** Another process with what the disk has. */
  private void restart(DSRecord... configured) {
    var anchors = new TrustAnchors(Map.of(Name.root, List.of(configured)), Set.of(), Set.of());
    loop =
        new VirtualLoop<>(
            new ValidateEngine(
                ValidationMode.ON, false, anchors, file.read(), 0, ValidateLimits.DEFAULT));
  }

  private void publish(List<TestZone> by, DNSKEYRecord... set) {
    signers = by;
    keys = List.of(set);
  }

  private static DNSKEYRecord revoked(TestZone zone) {
    var key = zone.key;
    return new DNSKEYRecord(
        key.getName(), 1, key.getTTL(), key.getFlags() | 0x80, 3, 13, key.getKey());
  }

  private void fresh(TestZone zone) {
    zone.from = real.minus(DAY);
    zone.until = real.plus(DAY.multipliedBy(7));
  }

  private Answer answer(Question question) {
    var sets = new ArrayList<RrSet>();
    if (question.type() == Type.DNSKEY) {
      var sigs = new ArrayList<Record>();
      for (var signer : signers) {
        fresh(signer);
        boolean taken = keys.stream().anyMatch(k -> k.equals(revoked(signer)));
        sigs.add(taken ? signer.signedBy(revoked(signer), keys) : sig(signer, keys));
      }
      sets.add(RrSet.of(keys));
      sets.add(RrSet.of(sigs));
    } else {
      var a = new ARecord(question.name(), 1, 60, InetAddress.getLoopbackAddress());
      fresh(signers.getFirst());
      sets.addAll(signers.getFirst().signed(a));
    }
    return new Answer(0, false, sets, List.of(), List.of(), false, Optional.empty());
  }

  private static RRSIGRecord sig(TestZone zone, List<Record> records) {
    return zone.signature(records.toArray(Record[]::new));
  }

  private ValidateAction.Done ask(Name name) {
    var key = new CacheKey(Question.in(name, Type.A), true, false);
    var wanted = new ResolveEvent.Wanted(new Inquiry(key, List.of(SERVER)), answer -> {});
    return run(loop.on(new ValidateEvent.Wanted(wanted, wall.getEpochSecond()))).getLast();
  }

  private List<ValidateAction.Done> run(List<ValidateAction> actions) {
    var ends = new ArrayList<ValidateAction.Done>();
    var todo = new ArrayDeque<>(actions);
    while (!todo.isEmpty()) {
      switch (todo.poll()) {
        case ValidateAction.Ask(var job, var inquiry) ->
            todo.addAll(said(job, inquiry.key().question()));
        case ValidateAction.Fetch(var job, var question, var anew) -> {
          refreshed += anew ? 1 : 0;
          todo.addAll(said(job, question));
        }
        case ValidateAction.AnchorMoved(var zone, var tag, var from, var to) ->
            moves.add(label(tag) + " " + from + " " + to);
        case ValidateAction.KeepAnchors(var all) -> file.keep(all);
        case ValidateAction.Done done -> ends.add(done);
        default -> {}
      }
    }
    return ends;
  }

  private List<ValidateAction> said(long job, Question question) {
    return loop.on(
        new ValidateEvent.Fetched(job, question, answer(question), wall.getEpochSecond()));
  }

  private String label(int tag) {
    return tag == first.key.getFootprint()
        ? "first"
        : tag == second.key.getFootprint() ? "second" : "third";
  }

  /** Time passes; nobody asks anything. */
  private void days(int days) {
    for (int i = 0; i < days * 4; i++) {
      wall = wall.plus(Duration.ofHours(6));
      real = real.plus(Duration.ofHours(6));
      run(loop.advance(Duration.ofHours(6)));
    }
  }

  private String verdict() {
    return ask(WWW).verdict();
  }

  @Test
  void a_new_key_is_trusted_after_thirty_days_in_which_it_was_always_there_also_over_restarts() {
    assertThat(verdict()).isEqualTo("secure");
    publish(List.of(first), first.key, second.key);
    days(1);
    assertThat(moves).containsExactly("first UNKNOWN VALID", "second UNKNOWN PENDING");
    days(10);
    restart(first.ds());
    assertThat(verdict()).isEqualTo("secure");
    publish(List.of(second), second.key);
    days(1);
    assertThat(verdict()).as("the second alone is not trusted yet").isEqualTo("bogus");
    publish(List.of(first), first.key, second.key);
    days(21);
    assertThat(moves).contains("second PENDING VALID");
    publish(List.of(second), second.key);
    days(1);
    assertThat(verdict()).isEqualTo("secure");
    assertThat(moves.getLast()).isEqualTo("first VALID MISSING");
    restart(first.ds());
    assertThat(verdict()).as("kept over a restart").isEqualTo("secure");
    assertThat(refreshed).isGreaterThan(24);
  }

  @Test
  void a_new_key_that_goes_away_meanwhile_begins_anew() {
    verdict();
    publish(List.of(first), first.key, second.key);
    days(20);
    publish(List.of(first), first.key);
    days(1);
    publish(List.of(first), first.key, second.key);
    days(20);
    publish(List.of(second), second.key);
    days(1);
    assertThat(verdict()).isEqualTo("bogus");
    assertThat(moves)
        .containsExactly(
            "first UNKNOWN VALID",
            "second UNKNOWN PENDING",
            "second PENDING UNKNOWN",
            "second UNKNOWN PENDING");
  }

  @Test
  void a_revoked_key_is_never_trusted_again_also_with_the_clock_behind_and_if_it_is_configured() {
    verdict();
    publish(List.of(first), first.key, second.key);
    days(32);
    // somebody who stole the second key cannot revoke the first with it
    publish(List.of(second), revoked(first), second.key);
    days(1);
    assertThat(moves).doesNotContain("first VALID REVOKED", "first MISSING REVOKED");
    restart(first.ds());
    wall = Instant.EPOCH.plusSeconds(60);
    publish(List.of(first, second), revoked(first), second.key);
    ask(WWW);
    assertThat(moves.getLast()).endsWith("REVOKED");
    wall = real;
    publish(List.of(second), second.key);
    restart(first.ds());
    days(1);
    assertThat(verdict()).isEqualTo("secure");
    publish(List.of(first), first.key);
    restart(first.ds());
    assertThat(verdict()).as("configured, but revoked").isEqualTo("bogus");
    publish(List.of(second), second.key);
    restart(first.ds());
    verdict();
    days(31);
    assertThat(moves.getLast()).isEqualTo("first REVOKED REMOVED");
    publish(List.of(first), first.key);
    restart(first.ds());
    assertThat(verdict()).isEqualTo("bogus");
  }

  @Test
  void with_a_wrong_clock_nothing_is_waited_for_and_a_clock_that_was_ahead_makes_no_key_early() {
    wall = Instant.EPOCH.plusSeconds(60);
    publish(List.of(first), first.key, second.key);
    assertThat(ask(WWW).verdict()).isEqualTo("untimed");
    assertThat(moves).isEmpty();
    wall = real.plus(DAY.multipliedBy(6)); // further ahead its signatures would be over
    verdict();
    assertThat(moves).contains("second UNKNOWN PENDING");
    wall = real;
    restart(first.ds());
    verdict();
    days(29);
    assertThat(moves).doesNotContain("second PENDING VALID");
    days(2);
    assertThat(moves).contains("second PENDING VALID");
  }

  @Test
  void an_anchor_that_the_operator_takes_away_takes_what_followed_from_it_with_it() {
    verdict();
    publish(List.of(first), first.key, second.key);
    days(32);
    restart(third.ds());
    publish(List.of(second), second.key);
    assertThat(verdict()).isEqualTo("bogus");
    restart(first.ds(), third.ds());
    assertThat(verdict()).as("one more anchor changes nothing").isEqualTo("secure");
    publish(List.of(third), third.key);
    restart(first.ds(), third.ds());
    assertThat(verdict()).as("and is trusted at once").isEqualTo("secure");
  }

  @Test
  void a_zone_whose_keys_are_all_revoked_is_as_if_it_had_no_anchor() {
    verdict();
    publish(List.of(first), revoked(first));
    days(1);
    assertThat(moves).contains("first VALID REVOKED");
    assertThat(verdict()).isEqualTo("insecure");
  }

  @Test
  void a_file_that_cannot_be_read_is_not_used() throws Exception {
    verdict();
    publish(List.of(first), first.key, second.key);
    days(32);
    var kept = Files.readString(folder.resolve("trust-anchors"));
    assertThat(kept).contains("VALID ").contains(" DNSKEY 257 3 13 ");
    assertThat(file.read().get(Name.root).keys()).hasSize(2);
    Files.writeString(folder.resolve("trust-anchors"), kept.substring(0, kept.length() - 40));
    restart(first.ds());
    assertThat(verdict()).isEqualTo("secure");
    Files.writeString(folder.resolve("trust-anchors"), "nonsense\n");
    assertThat(file.read()).isEmpty();
  }

  @Test
  void the_sentinel_tells_which_keys_of_the_root_are_trusted() {
    int mine = first.key.getFootprint();
    int other = mine == 12_345 ? 12_346 : 12_345;
    var expected =
        Map.of(
            "root-key-sentinel-is-ta-%05d.a.".formatted(mine), Rcode.NOERROR,
            "Root-Key-Sentinel-Not-TA-%05d.a.".formatted(mine), Rcode.SERVFAIL,
            "root-key-sentinel-is-ta-%05d.a.".formatted(other), Rcode.SERVFAIL,
            "root-key-sentinel-not-ta-%05d.a.".formatted(other), Rcode.NOERROR,
            "root-key-sentinel-is-ta-%d.a.".formatted(1), Rcode.NOERROR,
            "x.root-key-sentinel-is-ta-%05d.".formatted(other), Rcode.NOERROR);
    expected.forEach(
        (name, rcode) ->
            assertThat(ask(Name.fromConstantString(name)).answer().rcode())
                .as(name)
                .isEqualTo(rcode));
    assertThat(moves).containsExactly("first UNKNOWN VALID");
  }
}
