package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Denial;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.TsigAlgorithm;
import dev.islet.dns.wire.Tsig;
import dev.islet.dns.wire.TsigKey;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** {@code dnssec: on}, from the file to the wire. */
class SignedServerTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  @TempDir Path folder;

  private DnsServer open(String dnssec) throws IOException {
    return open("", dnssec);
  }

  private DnsServer open(String more, String dnssec) throws IOException {
    Files.writeString(
        folder.resolve("dns.yaml"),
        """
        listen: [127.0.0.1:0]
        keys: {dhcp-dns.: {secret: %s}}
        zones:
          home.arpa:
            records: [%s"nas A 10.0.0.1", "*.wild A 10.0.0.2"]
            update: {keys: [dhcp-dns.]}
            %s
        """
            .formatted(SECRET, more, dnssec));
    return DnsServer.create(
        new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
        new Home(folder.resolve("data"), folder.resolve("logs")));
  }

  private static Message ask(DnsServer dns, String name, int type, boolean dnssecOk)
      throws IOException {
    try (var asker = new Asker.Stream(dns.endpoints().getFirst().address())) {
      var query = Message.newQuery(Record.newRecord(Name.fromString(name), type, 1));
      query.addRecord(
          new OPTRecord(1232, 0, 0, dnssecOk ? ExtendedFlags.DO : 0), Section.ADDITIONAL);
      asker.send(query.toWire());
      return new Message(asker.receive());
    }
  }

  private static long serial(DnsServer dns) throws IOException {
    return ((SOARecord)
            ask(dns, "home.arpa.", Type.SOA, false).getSection(Section.ANSWER).getFirst())
        .getSerial();
  }

  /** Checks a set and its signature by the zone's key. */
  private static void good(DnsServer dns, Message reply, int section) throws Exception {
    var key =
        (DNSKEYRecord)
            ask(dns, "home.arpa.", Type.DNSKEY, false).getSection(Section.ANSWER).getFirst();
    var sets = reply.getSectionRRsets(section);
    assertThat(sets).isNotEmpty();
    for (var set : sets) {
      var sig = (RRSIGRecord) set.sigs().getFirst();
      DNSSEC.verify(new RRset(set.rrs().toArray(Record[]::new)), sig, key, Instant.now());
    }
  }

  @Test
  void signatures_are_for_those_who_ask_for_them() throws Exception {
    try (var dns = open("dnssec: on").start()) {
      var plain = ask(dns, "nas.home.arpa.", Type.A, false);
      assertThat(plain.getSection(Section.ANSWER)).hasSize(1);
      assertThat(ask(dns, "none.home.arpa.", Type.A, false).getSection(Section.AUTHORITY))
          .hasSize(1);
      var signed = ask(dns, "nas.home.arpa.", Type.A, true);
      assertThat(signed.getSection(Section.ANSWER)).hasSize(2);
      good(dns, signed, Section.ANSWER);
      good(dns, ask(dns, "none.home.arpa.", Type.A, true), Section.AUTHORITY);
    }
  }

  /** RFC 4035 section 3.1.3.3: also where the alias leads to a name that others are asked for. */
  @ParameterizedTest
  @ValueSource(strings = {"NSEC", "NSEC3"})
  void an_alias_of_a_wildcard_comes_with_the_proof_wherever_it_leads(Denial denial)
      throws Exception {
    var how = DnssecConfig.parse("on");
    var other =
        new DnssecConfig(
            how.algorithm(),
            how.keys(),
            denial,
            how.validity(),
            how.zskLifetime(),
            how.kskLifetime(),
            how.roll(),
            how.parentHas(),
            how.parent(),
            how.parentTtl(),
            how.safety(),
            how.withdraw());
    var there = Name.fromConstantString("there.elsewhere.");
    try (var dns =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .zone("home.arpa", z -> z.cname("*.far", "there.elsewhere.").dnssec(other))
                        .answer(
                            "elsewhere.",
                            q ->
                                Optional.of(
                                    Answer.of(
                                        List.of(
                                            RrSet.of(
                                                new ARecord(
                                                    there,
                                                    1,
                                                    60,
                                                    InetAddress.getLoopbackAddress()))),
                                        false))))
            .start()) {
      var reply = ask(dns, "any.far.home.arpa.", Type.A, true);
      assertThat(reply.getSection(Section.ANSWER)).hasSize(3);
      assertThat(types(reply)).containsExactly(Type.value(denial.name()), Type.RRSIG);
      good(dns, reply, Section.AUTHORITY);
      var proof = reply.getSection(Section.AUTHORITY).getFirst();
      if (proof instanceof NSECRecord nsec) {
        var name = Name.fromConstantString("any.far.home.arpa.");
        assertThat(nsec.getName()).isLessThan(name);
        boolean last = nsec.getNext().equals(HOME);
        assertThat(last || nsec.getNext().compareTo(name) > 0).isTrue();
      }
      assertThat(ask(dns, "any.far.home.arpa.", Type.A, false).getSection(Section.AUTHORITY))
          .isEmpty();
    }
  }

  @Test
  void an_update_is_signed_when_it_is_acknowledged() throws Exception {
    try (var dns = open("dnssec: {denial: nsec3, keys: ksk-zsk}").start()) {
      long before = serial(dns);
      update(dns, "pc.home.arpa.", 300);
      assertThat(ask(dns, "pc.home.arpa.", Type.A, true).getSection(Section.ANSWER)).hasSize(2);
      assertThat(serial(dns)).isEqualTo(before + 1);
    }
  }

  @Test
  void keys_and_serial_outlive_the_server_and_only_the_owner_can_read_them() throws Exception {
    byte[] key;
    long serial;
    try (var dns = open("dnssec: on").start()) {
      key = key(dns);
      serial = serial(dns);
    }
    try (var dns = open("dnssec: on").start()) {
      assertThat(key(dns)).isEqualTo(key);
      assertThat(serial(dns)).isEqualTo(serial);
    }
    var place = folder.resolve("data/keys/dnssec/home.arpa");
    try (var files = Files.list(place)) {
      for (var file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
        .isEqualTo("rwx------");
  }

  private static final String SENT = "\n    transfer: {networks: [127.0.0.0/8]}";

  /** Every record but the SOA's, as it is sent to secondaries. */
  private static Set<String> whole(DnsServer dns) throws IOException {
    try (var asker = new Asker.Stream(dns.endpoints().getFirst().address())) {
      asker.send(Message.newQuery(Record.newRecord(HOME, Type.AXFR, 1)).toWire());
      var all = new TreeSet<String>();
      new Message(asker.receive()).getSection(Section.ANSWER).forEach(r -> all.add(r.toString()));
      return all;
    }
  }

  private static Set<String> signatures(Set<String> zone) {
    var all = new TreeSet<>(zone);
    all.removeIf(r -> !r.contains("\tRRSIG\t"));
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nsec", "nsec3"})
  void a_restart_changes_nothing_and_signs_what_is_new(String denial) throws Exception {
    var config = "dnssec: {denial: " + denial + "}" + SENT;
    Set<String> zone;
    long serial;
    try (var dns = open(config).start()) {
      for (int i = 0; i < 5; i++) {
        update(dns, "host" + i + ".deep.home.arpa.", 300 + i);
      }
      serial = serial(dns);
      zone = whole(dns);
    }
    try (var dns = open(config).start()) {
      assertThat(serial(dns)).isEqualTo(serial);
      assertThat(whole(dns)).isEqualTo(zone);
      assertThat(since(dns, serial - 2)).as("steps lead on over a restart").hasSizeLessThan(40);
    }
    try (var dns = open("\"new A 10.0.0.8\", ", config).start()) {
      assertThat(serial(dns)).isGreaterThan(serial);
      var lost = signatures(zone);
      lost.removeAll(signatures(whole(dns)));
      assertThat(lost).as("SOA, and the denials before the new name").hasSizeLessThan(4);
      good(dns, ask(dns, "new.home.arpa.", Type.A, true), Section.ANSWER);
      good(dns, ask(dns, "newer.home.arpa.", Type.A, true), Section.AUTHORITY);
      serial = serial(dns);
      zone = whole(dns);
    }
    // A power cut may take the last steps.
    var journal = folder.resolve("data/dns/signed/home.arpa.zone");
    var bytes = Files.readAllBytes(journal);
    Files.write(journal, Arrays.copyOf(bytes, bytes.length - 100));
    try (var dns = open("\"new A 10.0.0.8\", ", config).start()) {
      assertThat(serial(dns)).as("other signatures, another serial").isGreaterThan(serial);
      good(dns, ask(dns, "new.home.arpa.", Type.A, true), Section.ANSWER);
      good(dns, ask(dns, "newer.home.arpa.", Type.A, true), Section.AUTHORITY);
    }
  }

  /** What an IXFR from a serial has. */
  private static List<Record> since(DnsServer dns, long serial) throws IOException {
    try (var asker = new Asker.Stream(dns.endpoints().getFirst().address())) {
      var query = Message.newQuery(Record.newRecord(HOME, Type.IXFR, 1));
      query.addRecord(new SOARecord(HOME, 1, 0, HOME, HOME, serial, 0, 0, 0, 0), Section.AUTHORITY);
      asker.send(query.toWire());
      return new Message(asker.receive()).getSection(Section.ANSWER);
    }
  }

  private static byte[] key(DnsServer dns) throws IOException {
    return ((DNSKEYRecord)
            ask(dns, "home.arpa.", Type.DNSKEY, false).getSection(Section.ANSWER).getFirst())
        .getKey();
  }

  @Test
  void keys_that_bind_made_are_taken_over_and_ours_are_read_by_bind() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dnssec-keygen")));
    var place = folder.resolve("data/keys/dnssec/home.arpa");
    Files.createDirectories(place);
    run(
        "/usr/bin/dnssec-keygen",
        "-K",
        place.toString(),
        "-a",
        "ED25519",
        "-f",
        "KSK",
        "home.arpa");
    run("/usr/bin/dnssec-keygen", "-K", place.toString(), "-a", "ED25519", "home.arpa");
    try (var dns = open("dnssec: {algorithm: ed25519, keys: ksk-zsk}").start()) {
      var keys = ask(dns, "home.arpa.", Type.DNSKEY, true).getSection(Section.ANSWER);
      assertThat(keys).as("two keys, one signature").hasSize(3);
    }
    folder.resolve("data/keys/dnssec/home.arpa/state").toFile().delete();
    try (var dns = open("dnssec: {algorithm: ed25519, keys: ksk-zsk}").start()) {
      var shown = ask(dns, "home.arpa.", Type.CDS, false).getSection(Section.ANSWER).getFirst();
      try (var files = Files.list(place)) {
        var ksk =
            files
                .filter(
                    f -> f.toString().endsWith(".key") && text(f).matches("(?s).*DNSKEY\\s257.*"))
                .findFirst();
        var ds = run("/usr/bin/dnssec-dsfromkey", "-2", ksk.orElseThrow().toString());
        assertThat(ds.replace(" ", "")).contains(shown.rdataToString().replace(" ", ""));
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String run(String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  @Test
  void a_reload_turns_signing_on_and_off_and_changes_the_denial() throws Exception {
    try (var dns = open("").start()) {
      assertThat(ask(dns, "nas.home.arpa.", Type.A, true).getSection(Section.ANSWER)).hasSize(1);
      rewrite("dnssec: on");
      assertThat(dns.reload()).isInstanceOf(Reload.Applied.class);
      assertThat(types(ask(dns, "none.home.arpa.", Type.A, true))).contains(Type.NSEC);
      rewrite("dnssec: {denial: nsec3}");
      assertThat(dns.reload()).isInstanceOf(Reload.Applied.class);
      assertThat(types(ask(dns, "none.home.arpa.", Type.A, true)))
          .contains(Type.NSEC3)
          .doesNotContain(Type.NSEC);
      rewrite("dnssec: off");
      assertThat(dns.reload()).isInstanceOf(Reload.Refused.class);
      assertThat(types(ask(dns, "none.home.arpa.", Type.A, true))).contains(Type.NSEC3);
      rewrite("");
      assertThat(dns.reload()).isInstanceOf(Reload.Applied.class);
      assertThat(types(ask(dns, "none.home.arpa.", Type.A, true))).containsOnly(Type.SOA);
    }
  }

  private void rewrite(String dnssec) throws IOException {
    var file = folder.resolve("dns.yaml");
    var kept =
        Files.readString(file).lines().filter(l -> !l.strip().startsWith("dnssec:")).toList();
    Files.writeString(file, String.join("\n", kept) + "\n    " + dnssec + "\n");
  }

  private static List<Integer> types(Message reply) {
    return reply.getSection(Section.AUTHORITY).stream().map(Record::getType).toList();
  }

  @Test
  void a_zone_that_was_transferred_after_updates_is_whole() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/dig")));
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/ldns-verify-zone")));
    for (var denial : List.of("nsec", "nsec3")) {
      try (var dns =
          open("dnssec: {denial: " + denial + "}\n    transfer: {networks: [127.0.0.0/8]}")
              .start()) {
        for (int i = 0; i < 5; i++) {
          update(dns, "host" + i + ".deep.home.arpa.", 300 + i);
        }
        var port = "" + dns.endpoints().getFirst().address().getPort();
        var text =
            run("/usr/bin/dig", "-p", port, "@127.0.0.1", "+noall", "+answer", "home.arpa", "AXFR");
        var file = folder.resolve(denial);
        Files.writeString(file, text.substring(0, text.stripTrailing().lastIndexOf('\n') + 1));
        assertThat(run("/usr/bin/ldns-verify-zone", "-V", "3", file.toString()))
            .contains("Zone is verified and complete");
        assertThat(run("/usr/bin/dnssec-verify", "-z", "-o", "home.arpa", file.toString()))
            .contains("Zone fully signed");
      }
      Files.delete(folder.resolve("data/dns/updates.journal"));
    }
  }

  private static void update(DnsServer dns, String name, int ttl) throws IOException {
    var update = new Update(HOME);
    update.add(Name.fromString(name), Type.A, ttl, "10.0.0.9");
    var key =
        new TsigKey(
            Name.fromConstantString("dhcp-dns."),
            TsigAlgorithm.HMAC_SHA256,
            Base64.getDecoder().decode(SECRET));
    try (var asker = new Asker.Stream(dns.endpoints().getFirst().address())) {
      asker.send(Tsig.signRequest(update.toWire(), key, Instant.now()));
      assertThat(new Message(asker.receive()).getRcode()).isZero();
    }
  }

  @Test
  void a_damaged_key_stops_the_start_and_says_where() throws Exception {
    try (var dns = open("dnssec: on").start()) {
      assertThat(serial(dns)).isPositive();
    }
    var state = folder.resolve("data/keys/dnssec/home.arpa/state");
    Files.writeString(state, Files.readString(state).replace("CSK", "CAT"));
    try (var dns = open("dnssec: on")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(dns::start)
          .hasMessageContaining("DNS-SIGN-001")
          .hasMessageContaining("state:4");
    }
  }
}
