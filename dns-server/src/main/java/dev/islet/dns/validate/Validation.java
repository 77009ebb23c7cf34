package dev.islet.dns.validate;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.engine.Outlet;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.ResolveEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Stands between those who want an answer of others and those who get it: what the {@link
 * ValidateEngine} wants asked goes on to the resolver, and what it decided goes into the cache and
 * to those who wait. Signatures are checked on the engine's thread and hold up nobody else.
 */
public final class Validation implements Outlet<ValidateAction> {
  private static final Logger LOG = System.getLogger("islet.dns");

  /** What was judged without a clock is asked again soon, in seconds. */
  private static final long UNTIMED_TTL = 30;

  private final AnswerCache cache;
  private final TimeSource time;
  private final Trace<DnsEvent> trace;
  private final Tally tally;
  private final Function<CacheKey, Optional<Inquiry>> door;
  private final Predicate<ResolveEvent.Wanted> resolver;
  private final LongConsumer floor;
  private final Consumer<Map<Name, KeptAnchors>> anchors;
  private volatile Predicate<ValidateEvent> engine = e -> false;

  /**
   * @param door whom to ask for a question; nobody if there is none
   * @param resolver takes questions; false when there is no room
   * @param floor keeps the time that is known to be past, in seconds since 1970
   * @param anchors keeps what is known of trust anchors
   */
  public Validation(
      AnswerCache cache,
      TimeSource time,
      Trace<DnsEvent> trace,
      Tally tally,
      Function<CacheKey, Optional<Inquiry>> door,
      Predicate<ResolveEvent.Wanted> resolver,
      LongConsumer floor,
      Consumer<Map<Name, KeptAnchors>> anchors) {
    this.cache = cache;
    this.time = time;
    this.trace = trace;
    this.tally = tally;
    this.door = door;
    this.resolver = resolver;
    this.floor = floor;
    this.anchors = anchors;
  }

  /** Tells where events go; before the first question. */
  public void feed(EngineLoop<ValidateEvent, ValidateAction> loop) {
    engine = loop::offer;
  }

  /** Takes a question; false when there is no room. One with CD is not checked. */
  public boolean resolve(ResolveEvent.Wanted wanted) {
    return wanted.inquiry().key().checkingDisabled()
        ? resolver.test(wanted)
        : engine.test(new ValidateEvent.Wanted(wanted, wall()));
  }

  @Override
  public void perform(ValidateAction action) {
    switch (action) {
      case ValidateAction.Ask(var job, var inquiry) ->
          ask(
              job,
              new Inquiry(bare(inquiry.key().question()), inquiry.upstreams(), inquiry.doubted()));
      case ValidateAction.Fetch(var job, var question, var anew) ->
          door.apply(bare(question))
              .ifPresentOrElse(
                  inquiry -> {
                    if (anew) {
                      ask(job, inquiry.again());
                    } else {
                      fetch(job, inquiry);
                    }
                  },
                  () -> fetched(job, question, failure("nobody to ask for it")));
      case ValidateAction.Pass(var wanted) -> {
        if (!resolver.test(wanted)) {
          wanted.then().accept(failure("too much is under way"));
        }
      }
      case ValidateAction.Done done -> done(done);
      case ValidateAction.ClockJudged(var trusted) -> {
        cache.forget(a -> a.security() == Security.UNTIMED || a.rcode() == Rcode.SERVFAIL);
        LOG.log(
            trusted ? Level.INFO : Level.WARNING,
            trusted
                ? "service=dns the clock is right: signatures are checked with their times"
                : "service=dns the clock is wrong: signatures are checked without their times");
      }
      case ValidateAction.KeepFloor(var seconds) -> floor.accept(seconds);
      case ValidateAction.AnchorMoved(var zone, var tag, var from, var to) -> {
        boolean revoked = to.equals(AnchorPhase.REVOKED.name());
        var moved = new DnsEvent.AnchorMoved(zone.toString(), tag, from, to);
        LOG.log(revoked ? Level.WARNING : Level.INFO, () -> "service=dns " + moved.note());
        trace.emit(moved);
      }
      case ValidateAction.KeepAnchors(var all) -> anchors.accept(all);
      case ValidateAction.SignaturesCome(var come) ->
          LOG.log(
              come ? Level.INFO : Level.WARNING,
              come
                  ? "service=dns answers are validated (DNSSEC)"
                  : "service=dns the servers asked give no signatures, so that nothing can be"
                      + " validated (DNSSEC): choose others, or write dnssec-validation: off");
    }
  }

  /** Not out of the cache: what is there has been judged, or is about to die. */
  private void ask(long job, Inquiry inquiry) {
    var question = inquiry.key().question();
    var wanted = new ResolveEvent.Wanted(inquiry, answer -> fetched(job, question, answer));
    if (!resolver.test(wanted)) {
      fetched(job, question, failure("too much is under way"));
    }
  }

  private void fetch(long job, Inquiry inquiry) {
    cache
        .get(inquiry.key(), time.now())
        .ifPresentOrElse(
            known -> fetched(job, inquiry.key().question(), known), () -> ask(job, inquiry));
  }

  /** If there is no room for it, the job ends by its deadline. */
  private void fetched(long job, Question question, Answer answer) {
    if (!engine.test(new ValidateEvent.Fetched(job, question, answer, wall()))) {
      tally.rejected("validation-queue-full");
    }
  }

  private void done(ValidateAction.Done done) {
    if (done.verdict().equals("bogus")) {
      done.used().forEach(q -> cache.remove(bare(q))); // the next try shall not meet the same
    }
    tally.validated(done.verdict());
    if (trace.on()) {
      var question = done.question();
      trace.emit(
          new DnsEvent.Validated(
              question.name().toString(),
              Type.string(question.type()),
              done.verdict(),
              done.why()));
    }
    var whole = timed(done.answer());
    var plain = plain(done.question(), whole);
    for (var waiter : done.waiters()) {
      keep(done, waiter.dnssecOk(), waiter.dnssecOk() ? whole : plain, waiter.then());
    }
  }

  /** An older answer may stand in for nobody's answer, but not for a bogus one (RFC 8767). */
  private void keep(
      ValidateAction.Done done, boolean dnssecOk, Answer answer, Consumer<Answer> then) {
    var key = new CacheKey(done.question(), dnssecOk, false);
    var said = answer;
    if (done.keep() && done.verdict().equals("failed")) {
      said = cache.settle(key, answer, time.now());
    } else if (done.keep()) {
      cache.put(key, answer, done.signedFor(), time.now());
    }
    then.accept(said);
  }

  private static Answer timed(Answer answer) {
    return answer.security() == Security.UNTIMED
        ? with(answer, s -> Optional.of(s.withTtl(Math.min(s.ttl(), UNTIMED_TTL))))
        : answer;
  }

  /** The same for those who did not ask for signatures (RFC 4035 section 3.2.1). */
  private static Answer plain(Question question, Answer answer) {
    return with(
        answer,
        s ->
            switch (s.type()) {
              case Type.RRSIG, Type.NSEC, Type.NSEC3 ->
                  s.type() == question.type() ? Optional.of(s) : Optional.empty();
              default -> Optional.of(s);
            });
  }

  private static Answer with(Answer answer, Function<RrSet, Optional<RrSet>> each) {
    return new Answer(
        answer.rcode(),
        answer.authoritative(),
        all(answer.answer(), each),
        all(answer.authority(), each),
        answer.additional(),
        answer.glue(),
        answer.error(),
        answer.security());
  }

  private static List<RrSet> all(List<RrSet> sets, Function<RrSet, Optional<RrSet>> each) {
    return sets.stream().flatMap(s -> each.apply(s).stream()).toList();
  }

  /** As it is asked of others: with signatures, and nothing kept back as bogus. */
  private static CacheKey bare(Question question) {
    return new CacheKey(question, true, true);
  }

  private static Answer failure(String why) {
    return Answer.of(Rcode.SERVFAIL, ExtendedError.NO_REACHABLE_AUTHORITY, why);
  }

  private long wall() {
    return time.wall().getEpochSecond();
  }
}
