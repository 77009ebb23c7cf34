package dev.islet.dns.dnssec;

import dev.islet.dns.model.Denial;
import dev.islet.dns.model.KeyScheme;
import dev.islet.dns.model.SigningAlgorithm;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Zones to sign, keys to sign them with, and the programs of others to check them. */
public final class SignedZones {
  static final Name ORIGIN = Name.fromConstantString("example.test.");

  /** Of each thing that is proven in a way of its own, one. */
  static final List<String> RECORDS =
      List.of(
          "@ 900 SOA ns host 7 3600 900 86400 300",
          "@ NS ns",
          "@ MX 10 mail",
          "ns A 192.0.2.1",
          "mail A 192.0.2.2",
          "mail AAAA 2001:db8::2",
          "WWW A 192.0.2.3",
          "www A 192.0.2.4",
          "www 60 TXT \"hello\"",
          "alias CNAME www",
          "lost CNAME nowhere",
          "*.wild A 192.0.2.5",
          "*.stars CNAME Www",
          "host.wild TXT \"closer than the wildcard\"",
          "deep.b.c A 192.0.2.6",
          "tree DNAME Other",
          "leaf.other A 192.0.2.7",
          "secure NS ns.secure",
          "secure DS 1 13 2 " + "ab".repeat(32),
          "ns.secure A 192.0.2.8",
          "insecure NS ns.insecure",
          "insecure NS ns",
          "ns.insecure A 192.0.2.9",
          "below.tree A 192.0.2.10",
          "under.insecure.x NS ns",
          "svc SRV 0 0 5060 mail",
          "odd TYPE65280 \\# 3 010203",
          "zz A 192.0.2.11");

  private SignedZones() {}

  static Zone unsigned() throws ZoneFault {
    return MasterFile.lines(RECORDS, ORIGIN, "test");
  }

  static SigningPolicy policy(SigningAlgorithm algorithm, KeyScheme scheme, Denial denial) {
    return new SigningPolicy(
        algorithm,
        scheme,
        denial,
        Duration.ofDays(14),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Set.of(),
        Duration.ofDays(1),
        Duration.ofHours(1),
        false);
  }

  static List<KeyState> keys(SigningPolicy policy, Name origin, Instant now) {
    var roles =
        policy.scheme() == KeyScheme.CSK ? List.of(KeyRole.CSK) : List.of(KeyRole.KSK, KeyRole.ZSK);
    var keys = new ArrayList<KeyState>();
    for (var role : roles) {
      var key = KeyText.generate(origin, policy.algorithm(), role, 3600, new SecureRandom());
      keys.add(new KeyState(key, role, 1, KeyPhase.ACTIVE, now, Optional.empty()));
    }
    return keys;
  }

  /** A zone as it is served once it is signed. */
  public static Zone signed(Zone unsigned, Denial denial, Instant now) {
    var policy = policy(SigningAlgorithm.ECDSAP256SHA256, KeyScheme.CSK, denial);
    var keys = keys(policy, unsigned.origin(), now);
    return new ZoneSigner(unsigned.origin(), keys, policy, now)
        .all(unsigned, Optional.empty(), unsigned.serial());
  }

  /** A master file; signatures with the TTLs of what they cover. */
  public static Path write(Path file, Zone zone) throws IOException {
    Files.writeString(
        file,
        zone.records()
            .sorted((a, b) -> a.getType() == Type.SOA ? -1 : b.getType() == Type.SOA ? 1 : 0)
            .map(SignedZones::text)
            .collect(Collectors.joining("\n", "", "\n")));
    return file;
  }

  private static String text(Record record) {
    if (record instanceof RRSIGRecord sig && sig.getTTL() != sig.getOrigTTL()) {
      return Record.newRecord(
              sig.getName(), Type.RRSIG, 1, sig.getOrigTTL(), sig.rdataToWireCanonical())
          .toString();
    }
    return record.toString();
  }

  /** What delv wants in its file of anchors. */
  static Path anchor(Path file, KeyState key) throws IOException {
    var record = key.key().record();
    Files.writeString(
        file,
        "trust-anchors { "
            + record.getName()
            + " static-key "
            + record.getFlags()
            + " 3 "
            + record.getAlgorithm()
            + " \""
            + Base64.getEncoder().encodeToString(record.getKey())
            + "\"; };\n");
    return file;
  }

  static boolean installed(String program) {
    return Files.isExecutable(Path.of(program));
  }

  /** What a program says, and its exit code at the end. */
  static String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return text + "exit " + process.exitValue();
  }
}
