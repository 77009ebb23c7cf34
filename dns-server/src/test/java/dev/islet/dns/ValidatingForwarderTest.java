package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What askers notice of validation as it is by default: with good servers, and with bad ones. */
class ValidatingForwarderTest {
  private final AtomicLong ahead = new AtomicLong();
  private final ConcurrentLinkedQueue<DnsEvent> events = new ConcurrentLinkedQueue<>();
  private final TimeSource time =
      new TimeSource() {
        @Override
        public long now() {
          return TimeSource.system().now() + ahead.get();
        }

        @Override
        public Instant wall() {
          return Instant.now().plusNanos(ahead.get());
        }
      };

  private static DnsServer signed(Path home) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .home(home)
                    .zone("far.example", z -> z.a("www", "192.0.2.1").dnssec()))
        .start();
  }

  /** A server with a trust anchor for far.example, which is the one that signs. */
  private DnsServer forwarder(DnsServer upstream) throws IOException {
    var anchors = new ArrayList<String>();
    try (var asker = Asker.of(upstream)) {
      for (var record : asker.ask("far.example.", "DNSKEY").getSection(Section.ANSWER)) {
        if (record instanceof DNSKEYRecord) {
          anchors.add("far.example. DNSKEY " + record.rdataToString());
        }
      }
    }
    assertThat(anchors).isNotEmpty();
    return DnsServer.create(
            c -> {
              c.listen("127.0.0.1", 0)
                  .forward(address(upstream))
                  .parts(time, new SecureRandom())
                  .onTrace(events::add);
              anchors.forEach(c::trustAnchor);
            })
        .start();
  }

  private static String address(DnsServer server) {
    return "127.0.0.1:" + server.endpoints().getFirst().address().getPort();
  }

  private static Message wanted(Asker asker, String name) throws IOException {
    var query = Asker.query(name, "A");
    query.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
    query.getHeader().setFlag(Flags.AD);
    return asker.ask(query);
  }

  private static boolean secure(Message reply) {
    return reply.getHeader().getFlag(Flags.AD);
  }

  private List<String> verdicts() {
    return events.stream()
        .flatMap(e -> e instanceof DnsEvent.Validated v ? List.of(v.verdict()).stream() : null)
        .toList();
  }

  @Test
  void what_a_signing_zone_says_is_secure_without_a_word_in_the_configuration(@TempDir Path home)
      throws IOException {
    try (var upstream = signed(home);
        var server = forwarder(upstream);
        var asker = Asker.of(server)) {
      assertThat(secure(wanted(asker, "www.far.example."))).isTrue();
      assertThat(secure(wanted(asker, "nothing.far.example."))).isTrue();
    }
  }

  @Test
  void an_answer_that_is_asked_for_often_is_fetched_and_checked_before_it_dies(@TempDir Path home)
      throws IOException {
    try (var upstream = signed(home);
        var server = forwarder(upstream);
        var asker = Asker.of(server)) {
      for (int i = 0; i < 5; i++) {
        assertThat(secure(wanted(asker, "www.far.example."))).isTrue();
      }
      long ttl = wanted(asker, "www.far.example.").getSection(Section.ANSWER).getFirst().getTTL();
      ahead.set(Duration.ofSeconds(ttl - ttl / 20).toNanos());
      assertThat(secure(wanted(asker, "www.far.example."))).isTrue();
      Wait.until(
          Duration.ofSeconds(5),
          () -> verdicts().equals(List.of("secure", "secure")) ? "" : "verdicts " + verdicts());
      ahead.set(Duration.ofSeconds(ttl + 1).toNanos());
      var later = wanted(asker, "www.far.example.");
      assertThat(secure(later)).isTrue();
      assertThat(verdicts()).as("nobody had to wait for a third").hasSize(2);
    }
  }

  @Test
  void a_checked_answer_stands_in_when_nobody_answers_any_more(@TempDir Path home)
      throws IOException {
    try (var upstream = signed(home);
        var server = forwarder(upstream);
        var asker = Asker.of(server)) {
      long ttl = wanted(asker, "www.far.example.").getSection(Section.ANSWER).getFirst().getTTL();
      upstream.close();
      ahead.set(Duration.ofSeconds(ttl + 1).toNanos());
      var stale = wanted(asker, "www.far.example.");
      assertThat(stale.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(stale.getSection(Section.ANSWER)).hasSize(1);
      var reason = (ExtendedErrorCodeOption) stale.getOPT().getOptions(15).getFirst();
      assertThat(reason.getErrorCode()).isEqualTo(3);
    }
  }

  @Test
  void what_stands_in_is_secure_no_longer_than_its_signature(@TempDir Path home)
      throws IOException {
    var all = DnssecConfig.parse("on");
    var short_ =
        new DnssecConfig(
            all.algorithm(),
            all.keys(),
            all.denial(),
            Duration.ofHours(1),
            all.zskLifetime(),
            all.kskLifetime(),
            all.roll(),
            all.parentHas(),
            all.parent(),
            all.parentTtl(),
            all.safety(),
            all.withdraw());
    try (var upstream =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .home(home)
                            .zone(
                                "far.example", z -> z.ttl(60).a("www", "192.0.2.1").dnssec(short_)))
                .start();
        var server = forwarder(upstream);
        var asker = Asker.of(server)) {
      assertThat(secure(wanted(asker, "www.far.example."))).isTrue();
      upstream.close();
      ahead.set(Duration.ofMinutes(5).toNanos());
      var stale = wanted(asker, "www.far.example.");
      assertThat(stale.getSection(Section.ANSWER)).hasSize(1);
      assertThat(secure(stale)).as("its signature is still good").isTrue();
      ahead.set(Duration.ofMinutes(75).toNanos());
      var older = wanted(asker, "www.far.example.");
      assertThat(older.getSection(Section.ANSWER)).hasSize(1);
      assertThat(secure(older)).as("its signature has ended").isFalse();
    }
  }

  @Test
  void a_server_that_knows_no_signatures_goes_on_working_and_the_operator_is_told()
      throws IOException {
    var said = new ConcurrentLinkedQueue<String>();
    var handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            said.add(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    var log = Logger.getLogger("islet.dns");
    log.addHandler(handler);
    try (var upstream = new FakeUpstream();
        var server =
            DnsServer.create(c -> c.forward(upstream.address()).onTrace(events::add)).start();
        var asker = Asker.of(server)) {
      for (var name : List.of("www.far.example.", "alias.far.example.")) {
        var reply = wanted(asker, name);
        assertThat(reply.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(reply.getSection(Section.ANSWER)).isNotEmpty();
        assertThat(secure(reply)).isFalse();
      }
      assertThat(wanted(asker, "no.far.example.").getRcode()).isEqualTo(Rcode.NXDOMAIN);
      Wait.until(
          Duration.ofSeconds(5),
          () -> verdicts().equals(List.of("unchecked")) ? "" : "verdicts " + verdicts());
    } finally {
      log.removeHandler(handler);
    }
    assertThat(said).anyMatch(line -> line.contains("give no signatures"));
  }

  @Test
  void a_server_that_refuses_questions_about_keys_goes_on_working_too() throws IOException {
    try (var upstream = new FakeUpstream();
        var server = DnsServer.create(c -> c.forward(upstream.address())).start();
        var asker = Asker.of(server)) {
      upstream.spoil =
          m -> {
            if (m.getQuestion().getType() == Type.DNSKEY) {
              m.getHeader().setRcode(Rcode.REFUSED);
            }
            return m;
          };
      assertThat(wanted(asker, "www.far.example.").getSection(Section.ANSWER)).hasSize(1);
    }
  }

  @Test
  void names_with_servers_of_their_own_are_not_checked_and_nobody_is_asked_about_them(
      @TempDir Path home) throws IOException {
    try (var upstream = signed(home);
        var corp = new FakeUpstream();
        var server =
            DnsServer.create(
                    c ->
                        c.forward(address(upstream))
                            .forwardZone("corp.example", corp.address())
                            .onTrace(events::add))
                .start();
        var asker = Asker.of(server)) {
      assertThat(wanted(asker, "www.corp.example.").getSection(Section.ANSWER)).hasSize(1);
      Wait.until(
          Duration.ofSeconds(5),
          () -> verdicts().equals(List.of("insecure")) ? "" : "verdicts " + verdicts());
      assertThat(events.stream().filter(e -> e instanceof DnsEvent.Forwarded)).hasSize(1);
    }
  }
}
