package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ValidationMode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Two forwarders, one of which spoils what concerns DNSSEC on its way. */
class DisagreeingForwardersTest {
  private final ConcurrentLinkedQueue<DnsEvent> events = new ConcurrentLinkedQueue<>();

  /** Passes datagrams on to a server, and what it says back through a function; null drops it. */
  private static final class Relay implements AutoCloseable {
    private final DatagramSocket front = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
    private final ConcurrentLinkedQueue<Integer> types = new ConcurrentLinkedQueue<>();
    private final InetSocketAddress server;
    private final UnaryOperator<Message> spoil;

    Relay(InetSocketAddress server, UnaryOperator<Message> spoil) throws IOException {
      this.server = server;
      this.spoil = spoil;
      Thread.ofPlatform().daemon(true).start(this::run);
    }

    String address() {
      return "127.0.0.1:" + front.getLocalPort();
    }

    private void run() {
      var packet = new DatagramPacket(new byte[4096], 4096);
      while (true) {
        try (var asker = new Asker(server)) {
          packet.setLength(4096);
          front.receive(packet);
          var query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
          types.add(query.getQuestion().getType());
          var reply = spoil.apply(asker.ask(query));
          if (reply != null) {
            var bytes = reply.toWire();
            front.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
          }
        } catch (IOException e) {
          if (front.isClosed()) {
            return;
          }
        }
      }
    }

    @Override
    public void close() {
      front.close();
    }
  }

  private static Message altered(Message reply) {
    for (var record : List.copyOf(reply.getSection(Section.ANSWER))) {
      if (record instanceof ARecord a) {
        reply.removeRecord(a, Section.ANSWER);
        var other = new byte[] {(byte) 203, 0, 113, 66};
        try {
          var address = java.net.InetAddress.getByAddress(other);
          reply.addRecord(new ARecord(a.getName(), 1, a.getTTL(), address), Section.ANSWER);
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }
    return reply;
  }

  private static Message stripped(Message reply) {
    for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
      for (var record : List.copyOf(reply.getSection(section))) {
        if (record.getType() == Type.RRSIG || record.getType() == Type.NSEC) {
          reply.removeRecord(record, section);
        }
      }
    }
    return reply;
  }

  private static Message mute(Message reply) {
    int type = reply.getQuestion().getType();
    return type == Type.DNSKEY || type == Type.DS ? null : reply;
  }

  private void withOneThat(
      UnaryOperator<Message> spoils, ValidationMode mode, Path home, Check check)
      throws IOException {
    try (var upstream =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .home(home)
                            .zone(
                                "far.example",
                                z -> {
                                  z.dnssec();
                                  for (int i = 0; i < 20; i++) {
                                    z.a("www" + i, "192.0.2.1");
                                  }
                                }))
                .start();
        var bad = new Relay(upstream.endpoints().getFirst().address(), spoils);
        var good = new Relay(upstream.endpoints().getFirst().address(), m -> m)) {
      var anchors = new ArrayList<String>();
      try (var asker = Asker.of(upstream)) {
        for (var record : asker.ask("far.example.", "DNSKEY").getSection(Section.ANSWER)) {
          if (record instanceof DNSKEYRecord) {
            anchors.add("far.example. DNSKEY " + record.rdataToString());
          }
        }
      }
      try (var server =
              DnsServer.create(
                      c -> {
                        c.listen("127.0.0.1", 0)
                            .forward(bad.address(), good.address())
                            .dnssecValidation(mode)
                            .onTrace(events::add);
                        anchors.forEach(c::trustAnchor);
                      })
                  .start();
          var asker = Asker.of(server)) {
        check.that(asker, bad);
      }
    }
  }

  private interface Check {
    void that(Asker asker, Relay bad) throws IOException;
  }

  private static Message wanted(Asker asker, int i) throws IOException {
    var query = Asker.query("www" + i + ".far.example.", "A");
    query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    query.getHeader().setFlag(Flags.AD);
    return asker.ask(query);
  }

  private static void secure(Asker asker) throws IOException {
    for (int i = 0; i < 20; i++) {
      var reply = wanted(asker, i);
      assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(reply.getHeader().getFlag(Flags.AD)).isTrue();
      assertThat(reply.getSection(Section.ANSWER).getFirst().rdataToString())
          .isEqualTo("192.0.2.1");
    }
  }

  @Test
  void a_forged_answer_of_one_is_asked_of_the_other(@TempDir Path home) throws IOException {
    withOneThat(
        DisagreeingForwardersTest::altered,
        ValidationMode.ON,
        home,
        (asker, bad) -> {
          secure(asker);
          assertThat(bad.types).contains(Type.A);
        });
  }

  @Test
  void one_that_keeps_signatures_back_does_no_harm(@TempDir Path home) throws IOException {
    for (var mode : List.of(ValidationMode.ON, ValidationMode.AUTO)) {
      withOneThat(
          DisagreeingForwardersTest::stripped,
          mode,
          home.resolve(mode.name()),
          (a, bad) -> secure(a));
    }
  }

  @Test
  void one_that_drops_questions_about_keys_is_found_out_once(@TempDir Path home)
      throws IOException {
    withOneThat(
        DisagreeingForwardersTest::mute,
        ValidationMode.ON,
        home,
        (asker, bad) -> {
          secure(asker);
          assertThat(bad.types.stream().filter(t -> t == Type.DNSKEY || t == Type.DS).count())
              .isLessThanOrEqualTo(2);
        });
  }
}
