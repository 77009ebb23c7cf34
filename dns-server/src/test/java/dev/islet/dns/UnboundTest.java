package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** NLnet Labs' validator over zones that we signed: nothing it asks may seem forged to it. */
class UnboundTest {
  private static final String UNBOUND = "/usr/sbin/unbound";
  private static final int QUESTIONS = Integer.getInteger("islet.unbound.questions", 10_000);
  private static final int BATCH = 50;
  private static final String[] LABELS = {"a", "b", "c", "*", "d"};
  private static final String[] TYPES = {
    "A", "AAAA", "TXT", "MX", "CNAME", "SOA", "NS", "SRV", "DS", "DNAME", "PTR", "DNSKEY", "CDS"
  };

  /** Each with another algorithm, other keys and another way to deny. */
  private static final Map<String, String> ZONES =
      new TreeMap<>(
          Map.of(
              "alpha.test.", "on",
              "beta.test.", "{algorithm: ed25519, denial: nsec3}",
              "gamma.test.", "{keys: ksk-zsk, denial: nsec3}",
              "delta.test.", "{algorithm: ed25519, keys: ksk-zsk}"));

  @TempDir Path folder;

  private final Random random = new Random(20_261_124);

  @Test
  void ten_thousand_answers_are_secure() throws Exception {
    assumeTrue(Files.isExecutable(Path.of(UNBOUND)));
    var yaml = new StringBuilder("listen: [127.0.0.1:0]\nzones:\n");
    for (var zone : ZONES.entrySet()) {
      Files.writeString(folder.resolve(zone.getKey() + "zone"), zone(zone.getKey()));
      yaml.append("  ").append(zone.getKey()).append(":\n    file: ").append(zone.getKey());
      yaml.append("zone\n    dnssec: ").append(zone.getValue()).append('\n');
    }
    Files.writeString(folder.resolve("dns.yaml"), yaml);
    var home = new Home(folder.resolve("data"), folder.resolve("logs"));
    try (var dns =
        DnsServer.create(new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class), home)) {
      dns.start();
      var ours = dns.endpoints().getFirst().address();
      int port = freePort();
      var unbound = unbound(ours, port);
      try {
        var validator = new InetSocketAddress("127.0.0.1", port);
        Wait.until(Duration.ofSeconds(20), () -> answers(validator));
        compare(ours, validator);
      } finally {
        unbound.destroy();
        unbound.waitFor();
      }
    }
  }

  private void compare(InetSocketAddress ours, InetSocketAddress validator) throws IOException {
    var kinds = new HashMap<String, Integer>();
    var faults = new ArrayList<String>();
    int asked = 0;
    try (var direct = new Asker.Stream(ours);
        var checked = new Asker.Stream(validator)) {
      while (asked < QUESTIONS) {
        var batch = new ArrayList<Message>();
        var expected = new ArrayList<Message>();
        while (batch.size() < BATCH) {
          var question = question(batch.size());
          direct.send(question.toWire());
          var reply = new Message(direct.receive());
          if (usable(reply)) {
            batch.add(question);
            expected.add(reply);
          }
        }
        for (var question : batch) {
          checked.send(question.toWire());
        }
        var replies = new Message[BATCH];
        for (int i = 0; i < BATCH; i++) {
          var reply = new Message(checked.receive());
          replies[reply.getHeader().getID()] = reply;
        }
        for (int i = 0; i < BATCH; i++) {
          var kind = kind(expected.get(i));
          kinds.merge(kind, 1, Integer::sum);
          boolean good =
              replies[i].getHeader().getFlag(Flags.AD)
                  && replies[i].getRcode() == expected.get(i).getRcode();
          if (!good) {
            faults.add(kind + "\nOURS " + expected.get(i) + "\nUNBOUND " + replies[i]);
          }
        }
        asked += BATCH;
      }
    }
    assertThat(faults.stream().limit(3)).as(faults.size() + " of " + asked).isEmpty();
    assertThat(kinds.keySet())
        .contains("NXDOMAIN", "NODATA", "answer", "alias", "alias NXDOMAIN", "alias NODATA");
  }

  private static String kind(Message reply) {
    var answer = reply.getSection(Section.ANSWER);
    boolean alias =
        answer.stream().anyMatch(r -> r.getType() == Type.CNAME)
            && reply.getQuestion().getType() != Type.CNAME;
    boolean soa =
        reply.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.SOA);
    var end = reply.getRcode() == Rcode.NXDOMAIN ? "NXDOMAIN" : soa ? "NODATA" : "";
    return alias ? ("alias " + end).strip() : end.isEmpty() ? "answer" : end;
  }

  /**
   * Neither a circle of aliases, nor the way into a zone that nobody serves, nor what Unbound 1.17
   * finds forged from BIND as well: CNAME and DNAME below a DNAME. Names that begin with an
   * asterisk but are no wildcards are not asked for: it puts together the wildcard of such a name
   * wrongly.
   */
  private static boolean usable(Message reply) {
    int type = reply.getQuestion().getType();
    boolean redirected =
        (type == Type.CNAME || type == Type.DNAME)
            && reply.getSection(Section.ANSWER).stream().anyMatch(r -> r.getType() == Type.CNAME)
            && reply.getSection(Section.ANSWER).stream().anyMatch(r -> r.getType() == Type.DNAME);
    boolean parents =
        type == Type.DS && ZONES.containsKey(reply.getQuestion().getName().toString());
    if (redirected || parents || reply.getQuestion().getName().isWild()) {
      return false;
    }
    boolean referral =
        reply.getSection(Section.AUTHORITY).stream().anyMatch(r -> r.getType() == Type.NS);
    long aliases =
        reply.getSection(Section.ANSWER).stream().filter(r -> r.getType() == Type.CNAME).count();
    boolean done = reply.getRcode() == Rcode.NOERROR || reply.getRcode() == Rcode.NXDOMAIN;
    return done && !referral && aliases < 8 && reply.getHeader().getFlag(Flags.AA);
  }

  private Message question(int id) throws IOException {
    var origins = List.copyOf(ZONES.keySet());
    var origin = origins.get(random.nextInt(origins.size()));
    var name = random.nextInt(20) == 0 ? origin : relative(1 + random.nextInt(5)) + "." + origin;
    int type = Type.value(TYPES[random.nextInt(TYPES.length)]);
    var query = Message.newQuery(Record.newRecord(Name.fromString(name), type, 1));
    query.getHeader().setID(id);
    query.getHeader().setFlag(Flags.AD);
    query.addRecord(new OPTRecord(4096, 0, 0, ExtendedFlags.DO), Section.ADDITIONAL);
    return query;
  }

  private String relative(int depth) {
    var name = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      var label = random.nextInt(9) == 0 ? "zz" : LABELS[random.nextInt(i == 0 ? 5 : 3)];
      name.append(i == 0 ? "" : ".").append(label);
    }
    return name.toString();
  }

  private String zone(String origin) {
    var lines = new ArrayList<String>();
    lines.add("$TTL 300");
    lines.add("@ 900 SOA ns host 7 3600 900 86400 " + (random.nextBoolean() ? 60 : 7200));
    lines.add("@ NS ns");
    lines.add("ns A 127.0.0.1");
    var owners = new LinkedHashMap<String, Boolean>();
    for (int i = 0; i < 45; i++) {
      owners.put(relative(1 + random.nextInt(4)).replace("zz", "e"), true);
    }
    for (var owner : owners.keySet()) {
      boolean star = owner.startsWith("*");
      switch (random.nextInt(star ? 5 : 8)) {
        case 0 -> lines.add(owner + " A 192.0.2." + random.nextInt(255));
        case 1 -> {
          lines.add(owner + " TXT \"" + owner + "\"");
          lines.add(owner + " 60 AAAA 2001:db8::" + random.nextInt(999));
        }
        case 2 -> lines.add(owner + " MX 10 " + target());
        case 3 -> lines.add(owner + " CNAME " + target());
        case 4 -> lines.add(owner + " SRV 0 0 5060 " + target());
        case 5 -> {
          lines.add(owner + " NS ns1." + owner);
          lines.add("ns1." + owner + " A 192.0.2.99");
          if (random.nextBoolean()) {
            lines.add(owner + " DS 2 13 2 " + "cd".repeat(32));
          }
        }
        case 6 -> lines.add(owner + " DNAME " + target());
        default -> lines.add(owner + " A 203.0.113." + random.nextInt(255));
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private String target() {
    var name = relative(1 + random.nextInt(3)).replace("*", "a");
    return switch (random.nextInt(6)) {
      case 0 -> name + ".beta.test.";
      case 1 -> name + ".alpha.test.";
      default -> name;
    };
  }

  private Process unbound(InetSocketAddress ours, int port) throws IOException {
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
            "logfile: \"" + folder.resolve("unbound.log") + "\"",
            "val-log-level: 2",
            "module-config: \"validator iterator\"",
            "do-not-query-localhost: no",
            "local-zone: \"test.\" nodefault",
            "qname-minimisation: no",
            "incoming-num-tcp: 50",
            "num-threads: 1",
            "harden-algo-downgrade: yes",
            "harden-dnssec-stripped: yes",
            "do-ip6: no")) {
      conf.append("  ").append(line).append('\n');
    }
    for (var origin : ZONES.keySet()) {
      conf.append("  trust-anchor-file: \"").append(anchor(origin)).append("\"\n");
    }
    for (var origin : ZONES.keySet()) {
      conf.append("stub-zone:\n  name: ").append(origin).append("\n  stub-addr: 127.0.0.1@");
      conf.append(ours.getPort()).append('\n');
    }
    conf.append("remote-control:\n  control-enable: no\n");
    var file = folder.resolve("unbound.conf");
    Files.writeString(file, conf);
    return new ProcessBuilder(UNBOUND, "-d", "-c", file.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("unbound.out").toFile())
        .start();
  }

  /** The file of the zone's secure entry point, as our server keeps it. */
  private Path anchor(String origin) throws IOException {
    var place =
        folder.resolve("data/keys/dnssec").resolve(origin.substring(0, origin.length() - 1));
    try (var files = Files.list(place)) {
      for (var file : files.filter(f -> f.toString().endsWith(".key")).toList()) {
        if (Files.readString(file).matches("(?s).*DNSKEY\\s+257 .*")) {
          return file;
        }
      }
    }
    throw new IOException("no key of " + origin);
  }

  private String answers(InetSocketAddress validator) {
    try (var asker = new Asker.Stream(validator)) {
      asker.send(question(1).toWire());
      asker.receive();
      return "";
    } catch (IOException e) {
      return "unbound does not answer: " + e.getMessage() + " " + log();
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("unbound.out"));
    } catch (IOException e) {
      return "";
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
