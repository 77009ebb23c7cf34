package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Gets an answer from servers that resolve for us: one exchange at a time, until the first usable
 * reply, or until attempts or time are used up.
 */
final class Forward implements Task, Party {
  private static final byte[] NO_COOKIE = {};

  private final Job job;
  private final List<InetSocketAddress> servers;
  private final boolean doubted;
  private final ResolveLimits limits;
  private final Jobs jobs;
  private final Exchanges exchanges;
  private final Upstreams upstreams;
  private final Protections protections;
  private final Stage stage;
  private final Set<InetSocketAddress> tried = new HashSet<>();
  private int attempts;
  private String lastFailure = "no reply";

  Forward(
      Job job,
      List<InetSocketAddress> servers,
      boolean doubted,
      ResolveLimits limits,
      Jobs jobs,
      Exchanges exchanges,
      Upstreams upstreams,
      Protections protections,
      Stage stage) {
    this.job = job;
    this.servers = servers;
    this.doubted = doubted;
    this.limits = limits;
    this.jobs = jobs;
    this.exchanges = exchanges;
    this.upstreams = upstreams;
    this.protections = protections;
    this.stage = stage;
  }

  @Override
  public void begin() {
    tried.addAll(upstreams.suspects(job.key, doubted));
    next();
  }

  @Override
  public void told(Job other, Answer answer) {
    throw new IllegalStateException("forwarding needs no other answers");
  }

  @Override
  public void late() {
    giveUp();
  }

  @Override
  public void heard(Exchange exchange, Outcome outcome) {
    if (job.over) {
      return;
    }
    switch (outcome) {
      case Outcome.Cut(), Outcome.Guessed(), Outcome.OtherCase() ->
          ask(exchange.server(), exchange.form().overStream());
      case Outcome.Silent() -> {
        if (aboutKeys() && upstreams.dropsKeys(exchange.server(), stage.now())) {
          signs(exchange.server(), false);
        }
        failed(exchange, "no reply in time");
      }
      case Outcome.Broken(var why) -> failed(exchange, why);
      case Outcome.Replied replied -> use(exchange, replied);
    }
  }

  /** Asks the next server, or gives up. */
  private void next() {
    if (attempts >= limits.attempts() || stage.now() >= job.deadline) {
      giveUp();
      return;
    }
    var server = upstreams.choose(servers, tried, job.key.dnssecOk(), stage.now());
    if (!tried.add(server)) {
      tried.clear();
      tried.add(server);
    }
    var key = job.key;
    ask(server, new Form(false, true, true, key.dnssecOk(), key.checkingDisabled(), false));
  }

  private void giveUp() {
    var why = servers.size() + " upstream servers asked: " + lastFailure;
    jobs.done(job, Answer.of(Rcode.SERVFAIL, ExtendedError.NO_REACHABLE_AUTHORITY, why), true);
  }

  private void ask(InetSocketAddress server, Form form) {
    long now = stage.now();
    var protection = protections.of(server);
    var sent = protection.isPresent() ? form.overStream() : form; // never in the clear
    long patience = (sent.stream() ? limits.stream() : limits.attempt()).toNanos();
    long deadline = Math.min(now + patience, Math.max(job.deadline, now + 1));
    attempts++;
    var question = job.key.question();
    exchanges.ask(
        new Asking(job.key, question, server, sent, NO_COOKIE, protection, attempts, deadline),
        this);
  }

  private void use(Exchange exchange, Outcome.Replied reply) {
    int rcode = reply.rcode();
    var server = exchange.server();
    boolean usable = rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN || rcode == Rcode.YXDOMAIN;
    if (!usable) {
      exchanges.judged(
          exchange, server, true, "refused with " + Rcode.string(rcode), reply.message());
      boolean noEdns = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP;
      if (noEdns && exchange.form().edns() && !reply.edns() && attempts < limits.attempts()) {
        ask(server, exchange.form().withoutEdns()); // RFC 6891 section 6.2.2
        return;
      }
      if (aboutKeys() && rcode != Rcode.SERVFAIL) {
        signs(server, false);
      }
      failed(exchange, server + " said " + Rcode.string(rcode));
      return;
    }
    var clean = Scrubber.clean(reply.message(), job.key.question(), job.key.dnssecOk());
    if (clean.isEmpty()) {
      exchanges.judged(exchange, server, false, "contradicts itself", reply.message());
      failed(exchange, server + " sent a message that cannot be used");
      return;
    }
    exchanges.judged(
        exchange, server, true, "answered with " + Rcode.string(rcode), reply.message());
    upstreams.answered(server, stage.now() - exchange.began, stage.now());
    upstreams.gave(job.key, server);
    if (signed(clean.get())) {
      signs(server, true);
    } else if (aboutKeys() && job.key.question().name().equals(Name.root)) {
      signs(server, false); // the root's keys are signed, whoever has them
    }
    jobs.done(job, clean.get(), true);
  }

  private boolean aboutKeys() {
    int type = job.key.question().type();
    return job.key.dnssecOk() && (type == Type.DNSKEY || type == Type.DS);
  }

  private static boolean signed(Answer answer) {
    return Stream.of(answer.answer(), answer.authority())
        .flatMap(List::stream)
        .anyMatch(s -> s.type() == Type.RRSIG);
  }

  private void signs(InetSocketAddress server, boolean signs) {
    if (upstreams.signs(server, signs)) {
      stage.act(new ResolveAction.Signs(server, signs));
    }
  }

  private void failed(Exchange exchange, String why) {
    upstreams.failed(exchange.server(), stage.now());
    lastFailure = why;
    next();
  }
}
