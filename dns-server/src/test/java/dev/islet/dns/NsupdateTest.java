package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** BIND's own clients against us, where they are installed. */
@EnabledIf("installed")
class NsupdateTest {
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  private DnsServer server;
  private int port;

  static boolean installed() {
    return java.nio.file.Files.isExecutable(java.nio.file.Path.of("/usr/bin/nsupdate"))
        && java.nio.file.Files.isExecutable(java.nio.file.Path.of("/usr/bin/dig"));
  }

  @BeforeEach
  void serve() {
    server =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .key("dhcp-dns.", SECRET)
                        .zone("home.arpa", z -> z.a("nas", "10.0.0.1").update("dhcp-dns.")))
            .start();
    port = server.endpoints().getFirst().address().getPort();
  }

  @AfterEach
  void end() {
    server.close();
  }

  private static String run(String input, String... command) throws Exception {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return text.strip();
  }

  private String update(String key, String... lines) throws Exception {
    return run(
        "server 127.0.0.1 "
            + port
            + "\nzone home.arpa\n"
            + key
            + String.join("\n", lines)
            + "\nsend\n",
        "/usr/bin/nsupdate");
  }

  private String dig(String... words) throws Exception {
    var command = new java.util.ArrayList<String>();
    command.addAll(java.util.List.of("/usr/bin/dig", "-p", "" + port, "@127.0.0.1", "+tries=1"));
    command.addAll(java.util.List.of(words));
    return run("", command.toArray(String[]::new));
  }

  @Test
  void signed_updates_are_taken_and_seen_by_dig() throws Exception {
    var key = "key hmac-sha256:dhcp-dns. " + SECRET + "\n";
    assertThat(
            update(
                key,
                "prereq nxdomain pc.home.arpa",
                "update add pc.home.arpa 300 A 10.0.0.2",
                "update add pc.home.arpa 300 AAAA 2001:db8::2"))
        .isEmpty();
    assertThat(dig("pc.home.arpa", "+short")).isEqualTo("10.0.0.2");
    assertThat(update(key, "prereq nxdomain pc.home.arpa", "update add pc.home.arpa 1 A 10.0.0.3"))
        .contains("YXDOMAIN");
    assertThat(update(key, "update delete pc.home.arpa")).isEmpty();
    assertThat(dig("pc.home.arpa")).contains("NXDOMAIN");
    assertThat(dig("-y", "hmac-sha256:dhcp-dns.:" + SECRET, "nas.home.arpa", "+tcp"))
        .contains("10.0.0.1")
        .doesNotContain("verify");
  }

  @Test
  void wrong_keys_and_no_key_are_refused() throws Exception {
    var wrong = "key hmac-sha256:dhcp-dns. " + "A".repeat(43) + "=\n";
    assertThat(update(wrong, "update add evil.home.arpa 300 A 10.0.0.2")).contains("BADSIG");
    var unknown = "key hmac-sha256:nobody. " + SECRET + "\n";
    assertThat(update(unknown, "update add evil.home.arpa 300 A 10.0.0.2")).contains("BADKEY");
    var other = "key hmac-sha512:dhcp-dns. " + SECRET + "\n";
    assertThat(update(other, "update add evil.home.arpa 300 A 10.0.0.2")).contains("BADKEY");
    assertThat(update("", "update add evil.home.arpa 300 A 10.0.0.2")).contains("REFUSED");
    assertThat(dig("evil.home.arpa")).contains("NXDOMAIN");
  }

  @Test
  void dig_understands_every_kind_of_reply() throws Exception {
    assertThat(dig("+edns=1", "+noednsnegotiation", "nas.home.arpa")).contains("BADVERS");
    assertThat(dig("+bufsize=512", "+ednsopt=65001:aa", "nas.home.arpa")).contains("NOERROR");
    assertThat(dig("example.com")).contains("REFUSED", "EDE: 20");
    assertThat(dig("home.arpa", "AXFR")).contains("Transfer failed");
    assertThat(dig("+noedns", "nas.home.arpa")).doesNotContain("OPT PSEUDOSECTION");
    assertThat(dig("localhost", "+short")).isEqualTo("127.0.0.1");
  }
}
