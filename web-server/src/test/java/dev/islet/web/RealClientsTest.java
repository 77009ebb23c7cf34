package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.tls.TlsIdentity;
import dev.islet.web.model.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** curl, nghttp and openssl against the server; each test is left out where the program is not. */
class RealClientsTest {
  @TempDir Path folder;
  private WebServer web;
  private int http;
  private int https;

  @BeforeEach
  void start() throws IOException {
    var www = Files.createDirectory(folder.resolve("www"));
    Files.writeString(www.resolve("index.html"), "<p>hello " + "hello ".repeat(500));
    Files.write(www.resolve("big.bin"), new byte[2_000_000]);
    TlsIdentity.selfSigned(folder.resolve("own"), List.of("own.home.arpa"));
    web =
        WebServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .listenTls("127.0.0.1", 0)
                        .h2c(true)
                        .drain(Duration.ofMillis(200))
                        .data(folder.resolve("data"))
                        .site(
                            "www.home.arpa",
                            s ->
                                s.files("/", www)
                                    .hsts(Duration.ofDays(1))
                                    .post(
                                        "/echo",
                                        r -> Reply.text(r.protocol() + " " + r.body().length)))
                        .site("secure.home.arpa", s -> s.files("/", www).httpsOnly())
                        .site(
                            "own.home.arpa",
                            s ->
                                s.files("/", www)
                                    .tls(
                                        folder.resolve("own/cert.pem"),
                                        folder.resolve("own/key.pem"))))
            .start();
    http = web.endpoints().get(0).address().getPort();
    https = web.endpoints().get(1).address().getPort();
  }

  @AfterEach
  void stop() {
    web.close();
  }

  private static String run(String... command) throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/" + command[0])), command[0] + " is not installed");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new java.io.File("/dev/null"))
            .start();
    var text = new String(process.getInputStream().readAllBytes());
    process.waitFor();
    return text;
  }

  private String curl(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "10"));
    for (var host : List.of("www", "secure", "own")) {
      command.addAll(List.of("--resolve", host + ".home.arpa:" + http + ":127.0.0.1"));
      command.addAll(List.of("--resolve", host + ".home.arpa:" + https + ":127.0.0.1"));
    }
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  private String cacert() {
    return folder.resolve("data/web/tls/cert.pem").toString();
  }

  @Test
  void curl_speaks_every_version() throws Exception {
    var tell = "%{http_version} %{response_code} %{size_download}";
    var plain = "http://www.home.arpa:" + http + "/big.bin";
    var secure = "https://www.home.arpa:" + https + "/big.bin";
    assertThat(curl("-o", "/dev/null", "-w", tell, "--http1.1", plain))
        .isEqualTo("1.1 200 2000000");
    assertThat(curl("-o", "/dev/null", "-w", tell, "--http1.0", plain)).isEqualTo("1 200 2000000");
    assertThat(curl("-o", "/dev/null", "-w", tell, "--http2-prior-knowledge", plain))
        .isEqualTo("2 200 2000000");
    assertThat(curl("-o", "/dev/null", "-w", tell, "--http1.1", "--cacert", cacert(), secure))
        .isEqualTo("1.1 200 2000000");
    assertThat(curl("-o", "/dev/null", "-w", tell, "--http2", "--cacert", cacert(), secure))
        .isEqualTo("2 200 2000000");
  }

  @Test
  void curl_uploads_ranges_and_compresses_over_both_versions() throws Exception {
    var upload = folder.resolve("www/big.bin").toString();
    for (var version : List.of("--http1.1", "--http2")) {
      var base = "https://www.home.arpa:" + https;
      assertThat(
              curl(
                  version,
                  "--cacert",
                  cacert(),
                  "-r",
                  "5-9",
                  "-o",
                  "/dev/null",
                  "-w",
                  "%{response_code} %{size_download}",
                  base + "/big.bin"))
          .isEqualTo("206 5");
      assertThat(curl(version, "--cacert", cacert(), "-d", "abc", base + "/echo")).endsWith(" 3");
      assertThat(
              curl(
                  version,
                  "--cacert",
                  cacert(),
                  "--data-binary",
                  "@" + upload,
                  "-o",
                  "/dev/null",
                  "-w",
                  "%{response_code}",
                  base + "/echo"))
          .startsWith("413");
      assertThat(curl(version, "--cacert", cacert(), "--compressed", base + "/"))
          .startsWith("<p>hello");
      assertThat(curl(version, "--cacert", cacert(), "-I", base + "/big.bin"))
          .containsIgnoringCase("content-length: 2000000")
          .containsIgnoringCase("strict-transport-security: max-age=86400")
          .containsIgnoringCase("etag: \"");
    }
  }

  @Test
  void curl_keeps_a_tag_and_is_told_304() throws Exception {
    var tag = folder.resolve("tag").toString();
    var url = "http://www.home.arpa:" + http + "/";
    curl("--etag-save", tag, "-o", "/dev/null", url);
    assertThat(curl("--etag-compare", tag, "-o", "/dev/null", "-w", "%{response_code}", url))
        .isEqualTo("304");
  }

  @Test
  void plain_requests_are_sent_to_tls_where_the_site_wants_it() throws Exception {
    assertThat(
            curl(
                "-o",
                "/dev/null",
                "-w",
                "%{response_code} %{redirect_url}",
                "http://secure.home.arpa:" + http + "/a?b=c"))
        .isEqualTo("308 https://secure.home.arpa:" + https + "/a?b=c");
  }

  @Test
  void each_site_may_have_its_own_certificate() throws Exception {
    var own = folder.resolve("own/cert.pem").toString();
    assertThat(
            curl(
                "--cacert",
                own,
                "-o",
                "/dev/null",
                "-w",
                "%{response_code}",
                "https://own.home.arpa:" + https + "/"))
        .isEqualTo("200");
    assertThat(
            curl(
                "--cacert",
                own,
                "-o",
                "/dev/null",
                "-w",
                "%{response_code}",
                "https://www.home.arpa:" + https + "/"))
        .contains("000");
  }

  @Test
  void nghttp_gets_many_streams_at_once() throws Exception {
    var text =
        run(
            "nghttp",
            "-nv",
            "-m",
            "20",
            "https://127.0.0.1:" + https + "/big.bin",
            "-H",
            ":authority: www.home.arpa");
    assertThat(text).contains("negotiated protocol: h2");
    assertThat(text.lines().filter(l -> l.contains(":status: 200")).count()).isEqualTo(20);
  }

  @Test
  void only_new_protocols_and_authenticated_suites_are_spoken() throws Exception {
    var to = "127.0.0.1:" + https;
    assertThat(run("openssl", "s_client", "-connect", to, "-tls1_3"))
        .contains("TLSv1.3, Cipher is TLS_");
    assertThat(run("openssl", "s_client", "-connect", to, "-tls1_2"))
        .contains("Cipher is ECDHE-ECDSA");
    assertThat(run("openssl", "s_client", "-connect", to, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"))
        .contains("Cipher is (NONE)");
    assertThat(
            run(
                "openssl",
                "s_client",
                "-connect",
                to,
                "-tls1_2",
                "-cipher",
                "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384"))
        .contains("Cipher is (NONE)");
    assertThat(run("openssl", "s_client", "-connect", to, "-alpn", "h2,http/1.1"))
        .contains("ALPN protocol: h2");
  }
}
