package dev.islet.dns.chain;

import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.dnssec.Proofs;
import dev.islet.dns.filter.Verdict;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Source;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.Route;
import dev.islet.dns.zone.Additional;
import dev.islet.dns.zone.Authority;
import dev.islet.dns.zone.ZoneHolder;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.HINFORecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * The fixed order in which a question meets the handlers. It reads snapshots and the cache, asks
 * nobody and waits for nothing, so any number of threads may go through it.
 */
public final class Chain {
  private static final long ANY_TTL = 3_600;

  private final ZoneHolder zones;
  private final AnswerCache cache;
  private volatile Rules rules;
  private volatile Consumer<Inquiry> prefetch = inquiry -> {};

  public Chain(ZoneHolder zones, AnswerCache cache, Rules rules) {
    this.zones = zones;
    this.cache = cache;
    this.rules = rules;
  }

  public Rules rules() {
    return rules;
  }

  /** Whom to tell about answers of the cache that should be fetched anew. */
  public void prefetch(Consumer<Inquiry> how) {
    prefetch = how;
  }

  /** From the next question on, these hold. */
  public void rules(Rules next) {
    rules = next;
  }

  /** Acl, special names, zones, code, filter, cache, forwarding: the first that knows, answers. */
  public Step decide(Request request, long now) {
    return decide(request, now, Optional.empty());
  }

  /**
   * The same for a question that is signed.
   *
   * @param key the name of the key
   */
  Step decide(Request request, long now, Optional<Name> key) {
    var rule = rules.seenBy(request.client().getAddress(), key);
    var step = decide(request, rule, now);
    return step instanceof Step.Said said ? translated(request, said, rule, now) : step;
  }

  private Step decide(Request request, Rules rule, long now) {
    return access(request, rule)
        .or(() -> kind(request))
        .or(() -> translator(request, rule, now))
        .or(() -> special(request.question(), Way.NONE, rule))
        .or(() -> zones(request, rule, now))
        .orElseGet(() -> beyond(request, request.question(), Way.NONE, rule, now));
  }

  /** Names of the translator's own, and reverse names behind its prefix. */
  private Optional<Step> translator(Request request, Rules rule, long now) {
    if (rule.dns64().isEmpty()) {
      return Optional.empty();
    }
    var dns64 = rule.dns64().get();
    var asker = request.client().getAddress();
    var known = dns64.special(request.question(), asker);
    if (known.isPresent()) {
      return said(known.get(), Source.DNS64, "a name to find the prefix by (RFC 8880)");
    }
    return dns64
        .alias(request.question(), asker)
        .map(
            alias -> {
              var way = Way.NONE.and(alias);
              var target = ((CNAMERecord) alias.records().getFirst()).getTarget();
              var rest = request.question().at(target);
              return dns64
                  .special(rest, asker)
                  .or(
                      () ->
                          Authority.answer(rule.zones(zones.now()), rest, !request.tcp())
                              .map(Authority.Reply::answer))
                  .map(a -> way.to(a))
                  .flatMap(a -> said(a, Source.DNS64, "behind the prefix (RFC 6147 section 5.3.1)"))
                  .or(() -> special(rest, way, rule))
                  .orElseGet(() -> beyond(request, rest, way, rule, now));
            });
  }

  private Step translated(Request request, Step.Said said, Rules rule, long now) {
    return Translation.of(request, said, rule, () -> decide(request.withType(Type.A), rule, now));
  }

  /** The RA bit for an asker. */
  boolean recursionFor(InetAddress asker) {
    return rules.seenBy(asker, Optional.empty()).recursionFor(asker);
  }

  /** The name of the view that an address has; empty for what all see. */
  public String view(InetAddress asker) {
    return rules.seenBy(asker, Optional.empty()).view().map(View::name).orElse("");
  }

  /** Code, filter, cache and forwarding: for names that no zone of ours holds. */
  private Step beyond(Request request, Question question, Way way, Rules rule, long now) {
    return code(question, way, rule)
        .or(() -> recursion(request, way, rule))
        .or(() -> filtered(request, question, way, rule, now))
        .orElseGet(() -> elsewhere(request, question, way, rule, now));
  }

  /** What others say, now or before. */
  private Step elsewhere(Request request, Question question, Way way, Rules rule, long now) {
    return anything(question, way)
        .or(() -> cached(request, question, way, rule, now))
        .orElseGet(() -> forward(request, question, way, rule));
  }

  /** Lists and rules of groups; a name that is led elsewhere is not looked at again. */
  private Optional<Step> filtered(
      Request request, Question question, Way way, Rules rule, long now) {
    return switch (rule.filter().question(question, request.client().getAddress())) {
      case Verdict.Pass pass -> Optional.empty();
      case Verdict.Drop(var why) -> Optional.of(new Step.Drop(why));
      case Verdict.Say(var answer, var why) -> said(way.to(answer), Source.POLICY, why);
      case Verdict.Rewrite(var alias, var target, var why) -> {
        var further = way.and(alias);
        var rest = question.at(target);
        var ours = Authority.answer(rule.zones(zones.now()), rest, !request.tcp());
        yield ours.isPresent()
            ? said(further.to(ours.get().answer()), Source.POLICY, why)
            : Optional.of(elsewhere(request, rest, further, rule, now));
      }
    };
  }

  /**
   * What is said, or asked further, when others have answered.
   *
   * @param ask as it was decided before
   */
  Step answered(Request request, Step.Ask ask, Answer answer, long now) {
    var rule = rules.seenBy(request.client().getAddress(), Optional.empty());
    var step =
        checked(
            request,
            ask.inquiry().key().question(),
            ask.way(),
            rule,
            new Step.Said(ask.way().to(answer), Source.FORWARD, "an upstream server's answer"),
            answer);
    if (!(step instanceof Step.Said said)) {
      return step;
    }
    if (ask.six().isEmpty()) {
      return translated(request, said, rule, now);
    }
    return rule.dns64().map(d -> Translation.made(d, ask.six().get(), said)).orElse(said);
  }

  /**
   * The filter looks at answers of others too: at where aliases lead, and at addresses. Who is led
   * elsewhere for that gets the addresses there if they are ours, else the alias.
   */
  private Step checked(
      Request request, Question question, Way way, Rules rule, Step.Said said, Answer answer) {
    return switch (rule.filter().answer(question, answer, request.client().getAddress())) {
      case Verdict.Pass pass -> said;
      case Verdict.Say(var other, var why) -> new Step.Said(way.to(other), Source.POLICY, why);
      case Verdict.Drop(var why) -> new Step.Drop(why);
      case Verdict.Rewrite(var alias, var target, var why) -> {
        var there =
            Authority.answer(rule.zones(zones.now()), question.at(target), !request.tcp())
                .map(Authority.Reply::answer)
                .orElse(Answer.of(Rcode.NOERROR));
        yield new Step.Said(way.and(alias).to(there), Source.POLICY, why);
      }
    };
  }

  private static Optional<Step> access(Request request, Rules rule) {
    if (rule.query().allows(request.client().getAddress())) {
      return Optional.empty();
    }
    return said(
        Answer.of(Rcode.REFUSED, ExtendedError.PROHIBITED, "not allowed to ask here"),
        Source.ACL,
        "the asker is in no network of allow-query");
  }

  /** Classes and types that are not for asking (RFC 6895 section 3.1). */
  private static Optional<Step> kind(Request request) {
    var question = request.question();
    if (question.dclass() != DClass.IN) {
      return said(
          Answer.of(Rcode.REFUSED, ExtendedError.NOT_SUPPORTED, "only class IN is served"),
          Source.MESSAGE,
          "class " + DClass.string(question.dclass()) + " is not served");
    }
    return switch (question.type()) {
      case Type.MAILA, Type.MAILB, Type.TKEY ->
          said(Answer.of(Rcode.NOTIMP), Source.MESSAGE, "an obsolete or unsupported meta type");
      case 0, Type.OPT, Type.TSIG ->
          said(Answer.of(Rcode.FORMERR), Source.MESSAGE, "a type that is no question");
      default -> Optional.empty();
    };
  }

  private Optional<Step> special(Question question, Way way, Rules rule) {
    return rule.special()
        .answer(question)
        .filter(s -> !ours(question.name()))
        .map(
            s ->
                new Step.Said(
                    way.to(accompanied(s.answer(), rule)),
                    Source.SPECIAL,
                    "a special name that never leaves (" + s.rfc() + ")"));
  }

  /**
   * With the addresses of our own listeners, if they are in zones of ours (RFC 9460 section 4.1).
   */
  private Answer accompanied(Answer answer, Rules rule) {
    var more = Additional.of(rule.zones(zones.now()), answer.answer());
    return more.isEmpty() ? answer : answer.saying(answer.answer(), answer.authority(), more);
  }

  /**
   * Zones of a catalog come and go without the operator, who exempts those of the configuration.
   */
  private boolean ours(Name name) {
    var served = zones.now();
    return served.isUnavailable(name)
        || served.find(name, Type.A).filter(z -> !z.origin().equals(Name.root)).isPresent();
  }

  private Optional<Step> zones(Request request, Rules rule, long now) {
    var served = rule.zones(zones.now());
    if (served.isUnavailable(request.question().name())) {
      return unavailable(Way.NONE);
    }
    var question = request.question();
    var found = Authority.answer(served, question, !request.tcp());
    return found.map(
        plain -> {
          var reply = request.dnssecOk() ? Proofs.added(plain, question.type(), served) : plain;
          var target = reply.onward();
          if (target.isPresent() && served.isUnavailable(target.get())) {
            return unavailable(new Way(reply.answer().answer(), List.of())).orElseThrow();
          }
          if (target.isEmpty()) {
            return new Step.Said(reply.answer(), Source.ZONE, why(reply.answer()));
          }
          boolean follow =
              request.recursionDesired() && rule.recursion().allows(request.client().getAddress());
          if (!follow) {
            return new Step.Said(
                reply.answer(), Source.ZONE, "an alias out of our zones (RFC 1034 section 4.3.2)");
          }
          var way = new Way(reply.answer().answer(), reply.answer().authority());
          var rest = request.question().at(target.get());
          return special(rest, way, rule).orElseGet(() -> beyond(request, rest, way, rule, now));
        });
  }

  /** A zone of another server's whose copy has not come, or is too old. */
  private static Optional<Step> unavailable(Way way) {
    var why = "the copy of the zone has not come or has expired (RFC 1034 section 4.3.5)";
    var answer = Answer.of(Rcode.SERVFAIL, ExtendedError.NOT_READY, "no good copy of the zone");
    return said(way.to(answer), Source.ZONE, why);
  }

  private static String why(Answer answer) {
    if (!answer.authoritative()) {
      return "a referral to the servers of a delegated zone (RFC 1034 section 4.3.2 step 3b)";
    }
    return switch (answer.rcode()) {
      case Rcode.NXDOMAIN -> "the name does not exist in our zone (RFC 2308 section 2.1)";
      case Rcode.YXDOMAIN -> "the DNAME makes the name too long (RFC 6672 section 2.2)";
      default ->
          answer.answer().isEmpty()
              ? "the name has no data of this type (RFC 2308 section 2.2)"
              : "data of our zone (RFC 1034 section 4.3.2 step 3a)";
    };
  }

  private static Optional<Step> code(Question question, Way way, Rules rule) {
    var name = question.name();
    for (int up = 0; !rule.code().isEmpty() && up < name.labels(); up++) {
      var function = rule.code().get(up == 0 ? name : new Name(name, up));
      if (function != null) {
        return function
            .answer(question)
            .map(a -> new Step.Said(way.to(a), Source.CODE, "a function of the program"));
      }
    }
    return Optional.empty();
  }

  /** An open resolver would be a weapon against others: recursion is for known networks. */
  private static Optional<Step> recursion(Request request, Way way, Rules rule) {
    if (!rule.recursion().allows(request.client().getAddress())) {
      return said(
          way.to(Answer.of(Rcode.REFUSED, ExtendedError.PROHIBITED, "no recursion for you")),
          Source.ACL,
          "not a zone of ours, and the asker is in no network of allow-recursion");
    }
    return Optional.empty();
  }

  /** ANY is not asked of others (RFC 8482 section 4.2). */
  private static Optional<Step> anything(Question question, Way way) {
    if (question.type() != Type.ANY) {
      return Optional.empty();
    }
    var record = new HINFORecord(question.name(), DClass.IN, ANY_TTL, "RFC8482", "");
    return said(
        way.to(Answer.of(List.of(RrSet.of(record)), false)),
        Source.FORWARD,
        "ANY is not asked of others (RFC 8482 section 4.2)");
  }

  private Optional<Step> cached(Request request, Question question, Way way, Rules rule, long now) {
    var key = key(request, question);
    if (cache.due(key, now) && request.recursionDesired()) {
      var upstreams = rule.upstreams(question.name());
      if (!upstreams.isEmpty() || rule.walks()) {
        prefetch.accept(new Inquiry(key, upstreams));
      }
    }
    return cache
        .get(key, now)
        .map(
            a ->
                checked(
                    request,
                    question,
                    way,
                    rule,
                    new Step.Said(way.to(a), Source.CACHE, "still good"),
                    a));
  }

  /**
   * Keeps a reply out of the cache as bytes, for the fast lane, if it is as good for everybody.
   *
   * @param now as it was decided with
   */
  void keep(Request request, Answer answer, byte[] reply, long now) {
    var filter = rules.filter();
    if (filter.knowsNothingOf(request.question(), answer)) {
      cache.keep(key(request, request.question()), answer, reply, filter, now);
    }
  }

  private static Step forward(Request request, Question question, Way way, Rules rule) {
    var upstreams = rule.upstreams(question.name());
    if (!request.recursionDesired() || upstreams.isEmpty() && !rule.walks()) {
      var why =
          request.recursionDesired()
              ? "not a zone of ours, and no forwarder for it"
              : "not a zone of ours, and recursion is not desired";
      return new Step.Said(
          way.to(Answer.of(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE, why)),
          Source.FORWARD,
          why);
    }
    return new Step.Ask(new Inquiry(key(request, question), upstreams), way, Optional.empty());
  }

  /**
   * Where an answer that another answer leads to is to be had: the same order, without the asker.
   */
  public Route route(Question question) {
    var rule = rules;
    var here =
        special(question, Way.NONE, rule)
            .or(() -> code(question, Way.NONE, rule))
            .map(s -> s instanceof Step.Said said ? said.answer() : Answer.of(Rcode.SERVFAIL))
            .or(
                () ->
                    Authority.answer(zones.now(), question, false)
                        .map(Authority.Reply::answer)
                        .filter(Answer::authoritative));
    if (here.isPresent()) {
      return new Route.Known(here.get());
    }
    var upstreams = rule.upstreams(question.name());
    return upstreams.isEmpty() ? new Route.Walk() : new Route.Ask(upstreams);
  }

  /**
   * A question that no asker brought, for whoever is to be asked; nobody if no server is known. A
   * DS set is the parent's, so it is the parent's servers that know it (RFC 4035 section 3.1.4.1).
   */
  public Optional<Inquiry> inquiry(CacheKey key) {
    var name = key.question().name();
    boolean above = key.question().type() == Type.DS && name.labels() > 1;
    var rule = rules;
    var upstreams = rule.upstreams(above ? new Name(name, 1) : name);
    return upstreams.isEmpty() && !rule.walks()
        ? Optional.empty()
        : Optional.of(new Inquiry(key, upstreams));
  }

  private static CacheKey key(Request request, Question question) {
    return new CacheKey(question, request.dnssecOk(), request.checkingDisabled());
  }

  private static Optional<Step> said(Answer answer, Source source, String why) {
    return Optional.of(new Step.Said(answer, source, why));
  }
}
