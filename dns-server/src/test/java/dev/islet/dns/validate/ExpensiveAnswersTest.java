package dev.islet.dns.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.DnsServer;
import dev.islet.dns.FilterSetup;
import dev.islet.dns.model.ValidationMode;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Servers that want to make us work, over real sockets: what one question costs in signatures,
 * hashes and further questions is counted here, not timed.
 */
class ExpensiveAnswersTest {
  private static final int QUESTIONS = 10;

  @TempDir Path home;

  /** A server that answers every question by a function, over UDP and TCP. */
  private static final class Scripted implements AutoCloseable {
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private final Function<Message, Message> script;
    private final DatagramSocket udp;
    private final ServerSocket tcp;

    Scripted(Function<Message, Message> script) throws IOException {
      this.script = script;
      DatagramSocket datagrams = null;
      ServerSocket streams = null;
      while (streams == null) {
        datagrams = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        try {
          var local = InetAddress.getByName("127.0.0.1");
          streams = new ServerSocket(datagrams.getLocalPort(), 50, local);
        } catch (BindException e) {
          datagrams.close(); // somebody has the port for TCP: another
        }
      }
      udp = datagrams;
      tcp = streams;
      Thread.ofPlatform().daemon(true).start(this::datagrams);
      Thread.ofPlatform().daemon(true).start(this::streams);
    }

    int port() {
      return udp.getLocalPort();
    }

    private Message answer(byte[] bytes) throws IOException {
      var query = new Message(bytes);
      asked.add(query.getQuestion().getName() + " " + Type.string(query.getQuestion().getType()));
      return script.apply(query);
    }

    private void datagrams() {
      var packet = new DatagramPacket(new byte[4096], 4096);
      while (true) {
        try {
          packet.setLength(4096);
          udp.receive(packet);
          var reply = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
          var bytes = reply.toWire();
          if (bytes.length > 1_232) {
            reply.removeAllRecords(Section.ANSWER);
            reply.removeAllRecords(Section.AUTHORITY);
            reply.getHeader().setFlag(Flags.TC);
            bytes = reply.toWire();
          }
          udp.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void streams() {
      while (true) {
        try (var socket = tcp.accept()) {
          var in = new DataInputStream(socket.getInputStream());
          var message = new byte[in.readUnsignedShort()];
          in.readFully(message);
          var bytes = answer(message).toWire();
          var out = new DataOutputStream(socket.getOutputStream());
          out.writeShort(bytes.length);
          out.write(bytes);
        } catch (IOException e) {
          if (tcp.isClosed()) {
            return;
          }
        }
      }
    }

    @Override
    public void close() throws IOException {
      udp.close();
      tcp.close();
    }
  }

  private static Message reply(Message query, int rcode) {
    var reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setFlag(Flags.AA);
    reply.getHeader().setRcode(rcode);
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    reply.addRecord(new OPTRecord(1232, 0, 0, Flags.DO), Section.ADDITIONAL);
    return reply;
  }

  private static Name n(String text) {
    return Name.fromConstantString(text);
  }

  private static SOARecord soa(Name zone) {
    return new SOARecord(zone, 1, 300, zone, zone, 1, 2, 3, 4, 300);
  }

  private static void fresh(TestZone zone) {
    zone.from = Instant.now().minusSeconds(3_600);
    zone.until = Instant.now().plusSeconds(3_600);
  }

  private static Message ask(DnsServer server, String name) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(20_000);
      socket.connect(server.endpoints().getFirst().address());
      var query = Message.newQuery(Record.newRecord(n(name), Type.A, DClass.IN));
      query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
      var bytes = query.toWire();
      socket.send(new DatagramPacket(bytes, bytes.length));
      var packet = new DatagramPacket(new byte[4096], 4096);
      socket.receive(packet);
      return new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
  }

  private DnsServer validating(Scripted upstream, TestZone zone, int admin) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .home(home)
                    .admin(admin)
                    .forward("127.0.0.1:" + upstream.port())
                    .dnssecValidation(ValidationMode.ON)
                    .trustAnchor(zone.name + " DS " + zone.ds().rdataToString()))
        .start();
  }

  private DnsServer walking(Scripted upstream) throws IOException {
    var hints = home.resolve("hints");
    Files.writeString(hints, ". 300 NS ns.\nns. 300 A 127.0.0.1\n");
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .iterate(hints, upstream.port())
                    .filter(FilterSetup::allowRebinding)
                    .dnssecValidation(ValidationMode.OFF))
        .start();
  }

  /** A figure of the admin endpoint. */
  private long figure(int admin, String name) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var token = Files.readString(home.resolve("admin.token")).strip();
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/metrics"))
              .header("Authorization", "Bearer " + token);
      var text = http.send(request.build(), BodyHandlers.ofString()).body();
      var match =
          Pattern.compile("^islet_dns_" + name + " (\\S+)", Pattern.MULTILINE).matcher(text);
      assertThat(match.find()).as(text).isTrue();
      return (long) Double.parseDouble(match.group(1));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Keys of one tag and signatures of that tag that all fail (CVE-2023-50387). */
  @Test
  void keys_that_share_a_tag_cost_a_few_signatures_a_question() throws Exception {
    var zone = new TestZone("trap.");
    fresh(zone);
    var keys = new ArrayList<Record>(List.of(zone.key));
    var random = new Random(3);
    while (keys.size() < 120) {
      keys.add(twin(zone, random));
    }
    var own = zone.signature(keys.toArray(Record[]::new));
    var sigs = new ArrayList<Record>();
    for (int i = 0; i < 120; i++) {
      zone.until = zone.until.plusSeconds(1);
      var other = new ARecord(n("other.trap."), 1, 300, InetAddress.getLoopbackAddress());
      sigs.add(zone.signature(other));
    }
    int admin = freePort();
    try (var upstream =
            new Scripted(
                query -> {
                  var name = query.getQuestion().getName();
                  var reply = reply(query, Rcode.NOERROR);
                  if (query.getQuestion().getType() == Type.DNSKEY) {
                    keys.forEach(k -> reply.addRecord(k, Section.ANSWER));
                    reply.addRecord(own, Section.ANSWER);
                  } else {
                    var a = new ARecord(name, 1, 300, InetAddress.getLoopbackAddress());
                    reply.addRecord(a, Section.ANSWER);
                    sigs.forEach(s -> reply.addRecord(TestZone.moved(s, name), Section.ANSWER));
                  }
                  return reply;
                });
        var server = validating(upstream, zone, admin)) {
      for (int i = 0; i < QUESTIONS; i++) {
        assertThat(ask(server, "www" + i + ".trap.").getRcode()).isEqualTo(Rcode.SERVFAIL);
      }
      assertThat(figure(admin, "validation_signatures")).isBetween(1L, QUESTIONS * 32L);
      assertThat(upstream.asked.size()).as(upstream.asked.toString()).isLessThan(QUESTIONS * 6);
    }
  }

  private static DNSKEYRecord twin(TestZone zone, Random random) {
    while (true) {
      var bytes = new byte[64];
      random.nextBytes(bytes);
      var first = new DNSKEYRecord(zone.name, 1, 300, 257, 3, 13, bytes);
      int more = (zone.key.getFootprint() - first.getFootprint()) & 0xFFFF;
      int word = ((bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF) + more;
      bytes[0] = (byte) (word >> 8);
      bytes[1] = (byte) word;
      var twin = new DNSKEYRecord(zone.name, 1, 300, 257, 3, 13, bytes);
      if (twin.getFootprint() == zone.key.getFootprint()) {
        return twin;
      }
    }
  }

  /** Long names below a zone with as many iterations as are computed at all (CVE-2023-50868). */
  @Test
  void denials_by_hash_cost_so_many_hashes_a_question() throws Exception {
    var zone = new TestZone("trap.");
    fresh(zone);
    var like =
        new NSEC3Record(
            n("a.trap."),
            1,
            300,
            1,
            0,
            Nsec3Denials.MAX_ITERATIONS,
            new byte[0],
            new byte[20],
            new int[] {Type.A});
    var owner = Nsec3Denials.ownerOf(n("other.trap."), zone.name, like);
    var denial =
        new NSEC3Record(
            owner,
            1,
            300,
            1,
            0,
            Nsec3Denials.MAX_ITERATIONS,
            new byte[0],
            new byte[20],
            new int[] {Type.A});
    int admin = freePort();
    try (var upstream =
            new Scripted(
                query -> {
                  boolean keys = query.getQuestion().getType() == Type.DNSKEY;
                  var reply = reply(query, keys ? Rcode.NOERROR : Rcode.NXDOMAIN);
                  if (keys) {
                    add(reply, Section.ANSWER, zone, zone.key);
                  } else {
                    add(reply, Section.AUTHORITY, zone, soa(zone.name));
                    add(reply, Section.AUTHORITY, zone, denial);
                  }
                  return reply;
                });
        var server = validating(upstream, zone, admin)) {
      for (int i = 0; i < QUESTIONS; i++) {
        var deep = "a.".repeat(110) + "w" + i + ".trap.";
        assertThat(ask(server, deep).getRcode()).isEqualTo(Rcode.SERVFAIL);
      }
      assertThat(figure(admin, "validation_hashes")).isBetween(100L, QUESTIONS * 256L);
      assertThat(upstream.asked.size()).as(upstream.asked.toString()).isLessThan(QUESTIONS * 6);
    }
  }

  private static void add(Message reply, int section, TestZone zone, Record record) {
    for (var set : zone.signed(record)) {
      set.records().forEach(r -> reply.addRecord(r, section));
    }
  }

  /** Referrals to servers that are nowhere (NXNS), and aliases that never end or go in a circle. */
  @Test
  void referrals_and_aliases_lead_to_so_many_questions_and_no_more() throws Exception {
    try (var upstream = new Scripted(ExpensiveAnswersTest::tree);
        var server = walking(upstream)) {
      cost(server, upstream, "www.nxns.", 80);
      cost(server, upstream, "c0.chain.", 48);
      cost(server, upstream, "a.circle.", 16);
      assertThat(ask(server, "www.fine.").getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  private static void cost(DnsServer server, Scripted upstream, String name, int most)
      throws IOException {
    upstream.asked.clear();
    assertThat(ask(server, name).getRcode()).as(name).isEqualTo(Rcode.SERVFAIL);
    assertThat(upstream.asked.size())
        .as(name + ": " + upstream.asked)
        .isPositive()
        .isLessThanOrEqualTo(most);
  }

  private static Message tree(Message query) {
    var name = query.getQuestion().getName();
    int type = query.getQuestion().getType();
    var label = name.labels() > 1 ? name.getLabelString(0).toLowerCase(Locale.ROOT) : "";
    if (name.subdomain(n("nxns.")) && !name.equals(Name.root)) {
      var referral = reply(query, Rcode.NOERROR);
      referral.getHeader().unsetFlag(Flags.AA);
      for (int i = 0; i < 1_000; i++) {
        var ns = new NSRecord(n("nxns."), 1, 300, n("ns" + i + ".victim."));
        referral.addRecord(ns, Section.AUTHORITY);
      }
      return referral;
    }
    if (name.subdomain(n("victim.")) && name.labels() > 2) {
      var none = reply(query, Rcode.NXDOMAIN);
      none.addRecord(soa(Name.root), Section.AUTHORITY);
      return none;
    }
    var reply = reply(query, Rcode.NOERROR);
    if (name.equals(Name.root) && type == Type.NS) {
      reply.addRecord(new NSRecord(Name.root, 1, 300, n("ns.")), Section.ANSWER);
    } else if (name.subdomain(n("chain.")) && name.labels() == 3 && label.startsWith("c")) {
      var next = n("c" + (Integer.parseInt(label.substring(1)) + 1) + ".chain.");
      reply.addRecord(new CNAMERecord(name, 1, 300, next), Section.ANSWER);
    } else if (name.subdomain(n("circle.")) && name.labels() == 3) {
      var other = n(label.equals("a") ? "b.circle." : "a.circle.");
      reply.addRecord(new CNAMERecord(name, 1, 300, other), Section.ANSWER);
    } else if (label.equals("www") && type == Type.A) {
      var address = InetAddress.getLoopbackAddress();
      reply.addRecord(new ARecord(name, 1, 300, address), Section.ANSWER);
    } else {
      reply.addRecord(soa(Name.root), Section.AUTHORITY);
    }
    return reply;
  }
}
