package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.net.Prefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What an asker behind a translator gets (RFC 6147). */
class Dns64Test {
  @TempDir Path home;
  private DnsServer upstream;
  private DnsServer server;
  private Asker asker;

  @BeforeEach
  void begin() throws IOException {
    upstream =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .home(home)
                        .zone(
                            "far.example",
                            z ->
                                z.ttl(500)
                                    .a("four", "9.1.2.3")
                                    .aaaa("six", "2001:db8::6")
                                    .a("both", "9.1.2.4")
                                    .aaaa("both", "2001:db8::7")
                                    .aaaa("mapped", "::ffff:9.9.9.9")
                                    .a("mapped", "9.1.2.5")
                                    .aaaa("mixed", "::ffff:9.9.9.9")
                                    .aaaa("mixed", "2001:db8::8")
                                    .a("private", "10.1.2.3")
                                    .txt("text", "neither")
                                    .cname("alias", "four")
                                    .cname("nowhere", "nothing")
                                    .dnssec())
                        .zone("3.2.1.9.in-addr.arpa", z -> z.ptr("@", "four.far.example.")))
            .start();
    serve(c -> c.dns64("64:ff9b::/96"));
  }

  private void serve(Consumer<Setup> more) throws IOException {
    end();
    var anchors = new ArrayList<String>();
    try (var direct = Asker.of(upstream)) {
      for (var record : direct.ask("far.example.", "DNSKEY").getSection(Section.ANSWER)) {
        if (record instanceof DNSKEYRecord) {
          anchors.add("far.example. DNSKEY " + record.rdataToString());
        }
      }
    }
    server =
        DnsServer.create(
                c -> {
                  c.listen("127.0.0.1", 0)
                      .zone("home.arpa", z -> z.a("nas", "192.168.7.10").a("web", "9.9.9.8"))
                      .forward("127.0.0.1:" + upstream.endpoints().getFirst().address().getPort());
                  anchors.forEach(c::trustAnchor);
                  more.accept(c);
                })
            .start();
    asker = Asker.of(server);
  }

  private void end() {
    if (server != null) {
      asker.close();
      server.close();
    }
  }

  @AfterEach
  void over() {
    end();
    upstream.close();
  }

  private Message ask(String name, String type, int... flags) throws IOException {
    var query = Asker.query(name, type);
    boolean dnssecOk = false;
    for (int flag : flags) {
      dnssecOk |= flag < 0;
      if (flag >= 0) {
        query.getHeader().setFlag(flag);
      }
    }
    query.addRecord(new OPTRecord(1232, 0, 0, dnssecOk ? 0x8000 : 0), Section.ADDITIONAL);
    return asker.ask(query);
  }

  private static final int DO = -1;

  private static List<String> data(Message reply) {
    return reply.getSection(Section.ANSWER).stream()
        .map(r -> r.getName() + " " + Type.string(r.getType()) + " " + r.rdataToString())
        .toList();
  }

  private List<String> six(String name) throws IOException {
    var said = data(ask(name, "AAAA"));
    assertThat(data(ask(name, "AAAA")))
        .as("out of the cache, and on the fast lane")
        .isEqualTo(said);
    return said;
  }

  @Test
  void addresses_are_made_where_there_are_none() throws IOException {
    assertThat(six("four.far.example."))
        .containsExactly("four.far.example. AAAA 64:ff9b:0:0:0:0:901:203");
    assertThat(six("alias.far.example."))
        .containsExactly(
            "alias.far.example. CNAME four.far.example.",
            "four.far.example. AAAA 64:ff9b:0:0:0:0:901:203");
    assertThat(six("six.far.example."))
        .containsExactly("six.far.example. AAAA 2001:db8:0:0:0:0:0:6");
    assertThat(six("both.far.example."))
        .containsExactly("both.far.example. AAAA 2001:db8:0:0:0:0:0:7");
    assertThat(six("text.far.example.")).isEmpty();
    assertThat(ask("nothing.far.example.", "AAAA").getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(ask("nowhere.far.example.", "AAAA").getRcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(six("web.home.arpa.")).as("of our zones too").hasSize(1);
    var ttl = ask("four.far.example.", "AAAA").getSection(Section.ANSWER).getFirst().getTTL();
    assertThat(ttl).as("as long as the lack of others may be remembered").isBetween(1L, 500L);
  }

  @Test
  void excluded_addresses_count_as_none() throws IOException {
    assertThat(six("mapped.far.example."))
        .containsExactly("mapped.far.example. AAAA 64:ff9b:0:0:0:0:901:205");
    assertThat(six("mixed.far.example."))
        .containsExactly("mixed.far.example. AAAA 2001:db8:0:0:0:0:0:8");
    serve(
        c ->
            c.dns64(
                new Dns64Config(
                    "2001:db8:64::/48",
                    List.of(Prefix.parse("127.0.0.0/8")),
                    List.of("2001:db8::/32"),
                    List.of(Prefix.parse("9.1.2.4/32")))));
    assertThat(six("six.far.example.")).isEmpty();
    assertThat(six("both.far.example.")).as("its IPv4 address is not mapped").isEmpty();
    assertThat(six("four.far.example."))
        .containsExactly("four.far.example. AAAA 2001:db8:64:901:2:300:0:0");
  }

  @Test
  void the_well_known_prefix_is_for_global_addresses() throws IOException {
    assertThat(six("nas.home.arpa.")).isEmpty();
    serve(c -> c.dns64("2001:db8:64::/96"));
    assertThat(six("nas.home.arpa.")).hasSize(1);
    assertThat(six("private.far.example.")).as("what rebinding forbids is not made").isEmpty();
  }

  @Test
  void others_get_what_there_is() throws IOException {
    var elsewhere =
        new Dns64Config(
            "64:ff9b::/96", List.of(Prefix.parse("2001:db8::/32")), List.of(), List.of());
    serve(c -> c.dns64(elsewhere));
    assertThat(six("four.far.example.")).isEmpty();
    assertThat(six("ipv4only.arpa.")).isEmpty();
    assertThat(ask("ipv4only.arpa.", "A").getSection(Section.ANSWER)).hasSize(2);
  }

  @Test
  void what_is_made_of_secure_answers_is_secure_unless_the_asker_checks_by_itself()
      throws IOException {
    var told = ask("four.far.example.", "AAAA", Flags.AD);
    assertThat(told.getHeader().getFlag(Flags.AD)).as("RFC 6147 section 5.5").isTrue();
    var signed = ask("four.far.example.", "AAAA", DO);
    assertThat(signed.getHeader().getFlag(Flags.AD)).isTrue();
    assertThat(data(signed)).hasSize(1);
    assertThat(data(ask("alias.far.example.", "AAAA", DO)))
        .as("the alias is still signed")
        .hasSize(3);
    var alone = ask("four.far.example.", "AAAA", DO, Flags.CD);
    assertThat(data(alone)).isEmpty();
    assertThat(alone.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(data(ask("four.far.example.", "AAAA", Flags.CD))).hasSize(1);
  }

  @Test
  void what_cannot_be_validated_is_not_made_into_something_else() throws IOException {
    try (var other =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .dns64("64:ff9b::/96")
                            .trustAnchor("far.example. DS 1 13 2 " + "00".repeat(32))
                            .forward(
                                "127.0.0.1:" + upstream.endpoints().getFirst().address().getPort()))
                .start();
        var asking = Asker.of(other)) {
      assertThat(asking.ask("four.far.example.", "AAAA").getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(asking.ask("four.far.example.", "A").getRcode()).isEqualTo(Rcode.SERVFAIL);
    }
  }

  @Test
  void reverse_names_behind_the_prefix_lead_to_those_of_the_ipv4_address() throws IOException {
    var name = ReverseMap.fromAddress("64:ff9b::9.1.2.3").toString();
    assertThat(data(ask(name, "PTR")))
        .containsExactly(
            name + " CNAME 3.2.1.9.in-addr.arpa.", "3.2.1.9.in-addr.arpa. PTR four.far.example.");
    var special = ReverseMap.fromAddress("64:ff9b::192.0.0.170").toString();
    assertThat(data(ask(special, "PTR"))).as("not global, so not behind it").isEmpty();
    assertThat(data(ask("170.0.0.192.in-addr.arpa.", "PTR")))
        .containsExactly("170.0.0.192.in-addr.arpa. PTR ipv4only.arpa.");
  }

  @Test
  void hosts_find_the_prefix_without_anybody_being_asked() throws IOException {
    upstream.close();
    assertThat(six("ipv4only.arpa."))
        .containsExactlyInAnyOrder(
            "ipv4only.arpa. AAAA 64:ff9b:0:0:0:0:c000:aa",
            "ipv4only.arpa. AAAA 64:ff9b:0:0:0:0:c000:ab");
    assertThat(data(ask("IPv4only.arpa.", "A"))).hasSize(2);
    assertThat(ask("ipv4only.arpa.", "TXT").getSection(Section.AUTHORITY)).hasSize(1);
    assertThat(ask("x.ipv4only.arpa.", "AAAA").getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void the_configuration_says_what_is_wrong() throws IOException {
    var file = home.resolve("dns.yaml");
    Files.writeString(file, "dns64: on\n");
    var read = new ConfigFile<>(file, DnsConfig.class).read().dns64().orElseThrow();
    assertThat(read.prefix()).isEqualTo("64:ff9b::/96");
    assertThat(read.exclude()).containsExactly("::ffff:0:0/96");
    assertThat(ConfigFile.defaults(DnsConfig.class).dns64()).isEmpty();
    for (var bad :
        List.of(
            "dns64: {prefix: \"64:ff9b::/95\"}",
            "dns64: {prefix: \"2001:db8:0:0:100::/96\"}",
            "dns64: {exclude: [x]}",
            "dns64: {unmapped: [\"::/0\"]}",
            "dns64: maybe")) {
      Files.writeString(file, bad + "\n");
      assertThatThrownBy(() -> new ConfigFile<>(file, DnsConfig.class).read())
          .as(bad)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("dns64");
    }
  }
}
