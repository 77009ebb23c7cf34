package dev.islet.dns.dnssec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Denial;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.KeyScheme;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.SigningAlgorithm;
import dev.islet.dns.store.KeyFolder;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import dev.islet.testkit.VirtualTime;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.CDSRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Months of a zone's keys, with crashes, seen by every validator that there can be. */
class RolloverTest {
  private static final Name ORIGIN = SignedZones.ORIGIN;
  private static final Duration STEP = Duration.ofMinutes(20);

  @TempDir Path folder;

  /** A zone, its parent, its validators, and the server that crashes now and then. */
  private final class World {
    final VirtualTime time = new VirtualTime();
    final Random random = new Random(7);
    final List<String> moves = new ArrayList<>();
    final Duration dsTtl = Duration.ofDays(1);
    final ValidatorsView validators = new ValidatorsView(ORIGIN, Duration.ofMinutes(30), dsTtl);
    final Zone unsigned =
        MasterFile.lines(
            List.of(
                "@ 3600 SOA ns host 7 3600 900 86400 300",
                "@ 3600 NS ns",
                "ns 3600 A 192.0.2.1",
                "long 43200 A 192.0.2.2",
                "short 60 A 192.0.2.3"),
            ORIGIN,
            "test");
    SigningPolicy policy;
    Signing signing;
    Zone served;
    List<DSRecord> parent = List.of();
    Instant polled;

    World(SigningPolicy policy) throws Exception {
      this.policy = policy;
      this.polled = time.wall();
      validators.parent(List.of(), time.wall());
      start();
    }

    /** Outlives a server. */
    private final SignedStore copies =
        new SignedStore() {
          private Optional<Zone> kept = Optional.empty();

          @Override
          public Optional<Zone> load(Name zone) {
            return kept;
          }

          @Override
          public void keep(Zone served, Optional<Zone> before) {
            kept = Optional.of(served);
          }
        };

    /** A server on what the one before it left on disk. */
    void start() throws IOException {
      signing =
          new Signing(
              time,
              new SecureRandom(),
              new KeyFolder(folder.resolve("keys")),
              copies,
              event -> {
                if (event instanceof DnsEvent.KeyMoved moved) {
                  moves.add(moved.from() + ">" + moved.to());
                }
              });
      signing.adopt(signing.prepare(Map.of(ORIGIN, policy)));
      publish(signing.serve(unsigned));
    }

    void change(SigningPolicy next) throws IOException {
      policy = next;
      signing.adopt(signing.prepare(Map.of(ORIGIN, next)));
      publish(signing.serve(unsigned));
    }

    void publish(Zone zone) {
      if (zone == served) {
        return;
      }
      if (served != null && !served.sameAs(zone)) {
        assertThat(Serial.isAfter(zone.serial(), served.serial())).isTrue();
      }
      served = zone;
      var watched = served.sets().filter(s -> s.type() == Type.A || s.type() == Type.NSEC).toList();
      validators.served(served, watched, time.wall());
    }

    /** The first chain that broke. */
    Optional<String> run(Duration span) throws IOException {
      var end = time.wall().plus(span);
      while (time.wall().isBefore(end)) {
        time.advance(STEP);
        if (random.nextInt(150) == 0) {
          start();
        }
        if (!signing.due().isEmpty()) {
          publish(signing.serve(unsigned, Set.of()));
        }
        if (Duration.between(polled, time.wall()).toHours() >= 6) {
          poll();
        }
        var broken = validators.broken(time.wall());
        if (broken.isPresent()) {
          return broken;
        }
      }
      return Optional.empty();
    }

    /** A parent that takes over CDS (RFC 7344 section 6), and tells which keys it names. */
    private void poll() {
      polled = time.wall();
      signing.parentSays(ORIGIN, parent);
      var cds = served.at(ORIGIN, Type.CDS).map(RrSet::records).orElse(List.of());
      if (cds.isEmpty()) {
        return;
      }
      parent =
          cds.stream()
              .map(r -> (CDSRecord) r)
              .map(
                  c ->
                      new DSRecord(
                          ORIGIN,
                          1,
                          dsTtl.toSeconds(),
                          c.getFootprint(),
                          c.getAlgorithm(),
                          c.getDigestID(),
                          c.getDigest()))
              .toList();
      validators.parent(parent, time.wall());
    }

    List<KeyState> keys() {
      return signing.keys().get(ORIGIN);
    }
  }

  private static SigningPolicy policy(
      SigningAlgorithm algorithm, KeyScheme scheme, Duration data, Duration entry) {
    return new SigningPolicy(
        algorithm,
        scheme,
        Denial.NSEC,
        Duration.ofDays(6),
        Optional.of(data),
        Optional.of(entry),
        Set.of(),
        Set.of(),
        Duration.ofDays(1),
        Duration.ofHours(1),
        false);
  }

  private static SigningPolicy steady(SigningAlgorithm algorithm, KeyScheme scheme) {
    return policy(algorithm, scheme, Duration.ofDays(10_000), Duration.ofDays(10_000));
  }

  @Test
  void zone_and_key_signing_keys_roll_and_no_chain_ever_breaks() throws Exception {
    var world =
        new World(
            policy(
                SigningAlgorithm.ED25519,
                KeyScheme.KSK_ZSK,
                Duration.ofDays(7),
                Duration.ofDays(17)));
    assertThat(world.run(Duration.ofDays(90))).isEmpty();
    assertThat(world.moves.stream().filter("PREPUBLISHED>SUBMITTED"::equals).count())
        .as("successors of the KSK")
        .isGreaterThanOrEqualTo(3);
    assertThat(world.moves.stream().filter("PREPUBLISHED>ACTIVE"::equals).count())
        .as("successors of the ZSK")
        .isGreaterThanOrEqualTo(8);
    assertThat(world.keys()).hasSizeLessThanOrEqualTo(4);
    assertThat(world.validators.checks()).isGreaterThan(10_000);
  }

  @Test
  void a_combined_key_rolls_and_no_chain_ever_breaks() throws Exception {
    var world =
        new World(
            policy(
                SigningAlgorithm.ECDSAP256SHA256,
                KeyScheme.CSK,
                Duration.ofDays(8),
                Duration.ofDays(8)));
    assertThat(world.run(Duration.ofDays(60))).isEmpty();
    assertThat(world.moves.stream().filter("RETIRED>GONE"::equals).count())
        .isGreaterThanOrEqualTo(3);
  }

  @Test
  void another_algorithm_and_another_scheme_come_in_and_no_chain_ever_breaks() throws Exception {
    var world = new World(steady(SigningAlgorithm.ECDSAP256SHA256, KeyScheme.CSK));
    assertThat(world.run(Duration.ofDays(6))).isEmpty();
    world.change(steady(SigningAlgorithm.ED25519, KeyScheme.CSK));
    assertThat(world.run(Duration.ofDays(9))).isEmpty();
    assertThat(world.keys())
        .singleElement()
        .satisfies(
            k -> {
              assertThat(k.key().algorithm()).isEqualTo(15);
              assertThat(k.phase()).isEqualTo(KeyPhase.ACTIVE);
            });
    world.change(steady(SigningAlgorithm.ED25519, KeyScheme.KSK_ZSK));
    assertThat(world.run(Duration.ofDays(9))).isEmpty();
    assertThat(world.keys()).extracting(KeyState::role).containsExactly(KeyRole.KSK, KeyRole.ZSK);
    world.change(steady(SigningAlgorithm.ECDSAP256SHA256, KeyScheme.CSK));
    assertThat(world.run(Duration.ofDays(9))).isEmpty();
    assertThat(world.keys()).extracting(KeyState::role).containsExactly(KeyRole.CSK);
  }

  @Test
  void the_parent_is_waited_for_as_long_as_it_takes() throws Exception {
    var world = new World(steady(SigningAlgorithm.ED25519, KeyScheme.CSK));
    assertThat(world.run(Duration.ofDays(4))).isEmpty();
    int tag = world.keys().getFirst().key().tag();
    var roll = steady(SigningAlgorithm.ED25519, KeyScheme.CSK);
    world.change(
        new SigningPolicy(
            roll.algorithm(),
            roll.scheme(),
            roll.denial(),
            roll.validity(),
            roll.dataLifetime(),
            roll.entryLifetime(),
            Set.of(tag),
            Set.of(),
            roll.parentTtl(),
            roll.safety(),
            false));
    world.polled = world.time.wall().plus(Duration.ofDays(60)); // the parent sleeps
    assertThat(world.run(Duration.ofDays(30))).isEmpty();
    assertThat(world.keys())
        .extracting(KeyState::phase)
        .containsExactlyInAnyOrder(KeyPhase.RETIRED, KeyPhase.SUBMITTED);
    assertThat(world.run(Duration.ofDays(40))).isEmpty();
    assertThat(world.keys()).singleElement().extracting(k -> k.key().tag()).isNotEqualTo(tag);
  }

  /** The view must see what is wrong, or the tests above would say nothing. */
  @Test
  void waits_that_are_too_short_are_seen() throws Exception {
    var good =
        policy(SigningAlgorithm.ED25519, KeyScheme.CSK, Duration.ofDays(4), Duration.ofDays(4));
    var hasty =
        new SigningPolicy(
            good.algorithm(),
            good.scheme(),
            good.denial(),
            good.validity(),
            good.dataLifetime(),
            good.entryLifetime(),
            Set.of(),
            Set.of(),
            Duration.ofHours(2),
            Duration.ZERO,
            false);
    assertThat(new World(hasty).run(Duration.ofDays(30))).isPresent();
  }

  @Test
  void a_clock_that_is_set_shortens_no_wait() throws Exception {
    var world =
        new World(
            policy(
                SigningAlgorithm.ED25519,
                KeyScheme.KSK_ZSK,
                Duration.ofDays(2),
                Duration.ofDays(400)));
    world.run(Duration.ofHours(1));
    world.time.jumpWall(Duration.ofDays(900)); // a board without a clock hears the time
    var before = world.moves.size();
    publishIfDue(world);
    assertThat(world.moves.subList(before, world.moves.size())).isEmpty();
    assertThat(
            world
                .served
                .records()
                .filter(r -> r.getType() == Type.RRSIG)
                .map(r -> ((org.xbill.DNS.RRSIGRecord) r).getExpire()))
        .allSatisfy(end -> assertThat(end).isAfter(world.time.wall()));
  }

  private static void publishIfDue(World world) {
    if (!world.signing.due().isEmpty()) {
      world.publish(world.signing.serve(world.unsigned, Set.of()));
    }
  }
}
