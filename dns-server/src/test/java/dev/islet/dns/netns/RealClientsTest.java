package dev.islet.dns.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Namespaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients over a real cable, each by IPv4 and by IPv6, to both addresses of the server. */
class RealClientsTest {
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private static final String SIGN = "hmac-sha256:k:" + SECRET;
  private static final String FIRST = "10.78.0.1";
  private static final String SECOND = "10.78.0.2";
  private static final String FIRST_6 = "fd78::1";
  private static final String SECOND_6 = "fd78::2";
  private static final Pattern ANCHOR = Pattern.compile("DNSKEY\\s+(257 3 13 .+)");

  private static final String CONFIG =
      """
      listen: ["0.0.0.0:53", "[::]:53"]
      dot: {listen: ["0.0.0.0:853", "[::]:853"]}
      doh: {listen: ["0.0.0.0:443", "[::]:443"]}
      tls: {names: [localhost]}
      nsid: street
      rate-limit: {per-second: 0}
      keys: {k.: {secret: "%s"}}
      zones:
        home.arpa:
          file: home.zone
          update: {keys: [k.]}
          transfer: {networks: [10.78.0.0/24, "fd78::/64"], keys: [k.]}
        open.test:
          file: open.zone
          transfer: {networks: [10.78.0.9/32, "fd78::9/128"]}
        signed.test:
          records: ["www A 192.0.2.7", "*.wild A 192.0.2.8", "alias CNAME www"]
          dnssec: on
          transfer: {networks: [10.78.0.0/24, "fd78::/64"]}
      """;

  @TempDir static Path folder;
  private static Street street;
  private static Street.Serving server;

  @BeforeAll
  static void serve() throws Exception {
    street = Street.build(folder);
    write(1);
    var config = folder.resolve("dns.yaml");
    Files.writeString(config, CONFIG.formatted(SECRET));
    server = street.server(config);
  }

  @AfterAll
  static void end() throws Exception {
    if (street != null) {
      street.close();
    }
  }

  /** Both zones with this serial; nothing in them changes but one address. */
  private static void write(int serial) throws Exception {
    for (var zone : List.of("home", "open")) {
      var text = new StringBuilder("$TTL 300\n@ SOA ns host %d 60 30 900 60\n".formatted(serial));
      text.append("@ NS ns\nns A 10.78.0.1\nns AAAA fd78::1\nnas A 192.0.2.1\n");
      text.append("many TXT ").append(("\"" + "x".repeat(200) + "\" ").repeat(20)).append('\n');
      text.append("moving A 198.51.100.%d\n".formatted(serial));
      for (int i = 0; i < 500; i++) {
        text.append("h%d A 203.0.113.%d\n".formatted(i, i % 256));
      }
      Files.writeString(folder.resolve(zone + ".zone"), text);
    }
  }

  private static String ask(String program, String... words) throws Exception {
    assumeTrue(Namespaces.have(program), "needs " + program);
    var command = new ArrayList<>(List.of(program));
    command.addAll(List.of(words));
    return street.ask("", command);
  }

  private static String dig(String address, String... words) throws Exception {
    var all = new ArrayList<>(List.of("@" + address, "+tries=1", "+timeout=5"));
    all.addAll(List.of(words));
    return ask("dig", all.toArray(String[]::new));
  }

  private static String update(String address, String... lines) throws Exception {
    assumeTrue(Namespaces.have("nsupdate"), "needs nsupdate");
    var script =
        "server %s\nzone home.arpa\nkey hmac-sha256:k %s\n%s\nsend\n"
            .formatted(address, SECRET, String.join("\n", lines));
    return street.ask(script, List.of("nsupdate"));
  }

  /** dig and drill say so when a reply comes from another address than the one asked. */
  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND, FIRST_6, SECOND_6})
  void a_reply_leaves_from_the_address_asked(String address) throws Exception {
    for (var way : List.of("+notcp", "+tcp")) {
      var said = dig(address, way, "nas.home.arpa");
      assertThat(said)
          .contains("192.0.2.1", "status: NOERROR", "SERVER: " + address + "#53")
          .doesNotContain("unexpected source", "no servers could be reached");
    }
    // an update is answered on a way of its own, after its record is on disk
    assertThat(update(address, "update add from.home.arpa 60 TXT \"x\"")).isEmpty();
    assertThat(update(address, "update delete from.home.arpa")).isEmpty();
    assertThat(ask("drill", "-Q", "@" + address, "nas.home.arpa").strip()).isEqualTo("192.0.2.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {SECOND, FIRST_6})
  void dig_gets_cookies_a_server_name_and_signatures(String address) throws Exception {
    var cookie = dig(address, "+cookie", "nas.home.arpa");
    assertThat(cookie).containsPattern("COOKIE: [0-9a-f]{48} \\(good\\)");
    var whole = cookie.replaceFirst("(?s).*COOKIE: ([0-9a-f]+).*", "$1");
    assertThat(dig(address, "+cookie=" + whole, "nas.home.arpa")).contains(whole.substring(0, 16));
    assertThat(dig(address, "+nsid", "nas.home.arpa")).contains("(\"street\")");
    assertThat(dig(address, "+dnssec", "www.signed.test"))
        .contains("flags: qr aa", "do; udp: 1232", "RRSIG");
    assertThat(dig(address, "+dnssec", "nothing.signed.test"))
        .contains("status: NXDOMAIN", "NSEC", "RRSIG");
    assertThat(dig(address, "+ignore", "many.home.arpa", "TXT")).contains(" tc");
    assertThat(dig(address, "many.home.arpa", "TXT")).contains("Truncated, retrying in TCP mode");
    assertThat(dig(address, "example.com")).contains("REFUSED", "EDE: 18");
  }

  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND_6})
  void dig_gets_zones_and_differences_where_it_may(String address) throws Exception {
    assertThat(dig(address, "home.arpa", "AXFR")).contains("Transfer failed");
    assertThat(dig(address, "home.arpa", "IXFR=1")).contains("Transfer failed");
    assertThat(dig(address, "-y", SIGN, "home.arpa", "AXFR"))
        .contains("h499.home.arpa.", "XFR size: 50")
        .doesNotContain("verify", "Transfer failed");
    assertThat(
            dig(
                address,
                "-b",
                address.contains(":") ? "fd78::9" : "10.78.0.9",
                "open.test",
                "AXFR"))
        .contains("h499.open.test.", "XFR size: 50");
    long serial = serial(address);
    assertThat(update(address, "update add step.home.arpa 60 TXT \"x\"")).isEmpty();
    assertThat(dig(address, "-y", SIGN, "home.arpa", "IXFR=" + serial))
        .contains("step.home.arpa.", "XFR size: 5 records");
    assertThat(update(address, "update delete step.home.arpa")).isEmpty();
  }

  private static long serial(String address) throws Exception {
    return Long.parseLong(dig(address, "+short", "home.arpa", "SOA").split(" ")[2]);
  }

  @ParameterizedTest
  @ValueSource(strings = {SECOND, FIRST_6})
  void kdig_asks_over_tls_and_https(String address) throws Exception {
    var ca = folder.resolve("data/dns/tls/cert.pem").toString();
    for (var way : List.of("+tls", "+https", "+https-get")) {
      assertThat(
              ask(
                  "kdig",
                  "@" + address,
                  way,
                  "+tls-ca=" + ca,
                  "+tls-hostname=localhost",
                  "nas.home.arpa"))
          .contains("192.0.2.1", "status: NOERROR");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND_6})
  void delv_and_drill_find_a_signed_zone_good(String address) throws Exception {
    var key =
        ANCHOR.matcher(dig(address, "+nosplit", "+noall", "+answer", "signed.test", "DNSKEY"));
    assertThat(key.find()).isTrue();
    var anchor = folder.resolve("anchor");
    var parts = key.group(1).split(" ", 4);
    Files.writeString(
        anchor,
        "trust-anchors { signed.test. static-key %s %s %s \"%s\"; };\n"
            .formatted(parts[0], parts[1], parts[2], parts[3].replace(" ", "")));
    for (var name : List.of("www", "alias", "any.wild")) {
      assertThat(delv(address, anchor, name + ".signed.test")).contains("; fully validated");
    }
    assertThat(delv(address, anchor, "nothing.signed.test"))
        .contains("negative response, fully validated");
    var ds = folder.resolve("key");
    Files.writeString(ds, "signed.test. 300 IN DNSKEY " + key.group(1) + "\n");
    assertThat(ask("drill", "-D", "-k", ds.toString(), "@" + address, "www.signed.test"))
        .contains("192.0.2.7", "RRSIG");
    assertThat(ask("drill", "-S", "-k", ds.toString(), "@" + address, "www.signed.test", "A"))
        .contains("Chase successful");
  }

  private static String delv(String address, Path anchor, String name) throws Exception {
    return ask("delv", "@" + address, "-a", anchor.toString(), "+root=signed.test", name, "A");
  }

  @ParameterizedTest
  @ValueSource(strings = {FIRST, SECOND_6})
  void a_transferred_signed_zone_is_complete(String address) throws Exception {
    assumeTrue(Namespaces.have("ldns-verify-zone"), "needs ldns-verify-zone");
    var zone = folder.resolve("transferred");
    Files.writeString(zone, dig(address, "+noall", "+answer", "+onesoa", "signed.test", "AXFR"));
    assertThat(ask("ldns-verify-zone", "-V", "3", zone.toString()))
        .contains("Zone is verified and complete");
  }

  @ParameterizedTest
  @ValueSource(strings = {SECOND, FIRST_6})
  void nsupdate_adds_deletes_and_asks_first(String address) throws Exception {
    assertThat(
            update(
                address,
                "prereq nxdomain pc.home.arpa",
                "update add pc.home.arpa 300 A 192.0.2.9",
                "update add pc.home.arpa 300 AAAA 2001:db8::9"))
        .isEmpty();
    assertThat(dig(address, "+short", "pc.home.arpa").strip()).isEqualTo("192.0.2.9");
    assertThat(
            update(address, "prereq nxdomain pc.home.arpa", "update add pc.home.arpa 1 A 1.1.1.1"))
        .contains("YXDOMAIN");
    assertThat(
            update(
                address, "prereq yxrrset pc.home.arpa A 192.0.2.8", "update delete pc.home.arpa"))
        .contains("NXRRSET");
    assertThat(update(address, "prereq nxrrset pc.home.arpa A", "update delete pc.home.arpa"))
        .contains("YXRRSET");
    assertThat(update(address, "prereq yxdomain no.home.arpa", "update delete pc.home.arpa"))
        .contains("NXDOMAIN");
    assertThat(
            update(
                address, "prereq yxrrset pc.home.arpa A 192.0.2.9", "update delete pc.home.arpa A"))
        .isEmpty();
    assertThat(dig(address, "+short", "pc.home.arpa").strip()).isEmpty();
    assertThat(dig(address, "+short", "pc.home.arpa", "AAAA").strip()).isEqualTo("2001:db8::9");
    assertThat(update(address, "update delete pc.home.arpa")).isEmpty();
    assertThat(dig(address, "pc.home.arpa")).contains("NXDOMAIN");
  }

  /** What is counted is questions without an answer, or with a bad one; never how long it took. */
  @Test
  void no_question_is_lost_while_zones_are_read_anew() throws Exception {
    assumeTrue(Namespaces.have("dnsperf"), "needs dnsperf");
    var questions = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      questions.append("h").append(i).append(i % 2 == 0 ? ".home.arpa A\n" : ".open.test A\n");
      questions.append("moving.open.test A\nwww.signed.test A\n");
    }
    var file = folder.resolve("questions");
    Files.writeString(file, questions);
    var runs = new ArrayList<Path>();
    var processes = new ArrayList<Process>();
    for (var address : List.of(SECOND, FIRST_6)) {
      for (var mode : List.of("udp", "tcp")) {
        var log = folder.resolve("dnsperf-" + runs.size());
        runs.add(log);
        var command =
            List.of(
                "dnsperf",
                "-m",
                mode,
                "-s",
                address,
                "-d",
                file.toString(),
                "-l",
                "5",
                "-Q",
                "1000",
                "-c",
                "2",
                "-q",
                "50",
                "-t",
                "10");
        processes.add(street.client(log, command.toArray(String[]::new)));
      }
    }
    int serial = 1;
    while (processes.stream().anyMatch(Process::isAlive)) {
      write(++serial);
      server.reload();
    }
    assertThat(serial).as("reloads meanwhile").isGreaterThan(4);
    assertThat(server.log()).contains("reload Applied").doesNotContain("Refused");
    for (int i = 0; i < runs.size(); i++) {
      assertThat(processes.get(i).waitFor(30, TimeUnit.SECONDS)).isTrue();
      var said = Namespaces.read(runs.get(i));
      assertThat(said).containsPattern("Queries lost: +0 \\(0.00%\\)");
      assertThat(said).containsPattern("Response codes: +NOERROR \\d+ \\(100.00%\\)\n");
      assertThat(said).containsPattern("Queries completed: +[1-9]\\d{2,}");
    }
    assertThat(dig(FIRST, "+short", "moving.open.test").strip())
        .isEqualTo("198.51.100." + serial % 256);
  }
}
