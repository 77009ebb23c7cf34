package dev.islet.dns.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

/**
 * Master files as BIND reads them: what it makes of a file, written out plainly, is what we read.
 */
@EnabledIf("installed")
class MasterFilePeerTest {
  private static final Path COMPILER = Path.of("/usr/bin/named-compilezone");
  private static final Name ORIGIN = Name.fromConstantString("home.net.");

  @TempDir Path folder;

  static boolean installed() {
    return Files.isExecutable(COMPILER);
  }

  /** What BIND says to a file: records one a line, or nothing if it refuses it. */
  private List<String> bind(Path file) throws Exception {
    var out = folder.resolve("out.zone");
    Files.deleteIfExists(out);
    var command = new ArrayList<>(List.of(COMPILER.toString(), "-q", "-i", "none", "-o"));
    command.add(out.toString());
    for (var check : List.of("-k", "-m", "-M", "-n", "-r", "-S", "-T", "-W")) {
      command.addAll(List.of(check, "ignore"));
    }
    command.addAll(List.of("-s", "full", ORIGIN.toString(), file.toString()));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() == 0 ? Files.readAllLines(out) : List.of();
  }

  private static TreeSet<String> lines(Zone zone) {
    var lines = new TreeSet<String>();
    zone.sets()
        .forEach(
            set ->
                set.records()
                    .forEach(
                        r ->
                            lines.add(Said.line(r).replaceFirst(" \\d+ ", " " + set.ttl() + " "))));
    return lines;
  }

  private Zone ours(Path file) throws ZoneFault {
    return MasterFile.read(file, ORIGIN);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text, StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void directives_mean_the_same(long seed) throws Exception {
    var random = new Random(seed);
    write("more.inc", text(random, 12, false));
    var file =
        write(
            "in.zone",
            "$TTL 5m\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 10.0.0.99\n" + text(random, 60, true));
    var dumped = bind(file);
    assertThat(dumped).as(Files.readString(file)).isNotEmpty();
    var plain = write("plain.zone", String.join("\n", dumped) + "\n");
    assertThat(lines(ours(file))).as(Files.readString(file)).isEqualTo(lines(ours(plain)));
  }

  private static String text(Random random, int count, boolean outer) {
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      lines.add(
          switch (random.nextInt(outer ? 23 : 22)) {
            case 0 ->
                "$ORIGIN "
                    + List.of("sub", "a.b", "@", "home.net.").get(random.nextInt(outer ? 4 : 3));
            case 1 ->
                "$TTL " + List.of("1h", "300", "1w2d3h4m5s", "0", "1H30M").get(random.nextInt(5));
            case 22 ->
                "$INCLUDE more.inc " + List.of("in", "In", "x.in").get(random.nextInt(3)) + i;
            case 3 -> "$GENERATE 1-" + (1 + random.nextInt(9)) + " g$-" + i + " A 10.0.0.$";
            case 4 -> "$GENERATE 0-8/4 ${1,3,d}x" + i + " 60 IN CNAME host-${-0,2,x}";
            case 5 -> "$GENERATE 10-20/5 ${0,7,n}.n" + i + " IN 77 PTR ${0,0,N}.p$$q";
            case 6 -> "$GENERATE 1-2 e" + i + "\\$$ TXT \"a $ b\"";
            case 7 -> "$GENERATE 1-3 m" + i + " MX \"${0,1,o} mail-$\"";
            case 8 -> "$GENERATE 1-3 v" + i + " SRV \"0 0 506$ host$\"";
            case 9 -> "t" + i + " IN TXT \"semi;colon\" plain \"quo\\\"te\" \\; \"\\065\\200\"";
            case 10 -> "t" + i + " TXT (\n \"over\" ; a comment ; another\n lines )";
            case 11 -> "\\097\\.b" + i + " A 10.0.0.1";
            case 12 -> "u" + i + " TYPE65280 \\# ( 3 01\n 0203 )";
            case 13 -> "u" + i + " TYPE1 \\# 4 0A000002";
            case 14 -> "u" + i + " CLASS1 9 TYPE65281 \\# 0";
            case 15 -> "l" + i + " 30 IN A 10.0.0.3\n   IN AAAA ::3\n\t40 TXT same owner";
            case 16 -> "m" + i + " IN 50 MX 10 @";
            case 17 -> "c" + i + " CAA 0 issue \"x" + i + "\"";
            case 18 -> "*.w" + i + " HTTPS 1 . alpn=\"h2,h3\" port=8443 ipv4hint=10.0.0.1";
            case 19 -> "UPPER" + i + " cname Target.Of.It\n; only a comment\n\n";
            case 20 -> "n" + i + " NAPTR 1 2 \"S\" \"SIP+D2U\" \"!^.*$!x!\" _sip._udp";
            default -> "a" + i + " A 192.0.2." + random.nextInt(256);
          });
    }
    return String.join("\n", lines) + "\n";
  }

  /** BIND gives a set the first of its TTLs, we the lowest (RFC 2181 section 5.2), in any order. */
  @Test
  void a_set_has_one_ttl_but_not_the_same() throws Exception {
    var top = "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 10.0.0.99\n";
    for (var line :
        List.of("m 50 A 10.0.0.1\nm 70 A 10.0.0.2\n", "m 70 A 10.0.0.1\nm 50 A 10.0.0.2\n")) {
      var file = write("in.zone", top + line);
      var theirs = lines(ours(write("plain.zone", String.join("\n", bind(file)) + "\n")));
      var ours = lines(ours(file));
      int first = Integer.parseInt(line.substring(2, 4));
      assertThat(theirs)
          .filteredOn(l -> l.startsWith("m."))
          .hasSize(2)
          .allMatch(l -> l.contains(" " + first + " "));
      assertThat(ours)
          .filteredOn(l -> l.startsWith("m."))
          .hasSize(2)
          .allMatch(l -> l.contains(" 50 "));
    }
  }

  /** A file with a fault is refused by both. */
  @Test
  void faults_are_faults_for_both() throws Exception {
    var top = "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 10.0.0.99\n";
    for (var line :
        List.of(
            "$GENERATE 5-1 a$ A 10.0.0.$",
            "$GENERATE 1-x a$ A 10.0.0.$",
            "$GENERATE 1-3/0 a$ A 10.0.0.$",
            "$GENERATE 1-3 a${0,2,q} A 10.0.0.$",
            "$GENERATE 250-260 a$ A 10.0.0.$",
            "$GENERATE 1-3 a$ A",
            "$ORIGIN",
            "$TTL many",
            "$INCLUDE nothing.inc",
            "$UNKNOWN x",
            "a A 10.0.0",
            "a A 10.0.0.1 10.0.0.2",
            "a AAAA 10.0.0.1",
            "a TXT \"open",
            "a TYPE65280 \\# 4 010203",
            "a TYPE65280 \\# 1 0x",
            "a TYPE65280 01",
            "a MX mail",
            "a..b A 10.0.0.1",
            "x".repeat(64) + " A 10.0.0.1",
            ("x".repeat(60) + ".").repeat(5) + "a A 10.0.0.1",
            "a CNAME b\na A 10.0.0.1",
            "a CNAME b\na CNAME c",
            "a DNAME b\na DNAME c",
            "a CH A 10.0.0.1",
            "a SOA ns host 1 2 3 4 5",
            "@ SOA ns host 2 2 3 4 5",
            "a CAA 256 issue x",
            "a HTTPS 1 . alpn=h2 alpn=h3",
            "a NAPTR 1 2 S",
            "\\256 A 10.0.0.1",
            "a 4294967296 A 10.0.0.1")) {
      var file = write("in.zone", top + line + "\n");
      assertThat(bind(file)).as("BIND takes " + line).isEmpty();
      boolean taken;
      try {
        ours(file);
        taken = true;
      } catch (ZoneFault e) {
        taken = false;
      }
      assertThat(taken).as("we take " + line).isFalse();
    }
  }

  /** Every type of data there is a form for, from text and from the form of RFC 3597. */
  @Test
  void every_type_is_read_and_written_as_bind_does() throws Exception {
    var refused = new ArrayList<String>();
    for (var line : TYPES) {
      var file =
          write(
              "in.zone",
              "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 10.0.0.99\nx " + line + "\n");
      var dumped = bind(file);
      if (dumped.isEmpty()) {
        refused.add(line);
        continue;
      }
      var plain = write("plain.zone", String.join("\n", dumped) + "\n");
      var zone = ours(file);
      assertThat(lines(zone)).as(line).isEqualTo(lines(ours(plain)));
      var generic =
          new StringBuilder("$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nns A 10.0.0.99\n");
      zone.at(Name.fromConstantString("x.home.net."))
          .forEach(
              set ->
                  set.records()
                      .forEach(
                          r -> {
                            var data = dev.islet.dns.wire.ResponseWriter.data(r);
                            generic.append("x TYPE").append(r.getType());
                            generic.append(" \\# ").append(data.length).append(' ');
                            generic.append(java.util.HexFormat.of().formatHex(data)).append('\n');
                          }));
      var back = write("generic.zone", generic.toString());
      assertThat(lines(ours(back))).as(line).isEqualTo(lines(zone));
      var theirs = write("plain.zone", String.join("\n", bind(back)) + "\n");
      assertThat(lines(ours(theirs))).as("BIND reads our bytes of " + line).isEqualTo(lines(zone));
    }
    assertThat(refused).as("obsolete since RFC 973").containsExactly("MD mail", "MF mail");
  }

  private static final List<String> TYPES =
      List.of(
          "A 192.0.2.1",
          "NS ns",
          "MD mail",
          "MF mail",
          "CNAME other",
          "MB box",
          "MG group",
          "MR renamed",
          "PTR host",
          "HINFO \"ARM64\" Linux",
          "MINFO a b",
          "MX 10 mail",
          "TXT \"one\" two",
          "RP admin text",
          "AFSDB 1 afs",
          "X25 \"311061700956\"",
          "ISDN \"150862028003217\" \"004\"",
          "RT 10 relay",
          "NSAP 0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00",
          "PX 10 map822 mapx400",
          "AAAA 2001:db8::1",
          "LOC 52 14 05.000 N 0 8 50.000 E 10.00m 1m 10000m 10m",
          "SRV 1 2 5060 voip",
          "NAPTR 100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@example.com!\" .",
          "KX 1 key",
          "CERT 1 12345 8 AQIDBA==",
          "DNAME elsewhere",
          "APL 1:192.168.32.0/21 !1:192.168.38.0/28 2:2001:db8::/32",
          "DS 12345 13 2 " + "ab".repeat(32),
          "SSHFP 4 2 " + "cd".repeat(32),
          "IPSECKEY 10 1 2 192.0.2.38 AQNRU3mG7TVTO2BkR47usntb102uFJtugbo6BSGvgqt4AQ==",
          "DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxIL"
              + "fDLUT0rAK9iUzy1L53eKGQ==",
          "DHCID AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=",
          "TLSA 3 1 1 " + "ef".repeat(32),
          "SMIMEA 3 0 0 30820307",
          "HIP 2 200100107B1A74DF365639CC39F1D578 AwEAAbdxyhNuSutc5EMzxTs9LBPCIkOFH8cI rvs",
          "CDS 12345 13 2 " + "ab".repeat(32),
          "CDNSKEY 0 3 0 AA==",
          "OPENPGPKEY AQIDBA==",
          "SVCB 1 svc alpn=h2,h3 port=853 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1",
          "SVCB 16 foo mandatory=alpn,ipv4hint alpn=h2 ipv4hint=192.0.2.1 key667=hello",
          "HTTPS 0 other.example.",
          "SPF \"v=spf1 -all\"",
          "URI 10 1 \"ftp://ftp.example.com/public\"",
          "CAA 128 issue \"letsencrypt.org; validationmethods=dns-01\"",
          "DLV 12345 13 2 " + "ab".repeat(32),
          "A6 0 2001:db8::1",
          "TYPE65280 \\# 3 010203",
          "TYPE65281 \\# 0");
}
