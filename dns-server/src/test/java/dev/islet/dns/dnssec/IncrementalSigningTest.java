package dev.islet.dns.dnssec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Denial;
import dev.islet.dns.model.KeyScheme;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.SigningAlgorithm;
import dev.islet.dns.zone.Zone;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What is signed after a change is what a whole signing would give, and little of it is new. */
class IncrementalSigningTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String[] LABELS = {"a", "b", "c", "*", "D"};

  @ParameterizedTest
  @EnumSource(Denial.class)
  void random_changes_lead_to_the_zone_that_a_whole_signing_gives(Denial denial) throws Exception {
    for (int seed = 0; seed < 4; seed++) {
      var random = new Random(seed);
      var policy = SignedZones.policy(SigningAlgorithm.ED25519, KeyScheme.KSK_ZSK, denial);
      var keys = SignedZones.keys(policy, SignedZones.ORIGIN, NOW);
      var unsigned = SignedZones.unsigned();
      var served =
          new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW).all(unsigned, Optional.empty(), 1);
      for (int round = 2; round < 40; round++) {
        var edit = unsigned.edit();
        var touched = new HashSet<Name>();
        for (int i = 0; i <= random.nextInt(3); i++) {
          var name = name(random);
          touched.add(name);
          var old = edit.at(name);
          if (!old.isEmpty() && random.nextBoolean()) {
            old.forEach(s -> edit.remove(name, s.type()));
          } else {
            old.forEach(s -> edit.remove(name, s.type()));
            edit.put(set(name, random));
          }
        }
        var next = edit.done();
        var signer = new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW);
        var after = signer.changed(next, new ZoneSigner.Signed(unsigned, served), touched, round);
        var whole =
            new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW)
                .all(next, Optional.empty(), round);
        assertThat(texts(after))
            .as("seed " + seed + " round " + round + " " + touched)
            .isEqualTo(texts(whole));
        unsigned = next;
        served = after;
      }
      verify(served, keys, NOW);
    }
  }

  @Test
  void one_new_name_costs_few_signatures() throws Exception {
    var policy = SignedZones.policy(SigningAlgorithm.ECDSAP256SHA256, KeyScheme.CSK, Denial.NSEC);
    var keys = SignedZones.keys(policy, SignedZones.ORIGIN, NOW);
    var unsigned = SignedZones.unsigned();
    var first = new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW);
    var served = first.all(unsigned, Optional.empty(), 1);
    assertThat(first.made()).isGreaterThan(30);
    var name = Name.fromString("new", SignedZones.ORIGIN);
    var edit = unsigned.edit();
    edit.put(RrSet.of(Record.fromString(name, Type.A, 1, 60, "192.0.2.99", Name.root)));
    var signer = new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW);
    signer.changed(edit.done(), new ZoneSigner.Signed(unsigned, served), Set.of(name), 2);
    assertThat(signer.made()).as("its set, its NSEC, the NSEC before it, the SOA").isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(Denial.class)
  void signatures_are_made_again_before_they_end_and_not_all_at_once(Denial denial)
      throws Exception {
    var policy = SignedZones.policy(SigningAlgorithm.ED25519, KeyScheme.CSK, denial);
    var keys = SignedZones.keys(policy, SignedZones.ORIGIN, NOW);
    var unsigned = SignedZones.unsigned();
    var first = new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW);
    var served = first.all(unsigned, Optional.empty(), 1);
    long ends =
        served
            .records()
            .filter(r -> r instanceof RRSIGRecord)
            .map(r -> ((RRSIGRecord) r).getExpire())
            .distinct()
            .count();
    assertThat(ends).as("different ends").isGreaterThan(10);
    for (int step = 1; step <= 120; step++) {
      var now = NOW.plus(Duration.ofHours(8L * step));
      var signer = new ZoneSigner(SignedZones.ORIGIN, keys, policy, now);
      served = signer.refreshed(new ZoneSigner.Signed(unsigned, served), 1 + step);
      assertThat(signer.made()).isLessThan(first.made());
      var soon = now.plus(policy.refresh());
      assertThat(
              served
                  .records()
                  .filter(r -> r instanceof RRSIGRecord sig && sig.getExpire().isBefore(soon)))
          .isEmpty();
      if (step % 20 == 0) {
        verify(served, keys, soon);
      }
    }
    var whole =
        new ZoneSigner(SignedZones.ORIGIN, keys, policy, NOW).all(unsigned, Optional.empty(), 121);
    assertThat(unsignedTexts(served)).isEqualTo(unsignedTexts(whole));
  }

  private static Name name(Random random) throws Exception {
    var text = new StringBuilder();
    for (int i = 0; i <= random.nextInt(4); i++) {
      text.append(i == 0 ? "" : ".").append(LABELS[random.nextInt(i == 0 ? 5 : 3)]);
    }
    return Name.fromString(text.toString(), SignedZones.ORIGIN);
  }

  private static RrSet set(Name name, Random random) throws Exception {
    boolean star = name.isWild();
    return switch (random.nextInt(star ? 2 : 4)) {
      case 0 -> RrSet.of(record(name, Type.A, "192.0.2." + random.nextInt(200)));
      case 1 -> RrSet.of(record(name, Type.TXT, "x"), record(name, Type.TXT, "y"));
      case 2 -> RrSet.of(record(name, Type.NS, "ns.example.test."));
      default -> RrSet.of(record(name, Type.DNAME, "other.example."));
    };
  }

  private static Record record(Name name, int type, String data) throws Exception {
    return Record.fromString(name, type, 1, 300, data, Name.root);
  }

  private static Set<String> texts(Zone zone) {
    return zone.records().map(Record::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> unsignedTexts(Zone zone) {
    return zone.records()
        .filter(r -> !(r instanceof RRSIGRecord))
        .map(Record::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Every signature by dnsjava, which is not what made it. */
  private static void verify(Zone zone, List<KeyState> keys, Instant now) throws Exception {
    for (var set : (Iterable<RrSet>) zone.sets().filter(s -> s.type() == Type.RRSIG)::iterator) {
      for (var record : set.records()) {
        var sig = (RRSIGRecord) record;
        var covered = zone.at(set.name(), sig.getTypeCovered()).orElseThrow();
        var key =
            keys.stream()
                .filter(k -> k.key().tag() == sig.getFootprint())
                .findFirst()
                .orElseThrow();
        DNSSEC.verify(
            new RRset(covered.records().toArray(Record[]::new)), sig, key.key().record(), now);
      }
    }
  }
}
