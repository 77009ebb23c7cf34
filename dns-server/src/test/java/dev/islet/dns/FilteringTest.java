package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** The filter from outside: dig asks from several addresses of loopback. */
class FilteringTest {
  private static final Path DIG = Path.of("/usr/bin/dig");
  @TempDir Path folder;
  private FakeUpstream upstream;
  private DnsServer server;

  @BeforeEach
  void begin() throws IOException {
    upstream = new FakeUpstream();
    upstream.spoil = FilteringTest::world;
    Files.writeString(folder.resolve("ads.txt"), "# ads\n||ads.example^\n@@||ok.ads.example^\n");
    Files.writeString(folder.resolve("adult.txt"), "0.0.0.0 adult.example\n");
    Files.writeString(
        folder.resolve("policy.rpz"),
        "$TTL 30\nquiet.example CNAME rpz-drop.\nwalled.example CNAME nas.home.arpa.\n");
  }

  /** Aliases, private addresses and the safe names of search engines. */
  private static Message world(Message reply) {
    var name = reply.getQuestion().getName();
    reply.removeAllRecords(Section.ANSWER);
    try {
      var target = name;
      if (name.toString().startsWith("cloak.")) {
        target = Name.fromConstantString("x.ads.example.");
        reply.addRecord(new CNAMERecord(name, 1, 300, target), Section.ANSWER);
      }
      var address =
          name.toString().startsWith("evil.")
              ? "192.168.7.1"
              : name.toString().startsWith("forcesafesearch.") ? "198.51.100.7" : "192.0.2.1";
      reply.addRecord(new ARecord(target, 1, 300, InetAddress.getByName(address)), Section.ANSWER);
      return reply;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path config(String filter) throws IOException {
    var file = folder.resolve("dns.yaml");
    Files.writeString(
        file,
        """
        listen: [127.0.0.1:0]
        zones: {home.arpa: {records: ["nas A 192.168.7.10", "ads A 192.168.7.11"]}}
        forwarders: ["%s"]
        filter:
        %s
        """
            .formatted(upstream.address(), filter.indent(2)));
    return file;
  }

  private void serve(String filter, String... more) throws IOException {
    var file = config(filter);
    Files.writeString(file, Files.readString(file) + String.join("\n", more));
    server =
        DnsServer.create(
                new ConfigFile<>(file, DnsConfig.class),
                new Home(folder.resolve("data"), folder.resolve("logs")))
            .start();
  }

  @AfterEach
  void end() throws IOException {
    if (server != null) {
      server.close();
    }
    upstream.close();
  }

  @Test
  void what_is_dropped_after_others_were_asked_keeps_no_place_of_a_stream() throws Exception {
    Files.writeString(folder.resolve("drop.rpz"), "$TTL 30\nx.ads.example CNAME rpz-drop.\n");
    serve(
        "lists: {drop: {file: drop.rpz}}",
        "tcp: {pipeline: 2, idle: 30s}",
        "dot: {listen: [\"127.0.0.1:0\"]}");
    try (var asker = Asker.of(server);
        var plain = asker.stream();
        var secure = Secure.of(folder.resolve("data")).stream(server)) {
      for (var stream : List.of(plain, secure)) {
        for (var name : List.of("cloak.a.example.", "cloak.b.example.", "cloak.c.example.")) {
          stream.send(Asker.query(name, "A").toWire());
        }
        stream.send(Asker.query("nas.home.arpa.", "A").toWire());
        var name = new Message(stream.receive()).getQuestion().getName().toString();
        assertThat(name).isEqualTo("nas.home.arpa.");
      }
    }
  }

  @Test
  void an_alias_to_a_name_that_is_led_elsewhere_is_led_there_too() throws Exception {
    Files.writeString(
        folder.resolve("garden.rpz"), "$TTL 30\nx.ads.example CNAME nas.home.arpa.\n");
    serve("lists: {garden: {file: garden.rpz}}");
    try (var asker = Asker.of(server)) {
      for (int again = 0; again < 2; again++) { // the second time out of the cache
        var reply = asker.ask("cloak.a.example.", "A");
        assertThat(reply.getSection(Section.ANSWER).toString())
            .contains("nas.home.arpa.", "192.168.7.10")
            .doesNotContain("192.0.2.1");
      }
    }
  }

  @Test
  void a_list_from_the_web_blocks_as_soon_as_it_is_there() throws Exception {
    var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          var body = "||web.example^\n".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    web.start();
    try {
      serve("lists: {web: {url: \"http://localhost:%d/\"}}".formatted(web.getAddress().getPort()));
      Wait.until(
          Duration.ofSeconds(20),
          () -> {
            try {
              return dig("127.0.0.1", "x.web.example").contains("0.0.0.0") ? "" : "not blocked";
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          });
    } finally {
      web.stop(0);
    }
    server.close();
    serve("lists: {web: {url: \"http://localhost:%d/\"}}".formatted(web.getAddress().getPort()));
    assertThat(dig("127.0.0.1", "x.web.example")).as("the copy").contains("0.0.0.0");
  }

  private String dig(String from, String... words) throws Exception {
    assumeTrue(Files.isExecutable(DIG), "dig is not installed");
    var command =
        new ArrayList<String>(
            List.of(
                DIG.toString(),
                "-p",
                "" + server.endpoints().getFirst().address().getPort(),
                "@127.0.0.1",
                "-b",
                from,
                "+tries=1",
                "+time=4"));
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }

  private String brief(String from, String name) throws Exception {
    return dig(from, "+short", name);
  }

  private static final String GROUPS =
      """
      lists:
        ads: {file: ads.txt}
        adult: {file: adult.txt, reason: filtered}
        policy: {file: policy.rpz}
      groups:
        children:
          clients: [127.0.0.2, 127.0.0.8/29]
          lists: [ads, adult]
          allow: [school.adult.example]
          block: [games.example]
          safe-search: true
          times:
            - {hours: "00:00-24:00", block: [always.example]}
        everybody:
          lists: [ads, policy]
      """;

  @Test
  void each_group_gets_its_own_answers() throws Exception {
    serve(GROUPS);
    var parent = "127.0.0.1";
    var child = "127.0.0.2";
    assertThat(brief(parent, "x.ads.example")).isEqualTo("0.0.0.0");
    assertThat(brief(parent, "ok.ads.example")).isEqualTo("192.0.2.1");
    assertThat(brief(parent, "adult.example")).isEqualTo("192.0.2.1");
    assertThat(brief(child, "adult.example")).isEqualTo("0.0.0.0");
    assertThat(brief("127.0.0.9", "adult.example")).isEqualTo("0.0.0.0");
    assertThat(brief(child, "www.games.example")).isEqualTo("0.0.0.0");
    assertThat(brief(parent, "www.games.example")).isEqualTo("192.0.2.1");
    assertThat(brief(child, "always.example")).isEqualTo("0.0.0.0");
    assertThat(brief(parent, "always.example")).isEqualTo("192.0.2.1");
    assertThat(dig(child, "adult.example", "AAAA"))
        .contains("EDE: 17 (Filtered)", "adult.example.\t\t60\tIN\tAAAA\t::");
    assertThat(dig(parent, "ads.example", "TXT"))
        .contains("EDE: 15 (Blocked)", "status: NOERROR", "ANSWER: 0, AUTHORITY: 1");
    assertThat(dig(parent, "+tcp", "+short", "x.ads.example")).isEqualTo("0.0.0.0");
  }

  @Test
  void search_is_safe_for_those_who_shall_have_it() throws Exception {
    serve(GROUPS);
    assertThat(brief("127.0.0.2", "www.google.com"))
        .isEqualTo("forcesafesearch.google.com.\n198.51.100.7");
    assertThat(brief("127.0.0.1", "www.google.com")).isEqualTo("192.0.2.1");
  }

  @Test
  void cloaks_and_rebinding_are_seen_in_answers_fresh_and_cached() throws Exception {
    serve(GROUPS + "private-names: [evil.lan.example]\n");
    for (int again = 0; again < 2; again++) {
      assertThat(dig("127.0.0.1", "cloak.shop.example"))
          .contains("0.0.0.0", "EDE: 15 (Blocked)")
          .doesNotContain("192.0.2.1");
      assertThat(dig("127.0.0.1", "evil.example")).contains("EDE: 15", "ANSWER: 0");
      assertThat(brief("127.0.0.1", "evil.lan.example")).isEqualTo("192.168.7.1");
    }
  }

  @Test
  void a_policy_zone_is_obeyed_and_our_zones_are_not_touched() throws Exception {
    serve(GROUPS + "answer: nxdomain\n");
    assertThat(dig("127.0.0.1", "x.ads.example")).contains("status: NXDOMAIN");
    assertThat(brief("127.0.0.1", "walled.example")).isEqualTo("nas.home.arpa.\n192.168.7.10");
    assertThat(dig("127.0.0.1", "+time=1", "quiet.example")).contains("timed out");
    assertThat(brief("127.0.0.2", "ads.home.arpa")).isEqualTo("192.168.7.11");
  }

  @Test
  void a_decision_is_explained_with_file_and_line() throws Exception {
    int port;
    try (var free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    serve(GROUPS, "admin: {listen: 127.0.0.1:" + port + ", token: t}");
    assertThat(explain(port, "name=x.ads.example"))
        .contains("\"source\":\"POLICY\"", "\"outcome\":\"NOERROR\"")
        .contains("list ads blocks ads.example and all below", "/ads.txt\",\"line\":2}");
    assertThat(explain(port, "name=ok.ads.example"))
        .contains("others are asked", "list ads allows ok.ads.example", "\"line\":3}");
    assertThat(explain(port, "name=www.games.example&client=127.0.0.2"))
        .contains("\"group\":\"children\"", "groups.children blocks games.example", "dns.yaml");
    assertThat(explain(port, "name=walled.example")).contains("policy.rpz\",\"line\":3}");
    assertThat(explain(port, "name=ads.home.arpa&type=A"))
        .contains("\"source\":\"ZONE\"", "\"rule\":null");
    assertThat(explain(port, "name=a..b")).contains("is not a domain name");
    assertThat(explain(port, "client=127.0.0.1")).contains("say which name");
  }

  @Test
  void what_was_asked_is_counted_and_logged_if_that_is_wanted() throws Exception {
    int port;
    try (var free = new java.net.ServerSocket(0)) {
      port = free.getLocalPort();
    }
    serve(
        GROUPS,
        "queries: {statistics: true, log: true, clients: network}",
        "admin: {listen: 127.0.0.1:" + port + ", token: t}");
    brief("127.0.0.1", "nas.home.arpa"); // on the fast lane, where there is one
    brief("127.0.0.1", "x.ads.example");
    brief("127.0.0.2", "x.ads.example");
    assertThat(get(port, "/state"))
        .contains("\"asked\":3,\"blocked\":2,")
        .contains("\"blockedNames\":[{\"what\":\"x.ads.example.\",\"count\":2,\"error\":0}]")
        .contains("\"clients\":[{\"what\":\"127.0.0.0/24\",\"count\":3,\"error\":0}]")
        .contains("{\"list\":\"list ads\",\"rules\":2,");
    server.close();
    try (var files = Files.list(folder.resolve("logs/dns"))) {
      var file = files.findFirst().orElseThrow();
      try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(file))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .contains("\t127.0.0.0/24\tnas.home.arpa.\tA\tNOERROR\tZONE\n")
            .contains("\t127.0.0.0/24\tx.ads.example.\tA\tNOERROR\tPOLICY\n");
      }
    }
  }

  private static String explain(int port, String query) throws Exception {
    return get(port, "/explain?" + query);
  }

  private static String get(int port, String path) throws Exception {
    try (var http = java.net.http.HttpClient.newHttpClient()) {
      var uri = java.net.URI.create("http://127.0.0.1:" + port + path);
      var request =
          java.net.http.HttpRequest.newBuilder(uri).header("Authorization", "Bearer t").build();
      return http.send(request, java.net.http.HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  @Test
  void what_cannot_be_read_is_told_with_its_key() throws Exception {
    var text = "lists: {ads: {file: nothing.txt}}\n";
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> serve(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("filter.lists.ads")
        .hasMessageContaining("no such file");
    serve("lists: {ads: {file: ads.txt}}\n");
    config(text.replace("ads:", "other:"));
    assertThat(server.reload()).isInstanceOf(Reload.Refused.class);
    assertThat(brief("127.0.0.1", "x.ads.example")).isEqualTo("0.0.0.0");
  }

  @Test
  void a_million_names_are_swapped_while_questions_flow() throws Exception {
    var big = folder.resolve("big.txt");
    million(big, "old");
    serve("lists: {big: {file: big.txt}}\n");
    var stop = new AtomicBoolean();
    var answered = new AtomicInteger();
    var fault = new AtomicReference<String>("");
    var asking =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (var asker = Asker.of(server)) {
                    while (!stop.get()) {
                      // Each waits for its reply: one that is lost is an exception.
                      var blocked = asker.ask("host-7.old.example.", "A");
                      var ours = asker.ask("nas.home.arpa.", "A");
                      if (blocked.getRcode() != Rcode.NOERROR
                          || ours.getSection(Section.ANSWER).size() != 1) {
                        fault.set(blocked + "\n" + ours);
                      }
                      answered.addAndGet(2);
                    }
                  } catch (IOException e) {
                    fault.set("lost: " + e);
                  }
                });
    million(big, "new");
    int before = answered.get();
    assertThat(server.reload()).isInstanceOf(Reload.Applied.class);
    int during = answered.get() - before;
    stop.set(true);
    asking.join();
    assertThat(fault.get()).isEmpty();
    assertThat(during).as("questions answered while the list was made").isGreaterThan(10);
    try (var asker = Asker.of(server)) {
      assertThat(asker.ask("host-7.new.example.", "A").getSection(Section.ANSWER).toString())
          .contains("0.0.0.0");
      assertThat(asker.ask("host-7.old.example.", "A").getSection(Section.ANSWER).toString())
          .contains("192.0.2.1");
    }
  }

  private static void million(Path file, String zone) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < 1_000_000; i++) {
        out.write("0.0.0.0 host-" + i + "." + zone + ".example\n");
      }
    }
  }
}
