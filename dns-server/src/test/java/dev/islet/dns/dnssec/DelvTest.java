package dev.islet.dns.dnssec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.DnsServer;
import dev.islet.dns.model.Denial;
import dev.islet.dns.model.KeyScheme;
import dev.islet.dns.model.SigningAlgorithm;
import dev.islet.dns.zone.Zone;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** BIND's validator, and BIND's and NLnet Labs' checkers of zones, on what the signer makes. */
class DelvTest {
  /** Name, type, and what delv must say of it. */
  private static final List<String> QUESTIONS =
      List.of(
          "@ SOA =fully validated",
          "@ DNSKEY =fully validated",
          "@ CDS =fully validated",
          "@ CDNSKEY =fully validated",
          "www A =fully validated",
          "WwW TXT =fully validated",
          "www MX -negative response, fully validated",
          "nothere A -negative response, fully validated",
          "a.very.deep.nothing A -negative response, fully validated",
          "zzz A -negative response, fully validated",
          "alias A =fully validated",
          "lost A =fully validated",
          "any.wild A =fully validated",
          "some.more.wild A =fully validated",
          "any.wild MX -negative response, fully validated",
          "host.wild A -negative response, fully validated",
          "below.host.wild A -negative response, fully validated",
          "x.stars A =fully validated",
          "wild A -negative response, fully validated",
          "b.c A -negative response, fully validated",
          "c TXT -negative response, fully validated",
          "leaf.tree A =fully validated",
          "tree DNAME =fully validated",
          "tree A -negative response, fully validated",
          "secure DS =fully validated",
          "insecure DS -negative response, fully validated",
          "under.insecure.x DS -negative response, fully validated",
          "odd TYPE65280 =fully validated",
          "svc SRV =fully validated");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "ECDSAP256SHA256, CSK, NSEC",
    "ECDSAP256SHA256, KSK_ZSK, NSEC3",
    "ED25519, CSK, NSEC3",
    "ED25519, KSK_ZSK, NSEC"
  })
  void every_kind_of_answer_is_fully_validated(
      SigningAlgorithm algorithm, KeyScheme scheme, Denial denial) throws Exception {
    assumeTrue(SignedZones.installed("/usr/bin/delv"));
    var now = Instant.now();
    var policy = SignedZones.policy(algorithm, scheme, denial);
    var keys = SignedZones.keys(policy, SignedZones.ORIGIN, now);
    var signed = sign(policy, keys, now);
    var file = SignedZones.write(folder.resolve("zone"), signed);
    var anchor = SignedZones.anchor(folder.resolve("anchor"), keys.getFirst());
    try (var dns =
        DnsServer.create(c -> c.listen("127.0.0.1", 0).zoneFile("example.test", file)).start()) {
      int port = dns.endpoints().getFirst().address().getPort();
      var faults = new ArrayList<String>();
      for (var line : QUESTIONS) {
        var words = line.split(" ", 3);
        var name = words[0].equals("@") ? "example.test." : words[0] + ".example.test.";
        var said =
            SignedZones.run(
                "/usr/bin/delv",
                "@127.0.0.1",
                "-p",
                "" + port,
                "-a",
                anchor.toString(),
                "+root=example.test",
                name,
                words[1]);
        if (!said.contains("; " + words[2].substring(1))) {
          faults.add(line + "\n" + said);
        }
      }
      assertThat(faults).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ECDSAP256SHA256, CSK, NSEC",
    "ECDSAP256SHA256, KSK_ZSK, NSEC3",
    "ED25519, CSK, NSEC3",
    "ED25519, KSK_ZSK, NSEC"
  })
  void the_whole_zone_is_good(SigningAlgorithm algorithm, KeyScheme scheme, Denial denial)
      throws Exception {
    assumeTrue(SignedZones.installed("/usr/bin/dnssec-verify"));
    assumeTrue(SignedZones.installed("/usr/bin/ldns-verify-zone"));
    var now = Instant.now();
    var policy = SignedZones.policy(algorithm, scheme, denial);
    var keys = SignedZones.keys(policy, SignedZones.ORIGIN, now);
    var file = SignedZones.write(folder.resolve("zone"), sign(policy, keys, now)).toString();
    var bind =
        scheme == KeyScheme.CSK
            ? SignedZones.run("/usr/bin/dnssec-verify", "-z", "-o", "example.test", file)
            : SignedZones.run("/usr/bin/dnssec-verify", "-o", "example.test", file);
    assertThat(bind).contains("Zone fully signed", "exit 0");
    assertThat(SignedZones.run("/usr/bin/ldns-verify-zone", "-V", "3", file))
        .contains("Zone is verified and complete", "exit 0");
  }

  private static Zone sign(SigningPolicy policy, List<KeyState> keys, Instant now)
      throws Exception {
    return new ZoneSigner(SignedZones.ORIGIN, keys, policy, now)
        .all(SignedZones.unsigned(), Optional.empty(), 8);
  }
}
