package dev.islet.dns.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.DnsServer;
import dev.islet.dns.store.MasterFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * The same questions to BIND, NSD, Knot and us, over the same zones: more than 100,000 in all, with
 * all flags, with and without EDNS, over UDP and some over TCP. Each difference is one of {@link
 * Difference}, or a fault.
 */
class AuthoritativeDifferentialTest {
  private static final int QUESTIONS = Integer.getInteger("islet.differential", 26_000);
  private static final int OVER_TCP = 16;
  private static final int MAX_ALIASES = 16;

  /** One question, what a datagram could hold for its asker, and whether it goes over TCP. */
  private record Asked(byte[] message, int limit, boolean tcp) {}

  @ParameterizedTest
  @CsvSource({"1, false", "2, true", "3, false", "4, true"})
  void servers_say_the_same(long seed, boolean occluded, @TempDir Path folder) throws Exception {
    var zones = new PeerZones(seed, occluded);
    var files = new LinkedHashMap<String, Path>();
    var data = new HashSet<String>();
    for (var origin : PeerZones.ORIGINS) {
      var file = Files.writeString(folder.resolve(origin + "zone"), zones.text(origin));
      files.put(origin, file);
      MasterFile.read(file, Name.fromConstantString(origin))
          .records()
          .forEach(r -> data.add(Said.line(r)));
    }
    var peers = new ArrayList<Peer>();
    try (var ours =
        DnsServer.create(
            c -> {
              c.listen("127.0.0.1", 0).allowRecursion().nsid("peer");
              files.forEach(c::zoneFile);
            })) {
      for (var make : Peer.Make.values()) {
        // BIND alone loads a zone with names below a DNAME.
        if (make.installed() && (!occluded || make == Peer.Make.NAMED)) {
          peers.add(Peer.start(make, folder.resolve(make.name()), files));
        }
      }
      assumeTrue(!peers.isEmpty(), "no other name server is installed");
      var questions = questions(zones);
      var server = ours.start().endpoints().getFirst().address();
      var mine = ask(server, questions, true);
      for (var peer : peers) {
        var theirs = follow(peer.address(), ask(peer.address(), questions, false));
        compare(peer.make(), questions, mine, theirs, data);
      }
      kinds(mine);
    } finally {
      peers.forEach(Peer::close);
    }
  }

  private static List<Asked> questions(PeerZones zones) {
    var questions = new ArrayList<Asked>();
    while (questions.size() < QUESTIONS) {
      var name = zones.question();
      if (name.length() <= 254) {
        var message = Queries.varied(name, zones.type(), zones.random());
        questions.add(new Asked(message, Queries.limit(message), questions.size() % OVER_TCP == 0));
      }
    }
    return questions;
  }

  /** The questions must reach every kind of answer, or they show nothing. */
  private static void kinds(List<Said> said) {
    var kinds = new TreeMap<String, Integer>();
    for (var one : said) {
      var kind =
          one.rcode() != Rcode.NOERROR
              ? Rcode.string(one.rcode())
              : one.referral() ? "referral" : one.answer().isEmpty() ? "no data" : "answer";
      kinds.merge(kind, 1, Integer::sum);
    }
    System.out.println(said.size() + " questions: " + kinds);
    assertThat(kinds.keySet())
        .contains("answer", "referral", "no data", "NXDOMAIN", "YXDOMAIN", "REFUSED", "BADVERS")
        .contains("SERVFAIL");
    kinds.forEach((kind, count) -> assertThat(count).as(kind).isGreaterThan(QUESTIONS / 2_000));
  }

  private static void compare(
      Peer.Make make, List<Asked> questions, List<Said> mine, List<Said> theirs, Set<String> data) {
    var explained = new EnumMap<Difference, Integer>(Difference.class);
    var faults = new ArrayList<String>();
    for (int i = 0; i < questions.size(); i++) {
      var ours = mine.get(i);
      var other = theirs.get(i);
      int limit = questions.get(i).limit();
      var why = Difference.between(ours, make, other, limit, data);
      if (why.isEmpty()) {
        faults.add(
            Queries.text(questions.get(i).message())
                + "\n  "
                + make
                + " "
                + other
                + "\n  ours "
                + ours);
      } else {
        why.get().forEach(w -> explained.merge(w, 1, Integer::sum));
      }
    }
    System.out.println(make + ": " + faults.size() + " faults, explained " + explained);
    assertThat(faults.stream().limit(5)).as(faults.size() + " faults").isEmpty();
  }

  /**
   * Over UDP or TCP; what was cut, once more over TCP, as every asker does (RFC 2181 section 9).
   *
   * @param sizes whether datagrams must keep to the limit, and only those be cut that would not
   */
  private static List<Said> ask(InetSocketAddress server, List<Asked> questions, boolean sizes)
      throws IOException {
    var said = new Said[questions.size()];
    var udp = new ArrayList<Integer>();
    var tcp = new ArrayList<Integer>();
    for (int i = 0; i < said.length; i++) {
      boolean any = Said.type(questions.get(i).message()) == Type.ANY;
      (questions.get(i).tcp() || any ? tcp : udp).add(i);
    }
    var datagrams = Volley.udp(server, messages(questions, udp));
    for (int i = 0; i < udp.size(); i++) {
      int at = udp.get(i);
      said[at] = Said.of(datagrams.get(i));
      if (sizes) {
        assertThat(said[at].size())
            .as("%s", said[at])
            .isLessThanOrEqualTo(questions.get(at).limit());
      }
      if (said[at].tc()) {
        tcp.add(at);
      }
    }
    var messages = Volley.tcp(server, messages(questions, tcp));
    for (int i = 0; i < tcp.size(); i++) {
      int at = tcp.get(i);
      var whole = Said.of(messages.get(i));
      if (sizes && said[at] != null) {
        assertThat(whole.size()).as("cut: %s", whole).isGreaterThan(questions.get(at).limit());
      }
      said[at] = whole;
    }
    return List.of(said);
  }

  private static List<byte[]> messages(List<Asked> questions, List<Integer> which) {
    return which.stream().map(i -> questions.get(i).message().clone()).toList();
  }

  /**
   * Goes on, where a server stops at an alias into another of its zones, by asking for the rest.
   */
  private static List<Said> follow(InetSocketAddress server, List<Said> first) throws IOException {
    var said = new ArrayList<>(first);
    for (int round = 0; round < MAX_ALIASES; round++) {
      var open = new ArrayList<Integer>();
      var questions = new ArrayList<Asked>();
      for (int i = 0; i < said.size(); i++) {
        var to = said.get(i).onward();
        if (to.isPresent() && ours(to.get())) {
          open.add(i);
          var message = Queries.plain(to.get().toString(), Type.string(said.get(i).type()));
          questions.add(new Asked(message, 65_535, true));
        }
      }
      if (open.isEmpty()) {
        break;
      }
      var rest = ask(server, questions, false);
      for (int i = 0; i < open.size(); i++) {
        said.set(open.get(i), said.get(open.get(i)).with(rest.get(i)));
      }
    }
    return said;
  }

  private static boolean ours(Name name) {
    return PeerZones.ORIGINS.stream().anyMatch(o -> name.subdomain(Name.fromConstantString(o)));
  }
}
