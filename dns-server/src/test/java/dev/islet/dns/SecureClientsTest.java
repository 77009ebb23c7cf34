package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other people's clients against our encrypted ports, where they are installed. */
class SecureClientsTest {
  private static final String TYPE = "content-type: application/dns-message";

  @TempDir Path home;
  private DnsServer server;

  @BeforeEach
  void serve() {
    server =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .dot("127.0.0.1", 0)
                        .doh("127.0.0.1", 0)
                        .home(home)
                        .tcp(new DnsConfig.TcpConfig(64, 32, 64, Duration.ofSeconds(3)))
                        .tls(
                            new TlsConfig(
                                Optional.empty(),
                                Optional.empty(),
                                List.of("localhost", "127.0.0.1"),
                                List.of(),
                                Duration.ofSeconds(30)))
                        .zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
            .start();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private String ca() {
    return Secure.certificate(home).toString();
  }

  private String tlsPort() {
    return "" + Secure.dot(server).getPort();
  }

  private String httpsPort() {
    return "" + Secure.doh(server).getPort();
  }

  /** What a program says on both its outputs; skipped where it is not installed. */
  private String run(String program, String... words) throws IOException, InterruptedException {
    var path = Path.of("/usr/bin").resolve(program);
    assumeTrue(Files.isExecutable(path), program + " is not installed");
    var command = new ArrayList<>(List.of(path.toString()));
    command.addAll(List.of(words));
    var log = home.resolve(program + ".out").toFile();
    var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(program + " ends").isTrue();
    return Files.readString(log.toPath(), StandardCharsets.ISO_8859_1).strip();
  }

  @Test
  void kdig_checks_our_certificate_and_gets_padded_answers() throws Exception {
    var tls =
        run(
            "kdig",
            "@127.0.0.1",
            "-p",
            tlsPort(),
            "+tls-ca=" + ca(),
            "+tls-hostname=localhost",
            "nas.home.arpa");
    assertThat(tls).contains("status: NOERROR", "192.168.7.10", "PADDING");
    assertThat(tls).containsPattern("Received 468 B");
    var wrong =
        run(
            "kdig",
            "@127.0.0.1",
            "-p",
            tlsPort(),
            "+tls-ca=" + ca(),
            "+tls-hostname=other.example",
            "+retry=0",
            "nas.home.arpa");
    assertThat(wrong).doesNotContain("192.168.7.10");
    for (var way : List.of("+https", "+https-get")) {
      var https =
          run(
              "kdig",
              "@127.0.0.1",
              "-p",
              httpsPort(),
              way,
              "+tls-ca=" + ca(),
              "+tls-hostname=localhost",
              "nas.home.arpa");
      assertThat(https).contains("HTTP/2", "status: 200", "id: 0", "192.168.7.10");
    }
  }

  @Test
  void kdig_sends_many_questions_down_one_connection() throws Exception {
    var words =
        new ArrayList<>(List.of("@127.0.0.1", "-p", tlsPort(), "+tls", "+keepopen", "+short"));
    for (int i = 0; i < 20; i++) {
      words.add("nas.home.arpa");
    }
    assertThat(run("kdig", words.toArray(String[]::new)).lines().toList())
        .hasSize(20)
        .containsOnly("192.168.7.10");
  }

  @Test
  void dig_asks_over_both() throws Exception {
    for (var way : List.of("+tls", "+https", "+https-get")) {
      var port = way.equals("+tls") ? tlsPort() : httpsPort();
      assertThat(
              run(
                  "dig",
                  "@127.0.0.1",
                  "-p",
                  port,
                  way,
                  "+tls-ca=" + ca(),
                  "+tls-hostname=localhost",
                  "+tries=1",
                  "nas.home.arpa",
                  "+short"))
          .isEqualTo("192.168.7.10");
    }
  }

  private String curl(String... words) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                "-s",
                "-m",
                "40",
                "--cacert",
                ca(),
                "-o",
                home.resolve("body").toString(),
                "-w",
                "%{http_version} %{http_code} %{content_type}"));
    command.addAll(List.of(words));
    return run("curl", command.toArray(String[]::new));
  }

  @Test
  void curl_hears_the_right_codes_over_both_versions() throws Exception {
    var query = Asker.query("nas.home.arpa.", "A");
    query.getHeader().setID(0);
    var file = home.resolve("query");
    Files.write(file, query.toWire());
    var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(query.toWire());
    var big = home.resolve("big");
    Files.write(big, new byte[300_000]);
    var url = "https://localhost:" + httpsPort() + "/dns-query";
    var body = "@" + file;
    for (var version : List.of("1.1", "2")) {
      var http = "--http" + version;
      var dns = version + " 200 application/dns-message";
      assertThat(curl(http, url + "?dns=" + encoded)).isEqualTo(dns);
      assertThat(curl(http, "-H", TYPE, "--data-binary", body, url)).isEqualTo(dns);
      assertThat(curl(http, "-I", url + "?dns=" + encoded)).isEqualTo(dns);
      assertThat(curl(http, url)).startsWith(version + " 400");
      assertThat(curl(http, url + "/x?dns=" + encoded)).startsWith(version + " 404");
      assertThat(curl(http, "-X", "DELETE", url)).startsWith(version + " 405");
      assertThat(curl(http, "--data-binary", body, url)).startsWith(version + " 415");
      assertThat(curl(http, "-H", TYPE, "--data-binary", "@" + big, url))
          .startsWith(version + " 413");
      assertThat(
              curl(
                  http,
                  "-H",
                  TYPE,
                  "-H",
                  "transfer-encoding: chunked",
                  "--data-binary",
                  "@" + big,
                  url))
          .startsWith(version + " 413");
      assertThat(curl(http, url + "?dns=" + "A".repeat(9_000))).startsWith(version + " 414");
      assertThat(curl(http, "-H", "x: " + "y".repeat(20_000), url)).startsWith(version + " 431");
    }
  }

  /** With as many questions outstanding as it likes, which are more than we take at a time. */
  @Test
  void dnsperf_loses_nothing_over_https() throws Exception {
    var names = home.resolve("names");
    Files.writeString(names, "nas.home.arpa A\nnothing.home.arpa AAAA\n".repeat(500));
    for (var method : List.of("GET", "POST")) {
      for (int i = 0; i < 3; i++) {
        var said =
            run(
                "dnsperf",
                "-W",
                "-m",
                "doh",
                "-s",
                "127.0.0.1",
                "-p",
                httpsPort(),
                "-d",
                names.toString(),
                "-n",
                "4",
                "-c",
                "4",
                "-q",
                "400",
                "-O",
                "doh-uri=https://localhost/dns-query",
                "-O",
                "doh-method=" + method);
        assertThat(said).as(method).containsPattern("Queries completed:\\s+4000 \\(100.00%\\)");
      }
    }
  }

  @Test
  void h2load_gets_a_reply_to_each_of_its_questions() throws Exception {
    var query = Asker.query("nas.home.arpa.", "A");
    query.getHeader().setID(0);
    var text = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(query.toWire());
    for (var streams : List.of("1", "32", "200")) {
      var said =
          run(
              "h2load",
              "-n",
              "4000",
              "-c",
              "4",
              "-m",
              streams,
              "https://127.0.0.1:" + httpsPort() + "/dns-query?dns=" + text);
      assertThat(said).as(streams).contains("4000 succeeded, 0 failed, 0 errored, 0 timeout");
    }
  }

  @Test
  void openssl_resumes_its_session() throws Exception {
    for (var version : List.of("-tls1_3", "-tls1_2")) {
      var session = home.resolve("session" + version);
      var first = openssl(version, "-sess_out", session.toString());
      assertThat(first).contains("New, TLSv1", "Verify return code: 0 (ok)");
      assertThat(openssl(version, "-sess_in", session.toString())).contains("Reused, TLSv1");
    }
    assertThat(openssl("-tls1_1")).doesNotContain("Verify return code: 0 (ok)\n---\nDONE");
    assertThat(openssl("-alpn", "h2")).contains("no application protocol");
    assertThat(openssl("-alpn", "dot")).contains("ALPN protocol: dot");
  }

  /** Sends one question, so that tickets have come when it ends. */
  private String openssl(String... words) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    var command =
        new ArrayList<>(
            List.of(
                "/usr/bin/openssl",
                "s_client",
                "-connect",
                "127.0.0.1:" + tlsPort(),
                "-CAfile",
                ca(),
                "-verify_hostname",
                "localhost",
                "-ign_eof"));
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var query = Asker.query("nas.home.arpa.", "A").toWire();
    var in = process.getInputStream();
    try (var out = process.getOutputStream()) {
      out.write(0);
      out.write(query.length);
      out.write(query);
    } catch (IOException e) {
      // it was turned away before it could ask
    }
    var heard = new java.io.ByteArrayOutputStream();
    var seen = new byte[4_096];
    for (int n = in.read(seen); n >= 0; n = in.read(seen)) {
      heard.write(seen, 0, n);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return heard.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void unbound_forwards_to_us_over_tls() throws Exception {
    var unbound = Path.of("/usr/sbin/unbound");
    assumeTrue(Files.isExecutable(unbound), "unbound is not installed");
    int port = freePort();
    var conf = home.resolve("unbound.conf");
    Files.writeString(
        conf,
        """
        server:
          directory: "%1$s"
          username: ""
          chroot: ""
          pidfile: ""
          use-syslog: no
          logfile: "%1$s/unbound.log"
          do-daemonize: no
          interface: 127.0.0.1@%2$d
          module-config: "iterator"
          do-not-query-localhost: no
          local-zone: "home.arpa." nodefault
          tls-cert-bundle: "%3$s"
        remote-control:
          control-enable: no
        forward-zone:
          name: "."
          forward-tls-upstream: yes
          forward-addr: 127.0.0.1@%4$s#localhost
        """
            .formatted(home, port, ca(), tlsPort()));
    var process =
        new ProcessBuilder(unbound.toString(), "-d", "-c", conf.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("unbound.out").toFile())
            .start();
    try (var asker = new Asker(new java.net.InetSocketAddress("127.0.0.1", port))) {
      Wait.until(
          Duration.ofSeconds(30),
          () -> {
            try {
              var reply = asker.tcp(Asker.query("nas.home.arpa.", "A"));
              return reply.getSection(1).isEmpty() ? "no answer yet: " + reply : "";
            } catch (IOException e) {
              return "unbound does not answer yet: " + e;
            }
          });
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
