package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

class MasterFileTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  private static final String TOP = "$TTL 300\n@ SOA ns host 1 2 3 4 5\n@ NS ns\n";

  @TempDir Path folder;

  private Zone read(String text) throws ZoneFault, IOException {
    return MasterFile.read(Files.writeString(folder.resolve("home.zone"), text), HOME);
  }

  private static String data(Zone zone, String name, int type) {
    return zone.at(Name.fromConstantString(name), type)
        .map(s -> s.ttl() + " " + s.records().stream().map(r -> r.rdataToString()).toList())
        .orElse("none");
  }

  @Test
  void directives_owners_and_ttls_are_those_of_the_standard() throws Exception {
    Files.writeString(folder.resolve("more.inc"), "in A 10.0.0.9\n$ORIGIN deep\nx A 10.0.0.8\n");
    var zone =
        read(
            """
            $TTL 1h
            @ IN SOA ns host ( 7 ; serial
                 1h 15m 2w 5m ) ; the rest
              NS ns
            ns 60 IN A 10.0.0.1
               IN 90 AAAA ::1
            $INCLUDE more.inc
            $INCLUDE more.inc sub
            $ORIGIN lan
            p A 10.0.0.2
            $ORIGIN home.arpa.
            $GENERATE 1-5/2 host-$ A 10.0.1.$
            $GENERATE 7-7 ${0,3,d}.rev PTR h${-2}.home.arpa.
            odd TYPE65280 \\# 3 010203
            web HTTPS 1 . alpn=h2
            text TXT "a;b" c
            """);
    assertThat(zone.serial()).isEqualTo(7);
    assertThat(data(zone, "ns.home.arpa.", Type.A)).isEqualTo("60 [10.0.0.1]");
    assertThat(data(zone, "ns.home.arpa.", Type.AAAA)).startsWith("90 [0:0:0:0:0:0:0:1]");
    assertThat(data(zone, "in.home.arpa.", Type.A)).isEqualTo("3600 [10.0.0.9]");
    assertThat(data(zone, "x.deep.home.arpa.", Type.A)).isEqualTo("3600 [10.0.0.8]");
    assertThat(data(zone, "in.sub.home.arpa.", Type.A)).isEqualTo("3600 [10.0.0.9]");
    assertThat(data(zone, "x.deep.sub.home.arpa.", Type.A)).isEqualTo("3600 [10.0.0.8]");
    assertThat(data(zone, "p.lan.home.arpa.", Type.A)).isEqualTo("3600 [10.0.0.2]");
    assertThat(data(zone, "host-1.home.arpa.", Type.A)).isEqualTo("3600 [10.0.1.1]");
    assertThat(data(zone, "host-2.home.arpa.", Type.A)).isEqualTo("none");
    assertThat(data(zone, "host-5.home.arpa.", Type.A)).isEqualTo("3600 [10.0.1.5]");
    assertThat(data(zone, "007.rev.home.arpa.", Type.PTR)).isEqualTo("3600 [h5.home.arpa.]");
    assertThat(data(zone, "odd.home.arpa.", 65280)).isEqualTo("3600 [\\# 3 010203]");
    assertThat(data(zone, "text.home.arpa.", Type.TXT)).contains("a;b");
    assertThat(data(zone, "web.home.arpa.", Type.HTTPS)).contains("alpn");
  }

  @Test
  void without_a_default_the_last_ttl_or_the_minimum_counts() throws Exception {
    var zone =
        read("@ SOA ns host 1 2 3 4 77\n@ NS ns\nns A 10.0.0.1\na 5 A 10.0.0.2\nb A 10.0.0.3\n");
    assertThat(data(zone, "ns.home.arpa.", Type.A)).startsWith("77 ");
    assertThat(data(zone, "b.home.arpa.", Type.A)).startsWith("5 ");
  }

  /** RFC 2181 section 5.2. */
  @Test
  void a_set_has_the_lowest_of_its_ttls_in_any_order() throws Exception {
    var lines =
        List.of("m 600 A 10.0.0.1", "m 90 A 10.0.0.2", "m 700 A 10.0.0.3", "m 80 A 10.0.0.1");
    for (int first = 0; first < 4; first++) {
      for (int second = 0; second < 4; second++) {
        var order = new ArrayList<>(lines);
        Collections.swap(order, 0, first);
        Collections.swap(order, 1, second);
        var zone = read(TOP + String.join("\n", order) + "\n");
        var set = zone.at(Name.fromConstantString("m.home.arpa."), Type.A).orElseThrow();
        assertThat(set.ttl()).as(order.toString()).isEqualTo(80);
        assertThat(set.records()).hasSize(3).allMatch(r -> r.getTTL() == 80);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | www A 1.2.3 | address",
        "4 | www IN B 1.2.3.4 | neither a TTL, nor a class, nor a type",
        "4 | www CH A 1.2.3.4 | class CH is not served",
        "4 | other.example. A 1.2.3.4 | not in the zone",
        "5 | a CNAME b\\na A 1.2.3.4 | a CNAME and other data",
        "5 | a CNAME b\\na CNAME c | more than one CNAME",
        "4 | @ SOA ns host 2 2 3 4 5 | more than one SOA",
        "4 | sub SOA ns host 2 2 3 4 5 | belongs to the top",
        "4 | $GENERATE 9-1 a$ A 1.2.3.4 | gives no records",
        "4 | $GENERATE 1-99999999 a$ A 1.2.3.4 | more than",
        "4 | $UNKNOWN x | unknown directive",
        "4 | www A | ",
        "7 | \\n\\n; comment\\nwww A 1.2.3.4 extra | ",
        "4 | aaa..b A 1.2.3.4 | ",
        "4 | x.y 4294967295 A 1.2.3.4 | TTL",
      })
  void a_fault_names_file_and_line(int line, String text, String phrase) {
    var fault =
        catchThrowableOfType(ZoneFault.class, () -> read(TOP + text.replace("\\n", "\n") + "\n"));
    assertThat(fault).as(text).isNotNull();
    assertThat(fault.where()).endsWith("home.zone");
    assertThat(fault.line()).as(fault.toString()).isEqualTo(line);
    assertThat(fault.getMessage()).contains(phrase == null ? "" : phrase);
  }

  @Test
  void a_fault_of_an_included_file_names_that_file() throws Exception {
    Files.writeString(folder.resolve("more.inc"), "ok A 10.0.0.1\nbad A oops\n");
    var fault = catchThrowableOfType(ZoneFault.class, () -> read(TOP + "$INCLUDE more.inc\n"));
    assertThat(fault.where()).endsWith("more.inc");
    assertThat(fault.line()).isEqualTo(2);
    Files.writeString(folder.resolve("loop.inc"), "$INCLUDE loop.inc\n");
    assertThat(catchThrowableOfType(ZoneFault.class, () -> read(TOP + "$INCLUDE loop.inc\n")))
        .hasMessageContaining("include one another");
    assertThat(catchThrowableOfType(ZoneFault.class, () -> read(TOP + "$INCLUDE none.inc\n")))
        .hasMessageContaining("no such file");
  }

  @Test
  void a_zone_needs_soa_and_ns() {
    assertThat(catchThrowableOfType(ZoneFault.class, () -> read("$TTL 1\na A 10.0.0.1\n")))
        .hasMessageContaining("no SOA");
    assertThat(catchThrowableOfType(ZoneFault.class, () -> read("$TTL 1\n@ SOA a b 1 2 3 4 5\n")))
        .hasMessageContaining("no NS");
  }

  @Test
  void lines_of_code_get_the_top_made_up() throws Exception {
    var zone = MasterFile.lines(List.of("nas A 10.0.0.1", "@ MX 10 nas"), HOME, "code");
    assertThat(data(zone, "home.arpa.", Type.SOA)).contains("ns.home.arpa.");
    assertThat(data(zone, "home.arpa.", Type.NS)).contains("ns.home.arpa.");
    assertThat(data(zone, "nas.home.arpa.", Type.A)).isEqualTo("3600 [10.0.0.1]");
    var fault =
        catchThrowableOfType(
            ZoneFault.class,
            () -> MasterFile.lines(List.of("a A 10.0.0.1", "b A x"), HOME, "code"));
    assertThat(fault.where()).isEqualTo("code[1]");
    assertThat(
            catchThrowableOfType(
                ZoneFault.class,
                () -> MasterFile.lines(List.of("$INCLUDE /etc/passwd"), HOME, "c")))
        .hasMessageContaining("only for files");
  }
}
