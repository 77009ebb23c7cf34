package dev.islet.dns.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dns.DnsServer;
import dev.islet.dns.dnssec.SignedZones;
import dev.islet.dns.model.Denial;
import dev.islet.dns.store.MasterFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * The same questions with DO to BIND, NSD, Knot and us, over the same zone, which we have signed:
 * answers, signatures and proofs are those of the others, or one of {@link Why} tells why not.
 */
class SignedDifferentialTest {
  private static final int QUESTIONS = Integer.getInteger("islet.differential.signed", 4_000);
  private static final String ORIGIN = "alpha.net.";

  /** Where servers may differ and all be right. */
  private enum Why {
    /** RFC 1034 section 4.3.2 step 6: other addresses may be useful; what is there must be true. */
    COURTESY,

    /** RFC 1034 section 3.6.2: loops are an error. Others show the loop. */
    ENDLESS_ALIAS,

    /** RFC 6672 section 2.2: YXDOMAIN and the DNAME say all. Knot adds what it met on the way. */
    MORE_THAN_YXDOMAIN,

    /** RFC 8482 section 4.1: ANY may be answered by some of the sets; BIND gives all. */
    ANY_IN_PART,

    /**
     * RFC 5155 section 7.2.3: the NSEC3 record of a name without the type is enough. NSD adds that
     * of the name above, where the name begins with an asterisk.
     */
    MORE_PROOFS,

    /**
     * RFC 4035 section 3.1.3.4: that a wildcard has not the type needs the proof that no name is
     * closer. Knot leaves it out where the name asked for begins with an asterisk itself.
     */
    LESS_PROOFS
  }

  @ParameterizedTest
  @CsvSource({"11, NSEC", "12, NSEC3", "13, NSEC", "14, NSEC3"})
  void servers_prove_the_same(long seed, Denial denial, @TempDir Path folder) throws Exception {
    var zones = new PeerZones(seed, false);
    var origin = Name.fromConstantString(ORIGIN);
    var plain =
        MasterFile.read(Files.writeString(folder.resolve("plain"), zones.text(ORIGIN)), origin);
    var signed = SignedZones.signed(plain, denial, Instant.now());
    var file = SignedZones.write(folder.resolve("signed"), signed);
    var data = new HashSet<String>();
    signed.records().forEach(r -> data.add(Said.line(r)));
    var peers = new ArrayList<Peer>();
    try (var ours =
        DnsServer.create(c -> c.listen("127.0.0.1", 0).allowRecursion().zoneFile(ORIGIN, file))) {
      for (var make : Peer.Make.values()) {
        if (make.installed()) {
          peers.add(Peer.start(make, folder.resolve(make.name()), Map.of(ORIGIN, file)));
        }
      }
      assumeTrue(!peers.isEmpty(), "no other name server is installed");
      var questions = questions(zones, origin);
      var mine = ask(ours.start().endpoints().getFirst().address(), questions);
      for (var peer : peers) {
        compare(peer, questions, mine, ask(peer.address(), questions), data);
      }
      var kinds = new TreeMap<String, Integer>();
      mine.forEach(s -> kinds.merge(Rcode.string(s.rcode()), 1, Integer::sum));
      System.out.println(mine.size() + " questions about a zone with " + denial + ": " + kinds);
      assertThat(kinds.keySet()).contains("NOERROR", "NXDOMAIN", "SERVFAIL");
    } finally {
      peers.forEach(Peer::close);
    }
  }

  private static List<byte[]> questions(PeerZones zones, Name origin) {
    var questions = new ArrayList<byte[]>();
    while (questions.size() < QUESTIONS) {
      var name = zones.question();
      if (name.length() <= 254 && Name.fromConstantString(name).subdomain(origin)) {
        questions.add(Queries.proving(name, zones.type()));
      }
    }
    return questions;
  }

  /** Over TCP, where everything has room. */
  private static List<Said> ask(java.net.InetSocketAddress server, List<byte[]> questions)
      throws Exception {
    var said = new ArrayList<Said>();
    var copies = questions.stream().map(byte[]::clone).toList();
    Volley.tcp(server, copies).forEach(reply -> said.add(Said.of(reply)));
    return said;
  }

  private static void compare(
      Peer peer, List<byte[]> questions, List<Said> mine, List<Said> theirs, Set<String> data) {
    var explained = new EnumMap<Why, Integer>(Why.class);
    var faults = new ArrayList<String>();
    for (int i = 0; i < mine.size(); i++) {
      var ours = mine.get(i);
      var other = theirs.get(i);
      if (!explains(peer.make(), ours, other, data, explained)) {
        faults.add(
            Queries.text(questions.get(i))
                + "\n  answer     "
                + only(ours.answer(), other.answer())
                + "\n  authority  "
                + only(ours.authority(), other.authority())
                + "\n  "
                + peer.make()
                + " "
                + other
                + "\n  ours "
                + ours);
      }
    }
    System.out.println(peer.make() + ": " + faults.size() + " faults, explained " + explained);
    assertThat(faults.stream().limit(4)).as(faults.size() + " faults").isEmpty();
  }

  private static String only(TreeSet<String> ours, TreeSet<String> theirs) {
    var mine = new TreeSet<>(ours);
    mine.removeAll(theirs);
    var others = new TreeSet<>(theirs);
    others.removeAll(ours);
    return "only ours " + mine + " only theirs " + others;
  }

  private static boolean explains(
      Peer.Make make, Said ours, Said theirs, Set<String> data, Map<Why, Integer> explained) {
    if (ours.rcode() == Rcode.SERVFAIL && theirs.endless(Type.RRSIG)) {
      explained.merge(Why.ENDLESS_ALIAS, 1, Integer::sum);
      return true;
    }
    if (make == Peer.Make.KNOT
        && ours.rcode() == Rcode.YXDOMAIN
        && theirs.rcode() == ours.rcode()) {
      explained.merge(Why.MORE_THAN_YXDOMAIN, 1, Integer::sum);
      return theirs.answer().containsAll(ours.answer());
    }
    boolean same =
        ours.rcode() == theirs.rcode()
            && ours.aa() == theirs.aa()
            && ours.answer().equals(theirs.answer())
            && ours.authority().equals(theirs.authority());
    if (!same && ours.type() == Type.ANY && make != Peer.Make.NAMED) {
      explained.merge(Why.ANY_IN_PART, 1, Integer::sum);
      return ours.answer().containsAll(theirs.answer())
          || theirs.answer().containsAll(ours.answer());
    }
    boolean star = ours.name().isWild() && ours.answer().equals(theirs.answer());
    if (!same && star && ours.rcode() == theirs.rcode() && ours.aa() == theirs.aa()) {
      var more = make == Peer.Make.NSD ? theirs : ours;
      var less = make == Peer.Make.NSD ? ours : theirs;
      explained.merge(make == Peer.Make.NSD ? Why.MORE_PROOFS : Why.LESS_PROOFS, 1, Integer::sum);
      var besides = new TreeSet<>(more.authority());
      besides.removeAll(less.authority());
      return make != Peer.Make.NAMED
          && more.authority().containsAll(less.authority())
          && data.containsAll(besides);
    }
    if (!same) {
      return false;
    }
    if (!ours.additional().equals(theirs.additional())) {
      explained.merge(Why.COURTESY, 1, Integer::sum);
      return ours.glue().equals(theirs.glue()) && data.containsAll(ours.additional());
    }
    return true;
  }
}
