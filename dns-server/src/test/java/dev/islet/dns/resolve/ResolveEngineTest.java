package dev.islet.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.cache.CacheLimits;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.resolve.ResolveAction.Close;
import dev.islet.dns.resolve.ResolveAction.Done;
import dev.islet.dns.resolve.ResolveAction.SendDatagram;
import dev.islet.dns.resolve.ResolveAction.SendStream;
import dev.islet.testkit.VirtualLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ResolveEngineTest {
  private static final InetSocketAddress QUAD9 = new InetSocketAddress("9.9.9.9", 53);
  private static final InetSocketAddress ONE = new InetSocketAddress("1.1.1.1", 53);

  private static final Duration DAY = Duration.ofDays(1);

  private final ResolveEngine engine =
      new ResolveEngine(
          new Random(1),
          ResolveLimits.DEFAULT,
          new Recursion(
              new AnswerCache(new CacheLimits(1 << 20, DAY, DAY, Duration.ofSeconds(5))),
              question -> new Route.Walk(),
              RootHints.INTERNET,
              53,
              WalkLimits.DEFAULT));
  private final VirtualLoop<ResolveEvent, ResolveAction> loop = new VirtualLoop<>(engine);
  private final List<Answer> answers = new ArrayList<>();
  private final Consumer<Answer> then = answers::add;

  private static Name n(String text) {
    return Name.fromConstantString(text);
  }

  private List<ResolveAction> want(String name, int type) {
    var key = new CacheKey(Question.in(n(name), type), false, false);
    return loop.on(new ResolveEvent.Wanted(new Inquiry(key, List.of(QUAD9, ONE)), then));
  }

  private static SendDatagram sent(List<ResolveAction> actions) {
    return one(actions, SendDatagram.class);
  }

  private static <T> T one(List<ResolveAction> actions, Class<T> type) {
    var found = actions.stream().filter(type::isInstance).map(type::cast).toList();
    assertThat(found).as(type.getSimpleName() + " in " + actions).hasSize(1);
    return found.getFirst();
  }

  private static Message reply(byte[] query, int rcode, Record... answer) {
    try {
      var asked = new Message(query);
      var reply = new Message(asked.getHeader().getID());
      reply.getHeader().setFlag(Flags.QR);
      reply.getHeader().setRcode(rcode);
      reply.addRecord(asked.getQuestion(), Section.QUESTION);
      for (var record : answer) {
        reply.addRecord(record, Section.ANSWER);
      }
      return reply;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<ResolveAction> hear(SendDatagram about, Message reply) {
    return loop.on(new ResolveEvent.Datagram(about.exchange(), about.to(), reply.toWire()));
  }

  private static Record a(String name) {
    return new ARecord(n(name), 1, 300, InetAddress.getLoopbackAddress());
  }

  @Test
  void a_question_goes_out_with_a_random_id_and_port_and_comes_back() throws IOException {
    var send = sent(want("www.example.", Type.A));
    var query = new Message(send.message());
    assertThat(query.getQuestion().getName()).isEqualTo(n("www.example."));
    assertThat(query.getHeader().getFlag(Flags.RD)).isTrue();
    assertThat(query.getOPT().getPayloadSize()).isEqualTo(1232);
    assertThat(send.port()).isBetween(1024, 65_535);
    var actions = hear(send, reply(send.message(), Rcode.NOERROR, a("www.example.")));
    var done = one(actions, Done.class);
    assertThat(done.keep()).isTrue();
    assertThat(done.waiters()).containsExactly(then);
    assertThat(done.answer().answer()).hasSize(1);
    assertThat(one(actions, Close.class).exchange()).isEqualTo(send.exchange());
    assertThat(engine.jobs()).isZero();
    assertThat(engine.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void ids_and_ports_do_not_repeat() throws IOException {
    var seen = new HashSet<String>();
    for (int i = 0; i < 400; i++) {
      var send = sent(want("host" + i + ".example.", Type.A));
      seen.add(new Message(send.message()).getHeader().getID() + ":" + send.port());
    }
    assertThat(seen).hasSize(400);
  }

  @Test
  void the_same_question_is_asked_once() {
    var first = sent(want("www.example.", Type.A));
    assertThat(want("WWW.example.", Type.A)).isEmpty();
    assertThat(want("www.example.", Type.AAAA)).hasSize(1);
    var actions = hear(first, reply(first.message(), Rcode.NOERROR, a("www.example.")));
    assertThat(one(actions, Done.class).waiters()).hasSize(2);
  }

  @Test
  void strangers_are_ignored_and_too_many_of_them_lead_to_tcp() {
    var send = sent(want("www.example.", Type.A));
    var good = reply(send.message(), Rcode.NOERROR, a("www.example."));
    var wrongId = reply(send.message(), Rcode.NOERROR, a("www.example."));
    wrongId.getHeader().setID(good.getHeader().getID() ^ 1);
    var other = reply(send.message(), Rcode.NOERROR, a("www.example."));
    other.removeAllRecords(Section.QUESTION);
    other.addRecord(Record.newRecord(n("evil.example."), Type.A, 1), Section.QUESTION);
    assertThat(hear(send, wrongId)).noneMatch(x -> x instanceof Done);
    assertThat(hear(send, other)).noneMatch(x -> x instanceof Done);
    assertThat(loop.on(new ResolveEvent.Datagram(send.exchange(), ONE, good.toWire())))
        .noneMatch(x -> x instanceof Done);
    assertThat(loop.on(new ResolveEvent.Datagram(send.exchange(), QUAD9, new byte[3])))
        .noneMatch(x -> x instanceof Done);
    assertThat(hear(send, good)).anyMatch(x -> x instanceof Done);

    var second = sent(want("bank.example.", Type.A));
    var guess = reply(second.message(), Rcode.NOERROR, a("bank.example."));
    var last = new ArrayList<ResolveAction>();
    for (int i = 1; i <= 16; i++) {
      guess.getHeader().setID(guess.getHeader().getID() + i & 0xFFFF);
      last.addAll(hear(second, guess));
    }
    assertThat(one(last, SendStream.class).to()).isEqualTo(second.to());
  }

  @Test
  void a_cut_reply_is_asked_again_over_tcp() {
    var send = sent(want("big.example.", Type.TXT));
    var cut = reply(send.message(), Rcode.NOERROR);
    cut.getHeader().setFlag(Flags.TC);
    var stream = one(hear(send, cut), SendStream.class);
    assertThat(stream.to()).isEqualTo(send.to());
    var whole = reply(stream.message(), Rcode.NOERROR, a("big.example."));
    var actions = loop.on(new ResolveEvent.StreamReply(stream.exchange(), whole.toWire()));
    assertThat(actions).anyMatch(x -> x instanceof Done);
  }

  @Test
  void silence_goes_to_the_other_server_and_ends_after_five_seconds() {
    var first = sent(want("www.example.", Type.A));
    var second = sent(loop.advance(Duration.ofMillis(1_200)));
    assertThat(second.to()).isNotEqualTo(first.to());
    assertThat(hear(first, reply(first.message(), Rcode.NOERROR, a("www.example.")))).isEmpty();
    var rest = loop.advance(Duration.ofSeconds(4));
    var done = one(rest, Done.class);
    assertThat(done.answer().rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(done.answer().error()).isPresent();
    assertThat(rest.stream().filter(x -> x instanceof SendDatagram)).hasSize(2);
    assertThat(engine.jobs()).isZero();
  }

  @Test
  void a_server_that_fails_is_left_alone_for_a_while() {
    var first = sent(want("a.example.", Type.A));
    var second = sent(hear(first, reply(first.message(), Rcode.SERVFAIL)));
    assertThat(second.to()).isNotEqualTo(first.to());
    hear(second, reply(second.message(), Rcode.NOERROR, a("a.example.")));
    int avoided = 0;
    for (int i = 0; i < 20; i++) {
      avoided += sent(want("b" + i + ".example.", Type.A)).to().equals(second.to()) ? 1 : 0;
    }
    assertThat(avoided).isGreaterThanOrEqualTo(18);
  }

  @Test
  void a_server_without_edns_is_asked_plainly() throws IOException {
    var first = sent(want("a.example.", Type.A));
    var second = sent(hear(first, reply(first.message(), Rcode.FORMERR)));
    assertThat(second.to()).isEqualTo(first.to());
    assertThat(new Message(second.message()).getOPT()).isNull();
  }

  @Test
  void more_than_the_limit_is_refused_at_once() {
    for (int i = 0; i < ResolveLimits.DEFAULT.jobs(); i++) {
      want("h" + i + ".example.", Type.A);
    }
    var done = one(want("more.example.", Type.A), Done.class);
    assertThat(done.answer().rcode()).isEqualTo(Rcode.SERVFAIL);
    assertThat(done.keep()).isFalse();
    for (int i = 0; i < ResolveLimits.DEFAULT.waiters() - ResolveLimits.DEFAULT.jobs(); i++) {
      assertThat(want("h0.example.", Type.A)).isEmpty();
    }
    assertThat(one(want("h0.example.", Type.A), Done.class).keep()).isFalse();
  }

  @Test
  void only_what_answers_the_question_is_kept() {
    var send = sent(want("www.example.", Type.A));
    var reply =
        reply(
            send.message(),
            Rcode.NOERROR,
            a("victim.bank."),
            new CNAMERecord(n("www.example."), 1, 60, n("cdn.example.net.")),
            a("cdn.example.net."),
            a("www.example."));
    reply.addRecord(new NSRecord(n("bank."), 1, 60, n("ns.evil.")), Section.AUTHORITY);
    reply.addRecord(a("ns.evil."), Section.ADDITIONAL);
    // an address beside an alias at the same name: the address is what was asked for
    var kept = one(hear(send, reply), Done.class).answer();
    assertThat(kept.answer()).extracting(s -> s.name().toString()).containsExactly("www.example.");
    assertThat(kept.authority()).isEmpty();
    assertThat(kept.additional()).isEmpty();

    var again = sent(want("x.example.", Type.A));
    var chain =
        reply(
            again.message(),
            Rcode.NOERROR,
            a("cdn.example.net."),
            new CNAMERecord(n("x.example."), 1, 60, n("cdn.example.net.")),
            a("victim.bank."));
    assertThat(one(hear(again, chain), Done.class).answer().answer())
        .extracting(s -> s.name().toString())
        .containsExactly("x.example.", "cdn.example.net.");
  }

  @Test
  void a_negative_answer_keeps_only_an_soa_above_the_name() {
    var send = sent(want("no.example.", Type.A));
    var reply = reply(send.message(), Rcode.NXDOMAIN);
    reply.addRecord(soa("bank."), Section.AUTHORITY);
    reply.addRecord(soa("example."), Section.AUTHORITY);
    var kept = one(hear(send, reply), Done.class).answer();
    assertThat(kept.rcode()).isEqualTo(Rcode.NXDOMAIN);
    assertThat(kept.authority()).extracting(s -> s.name().toString()).containsExactly("example.");
  }

  @Test
  void a_broken_connection_goes_to_the_next_server() {
    var send = sent(want("a.example.", Type.A));
    var next = sent(loop.on(new ResolveEvent.Failed(send.exchange(), "unreachable")));
    assertThat(next.to()).isNotEqualTo(send.to());
    assertThat(loop.on(new ResolveEvent.Failed(send.exchange(), "late"))).isEmpty();
  }

  @Test
  void random_events_never_break_it_and_everyone_gets_an_answer() {
    var random = new Random(5);
    int asked = 0;
    int told = 0;
    var open = new ArrayList<ResolveAction>();
    for (int i = 0; i < 20_000; i++) {
      var out = new ArrayList<ResolveAction>();
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          out.addAll(want("h" + random.nextInt(50) + ".example.", Type.A));
          asked++;
        }
        case 2 -> out.addAll(loop.advance(Duration.ofMillis(random.nextInt(400))));
        default -> {
          if (!open.isEmpty()) {
            switch (open.get(random.nextInt(open.size()))) {
              case SendDatagram s -> {
                var bytes = reply(s.message(), random.nextInt(6), a("h1.example.")).toWire();
                if (random.nextInt(3) == 0) {
                  bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                out.addAll(loop.on(new ResolveEvent.Datagram(s.exchange(), s.to(), bytes)));
              }
              case SendStream s -> out.addAll(loop.on(new ResolveEvent.Failed(s.exchange(), "x")));
              default -> throw new AssertionError("only sends are kept");
            }
          }
        }
      }
      for (var action : out) {
        if (action instanceof Done done) {
          told += done.waiters().size();
        } else if (action instanceof SendDatagram || action instanceof SendStream) {
          open.add(action);
        } else if (action instanceof Close close) {
          open.removeIf(
              o ->
                  o instanceof SendDatagram s && s.exchange() == close.exchange()
                      || o instanceof SendStream t && t.exchange() == close.exchange());
        }
      }
    }
    for (var action : loop.advance(Duration.ofSeconds(30))) {
      told += action instanceof Done done ? done.waiters().size() : 0;
    }
    assertThat(told).isEqualTo(asked);
    assertThat(engine.jobs()).isZero();
  }

  private static Record soa(String zone) {
    return new SOARecord(n(zone), 1, 60, n("a."), n("b."), 1, 2, 3, 4, 60);
  }
}
