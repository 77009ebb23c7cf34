package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBRecord;
import org.xbill.DNS.Section;

/** Clients learn of the encrypted listeners (RFC 9462). */
class DesignationTest {
  private static final String OWNER = "_dns.resolver.arpa.";

  @TempDir Path home;

  private DnsServer serve(int dot, int doh, String... names) {
    var tls =
        new TlsConfig(
            Optional.empty(), Optional.empty(), List.of(names), List.of(), Duration.ofSeconds(30));
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .dot("127.0.0.1", dot)
                    .doh("127.0.0.1", doh)
                    .home(home)
                    .tls(tls))
        .start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void each_port_is_announced_with_its_protocol() throws IOException {
    int dot = freePort();
    int doh = freePort();
    try (var dns = serve(dot, doh, "dns.home.arpa", "127.0.0.1");
        var asker = Asker.of(dns)) {
      var reply = asker.ask(OWNER, "SVCB");
      var texts = reply.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
      assertThat(texts).hasSize(2);
      assertThat(texts)
          .anyMatch(t -> t.startsWith("2 dns.home.arpa. alpn=dot port=" + dot))
          .anyMatch(t -> t.startsWith("3 dns.home.arpa. alpn=h2,http/1.1 port=" + doh));
      var https =
          reply.getSection(Section.ANSWER).stream()
              .map(SVCBRecord.class::cast)
              .filter(r -> r.getSvcPriority() == 3)
              .findFirst()
              .orElseThrow();
      assertThat(new String(https.getSvcParamValue(7).toWire())).isEqualTo("/dns-query{?dns}");
      var nothing = asker.ask(OWNER, "A");
      assertThat(nothing.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(nothing.getSection(Section.ANSWER)).isEmpty();
    }
  }

  @Test
  void addresses_that_are_known_and_tell_something_are_hinted_at() {
    var setup = new Setup();
    var tls =
        new TlsConfig(
            Optional.empty(),
            Optional.empty(),
            List.of("dns.home.arpa"),
            List.of(),
            Duration.ofSeconds(30));
    setup
        .tls(tls)
        .doq("192.168.7.2", 853)
        .dot("192.168.7.2", 853)
        .dot("127.0.0.1", 853)
        .dot("2001:db8::2", 853)
        .dot("192.168.7.3", 8853)
        .doh("0.0.0.0", 443);
    assertThat(Designation.records(setup.config()).stream().map(Record::rdataToString))
        .containsExactly(
            "1 dns.home.arpa. alpn=doq port=853 ipv4hint=192.168.7.2",
            "2 dns.home.arpa. alpn=dot port=853 ipv4hint=192.168.7.2"
                + " ipv6hint=2001:db8:0:0:0:0:0:2",
            "2 dns.home.arpa. alpn=dot port=8853 ipv4hint=192.168.7.3",
            "3 dns.home.arpa. alpn=h2,http/1.1 port=443 dohpath=/dns-query{?dns}");
  }

  @Test
  void the_addresses_of_a_zone_of_ours_come_along() throws IOException {
    var tls =
        new TlsConfig(
            Optional.empty(),
            Optional.empty(),
            List.of("dns.home.arpa"),
            List.of(),
            Duration.ofSeconds(30));
    int dot = freePort();
    try (var dns =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .dot("127.0.0.1", dot)
                            .zone("home.arpa", z -> z.a("dns", "192.0.2.53"))
                            .home(home)
                            .tls(tls))
                .start();
        var asker = Asker.of(dns)) {
      var more = asker.ask(OWNER, "SVCB").getSection(Section.ADDITIONAL);
      assertThat(more.stream().map(Record::rdataToString)).contains("192.0.2.53");
    }
  }

  @Test
  void nothing_is_announced_that_nobody_could_find() throws IOException {
    try (var dns = serve(freePort(), freePort(), "localhost");
        var asker = Asker.of(dns)) {
      assertThat(asker.ask(OWNER, "SVCB").getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }
  }
}
