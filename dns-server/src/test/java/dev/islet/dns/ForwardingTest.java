package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.RrSet;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ForwardingTest {
  private final AtomicLong ahead = new AtomicLong();
  private final ConcurrentLinkedQueue<DnsEvent> events = new ConcurrentLinkedQueue<>();
  private FakeUpstream upstream;
  private DnsServer server;
  private Asker asker;

  @BeforeEach
  void begin() throws IOException {
    upstream = new FakeUpstream();
    serve(c -> c.forward(upstream.address()));
  }

  private void serve(Consumer<Setup> more) throws IOException {
    end();
    server =
        DnsServer.create(
            c -> {
              c.listen("127.0.0.1", 0)
                  .zone(
                      "home.arpa", z -> z.a("nas", "192.168.7.10").cname("out", "www.far.example."))
                  .parts(
                      new TimeSource() {
                        @Override
                        public long now() {
                          return TimeSource.system().now() + ahead.get();
                        }

                        @Override
                        public Instant wall() {
                          return Instant.now();
                        }
                      },
                      new java.security.SecureRandom())
                  .onTrace(events::add);
              more.accept(c);
            });
    server.start();
    asker = Asker.of(server);
  }

  private void end() {
    if (server != null) {
      asker.close();
      server.close();
    }
  }

  @AfterEach
  void over() throws IOException {
    end();
    upstream.close();
  }

  @Test
  void an_answer_comes_from_upstream_once_and_then_from_the_cache_with_less_ttl()
      throws IOException {
    var first = asker.ask("www.far.example.", "A");
    assertThat(first.getSection(Section.ANSWER).getFirst().getTTL()).isEqualTo(300);
    assertThat(first.getHeader().getFlag(Flags.RA)).isTrue();
    assertThat(first.getHeader().getFlag(Flags.AA)).isFalse();
    ahead.set(Duration.ofSeconds(100).toNanos());
    var second = asker.ask("WWW.far.example.", "A");
    assertThat(second.getSection(Section.ANSWER).getFirst().getTTL()).isBetween(199L, 200L);
    assertThat(second.getSection(Section.ANSWER).getFirst().getName().toString())
        .isEqualTo("WWW.far.example.");
    assertThat(upstream.asked).hasValue(1);
    ahead.set(Duration.ofSeconds(301).toNanos());
    asker.ask("www.far.example.", "A");
    assertThat(upstream.asked).hasValue(2);
    Wait.until(
        Duration.ofSeconds(5),
        () ->
            events.stream().anyMatch(e -> e instanceof DnsEvent.Answered(_, _, var c) && c)
                ? ""
                : "no answer of the cache in " + events);
  }

  @Test
  void that_a_name_does_not_exist_is_remembered_too() throws IOException {
    for (int i = 0; i < 3; i++) {
      var reply = asker.ask("no.far.example.", "A");
      assertThat(reply.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(reply.getSection(Section.AUTHORITY)).hasSize(1);
    }
    assertThat(upstream.asked).hasValue(1);
    ahead.set(Duration.ofSeconds(31).toNanos()); // the minimum of the SOA
    asker.ask("no.far.example.", "A");
    assertThat(upstream.asked).hasValue(2);
  }

  @Test
  void a_server_that_does_not_listen_costs_no_waiting() throws IOException {
    serve(c -> c.forward("127.0.0.1:1"));
    assertThat(asker.ask("www.far.example.", "A").getRcode()).isEqualTo(Rcode.SERVFAIL);
    Wait.until(
        Duration.ofSeconds(5),
        () ->
            events.stream().anyMatch(DnsEvent.Answered.class::isInstance) ? "" : "only " + events);
    assertThat(events).noneMatch(DnsEvent.TimedOut.class::isInstance);
  }

  @Test
  void a_cut_answer_is_fetched_over_tcp_and_cut_again_for_udp() throws IOException {
    var whole = asker.tcp(Asker.query("big.far.example.", "TXT"));
    assertThat(whole.getSection(Section.ANSWER)).hasSize(40);
    var cut = asker.ask("big.far.example.", "TXT");
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(upstream.asked).hasValue(2);
  }

  @Test
  void ports_upstream_are_fresh_each_time() throws IOException {
    for (int i = 0; i < 30; i++) {
      asker.ask("host" + i + ".far.example.", "A");
    }
    assertThat(new HashSet<>(upstream.ports)).hasSizeGreaterThan(28);
  }

  @Test
  void an_alias_of_ours_leads_on_to_upstream() throws IOException {
    var reply = asker.ask("out.home.arpa.", "A");
    assertThat(reply.getSection(Section.ANSWER))
        .extracting(r -> r.getName() + " " + Type.string(r.getType()))
        .containsExactly("out.home.arpa. CNAME", "www.far.example. A");
    assertThat(reply.getHeader().getFlag(Flags.AA)).isTrue();
    var alone = asker.ask(Asker.plainlyRecursive(Asker.query("out.home.arpa.", "A"), false));
    assertThat(alone.getSection(Section.ANSWER)).hasSize(1);
  }

  @Test
  void failures_end_in_servfail_with_a_reason() throws IOException {
    var reply = asker.ask("broken.far.example.", "A");
    assertThat(reply.getRcode()).isEqualTo(Rcode.SERVFAIL);
    var error = (ExtendedErrorCodeOption) reply.getOPT().getOptions(15).getFirst();
    assertThat(error.getErrorCode()).isEqualTo(22);
    int asked = upstream.asked.get();
    asker.ask("broken.far.example.", "A");
    assertThat(upstream.asked).as("a failure is remembered (RFC 9520)").hasValue(asked);
  }

  @Test
  void special_names_never_leave() throws IOException {
    for (var name :
        List.of(
            "localhost.",
            "x.onion.",
            "x.local.",
            "nope.home.arpa.",
            "x.test.",
            "y.invalid.",
            "1.1.168.192.in-addr.arpa.",
            "1.0.0.10.in-addr.arpa.",
            "1.0.0.127.in-addr.arpa.")) {
      asker.ask(name, "A");
      asker.ask(name, "PTR");
    }
    assertThat(upstream.asked).hasValue(0);
  }

  @Test
  void any_and_foreign_classes_are_not_asked_of_others() throws IOException {
    var any = asker.ask("far.example.", "ANY");
    assertThat(any.getSection(Section.ANSWER).getFirst().getType()).isEqualTo(Type.HINFO);
    var chaos = Asker.query("version.bind.", "TXT");
    var query = chaos.toWire();
    query[query.length - 1] = 3;
    assertThat(new Message(asker.udp(query)).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(upstream.asked).hasValue(0);
  }

  @Test
  void nobody_outside_the_networks_gets_recursion() throws IOException {
    serve(c -> c.forward(upstream.address()).allowRecursion("192.0.2.0/24"));
    var reply = asker.ask("www.far.example.", "A");
    assertThat(reply.getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(reply.getHeader().getFlag(Flags.RA)).isFalse();
    assertThat(((ExtendedErrorCodeOption) reply.getOPT().getOptions(15).getFirst()).getErrorCode())
        .isEqualTo(18);
    assertThat(asker.ask("nas.home.arpa.", "A").getRcode()).isEqualTo(Rcode.NOERROR);
    serve(c -> c.allowQuery("192.0.2.0/24"));
    assertThat(asker.ask("nas.home.arpa.", "A").getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(upstream.asked).hasValue(0);
  }

  @Test
  void a_suffix_may_have_servers_of_its_own() throws IOException {
    try (var corp = new FakeUpstream()) {
      serve(
          c ->
              c.forward(upstream.address())
                  .forwardZone("corp.example", corp.address())
                  .forwardZone("10.in-addr.arpa", corp.address()));
      asker.ask("www.corp.example.", "A");
      asker.ask("1.0.0.10.in-addr.arpa.", "A");
      asker.ask("www.far.example.", "A");
      assertThat(corp.asked).hasValue(2);
      assertThat(upstream.asked).hasValue(1);
    }
  }

  @Test
  void a_function_of_the_program_answers_its_suffix() throws IOException {
    serve(
        c ->
            c.answer(
                "time.example",
                question ->
                    question.type() == Type.A
                        ? Optional.of(
                            Answer.of(
                                List.of(
                                    RrSet.of(
                                        new ARecord(
                                            question.name(),
                                            1,
                                            0,
                                            InetAddress.getLoopbackAddress()))),
                                true))
                        : Optional.empty()));
    assertThat(asker.ask("now.time.example.", "A").getSection(Section.ANSWER)).hasSize(1);
    assertThat(asker.ask("now.time.example.", "TXT").getRcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void a_hundred_same_questions_at_once_are_one_upstream() throws IOException {
    for (int i = 0; i < 100; i++) {
      var query = Asker.query("silent.far.example.", "A");
      query.getHeader().setID(i);
      asker.send(query.toWire());
    }
    var seen = new HashSet<Integer>();
    for (int i = 0; i < 100; i++) {
      var reply = new Message(asker.receive());
      assertThat(reply.getRcode()).isEqualTo(Rcode.SERVFAIL);
      seen.add(reply.getHeader().getID());
    }
    assertThat(seen).hasSize(100);
    assertThat(upstream.asked.get()).isLessThanOrEqualTo(5);
  }

  @Test
  void forged_extras_of_an_upstream_are_dropped() throws IOException {
    upstream.spoil =
        m -> {
          try {
            m.addRecord(
                new ARecord(
                    org.xbill.DNS.Name.fromConstantString("bank.example."),
                    1,
                    9_999,
                    InetAddress.getByName("203.0.113.66")),
                Section.ANSWER);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return m;
        };
    assertThat(asker.ask("www.far.example.", "A").getSection(Section.ANSWER)).hasSize(1);
    upstream.spoil = m -> m;
    var bank = asker.ask("bank.example.", "A").getSection(Section.ANSWER).getFirst();
    assertThat(bank.rdataToString()).isEqualTo("192.0.2.1");
  }
}
