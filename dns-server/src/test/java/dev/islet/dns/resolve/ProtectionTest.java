package dev.islet.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.cache.CacheLimits;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.testkit.VirtualLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A server that is protected is never asked in the clear, whatever happens. */
class ProtectionTest {
  private static final InetSocketAddress GUARDED = new InetSocketAddress("192.0.2.1", 853);
  private static final InetSocketAddress PLAIN = new InetSocketAddress("192.0.2.2", 53);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Protection HOW =
      new Protection(Protection.Kind.TLS, "dns.example", "", Set.of());

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

  private List<ResolveAction> want(String name, InetSocketAddress... servers) {
    engine.protections().take(Map.of(GUARDED, HOW), Set.of(PLAIN));
    var key = new CacheKey(Question.in(Name.fromConstantString(name), Type.A), false, false);
    var inquiry = new Inquiry(key, List.of(servers));
    return loop.on(new ResolveEvent.Wanted(inquiry, answers::add));
  }

  private static ResolveAction.SendSecure sent(List<ResolveAction> actions) {
    assertThat(actions)
        .noneMatch(a -> a instanceof ResolveAction.SendDatagram)
        .noneMatch(a -> a instanceof ResolveAction.SendStream);
    var found =
        actions.stream()
            .filter(ResolveAction.SendSecure.class::isInstance)
            .map(ResolveAction.SendSecure.class::cast)
            .toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  @Test
  void its_questions_are_padded_to_blocks() throws Exception {
    for (var name : List.of("a.example.", "a-much-longer-name-than-that.example.")) {
      var send = sent(want(name, GUARDED));
      assertThat(send.protection()).isEqualTo(HOW);
      assertThat(send.message()).hasSize(128);
      assertThat(new Message(send.message()).getOPT().getOptions(12)).hasSize(1);
    }
  }

  @Test
  void neither_failure_nor_silence_nor_a_cut_reply_leads_to_clear_text() throws Exception {
    var send = sent(want("www.example.", GUARDED));
    send = sent(loop.on(new ResolveEvent.Failed(send.exchange(), "TLS: not trusted")));
    var formerr = new Message(new Message(send.message()).getHeader().getID());
    formerr.getHeader().setFlag(Flags.QR);
    formerr.getHeader().setRcode(Rcode.FORMERR);
    send = sent(loop.on(new ResolveEvent.StreamReply(send.exchange(), formerr.toWire())));
    assertThat(new Message(send.message()).getOPT()).isNull(); // RFC 6891, still inside TLS
    send = sent(loop.on(new ResolveEvent.Failed(send.exchange(), "closed")));
    var last = loop.on(new ResolveEvent.Failed(send.exchange(), "closed"));
    assertThat(last).noneMatch(a -> a instanceof ResolveAction.SendDatagram);
    assertThat(last).anyMatch(a -> a instanceof ResolveAction.Done);
  }

  @Test
  void its_reply_is_used() throws Exception {
    var send = sent(want("www.example.", GUARDED));
    var query = new Message(send.message());
    var reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    var actions = loop.on(new ResolveEvent.StreamReply(send.exchange(), reply.toWire()));
    assertThat(actions).anyMatch(a -> a instanceof ResolveAction.Done);
  }

  @Test
  void it_stays_protected_until_it_is_named_as_plain() {
    sent(want("www.example.", GUARDED));
    engine.protections().take(Map.of(), Set.of(PLAIN)); // a reload without it
    var key =
        new CacheKey(Question.in(Name.fromConstantString("b.example."), Type.A), false, false);
    var late = new ResolveEvent.Wanted(new Inquiry(key, List.of(GUARDED)), answers::add);
    sent(loop.on(late));
    engine.protections().take(Map.of(), Set.of(GUARDED));
    var third =
        new CacheKey(Question.in(Name.fromConstantString("c.example."), Type.A), false, false);
    var actions =
        loop.on(new ResolveEvent.Wanted(new Inquiry(third, List.of(GUARDED)), answers::add));
    assertThat(actions).anyMatch(a -> a instanceof ResolveAction.SendDatagram);
    assertThat(Duration.ofNanos(engine.deadline())).isPositive();
  }
}
