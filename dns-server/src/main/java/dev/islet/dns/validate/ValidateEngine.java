package dev.islet.dns.validate;

import dev.islet.core.engine.Engine;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.ValidationMode;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.validate.ValidateAction.Waiter;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Gets answers, and lets only those out that are not bogus (RFC 4035 section 4).
 *
 * <p>A job is a question with all who wait for it. First its answer is asked for, then the {@link
 * Judge} hears it, as often as the sets that it lacked have come.
 */
public final class ValidateEngine implements Engine<ValidateEvent, ValidateAction> {
  /** How many further servers are asked when an answer is false. */
  private static final int MAX_AGAIN = 3;

  private final ValidateLimits limits;
  private final Watch watch;
  private final KeyCache keys;
  private final DenialCache denials = new DenialCache();
  private final Map<Question, Job> byQuestion = new HashMap<>();

  /** In the order of their deadlines. */
  private final LinkedHashMap<Long, Job> jobs = new LinkedHashMap<>();

  private ValidationMode mode;
  private Expectation expectation;
  private TrustPoints points;
  private TrustAnchors anchors;
  private Judge judge;
  private long nextJob = 1;
  private int waiting;
  private long signatures;
  private long hashes;

  /**
   * @param expects whether whoever is asked must give signatures even under {@code AUTO}
   * @param anchors where trust begins
   * @param kept what was learnt of them earlier
   * @param floor seconds since 1970 that are known to be past; 0 if none are
   */
  public ValidateEngine(
      ValidationMode mode,
      boolean expects,
      TrustAnchors anchors,
      Map<Name, KeptAnchors> kept,
      long floor,
      ValidateLimits limits) {
    this.mode = mode;
    this.points = new TrustPoints(anchors, kept);
    this.anchors = points.trusted();
    this.limits = limits;
    this.expectation = expectation(expects);
    this.watch = new Watch(floor, this::forget);
    this.keys = new KeyCache(limits.names());
    this.judge = judge();
  }

  /** From the next question on, these hold; what was found by others is forgotten. */
  public void rules(ValidationMode nextMode, boolean nextExpects, TrustAnchors next) {
    mode = nextMode;
    expectation = expectation(nextExpects);
    points = new TrustPoints(next, points.kept());
    forget();
    trust();
  }

  private Expectation expectation(boolean expects) {
    return new Expectation(mode != ValidationMode.AUTO || expects, limits);
  }

  private void trust() {
    anchors = points.trusted();
    judge = judge();
  }

  private Judge judge() {
    return new Judge(new Trail(anchors, keys, denials), denials);
  }

  /** What is known of each trust anchor. */
  public Map<Name, KeptAnchors> anchors() {
    return points.kept();
  }

  /** How many questions are under way. */
  public int jobs() {
    return jobs.size();
  }

  /** How many names are known as zones or not. */
  public int names() {
    return keys.size();
  }

  /** How many denials are kept for further answers. */
  public int denials() {
    return denials.size();
  }

  /** How many signatures were checked so far. */
  public long signatures() {
    return signatures;
  }

  /** How many hashes of names and keys were computed so far. */
  public long hashes() {
    return hashes;
  }

  /** Whether the times of signatures are checked. */
  public boolean clockTrusted() {
    return watch.trusted();
  }

  /** Whether nothing is checked for now, since no signatures come. */
  public boolean stripped() {
    return expectation.missing();
  }

  @Override
  public long deadline() {
    long ends = jobs.isEmpty() ? NEVER : jobs.firstEntry().getValue().deadline;
    if (mode == ValidationMode.OFF) {
      return ends;
    }
    long patience = NEVER;
    if (expectation.unsure()) {
      for (var job : jobs.values()) {
        patience = Math.min(patience, job.patience);
      }
    }
    return Math.min(patience, Math.min(ends, points.deadline()));
  }

  @Override
  public void on(long now, ValidateEvent event, Consumer<? super ValidateAction> out) {
    var moment = watch.moment(now, event.wall(), out);
    switch (event) {
      case ValidateEvent.Wanted(var what, var wall) -> wanted(moment, what, out);
      case ValidateEvent.Fetched(var number, var about, var answer, var wall) -> {
        var job = jobs.get(number);
        if (job != null && job.awaited.remove(about)) {
          fetched(job, about, answer, moment, out);
        }
      }
    }
  }

  @Override
  public void onTime(long now, Consumer<? super ValidateAction> out) {
    while (!jobs.isEmpty() && jobs.firstEntry().getValue().deadline <= now) {
      var job = jobs.firstEntry().getValue();
      var why = "no answer in time on " + job.awaited;
      var late = Answer.of(Rcode.SERVFAIL, ExtendedError.NO_REACHABLE_AUTHORITY, why);
      done(job, late, "failed", why, out);
    }
    if (mode != ValidationMode.OFF) {
      if (expectation.unsure() && jobs.values().stream().anyMatch(j -> j.patience <= now)) {
        unchecked(now, out);
      }
      points.due(now).forEach(zone -> refresh(zone, now, out));
    }
  }

  /** Nobody waits for signatures that may never come; those asked for are looked at if they do. */
  private void unchecked(long now, Consumer<? super ValidateAction> out) {
    expectation.late(now);
    for (var job : jobs.values()) {
      var answer = job.answer;
      if (answer != null && !job.waiters.isEmpty()) {
        var why = "no signatures have come so far";
        var question = job.hearing.question();
        out.accept(
            new ValidateAction.Done(
                question, answer, false, 0, "unchecked", why, job.waiters, Set.of()));
        waiting -= job.waiters.size();
        job.waiters.clear();
        job.patience = NEVER;
      }
    }
  }

  /** Looks at the keys of a trust anchor that nobody asked for (RFC 5011 section 2.3). */
  private void refresh(Name zone, long now, Consumer<? super ValidateAction> out) {
    var question = Question.in(zone, Type.DNSKEY);
    if (jobs.size() < limits.jobs() && !byQuestion.containsKey(question)) {
      var job = begin(question, List.of(), watch.untimed(now));
      out.accept(new ValidateAction.Fetch(job.number, question, true));
    }
  }

  private Job begin(Question question, List<InetSocketAddress> upstreams, Moment moment) {
    long deadline = moment.now() + limits.total().toNanos();
    var job = new Job(nextJob++, new Hearing(question, moment), upstreams, deadline);
    job.awaited.add(question);
    job.asked.add(question);
    jobs.put(job.number, job);
    byQuestion.put(question, job);
    return job;
  }

  private void forget() {
    keys.clear();
    denials.clear();
  }

  private void wanted(
      Moment moment, ResolveEvent.Wanted what, Consumer<? super ValidateAction> out) {
    var key = what.inquiry().key();
    var question = key.question();
    if (expectation.look(moment.now())) {
      anchors.anchors().keySet().forEach(zone -> refresh(zone, moment.now(), out));
    }
    if (mode == ValidationMode.OFF || key.checkingDisabled() || expectation.missing()) {
      out.accept(new ValidateAction.Pass(what));
      return;
    }
    var waiter = new Waiter(key.dnssecOk(), what.then());
    var known =
        moment.trusted()
            ? denials.answer(question, anchors, moment.now())
            : Optional.<Answer>empty();
    if (known.isPresent()) {
      var why = "denied by what is known of its neighbours (RFC 8198)";
      out.accept(
          new ValidateAction.Done(
              question, known.get(), true, 0, "secure", why, List.of(waiter), Set.of()));
      return;
    }
    var job = byQuestion.get(question);
    if (waiting >= limits.waiters() || job == null && jobs.size() >= limits.jobs()) {
      var why = "too much is under way";
      var busy = Answer.of(Rcode.SERVFAIL, ExtendedError.PROHIBITED, why);
      out.accept(
          new ValidateAction.Done(
              question, busy, false, 0, "failed", why, List.of(waiter), Set.of()));
      return;
    }
    waiting++;
    if (job != null) {
      job.waiters.add(waiter);
      return;
    }
    job = begin(question, what.inquiry().upstreams(), moment);
    job.waiters.add(waiter);
    out.accept(new ValidateAction.Ask(job.number, what.inquiry()));
  }

  private void fetched(
      Job job, Question about, Answer answer, Moment moment, Consumer<? super ValidateAction> out) {
    if (about.equals(job.hearing.question())) {
      boolean usable =
          answer.rcode() == Rcode.NOERROR
              || answer.rcode() == Rcode.NXDOMAIN
              || answer.rcode() == Rcode.YXDOMAIN;
      if (!usable) {
        done(job, answer, "failed", "nobody answered", out);
        return;
      }
      job.answer = answer;
      job.patience = job.waiters.isEmpty() ? NEVER : moment.now() + limits.patience().toNanos();
      if (about.type() == Type.DNSKEY && points.has(about.name())) {
        keys.remove(about.name()); // they are looked at whenever they come
      }
    }
    job.hearing.learn(about, answer);
    if (job.awaited.isEmpty()) {
      hear(job, moment, out);
    }
  }

  private void hear(Job job, Moment moment, Consumer<? super ValidateAction> out) {
    var answer = job.answer;
    if (answer == null) {
      throw new IllegalStateException("nothing to hear on " + job.hearing.question());
    }
    if (expectation.missing() && !job.waiters.isEmpty()) {
      done(job, answer, "unchecked", "no signatures come", out);
      return;
    }
    job.hearing.resume(moment);
    var verdict = judge.hear(job.hearing, answer);
    if (watch.corrected(job.hearing, mode == ValidationMode.AUTO, out)) {
      hear(job, watch.moment(moment.now(), moment.wall(), out), out);
      return;
    }
    if (points.learn(job.hearing, out) && !points.trusted().equals(anchors)) {
      forget();
      trust();
      hear(job, moment, out);
      return;
    }
    if (job.hearing.isAnchored() && expectation.came()) {
      out.accept(new ValidateAction.SignaturesCome(true));
    }
    if (job.hearing.isStripped() && again(job, out)) {
      return;
    }
    if (job.hearing.isStripped() && unsigned(moment.now(), out)) {
      done(job, answer, "unchecked", "no signatures come", out);
      return;
    }
    switch (verdict) {
      case Verdict.Adjourned(var questions) -> fetch(job, questions, out);
      case Verdict.Given(var given, var bogus, var signedFor, var why) -> {
        if (bogus && again(job, out)) {
          return;
        }
        // an old answer whose signatures have ended is no forged one, but nobody's
        boolean old =
            answer.error().filter(e -> e.code() == ExtendedError.STALE_ANSWER).isPresent();
        var word =
            bogus ? old ? "failed" : "bogus" : given.security().name().toLowerCase(Locale.ROOT);
        var instead = Sentinel.instead(job.hearing.question(), given, anchors);
        done(job, instead.orElse(given), signedFor, word, why, out);
      }
    }
  }

  private void fetch(Job job, Set<Question> questions, Consumer<? super ValidateAction> out) {
    for (var question : questions) {
      if (!job.asked.add(question) || !job.hearing.budget().question()) {
        var why = "costs too much to check";
        done(job, Answer.of(Rcode.SERVFAIL, ExtendedError.OTHER, why), "bogus", why, out);
        return;
      }
    }
    job.awaited.addAll(questions);
    questions.forEach(q -> out.accept(new ValidateAction.Fetch(job.number, q, job.again > 0)));
  }

  /**
   * What came is false, or lacks what would show that it is not: others may say something else.
   *
   * @return whether they are asked
   */
  private boolean again(Job job, Consumer<? super ValidateAction> out) {
    int most = Math.min(MAX_AGAIN, job.upstreams.size() - 1);
    if (job.again >= most || job.hearing.budget().spent()) {
      return false;
    }
    var question = job.hearing.question();
    job.again++;
    job.answer = null;
    job.patience = NEVER;
    job.used.addAll(job.asked);
    job.asked.clear();
    job.asked.add(question);
    job.awaited.add(question);
    job.hearing.restart();
    keys.removeBogus();
    var key = new CacheKey(question, true, true);
    out.accept(new ValidateAction.Ask(job.number, new Inquiry(key, job.upstreams).again()));
    return true;
  }

  /** A trust anchor's keys came without signatures; whether that means not to check. */
  private boolean unsigned(long now, Consumer<? super ValidateAction> out) {
    if (expectation.absent(now)) {
      out.accept(new ValidateAction.SignaturesCome(false));
    }
    if (expectation.missing()) {
      keys.clear();
    }
    return expectation.missing();
  }

  private void done(
      Job job, Answer answer, String verdict, String why, Consumer<? super ValidateAction> out) {
    done(job, answer, 0, verdict, why, out);
  }

  private void done(
      Job job,
      Answer answer,
      long signedFor,
      String verdict,
      String why,
      Consumer<? super ValidateAction> out) {
    jobs.remove(job.number);
    job.used.addAll(job.asked);
    signatures += job.hearing.budget().signaturesUsed();
    hashes += job.hearing.budget().hashesUsed();
    byQuestion.remove(job.hearing.question());
    waiting -= job.waiters.size();
    out.accept(
        new ValidateAction.Done(
            job.hearing.question(), answer, true, signedFor, verdict, why, job.waiters, job.used));
  }
}
