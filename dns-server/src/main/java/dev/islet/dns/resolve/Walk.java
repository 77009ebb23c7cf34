package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.infra.Delegation;
import dev.islet.dns.infra.Delegations;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Gets an answer by walking down from the root (RFC 1034 section 5.3.3).
 *
 * <p>The walk stands at a zone: the lowest one known above the name. It asks one of the zone's
 * servers for as much of the name as that server must see (RFC 9156). A referral leads to a lower
 * zone; an answer to less than the whole name, or that there is none, to the next label; an answer
 * to the whole name is the end, unless it is an alias, whose target is then a question of its own.
 * A server that is silent, lame or broken is left for another; a server whose address is not known
 * is looked up, which is a question of its own too. Every step counts against the budget of the
 * question that all this is for.
 */
final class Walk implements Task {
  /** What was learnt about names on the way is remembered for this long, seconds. */
  private static final long PASSING = 3_600;

  /** How often a referral that led nowhere is held against the server that gave it. */
  private static final int MAX_RETURNS = 3;

  private final Job job;
  private final Walks walks;
  private final Stage stage;
  private final Budget budget;
  private final int depth;
  private final int aliases;
  private final Question question;
  private final Set<CacheKey> wantedAgain = new HashSet<>();

  private Camp camp;
  private int minimised;
  private int consultations;
  private int returns;
  private boolean renewed;
  private @Nullable Consultation consultation;
  private Consultation.Verdict.@Nullable Said lastResort;
  private @Nullable Link link;
  private String lastFailure = "no server could be asked";

  /**
   * @param depth how many look-ups of servers led here
   * @param aliases how many aliases led here
   */
  Walk(Job job, Walks walks, Budget budget, int depth, int aliases) {
    this.job = job;
    this.walks = walks;
    this.stage = walks.stage;
    this.budget = budget;
    this.depth = depth;
    this.aliases = aliases;
    this.question = job.key.question();
    this.camp = new Camp(closest(), null, null);
  }

  /** The parent knows a zone's DS, not the zone itself (RFC 4035 section 3.1.4.1). */
  private Delegation closest() {
    var name = question.name();
    boolean parents = question.type() == Type.DS && name.labels() > 1;
    return walks.delegations.closest(parents ? new Name(name, 1) : name, stage.now());
  }

  @Override
  public void begin() {
    var denied = walks.denials.above(question.name(), job.key.dnssecOk(), stage.now());
    if (denied.isPresent()) {
      walks.explain(job, camp.name(), () -> "a name above it does not exist (RFC 8020)");
      finish(denied.get());
      return;
    }
    boolean priming = job.key.equals(Walks.PRIMING);
    if (!priming && atRoot() && walks.delegations.unprimed(stage.now())) {
      walks.explain(job, Name.root, () -> "the root is asked for its servers first (RFC 8109)");
      if (walks.need(job, Walks.PRIMING, walks.budget(), depth, 0) instanceof Needed.Later) {
        return;
      }
    }
    camp(new Camp(closest(), null, null), "the lowest zone known above the name");
  }

  private boolean atRoot() {
    return camp.name().equals(Name.root);
  }

  private void camp(Camp next, String why) {
    camp = next;
    var zone = next.zone;
    camp.whole |= walks.delegations.isOdd(zone.zone(), stage.now());
    walks.explain(
        job,
        zone.zone(),
        () -> why + ": " + zone.servers().size() + " servers, " + zone.glue() + " addresses");
    step();
  }

  @Override
  public void late() {
    fail("no time left; " + lastFailure);
  }

  /** Asks the next server, looks up where one is, or gives up. */
  private void step() {
    if (job.over || consultation != null || link != null) {
      return;
    }
    if (budget.spent()) {
      job.starved = true;
      job.accidental = true;
      fail("too many queries for one question; " + lastFailure);
      return;
    }
    var open = camp.candidates(walks);
    if (fewest(open) > 0) {
      if (camp.awaits() || lookUp()) {
        return;
      }
      open = camp.candidates(walks);
    }
    int fewest = fewest(open);
    if (fewest < Camp.TRIES) {
      var freshest = open.stream().filter(a -> camp.tries(a) == fewest).toList();
      ask(walks.servers.choose(freshest, stage.now()), fewest);
    } else {
      exhausted();
    }
  }

  private int fewest(List<InetAddress> servers) {
    return servers.stream().mapToInt(camp::tries).min().orElse(Camp.TRIES);
  }

  /** Begins to look up where more of the zone's servers are, two at a time. */
  private boolean lookUp() {
    var limits = walks.recursion.limits();
    int begun = 0;
    while (begun < 2 && camp.lookups() < limits.lookupsPerZone() && depth < limits.depth()) {
      boolean six = begun == 0 && walks.servers.sixWorks(stage.now());
      var address = camp.toLookUp(six); // IPv6 where IPv4 was not enough
      if (address == null) {
        break;
      }
      begun += lookUp(address) ? 1 : 0;
    }
    return begun > 0;
  }

  private boolean lookUp(CacheKey key) {
    if (!budget.lookup()) {
      lastFailure = "too many servers were looked up for one question";
      job.accidental = true;
      return false;
    }
    var server = key.question().name();
    var needed = walks.need(job, key, budget, depth + 1, 0);
    walks.explain(
        job,
        camp.name(),
        () -> "where is its server? " + key.question() + " is looked up: " + needed.why());
    switch (needed) {
      case Needed.Later() -> camp.await(key);
      case Needed.Here(var answer) -> camp.found(server, Walks.addresses(answer, server));
      case Needed.Refused(var why) -> {
        lastFailure = server + " is not looked up: " + why;
        job.accidental = true; // what fails on the way here need not fail elsewhere
      }
    }
    return needed instanceof Needed.Later;
  }

  private void ask(InetAddress server, int tries) {
    var name = nextName();
    boolean last = name.equals(question.name());
    var asked = last ? question : Question.in(name, Type.A);
    walks.explain(
        job,
        camp.name(),
        () ->
            server.getHostAddress()
                + " is asked for "
                + asked
                + (last ? "" : ", no more than it must see (RFC 9156 section 2.3)"));
    var next =
        new Consultation(
            job,
            walks,
            budget,
            camp.name(),
            server,
            asked,
            ++consultations,
            verdict -> consulted(asked, server, verdict));
    consultation = next;
    next.begin(job.key.dnssecOk(), tries == Camp.TRIES - 1 && walks.servers.ednsDoubtful(server));
  }

  /** What to ask for: the same again if nobody answered to it, else past what is no zone. */
  private Name nextName() {
    var whole = question.name();
    var before = camp.asked;
    if (camp.whole) {
      camp.asked = whole;
    } else if (before == null || camp.passed) {
      var next = Minimiser.next(whole, before == null ? camp.name() : before, minimised);
      while (!next.equals(whole) && walks.delegations.isPlain(next, stage.now())) {
        next = Minimiser.next(whole, next, minimised);
      }
      minimised += next.equals(whole) ? 0 : 1;
      camp.asked = next;
      camp.passed = false;
    }
    return camp.asked == null ? whole : camp.asked;
  }

  private void consulted(Question asked, InetAddress server, Consultation.Verdict verdict) {
    consultation = null;
    if (job.over) {
      return;
    }
    switch (verdict) {
      case Consultation.Verdict.Silent() -> {
        lastFailure = server.getHostAddress() + " is silent";
        camp.tried(server);
        step();
      }
      case Consultation.Verdict.Useless(var why, var lame) -> useless(asked, server, why, lame);
      case Consultation.Verdict.Said said -> {
        var reading = said.read().reading();
        if (reading instanceof Reading.Referral(var to)) {
          walks.delegations.put(to);
          camp(new Camp(to, camp, server), "a referral");
        } else if (said.read().authoritative()) {
          said(asked, reading, said.message());
        } else {
          // taken only if there is no better (RFC 2181 section 5.4.1)
          lastResort = asked.equals(question) ? said : lastResort;
          useless(asked, server, "answers without authority", true);
        }
      }
    }
  }

  private void useless(Question asked, InetAddress server, String why, boolean lame) {
    if (lame && asked.equals(question)) {
      walks.servers.lame(server, camp.name(), stage.now());
    }
    lastFailure = server.getHostAddress() + " for " + camp.name() + ": " + why;
    camp.giveUp(server);
    step();
  }

  private void said(Question asked, Reading reading, byte[] message) {
    boolean last = asked.equals(question);
    switch (reading) {
      case Reading.Data(var sets, var proofs) -> {
        if (last) {
          primed(sets, message);
          disproved();
          finish(answer(Rcode.NOERROR, sets, proofs));
        } else {
          onward(sets.getFirst().ttl());
        }
      }
      case Reading.Alias found -> {
        if (last || found.dname()) {
          disproved();
          follow(found);
        } else {
          onward(found.sets().getFirst().ttl()); // RFC 9156 section 2.3, step 6c
        }
      }
      case Reading.Nothing(var rcode, var proofs) -> {
        if (last) {
          nothing(rcode, proofs);
        } else if (rcode == Rcode.NXDOMAIN) {
          camp.doubted = asked.name();
          if (atRoot()) {
            nothing(rcode, proofs); // the root is right, and need not see the rest (RFC 8020)
          } else {
            camp.whole = true; // some servers deny names that only lead to others
            step();
          }
        } else {
          onward(Denials.seconds(proofs));
        }
      }
      default -> throw new IllegalStateException("not for saying: " + reading);
    }
  }

  private void primed(List<RrSet> sets, byte[] message) {
    if (question.type() == Type.NS && question.name().equals(Name.root)) {
      walks.delegations.primed(Bailiwick.own(message, sets, stage.now()), stage.now());
    }
  }

  /** The zone goes on below the name asked for. */
  private void onward(long ttl) {
    var asked = camp.asked;
    if (asked != null) {
      long dies = Delegations.dies(stage.now(), Math.min(ttl, PASSING));
      walks.delegations.plainName(asked, dies);
    }
    camp.passed = true;
    step();
  }

  private void nothing(int rcode, List<RrSet> proofs) {
    boolean odd = walks.delegations.isOdd(camp.name(), stage.now());
    if (rcode == Rcode.NXDOMAIN && !odd) {
      var highest = camp.doubted == null ? question.name() : camp.doubted;
      walks.denials.put(highest, proofs, job.key.dnssecOk(), stage.now());
    } else if (rcode == Rcode.NOERROR) {
      disproved();
    }
    finish(answer(rcode, List.of(), proofs));
  }

  /** A name exists though one above it was denied: this zone's denials say nothing about names. */
  private void disproved() {
    if (camp.doubted != null) {
      walks.delegations.odd(camp.name(), Delegations.dies(stage.now(), PASSING));
    }
  }

  private static Answer answer(int rcode, List<RrSet> sets, List<RrSet> authority) {
    return new Answer(rcode, false, sets, authority, List.of(), false, Optional.empty());
  }

  private void follow(Reading.Alias found) {
    var next = Link.of(job.key, found);
    if (next.isEmpty()) {
      finish(answer(Rcode.YXDOMAIN, found.sets(), found.proofs()));
    } else if (question.type() == Type.CNAME) {
      finish(next.get().alone());
    } else if (aliases >= walks.recursion.limits().aliases()) {
      tooManyAliases();
    } else {
      link = next.get();
      var target = link.target();
      walks.explain(
          job, camp.name(), () -> "an alias: " + target.question() + " is a question of its own");
      follow(target);
    }
  }

  private void tooManyAliases() {
    fail("more than " + walks.recursion.limits().aliases() + " aliases");
  }

  private void follow(CacheKey target) {
    switch (walks.need(job, target, budget, depth, aliases + 1)) {
      case Needed.Later() -> {}
      case Needed.Here(var answer) -> joined(answer);
      case Needed.Refused(var why) -> {
        job.accidental = true;
        fail("the alias " + target.question().name() + ": " + why);
      }
    }
  }

  @Override
  public void told(Job other, Answer answer) {
    var key = other.key;
    boolean again = other.starved && !budget.spent() && wantedAgain.add(key);
    if (link != null) {
      if (key.equals(link.target())) {
        if (again) {
          follow(key); // it was another question's budget that did not suffice
        } else {
          joined(answer);
        }
      }
    } else if (key.equals(Walks.PRIMING)) {
      if (answer.rcode() != Rcode.NOERROR) {
        walks.delegations.primingFailed(stage.now());
      }
      camp(new Camp(closest(), null, null), "the root after priming");
    } else if (camp.arrived(key, Walks.addresses(answer, key.question().name()))) {
      step();
    }
  }

  private void joined(Answer end) {
    var whole = link == null ? end : link.joined(end);
    if (end.rcode() == Rcode.SERVFAIL) {
      fail("the alias leads to a failure");
    } else if (Link.count(whole) > walks.recursion.limits().aliases()) {
      tooManyAliases();
    } else {
      finish(whole);
    }
  }

  /** All servers were asked: in another way, of the parent again, or it is over. */
  private void exhausted() {
    var resort = lastResort;
    var before = camp.before;
    if (!camp.whole && !camp.deserted() && !question.name().equals(camp.asked)) {
      walks.explain(job, camp.name(), () -> "nobody answers to less than the whole name");
      camp.askWhole();
      step();
    } else if (resort != null) {
      walks.explain(job, camp.name(), () -> "an answer without authority is the best there is");
      said(question, resort.read().reading(), resort.message());
    } else if (before != null
        && camp.deserted()
        && returns < MAX_RETURNS
        && before.others(camp, walks)) {
      returns++;
      walks.delegations.remove(camp.name());
      camp(before, "the referral led nowhere; another server is asked");
    } else if (before == null && !camp.deserted() && !atRoot() && !renewed) {
      renewed = true;
      walks.delegations.remove(camp.name());
      camp(new Camp(closest(), null, null), "none answers; the parent is asked again");
    } else {
      fail(camp.name() + ": " + lastFailure);
    }
  }

  private void fail(String why) {
    if (job.key.equals(Walks.PRIMING)) {
      walks.delegations.primingFailed(stage.now());
    }
    walks.explain(job, camp.name(), () -> "given up: " + why);
    boolean keep = !job.accidental || !job.waiters.isEmpty(); // RFC 9520 section 3.2
    end(Answer.of(Rcode.SERVFAIL, ExtendedError.NO_REACHABLE_AUTHORITY, why), keep);
  }

  private void finish(Answer answer) {
    end(answer, true);
  }

  private void end(Answer answer, boolean keep) {
    if (consultation != null) {
      consultation.cancel();
      consultation = null;
    }
    walks.jobs.done(job, answer, keep);
  }
}
