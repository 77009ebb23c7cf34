package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.DnsEvent.Answered;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

class DnsServerTest {
  @TempDir Path folder;

  @Test
  void the_sketch_of_the_readme_runs() throws Exception {
    var names = new ConcurrentLinkedQueue<String>();
    try (var dns =
        DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .zone("home.arpa", z -> z.a("nas", "192.168.7.10").cname("files", "nas"))
                    .forward("9.9.9.9", "1.1.1.1")
                    .onTrace(
                        e -> {
                          if (e instanceof Answered(var name, _, var cached) && !cached) {
                            names.add(name);
                          }
                        }))) {
      dns.start();
      try (var asker = Asker.of(dns)) {
        var reply = asker.ask("files.home.arpa.", "A");
        assertThat(reply.getSection(Section.ANSWER)).hasSize(2);
        assertThat(reply.getHeader().getFlag(Flags.AA)).isTrue();
      }
      Wait.until(Duration.ofSeconds(5), () -> names.contains("files.home.arpa.") ? "" : "not told");
    }
  }

  private DnsServer plain() {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .nsid("pi")
                    .zone("home.arpa", z -> z.a("nas", "192.168.7.10").txt("nas", "a \"b\" c")))
        .start();
  }

  @Test
  void edns_is_spoken_as_rfc_6891_wants() throws IOException {
    try (var dns = plain();
        var asker = Asker.of(dns)) {
      assertThat(asker.ask(Asker.query("nas.home.arpa.", "A")).getOPT()).isNull();
      var odd = Asker.query("nas.home.arpa.", "A");
      odd.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
      assertThat(asker.ask(odd).getRcode()).isEqualTo(Rcode.BADVERS);
      var twice = Asker.withEdns(Asker.withEdns(Asker.query("nas.home.arpa.", "A"), 1232), 1232);
      assertThat(asker.ask(twice).getRcode()).isEqualTo(Rcode.FORMERR);
      var option = Asker.query("nas.home.arpa.", "A");
      option.addRecord(
          new OPTRecord(
              1232,
              0,
              0,
              0x8000,
              new org.xbill.DNS.GenericEDNSOption(65_001, new byte[] {1}),
              new org.xbill.DNS.GenericEDNSOption(3, new byte[0])),
          Section.ADDITIONAL);
      var reply = asker.ask(option);
      assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(reply.getOPT().getOptions(65_001)).isEmpty();
      assertThat(reply.getOPT().getOptions(3)).hasSize(1);
      assertThat(reply.getOPT().getFlags()).as("DO is copied (RFC 3225)").isEqualTo(0x8000);
    }
  }

  @Test
  void messages_that_are_no_question_get_what_the_rfcs_say() throws IOException {
    try (var dns = plain();
        var asker = Asker.of(dns)) {
      var none = new Message(7);
      assertThat(asker.ask(none).getRcode()).isEqualTo(Rcode.FORMERR);
      var two = Asker.query("nas.home.arpa.", "A");
      two.addRecord(two.getQuestion().withName(two.getQuestion().getName()), Section.QUESTION);
      assertThat(asker.ask(two).getRcode()).as("RFC 9619").isEqualTo(Rcode.FORMERR);
      for (int opcode : new int[] {1, Opcode.STATUS, 3, 9, 15}) {
        var query = Asker.query("nas.home.arpa.", "A");
        query.getHeader().setOpcode(opcode);
        var reply = asker.ask(query);
        assertThat(reply.getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(reply.getHeader().getOpcode()).isEqualTo(opcode);
      }
      var notify = Asker.query("home.arpa.", "SOA");
      notify.getHeader().setOpcode(Opcode.NOTIFY);
      assertThat(asker.ask(notify).getRcode()).as("no secondary here").isEqualTo(Rcode.NOTAUTH);
      for (var type : new String[] {"AXFR", "IXFR"}) {
        assertThat(asker.tcp(Asker.query("home.arpa.", type)).getRcode()).isEqualTo(Rcode.REFUSED);
      }
      var response = Asker.query("nas.home.arpa.", "A");
      response.getHeader().setFlag(Flags.QR);
      asker.send(response.toWire());
      asker.send(new byte[] {1, 2, 3});
      // silence on both: the next thing heard is the answer to the next question
      var next = Asker.query("nas.home.arpa.", "A");
      assertThat(asker.ask(next).getHeader().getID()).isEqualTo(next.getHeader().getID());
    }
  }

  @Test
  void the_case_of_the_question_is_kept() throws IOException {
    try (var dns = plain();
        var asker = Asker.of(dns)) {
      var reply = asker.ask("NaS.hOmE.aRpA.", "A");
      assertThat(reply.getQuestion().getName().toString()).isEqualTo("NaS.hOmE.aRpA.");
      assertThat(reply.getSection(Section.ANSWER).getFirst().getName().toString())
          .isEqualTo("NaS.hOmE.aRpA.");
      assertThat(asker.ask("nas.home.arpa.", "TXT").getSection(Section.ANSWER).getFirst())
          .hasToString("nas.home.arpa.\t\t3600\tIN\tTXT\t\"a \\\"b\\\" c\"");
    }
  }

  @Test
  void a_wildcard_socket_answers_from_the_address_that_was_asked() throws IOException {
    try (var dns =
        DnsServer.create(
            c -> c.listen("0.0.0.0", 0).zone("home.arpa", z -> z.a("nas", "192.168.7.10")))) {
      dns.start();
      int port = dns.endpoints().getFirst().address().getPort();
      for (var ip : new String[] {"127.0.0.1", "127.0.0.2", "127.99.1.2"}) {
        // a connected socket hears only whom it asked
        try (var asker = new Asker(new java.net.InetSocketAddress(ip, port))) {
          assertThat(asker.ask("nas.home.arpa.", "A").getRcode()).isEqualTo(Rcode.NOERROR);
        }
      }
    }
  }

  @Test
  void a_taken_port_is_told_and_leaves_nothing_open() throws Exception {
    try (var first = plain()) {
      var taken = first.endpoints().getFirst().address();
      var second =
          DnsServer.create(c -> c.listen("127.0.0.1", 0).listen("127.0.0.1", taken.getPort()));
      assertThatThrownBy(second::start)
          .isInstanceOf(StartException.class)
          .hasMessageContaining("NET-BIND-001")
          .hasMessageContaining(String.valueOf(taken.getPort()));
      assertThat(second.state()).isEqualTo(State.FAILED);
      assertThat(second.endpoints()).isEmpty();
    }
  }

  @Test
  void a_broken_zone_is_told_with_file_and_line_before_the_start() throws IOException {
    Files.writeString(folder.resolve("home.zone"), "$TTL 60\n@ SOA a b 1 2 3 4 5\n@ NS a\nx A y\n");
    var file = config("zones: {home.arpa: {file: home.zone}}");
    assertThatThrownBy(() -> DnsServer.create(file, home()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("home.zone:4:1: zones.home.arpa");
    assertThatThrownBy(
            () -> DnsServer.create(config("zones: {a.b: {records: [\"x A y\"]}}"), home()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("zones.a.b.records[0]");
  }

  @Test
  void wrong_keys_are_told_with_line_and_suggestion() {
    assertThatThrownBy(() -> DnsServer.create(config("forwardrs: [9.9.9.9]"), home()))
        .hasMessageContaining("dns.yaml:2:1")
        .hasMessageContaining("did you mean \"forwarders\"?");
    assertThatThrownBy(
            () -> DnsServer.create(config("zones: {a.b: {update: {keys: [nobody.]}}}"), home()))
        .hasMessageContaining("nobody., which is not in keys");
    assertThatThrownBy(() -> DnsServer.create(config("keys: {k.: {secret: '***'}}"), home()))
        .hasMessageContaining("expected base64");
    assertThatThrownBy(() -> DnsServer.create(config("zones: {a.b: {}, A.b.: {}}"), home()))
        .hasMessageContaining("is written twice");
    assertThatThrownBy(() -> DnsServer.create(config("forwarders: [dns.quad9.net]"), home()))
        .hasMessageContaining("is not an IP address");
  }

  @Test
  void upstreams_are_addresses_with_or_without_a_port() {
    assertThat(Upstream.parse("9.9.9.9")).hasToString("9.9.9.9:53");
    assertThat(Upstream.parse("127.0.0.1:5301")).hasToString("127.0.0.1:5301");
    assertThat(Upstream.parse("[::1]:5301")).hasToString("[0:0:0:0:0:0:0:1]:5301");
    assertThat(Upstream.parse("2620:fe::fe").address().getPort()).isEqualTo(53);
  }

  @Test
  void reload_takes_all_or_nothing() throws Exception {
    var zone = folder.resolve("home.zone");
    var top = "$TTL 60\n@ SOA ns host ";
    Files.writeString(zone, top + "1 2 3 4 5\n@ NS ns\nnas A 10.0.0.1\n");
    var file = config("zones: {home.arpa: {file: home.zone}}");
    try (var dns = DnsServer.create(file, home()).start();
        var asker = Asker.of(dns)) {
      assertThat(dns.reload())
          .isEqualTo(new Reload.Applied(java.util.List.of(), java.util.List.of()));

      Files.writeString(zone, top + "2 2 3 4 5\n@ NS ns\nnas A 10.0.0.2\nbad A\n");
      assertThat(dns.reload())
          .isInstanceOfSatisfying(
              Reload.Refused.class, r -> assertThat(r.why()).contains("home.zone:5"));
      assertThat(address(asker)).isEqualTo("10.0.0.1");

      Files.writeString(zone, top + "2 2 3 4 5\n@ NS ns\nnas A 10.0.0.2\n");
      assertThat(dns.reload())
          .isInstanceOfSatisfying(
              Reload.Applied.class,
              r -> assertThat(r.changed()).containsExactly("zones.home.arpa"));
      assertThat(address(asker)).isEqualTo("10.0.0.2");

      Files.writeString(zone, top + "2 2 3 4 5\n@ NS ns\nnas A 10.0.0.3\n");
      assertThat(dns.reload())
          .as("an edit without a later serial is seen too")
          .isInstanceOfSatisfying(
              Reload.Applied.class,
              r -> assertThat(r.changed()).containsExactly("zones.home.arpa"));

      write(
          "listen: [127.0.0.1:0, 127.0.0.1:0]\nforwarders: [192.0.2.1]\n"
              + "zones: {home.arpa: {file: home.zone}, b.c: {records: [\"x A 10.0.0.9\"]}}");
      assertThat(dns.reload())
          .isInstanceOfSatisfying(
              Reload.Applied.class,
              r -> {
                assertThat(r.changed()).contains("zones", "forwarders", "zones.b.c");
                assertThat(r.needsRestart()).containsExactly("listen");
              });
      assertThat(asker.ask("x.b.c.", "A").getRcode()).isEqualTo(Rcode.NOERROR);

      write("nonsense: 1");
      assertThat(dns.reload()).isInstanceOf(Reload.Refused.class);
      assertThat(address(asker)).isEqualTo("10.0.0.3");
    }
  }

  private static String address(Asker asker) throws IOException {
    return asker.ask("nas.home.arpa.", "A").getSection(Section.ANSWER).getFirst().rdataToString();
  }

  @Test
  void the_admin_endpoint_tells_that_it_answers() throws Exception {
    int port;
    try (var free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var file =
        config(
            "admin: {listen: 127.0.0.1:"
                + port
                + ", token: t}\n"
                + "zones: {home.arpa: {records: [\"nas A 10.0.0.1\"]}}");
    try (var dns = DnsServer.create(file, home()).start();
        var asker = Asker.of(dns);
        var http = HttpClient.newHttpClient()) {
      asker.ask("nas.home.arpa.", "A");
      var base = "http://127.0.0.1:" + port;
      assertThat(get(http, base + "/ready")).contains("\"ready\":true");
      assertThat(get(http, base + "/state")).contains("\"zone\":\"home.arpa.\"", "\"records\":3");
      assertThat(get(http, base + "/metrics"))
          .contains("islet_dns_answers_total{rcode=\"NOERROR\",source=\"zone\"} 1");
    }
  }

  private static String get(HttpClient http, String uri) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(uri)).header("Authorization", "Bearer t");
    var reply = http.send(request.build(), BodyHandlers.ofString());
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    return reply.body();
  }

  @Test
  void every_event_has_a_sentence_and_its_bytes() throws Exception {
    var events = new ConcurrentLinkedQueue<DnsEvent>();
    try (var dns =
        DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .zone("home.arpa", z -> z.a("nas", "192.168.7.10"))
                    .onTrace(events::add))) {
      dns.start();
      try (var asker = Asker.of(dns)) {
        asker.ask("nas.home.arpa.", "A");
        asker.ask(new Message(3));
        Wait.until(Duration.ofSeconds(5), () -> events.size() >= 4 ? "" : events.toString());
      }
    }
    assertThat(events).allMatch(e -> !e.note().isEmpty());
    assertThat(events)
        .filteredOn(e -> e instanceof DnsEvent.Answered)
        .allMatch(e -> e.packet().isPresent());
    assertThat(events.toString()).contains("Asked", "Answered", "Rejected", "ZoneLoaded");
  }

  private Home home() {
    return new Home(folder.resolve("data"), folder.resolve("logs"));
  }

  private ConfigFile<DnsConfig> config(String text) {
    write("listen: [127.0.0.1:0]\n" + text);
    return new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class);
  }

  private void write(String text) {
    try {
      Files.writeString(folder.resolve("dns.yaml"), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static int in() {
    return DClass.IN;
  }
}
