package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A zone that we sign, at BIND, NSD and Knot: whole, after an update, and after some of it was
 * signed again, each time with what a validator believes.
 */
class SignedSecondariesTest {
  /** Name, type, and what delv must say of it. */
  private static final List<String> QUESTIONS =
      List.of(
          "@ SOA fully validated",
          "@ DNSKEY fully validated",
          "nas A fully validated",
          "www A fully validated",
          "some.wild A fully validated",
          "alias.stars A fully validated",
          "nas MX negative response, fully validated",
          "nothere A negative response, fully validated",
          "b.c A negative response, fully validated",
          "some.wild MX negative response, fully validated",
          "kid DS negative response, fully validated",
          "host-77 A fully validated");

  @TempDir Path folder;
  private final Queue<DnsEvent> events = new ConcurrentLinkedQueue<>();

  private static String zone() {
    var text = new StringBuilder("$TTL 300\n@ 900 SOA ns host 7 3600 900 86400 60\n@ NS ns\n");
    text.append("ns A 192.0.2.1\nNAS A 192.0.2.2\nwww CNAME nas\n*.wild A 192.0.2.3\n");
    text.append("kid NS ns.kid\nns.kid AAAA 2001:db8::7\na.b.c TXT deep\n*.stars CNAME nas\n");
    for (int i = 0; i < 300; i++) {
      text.append("host-").append(i).append(" 60 A 198.51.100.").append(i % 256).append('\n');
    }
    return text.toString();
  }

  private void configure(String denial, String validity, int secondary) throws IOException {
    Files.writeString(
        folder.resolve("dns.yaml"),
        """
        listen: ["127.0.0.1:0"]
        keys: {xfer: {secret: "%s"}}
        zones:
          home.arpa:
            file: ours.zone
            dnssec: {denial: %s, validity: %s}
            update: {keys: [xfer]}
            transfer: {keys: [xfer]}
            notify-to: {targets: ["127.0.0.1:%d"], key: xfer}
        """
            .formatted(PeerServer.SECRET, denial, validity, secondary));
  }

  private DnsServer open() {
    var dns =
        DnsServer.create(
            new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
            new Home(folder.resolve("data"), folder.resolve("logs")));
    dns.trace().listen(record -> events.add((DnsEvent) record.event()));
    return dns.start();
  }

  @ParameterizedTest
  @CsvSource({
    "NAMED, nsec",
    "NAMED, nsec3",
    "NSD, nsec",
    "NSD, nsec3",
    "KNOT, nsec",
    "KNOT, nsec3"
  })
  void signatures_go_with_the_zone(PeerServer.Kind kind, String denial) throws Exception {
    assumeTrue(kind.installed());
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/delv")));
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/nsupdate")));
    Files.writeString(folder.resolve("ours.zone"), zone());
    int port = PeerServer.freePort();
    configure(denial, "14d", port);
    try (var ours = open();
        var peer =
            PeerServer.secondary(
                kind, Files.createDirectory(folder.resolve("peer")), port, port(ours))) {
      same(ours, peer);

      SecondariesOfOursTest.update(
          port(ours),
          "update add pc.home.arpa 300 A 10.0.0.2",
          "update delete host-7.home.arpa",
          "update add kid.home.arpa 300 NS ns.home.arpa",
          "update add new.wild.home.arpa 300 TXT closer");
      same(ours, peer);
      awaitDifferences(1);
      delv(peer, "pc A fully validated", "host-7 A negative response, fully validated");

      var before = signatures(peer);
      long serial = serial(ours);
      configure(denial, "796h", port); // so long that about half of them end too soon for it
      assertThat(ours.reload()).isInstanceOf(Reload.Applied.class);
      assertThat(serial(ours)).isEqualTo(serial + 1);
      same(ours, peer);
      var after = signatures(peer);
      int all = after.size();
      after.removeAll(before);
      assertThat(after.size()).as("of " + all).isBetween(all / 4, all * 3 / 4);
      awaitDifferences(2);
    }
  }

  /** Waits until the secondary has our serial; then it must have all, and be believed. */
  private void same(DnsServer ours, PeerServer peer) throws Exception {
    peer.awaitSerial(serial(ours));
    PeerServer.assertSameZone(peer.address(), address(ours));
    delv(peer, QUESTIONS.toArray(String[]::new));
  }

  private void delv(PeerServer peer, String... questions) throws Exception {
    var anchor = anchor(peer.address());
    var faults = new ArrayList<String>();
    for (var line : questions) {
      var words = line.split(" ", 3);
      var name = words[0].equals("@") ? "home.arpa." : words[0] + ".home.arpa.";
      var command =
          List.of(
              "/usr/bin/delv",
              "@127.0.0.1",
              "-p",
              "" + peer.port,
              "-a",
              anchor.toString(),
              "+root=home.arpa",
              name,
              words[1]);
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      if (!said.contains("; " + words[2])) {
        faults.add(line + "\n" + said);
      }
    }
    assertThat(faults).isEmpty();
  }

  private Path anchor(InetSocketAddress server) throws IOException {
    var key = (DNSKEYRecord) ask(server, Type.DNSKEY);
    return Files.writeString(
        folder.resolve("anchor"),
        "trust-anchors { home.arpa. static-key %d 3 %d \"%s\"; };\n"
            .formatted(
                key.getFlags(),
                key.getAlgorithm(),
                Base64.getEncoder().encodeToString(key.getKey())));
  }

  private static org.xbill.DNS.Record ask(InetSocketAddress server, int type) throws IOException {
    try (var stream = new Asker.Stream(server)) {
      stream.send(Asker.query(PeerServer.ZONE, type).toWire());
      return new Message(stream.receive()).getSection(Section.ANSWER).getFirst();
    }
  }

  private static long serial(DnsServer server) throws IOException {
    return ((SOARecord) ask(address(server), Type.SOA)).getSerial();
  }

  private static TreeSet<String> signatures(PeerServer peer) {
    var all = PeerServer.records(peer.address());
    all.removeIf(text -> !text.contains(" RRSIG "));
    return all;
  }

  /** What is traced comes on a thread of the listener's own. */
  private void awaitDifferences(long times) {
    Wait.until(
        PeerServer.PATIENCE,
        () -> {
          long sent =
              events.stream()
                  .filter(e -> e instanceof DnsEvent.ZoneSent s && s.kind().equals("IXFR"))
                  .count();
          return sent == times ? "" : sent + " differences sent: " + events;
        });
  }

  private static InetSocketAddress address(DnsServer server) {
    return server.endpoints().getFirst().address();
  }

  private static int port(DnsServer server) {
    return address(server).getPort();
  }
}
