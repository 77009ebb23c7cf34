package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.model.ValidationMode;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What BIND and Unbound make of the same names behind the same prefixes. */
class Dns64PeerTest {
  private static final String UNBOUND = "/usr/sbin/unbound";
  private static final int QUESTIONS = Integer.getInteger("islet.dns64.questions", 400);
  private static final String[] TYPES = {"AAAA", "AAAA", "AAAA", "AAAA", "A", "TXT", "CNAME"};

  @TempDir Path folder;

  private final Random random = new Random(6147);
  private final List<String> names = new ArrayList<>();
  private final List<String> fours = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "64:ff9b::/96",
        "2a0f:db8:1:2:0:5::/96",
        "2a0f:db8:1:2::/64",
        "2a0f:db8:1:200::/56",
        "2a0f:db8:1::/48",
        "2a0f:db8:100::/40",
        "2a0f:db8::/32"
      })
  void the_same_is_made(String prefix) throws Exception {
    random.setSeed(prefix.hashCode());
    assumeTrue(PeerServer.Kind.NAMED.installed() && Files.isExecutable(Path.of(UNBOUND)));
    try (var upstream =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .zone("peer.example", this::names)
                            .zone("9.in-addr.arpa", this::reverse))
                .start();
        var server =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .dnssecValidation(ValidationMode.OFF)
                            .forward(address(upstream))
                            .dns64(prefix))
                .start();
        var named = named(prefix, upstream);
        var ours = Asker.of(server);
        var bind = new Asker(named.address())) {
      int port = PeerServer.freePort();
      var unbound = unbound(prefix, upstream, port);
      try (var other = new Asker(new InetSocketAddress("127.0.0.1", port))) {
        Wait.until(Duration.ofSeconds(20), () -> answers(bind) + answers(other));
        compare(prefix, ours, bind, other);
      } finally {
        unbound.destroy();
        unbound.waitFor();
      }
    }
  }

  private void compare(String prefix, Asker ours, Asker bind, Asker unbound) throws Exception {
    var kinds = new TreeMap<String, Integer>();
    var faults = new ArrayList<String>();
    for (int i = 0; i < QUESTIONS; i++) {
      boolean reverse = random.nextInt(6) == 0;
      var name =
          reverse
              ? ReverseMap.fromAddress(address(prefix)).toString()
              : names.get(random.nextInt(names.size())) + ".peer.example.";
      var type = reverse ? "PTR" : TYPES[random.nextInt(TYPES.length)];
      var left = ours.ask(name, type);
      compare(name + " " + type + " bind", left, bind.ask(name, type), faults);
      // Unbound has no excluded addresses, and answers reverse names without the alias
      var right = unbound.ask(name, type);
      boolean excluded = said(right).stream().anyMatch(l -> l.contains("AAAA 0:0:0:0:0:ffff:"));
      if (reverse && !targets(left).equals(targets(right))) {
        faults.add(name + "\n  unbound " + targets(right) + "\n  ours    " + targets(left));
      } else if (!reverse && !excluded) {
        compare(name + " " + type + " unbound", left, right, faults);
      }
      kinds.merge(type + " " + left.getSection(Section.ANSWER).size(), 1, Integer::sum);
    }
    System.out.println("dns64 " + prefix + ": " + kinds + ", different: " + faults.size());
    assertThat(faults.stream().limit(5)).as(faults.size() + " of " + QUESTIONS).isEmpty();
    assertThat(kinds.keySet()).contains("AAAA 0", "AAAA 1", "AAAA 2", "PTR 2");
  }

  private static void compare(String what, Message left, Message right, List<String> faults) {
    if (!said(left).equals(said(right))) {
      faults.add(what + "\n  theirs " + said(right) + "\n  ours   " + said(left));
    }
  }

  private static TreeSet<String> said(Message reply) {
    var all = new TreeSet<String>();
    all.add(Rcode.string(reply.getRcode()));
    for (var record : reply.getSection(Section.ANSWER)) {
      all.add(
          record.getName().canonicalize()
              + " "
              + Type.string(record.getType())
              + " "
              + record.rdataToString());
    }
    return all;
  }

  private static TreeSet<String> targets(Message reply) {
    var all = new TreeSet<String>();
    for (var record : reply.getSection(Section.ANSWER)) {
      if (record.getType() == Type.PTR) {
        all.add(record.rdataToString());
      }
    }
    return all;
  }

  /** An address behind a prefix that stands for one with a reverse name, or not. */
  private InetAddress address(String prefix) throws IOException {
    var four =
        random.nextInt(3) == 0
            ? "9.250." + random.nextInt(250) + ".1"
            : fours.get(random.nextInt(fours.size()));
    int slash = prefix.indexOf('/');
    int length = Integer.parseInt(prefix.substring(slash + 1));
    var six = InetAddress.ofLiteral(prefix.substring(0, slash)).getAddress();
    int at = length / 8;
    for (byte each : InetAddress.ofLiteral(four).getAddress()) {
      at += at == 8 ? 1 : 0;
      six[at++] = each;
    }
    return InetAddress.getByAddress(six);
  }

  private void names(ZoneSetup zone) {
    for (int i = 0; i < 60; i++) {
      var kind = List.of("four", "six", "both", "mapped", "mixed", "text", "alias", "*.wild");
      var name = kind.get(random.nextInt(kind.size()));
      name += name.startsWith("*") ? i : HexFormat.of().toHexDigits(i, 2);
      switch (name.replaceAll("[0-9a-f]{2}$", "").replaceAll("\\d+$", "")) {
        case "four" -> zone.a(name, four()).a(name, four());
        case "six" -> zone.aaaa(name, "2a00:db8::" + i);
        case "both" -> zone.a(name, four()).aaaa(name, "2a00:db8::" + i);
        case "mapped" -> zone.a(name, four()).aaaa(name, "::ffff:9.9.9." + i);
        case "mixed" ->
            zone.a(name, four()).aaaa(name, "::ffff:9.9.9." + i).aaaa(name, "2a00:db8::" + i);
        case "text" -> zone.txt(name, "no address");
        case "*.wild" -> {
          zone.a(name, four());
          name = name.replace("*", "some");
        }
        default -> zone.cname(name, target());
      }
      names.add(name);
      names.add("no" + i);
    }
  }

  /** An alias of a name with an address, of none, or of one that leads further. */
  private String target() {
    return names.isEmpty() || random.nextInt(6) == 0
        ? "nothing"
        : names.get(random.nextInt(names.size()));
  }

  private String four() {
    var address =
        "9." + random.nextInt(200) + "." + random.nextInt(256) + "." + random.nextInt(256);
    fours.add(address);
    return address;
  }

  private void reverse(ZoneSetup zone) {
    for (var four : new TreeSet<>(fours)) {
      var parts = four.split("\\.");
      zone.ptr(parts[3] + "." + parts[2] + "." + parts[1], "host-" + four.replace('.', '-') + ".");
    }
  }

  private static String address(DnsServer server) {
    return "127.0.0.1:" + port(server);
  }

  private static int port(DnsServer server) {
    return server.endpoints().getFirst().address().getPort();
  }

  private PeerServer named(String prefix, DnsServer upstream) throws IOException {
    int port = PeerServer.freePort();
    var text =
        """
        options { directory "%s"; recursion yes; allow-recursion { any; };
          listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none;
          session-keyfile none; dnssec-validation no; empty-zones-enable no;
          managed-keys-directory "%s"; forward only;
          forwarders { 127.0.0.1 port %d; };
          dns64 %s { clients { any; }; exclude { ::ffff:0:0/96; }; }; };
        controls { };
        """
            .formatted(folder, port, folder, port(upstream), prefix);
    return PeerServer.with(PeerServer.Kind.NAMED, folder, port, text);
  }

  private Process unbound(String prefix, DnsServer upstream, int port) throws IOException {
    var conf = new StringBuilder("server:\n");
    for (var line :
        List.of(
            "interface: 127.0.0.1@" + port,
            "do-daemonize: no",
            "username: \"\"",
            "chroot: \"\"",
            "pidfile: \"\"",
            "directory: \"" + folder + "\"",
            "use-syslog: no",
            "module-config: \"dns64 iterator\"",
            "dns64-prefix: " + prefix,
            "do-not-query-localhost: no",
            "num-threads: 1",
            "do-ip6: no")) {
      conf.append("  ").append(line).append('\n');
    }
    conf.append("remote-control:\n  control-enable: no\n");
    conf.append("forward-zone:\n  name: \".\"\n  forward-addr: 127.0.0.1@");
    conf.append(port(upstream)).append('\n');
    var file = folder.resolve("unbound.conf");
    Files.writeString(file, conf);
    return new ProcessBuilder(UNBOUND, "-d", "-c", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("unbound.out").toFile())
        .start();
  }

  private String answers(Asker asker) {
    try {
      int rcode = asker.ask(names.getFirst() + ".peer.example.", "A").getRcode();
      return rcode == Rcode.SERVFAIL ? "SERVFAIL" : "";
    } catch (IOException e) {
      return e.toString();
    }
  }
}
