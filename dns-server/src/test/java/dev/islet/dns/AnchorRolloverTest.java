package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.ValidationMode;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * A signed root of ours rolls its key; we and Unbound follow it over months (RFC 5011). Our clock
 * is set on; in Unbound's file the dates are set back instead.
 */
@EnabledIf("installed")
class AnchorRolloverTest {
  private static final Duration MONTH = Duration.ofDays(31);
  private static final Pattern OURS = Pattern.compile("^([A-Z]+) \\S+ \\. \\d+ DNSKEY (.*)$");
  private static final Pattern THEIRS =
      Pattern.compile("DNSKEY\\s+(\\d+ \\d+ \\d+ \\S+).*;;state=\\d+ \\[\\s*([A-Z]+)\\s*\\]");
  private static final Pattern CHANGED = Pattern.compile(";;lastchange=(\\d+) ");

  @TempDir Path folder;
  private Instant wall = Instant.now();
  private String zoneKey;
  private String first;
  private String second;

  static boolean installed() {
    return SignedLab.installed();
  }

  @Test
  void we_are_where_unbound_is_at_each_step_of_a_rollover() throws Exception {
    zoneKey = keygen(false);
    first = keygen(true);
    second = keygen(true);
    var anchor = run("dnssec-dsfromkey", "-2", first).strip().replace(" IN ", " ");
    Files.writeString(folder.resolve("auto.key"), anchor + "\n");

    step(anchor, List.of(first), List.of(first), "first VALID");
    step(anchor, List.of(first, second), List.of(first), "first VALID, second ADDPEND");
    month();
    step(anchor, List.of(first, second), List.of(first), "first VALID, second VALID");
    step(anchor, List.of(second), List.of(second), "first MISSING, second VALID");
    var revoked = run("dnssec-revoke", first).strip();
    revoked = Path.of(revoked).getFileName().toString().replaceFirst("\\.(key|private)$", "");
    var both = List.of(revoked, second);
    step(anchor, both, both, "first REVOKED, second VALID");
    month();
    step(anchor, List.of(second), List.of(second), "second VALID");
  }

  private void month() throws IOException {
    wall = wall.plus(MONTH);
    var file = folder.resolve("auto.key");
    var text =
        CHANGED
            .matcher(Files.readString(file))
            .replaceAll(
                m -> ";;lastchange=" + (Long.parseLong(m.group(1)) - MONTH.toSeconds()) + " ");
    Files.writeString(file, text);
  }

  /** Both start anew with what they have on disk, and look. */
  private void step(String anchor, List<String> keys, List<String> signers, String expected)
      throws Exception {
    var zone = sign(keys, signers);
    try (var root = DnsServer.create(c -> c.listen("127.0.0.1", 0).zoneFile(".", zone)).start()) {
      int port = root.endpoints().getFirst().address().getPort();
      try (var server = ours(anchor, port);
          var asker = Asker.of(server)) {
        secure(asker.ask(query()), "ours, " + expected);
        Wait.until(Duration.ofSeconds(10), () -> same(expected, "home/dns/trust-anchors", OURS));
      }
      unbound(port, expected);
    }
  }

  private static Message query() throws IOException {
    var query = Asker.query("www.", "A");
    query.getHeader().setFlag(Flags.AD);
    return query;
  }

  private static void secure(Message reply, String as) {
    assertThat(reply.getRcode()).as(as).isEqualTo(Rcode.NOERROR);
    assertThat(reply.getHeader().getFlag(Flags.AD)).as(as).isTrue();
  }

  private DnsServer ours(String anchor, int port) {
    var now = wall;
    var time =
        new TimeSource() {
          @Override
          public long now() {
            return TimeSource.system().now();
          }

          @Override
          public Instant wall() {
            return now;
          }
        };
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .home(folder.resolve("home"))
                    .forward("127.0.0.1:" + port)
                    .filter(FilterSetup::allowRebinding)
                    .dnssecValidation(ValidationMode.ON)
                    .trustAnchor(anchor)
                    .parts(time, new java.security.SecureRandom()))
        .start();
  }

  private void unbound(int root, String expected) throws Exception {
    int port = PeerServer.freePort();
    var conf = new StringBuilder("server:\n");
    for (var line :
        List.of(
            "directory: \"" + folder + "\"",
            "chroot: \"\"",
            "username: \"\"",
            "pidfile: \"\"",
            "use-syslog: no",
            "do-daemonize: no",
            "interface: 127.0.0.1@" + port,
            "do-not-query-localhost: no",
            "module-config: \"validator iterator\"",
            "auto-trust-anchor-file: \"" + folder.resolve("auto.key") + "\"",
            "trust-anchor-signaling: no",
            "num-threads: 1")) {
      conf.append("  ").append(line).append('\n');
    }
    conf.append("remote-control:\n  control-enable: no\nforward-zone:\n  name: \".\"\n");
    conf.append("  forward-addr: 127.0.0.1@").append(root).append('\n');
    Files.writeString(folder.resolve("unbound.conf"), conf);
    var process =
        new ProcessBuilder(SignedLab.UNBOUND.toString(), "-d", "-p", "-c", folder + "/unbound.conf")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("unbound.log").toFile())
            .start();
    try (var asker = new Asker(new InetSocketAddress("127.0.0.1", port))) {
      Wait.until(
          Duration.ofSeconds(20),
          () -> {
            try {
              var reply = asker.ask(query());
              boolean good = reply.getHeader().getFlag(Flags.AD);
              return good ? same(expected, "auto.key", THEIRS) : "not secure: " + reply;
            } catch (IOException e) {
              return String.valueOf(e);
            }
          });
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  /** Empty if a file says of both keys what is expected; Unbound does not keep removed ones. */
  private String same(String expected, String file, Pattern form) {
    try {
      var states = new TreeMap<String, String>();
      for (var line : Files.readAllLines(folder.resolve(file))) {
        var match = form.matcher(line);
        if (match.find()) {
          boolean ours = form == OURS;
          var state = match.group(ours ? 1 : 2).replace("PENDING", "ADDPEND");
          var key = match.group(ours ? 2 : 1);
          boolean one = key.endsWith(data(first));
          if (!state.equals("REMOVED") && (one || key.endsWith(data(second)))) {
            states.put(one ? "first" : "second", state);
          }
        }
      }
      var said = states.toString().replaceAll("[{}]", "").replace('=', ' ');
      return said.equals(expected) ? "" : file + " says " + said + ", expected " + expected;
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  /** The key itself, in one piece of base64. */
  private String data(String key) throws IOException {
    for (var line : Files.readAllLines(folder.resolve(key + ".key"))) {
      if (!line.startsWith(";")) {
        return line.replaceFirst("^.*DNSKEY \\d+ \\d+ \\d+ ", "").replace(" ", "");
      }
    }
    throw new IOException("no key in " + key);
  }

  private Path sign(List<String> keys, List<String> signers) throws Exception {
    var text =
        new StringBuilder(
            """
            $TTL 300
            @ SOA ns. host. 1 3600 600 86400 120
            @ NS ns.
            ns. A 127.0.0.1
            www. A 192.0.2.1
            """);
    for (var key : keys) {
      text.append("$INCLUDE ").append(key).append(".key\n");
    }
    text.append("$INCLUDE ").append(zoneKey).append(".key\n");
    Files.writeString(folder.resolve("plain"), text);
    var command = new ArrayList<>(List.of("dnssec-signzone", "-P", "-o", ".", "-f", "signed"));
    command.addAll(List.of("-s", "now-86400", "-e", "now+20000000"));
    signers.forEach(key -> command.addAll(List.of("-k", key)));
    command.addAll(List.of("plain", zoneKey));
    run(command.toArray(String[]::new));
    return folder.resolve("signed");
  }

  private String keygen(boolean entry) throws Exception {
    var command = new ArrayList<>(List.of("dnssec-keygen", "-q", "-a", "ECDSAP256SHA256"));
    command.addAll(entry ? List.of("-f", "KSK", ".") : List.of("."));
    return run(command.toArray(String[]::new)).strip();
  }

  private String run(String... command) throws Exception {
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue())
        .as(String.join(" ", command) + ": " + Files.readString(folder.resolve("errors")))
        .isZero();
    return said;
  }
}
