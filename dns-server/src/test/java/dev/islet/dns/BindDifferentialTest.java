package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * The same questions to BIND and to us over random zones. Give the path of its server: {@code
 * -Dislet.named=/usr/sbin/named}, and {@code -Dislet.named.questions=100000} for more.
 */
@EnabledIfSystemProperty(named = "islet.named", matches = ".+")
class BindDifferentialTest {
  private static final int BATCH = 100;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void answers_as_bind_does(long seed, @TempDir Path folder) throws Exception {
    var zones = new RandomZones(seed);
    int port = freePort();
    var conf = new StringBuilder();
    conf.append("options { directory \"")
        .append(folder)
        .append("\"; recursion no;")
        .append(" listen-on port ")
        .append(port)
        .append(" { 127.0.0.1; }; listen-on-v6 { none; };")
        .append(" pid-file none; minimal-responses yes; check-integrity no; notify no;")
        .append(" tcp-clients 500; dnssec-validation no; session-keyfile none;")
        .append(
            " empty-zones-enable no; zero-no-soa-ttl no; max-query-restarts 16; rrset-order { order none; }; };\n")
        .append("controls { };\n");
    for (var origin : RandomZones.ORIGINS) {
      Files.writeString(folder.resolve(origin + "zone"), zones.text(origin));
      conf.append("zone \"")
          .append(origin)
          .append("\" { type primary; file \"")
          .append(origin)
          .append("zone\"; check-names ignore; };\n");
    }
    var file = folder.resolve("named.conf");
    Files.writeString(file, conf);
    folder.toFile().setReadable(true, false);
    var named =
        new ProcessBuilder(System.getProperty("islet.named"), "-g", "-c", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("named.log").toFile())
            .start();
    try (var ours =
        DnsServer.create(
            c -> {
              c.listen("127.0.0.1", 0);
              for (var origin : RandomZones.ORIGINS) {
                c.zoneFile(origin, folder.resolve(origin + "zone"));
              }
            })) {
      ours.start();
      var bind = new InetSocketAddress("127.0.0.1", port);
      awaitAnswer(bind, folder);
      compare(zones, bind, ours.endpoints().getFirst().address());
    } finally {
      named.destroy();
      named.waitFor();
    }
  }

  private static void compare(RandomZones zones, InetSocketAddress bind, InetSocketAddress ours)
      throws IOException {
    int questions = Integer.getInteger("islet.named.questions", 4_000);
    var differences = new ArrayList<String>();
    var kinds = new HashMap<String, Integer>();
    try (var a = new Asker.Stream(bind);
        var b = new Asker.Stream(ours)) {
      for (int done = 0; done < questions; done += BATCH) {
        var batch = new ArrayList<Message>();
        for (int i = 0; i < BATCH; i++) {
          var query = Asker.query(zones.question(), zones.type());
          query.getHeader().setID(i);
          query.getHeader().unsetFlag(Flags.RD);
          batch.add(query);
        }
        var theirs = ask(a, batch);
        var mine = ask(b, batch);
        for (int i = 0; i < BATCH; i++) {
          var left = summary(followed(a, theirs.get(i)));
          var right = summary(mine.get(i));
          kinds.merge(kind(theirs.get(i)), 1, Integer::sum);
          if (!left.equals(right)) {
            differences.add(batch.get(i).getQuestion() + "\n  BIND " + left + "\n  ours " + right);
          }
        }
      }
    }
    System.out.println(
        "compared " + questions + ": " + kinds + ", different " + differences.size());
    assertThat(differences.stream().limit(4)).as(differences.size() + " differences").isEmpty();
    assertThat(kinds.keySet()).contains("NXDOMAIN", "NODATA", "answer", "referral");
  }

  /**
   * Without recursion BIND does not follow an alias into another of its zones. The rest of the
   * chain is asked for, so that what we answer in one message can be compared.
   */
  private static Message followed(Asker.Stream bind, Message first) throws IOException {
    var whole = first;
    var seen = new java.util.HashSet<Name>();
    while (whole.getRcode() == Rcode.NOERROR
        && whole.getHeader().getFlag(Flags.AA)
        && whole.getSection(Section.AUTHORITY).isEmpty()
        && seen.size() < 16) {
      var name = whole.getQuestion().getName();
      var visited = new java.util.HashSet<Name>();
      for (var next = target(whole, name); next != null && visited.add(name); ) {
        name = next;
        next = target(whole, name);
      }
      var end = name;
      int type = whole.getQuestion().getType();
      boolean complete =
          type == Type.CNAME
              || type == Type.ANY
              || name.equals(whole.getQuestion().getName())
              || whole.getSection(Section.ANSWER).stream()
                  .anyMatch(r -> r.getName().equals(end) && r.getType() == type);
      boolean ours = RandomZones.ORIGINS.stream().anyMatch(o -> end.subdomain(name(o)));
      if (complete || !ours || !seen.add(end)) {
        break;
      }
      var query = Message.newQuery(Record.newRecord(end, type, 1));
      query.getHeader().unsetFlag(Flags.RD);
      bind.send(query.toWire());
      var rest = new Message(bind.receive());
      var merged = new Message(whole.getHeader().getID());
      merged.getHeader().setFlag(Flags.QR);
      merged.getHeader().setFlag(Flags.AA);
      merged.getHeader().setRcode(rest.getRcode());
      merged.addRecord(whole.getQuestion(), Section.QUESTION);
      whole.getSection(Section.ANSWER).forEach(r -> merged.addRecord(r, Section.ANSWER));
      rest.getSection(Section.ANSWER).forEach(r -> merged.addRecord(r, Section.ANSWER));
      rest.getSection(Section.AUTHORITY).forEach(r -> merged.addRecord(r, Section.AUTHORITY));
      rest.getSection(Section.ADDITIONAL).forEach(r -> merged.addRecord(r, Section.ADDITIONAL));
      whole = merged;
    }
    return whole;
  }

  private static @org.jspecify.annotations.Nullable Name target(Message reply, Name name) {
    for (var record : reply.getSection(Section.ANSWER)) {
      if (record instanceof org.xbill.DNS.CNAMERecord cname && cname.getName().equals(name)) {
        return cname.getTarget();
      }
    }
    return null;
  }

  private static String kind(Message reply) {
    if (reply.getRcode() == Rcode.NXDOMAIN) {
      return "NXDOMAIN";
    }
    if (reply.getRcode() != Rcode.NOERROR) {
      return Rcode.string(reply.getRcode());
    }
    if (!reply.getSection(Section.ANSWER).isEmpty()) {
      return "answer";
    }
    var authority = reply.getSection(Section.AUTHORITY);
    return !authority.isEmpty() && authority.getFirst().getType() == Type.NS
        ? "referral"
        : "NODATA";
  }

  /**
   * What must be the same: code, AA, answer in order of owners, authority, and glue of referrals.
   */
  private static String summary(Message reply) {
    var text = new StringBuilder();
    text.append(Rcode.string(reply.getRcode()));
    if (reply.getRcode() == Rcode.SERVFAIL) {
      return text.toString(); // an endless chain; how much of it is shown does not matter
    }
    text.append(reply.getHeader().getFlag(Flags.AA) ? " aa" : " --");
    text.append(" | ").append(texts(reply.getSection(Section.ANSWER)));
    text.append(" | ").append(texts(reply.getSection(Section.AUTHORITY)));
    if (kind(reply).equals("referral")) {
      var cut = reply.getSection(Section.AUTHORITY).getFirst().getName();
      var glue =
          reply.getSection(Section.ADDITIONAL).stream()
              .filter(r -> r.getName().subdomain(cut)) // others are a courtesy of ours
              .toList();
      text.append(" | ").append(texts(glue));
    }
    return text.toString();
  }

  private static TreeSet<String> texts(List<Record> records) {
    var set = new TreeSet<String>();
    for (var record : records) {
      set.add(
          record.getName().toString().toLowerCase()
              + " "
              + record.getTTL()
              + " "
              + Type.string(record.getType())
              + " "
              + record.rdataToString().toLowerCase());
    }
    return set;
  }

  private static Map<Integer, Message> ask(Asker.Stream stream, List<Message> batch)
      throws IOException {
    var all = new java.io.ByteArrayOutputStream();
    for (var query : batch) {
      var wire = query.toWire();
      all.write(wire.length >> 8);
      all.write(wire.length);
      all.write(wire);
    }
    stream.raw(all.toByteArray());
    var replies = new HashMap<Integer, Message>();
    for (int i = 0; i < batch.size(); i++) {
      var reply = new Message(stream.receive());
      replies.put(reply.getHeader().getID(), reply);
    }
    return replies;
  }

  private static void awaitAnswer(InetSocketAddress server, Path folder) {
    dev.islet.testkit.Wait.until(
        Duration.ofSeconds(15),
        () -> {
          try (var stream = new Asker.Stream(server)) {
            stream.send(Asker.query("beta.test.", "SOA").toWire());
            var reply = new Message(stream.receive());
            return reply.getRcode() == Rcode.NOERROR ? "" : "named says " + reply.getRcode();
          } catch (IOException e) {
            try {
              return e + "\n" + Files.readString(folder.resolve("named.log"));
            } catch (IOException io) {
              return String.valueOf(e);
            }
          }
        });
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static Name name(String text) {
    return Name.fromConstantString(text);
  }
}
