package dev.islet.dns.resolve;

import dev.islet.dns.infra.Servers;
import dev.islet.dns.model.Question;
import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * One name server of one zone asked one thing, in whatever way it takes: a cut reply is fetched
 * over TCP, a server that does not understand EDNS is asked without, one that gives the name back
 * in another case is asked over TCP, where nobody can guess. Ends with one {@link Verdict}.
 */
final class Consultation implements Party {
  private static final int BADCOOKIE = 23;

  /** What came of it. */
  sealed interface Verdict {
    /** A reply that was read. */
    record Said(Bailiwick.Read read, byte[] message) implements Verdict {}

    /** No reply in time. */
    record Silent() implements Verdict {}

    /**
     * A reply or a failure that is no help.
     *
     * @param lame whether the server does not serve the zone
     */
    record Useless(String why, boolean lame) implements Verdict {}
  }

  final InetAddress server;
  final Question asked;
  private final Job job;
  private final Walks walks;
  private final Budget budget;
  private final Name zone;
  private final Consumer<Verdict> then;
  private @Nullable Exchange exchange;
  private boolean caseDoubted;
  private boolean cookieRefused;
  private int attempt;

  /**
   * @param attempt of the whole walk, for the trace
   */
  Consultation(
      Job job,
      Walks walks,
      Budget budget,
      Name zone,
      InetAddress server,
      Question asked,
      int attempt,
      Consumer<Verdict> then) {
    this.job = job;
    this.walks = walks;
    this.budget = budget;
    this.zone = zone;
    this.server = server;
    this.asked = asked;
    this.attempt = attempt;
    this.then = then;
  }

  /** Asks by datagram, as far as is known in a way the server understands. */
  void begin(boolean dnssecOk, boolean withoutEdns) {
    long now = walks.stage.now();
    boolean plain = withoutEdns || walks.servers.edns(server, now) == Servers.Edns.NOT_UNDERSTOOD;
    boolean mixed = walks.servers.keepsCase(server, now);
    send(new Form(false, !plain, false, dnssecOk && !plain, false, mixed));
  }

  /** Nobody wants to know any more. */
  void cancel() {
    if (exchange != null) {
      walks.exchanges.cancel(exchange);
      exchange = null;
    }
  }

  private void send(Form form) {
    if (budget.spent()) {
      then.accept(new Verdict.Useless("too many queries for one question", false));
      return;
    }
    budget.query();
    long now = walks.stage.now();
    long patience =
        form.stream()
            ? walks.recursion.limits().stream().toNanos()
            : walks.servers.patience(server);
    long deadline = Math.min(now + patience, Math.max(job.deadline, now + 1));
    exchange =
        walks.exchanges.ask(
            new Asking(
                job.key,
                asked,
                walks.at(server),
                form,
                walks.servers.cookie(server),
                attempt++,
                deadline),
            this);
  }

  @Override
  public void heard(Exchange over, Outcome outcome) {
    exchange = null;
    var form = over.form();
    long now = walks.stage.now();
    switch (outcome) {
      case Outcome.Silent() -> {
        walks.servers.silent(server, form.edns() && !form.stream(), now);
        then.accept(
            form.stream()
                ? new Verdict.Useless("is silent over TCP", false)
                : new Verdict.Silent());
      }
      case Outcome.Cut(), Outcome.Guessed() -> send(form.overStream());
      case Outcome.OtherCase() -> {
        caseDoubted = true;
        send(form.overStream());
      }
      case Outcome.Broken(var why) -> broken(form, why);
      case Outcome.Replied replied -> replied(over, replied);
    }
  }

  private void broken(Form form, String why) {
    long now = walks.stage.now();
    if (form.stream() && caseDoubted) {
      caseDoubted = false;
      walks.servers.caseless(server, now); // no stream to make sure with
      send(new Form(false, form.edns(), false, form.dnssecOk(), false, false));
      return;
    }
    walks.servers.broken(server, now);
    then.accept(new Verdict.Useless(why, false));
  }

  private void replied(Exchange over, Outcome.Replied reply) {
    var form = over.form();
    long now = walks.stage.now();
    if (!form.stream()) {
      walks.servers.answered(server, now - over.began, reply.edns());
    } else if (caseDoubted && !reply.sameCase()) {
      walks.servers.caseless(server, now);
    }
    if (reply.cookie().length > 0 || form.stream()) {
      walks.servers.cookie(server, reply.cookie());
    }
    int rcode = reply.rcode();
    if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN && rcode != Rcode.YXDOMAIN) {
      refused(over, reply);
      return;
    }
    if (!form.edns() && walks.servers.edns(server, now) == Servers.Edns.UNKNOWN) {
      walks.servers.withoutEdns(server, now);
    }
    var message = Query.restored(reply.message(), asked.name().toWire());
    var read = Bailiwick.read(message, zone, asked, form.dnssecOk(), now);
    var verdict =
        switch (read.reading()) {
          case Reading.Lame(var why) -> new Verdict.Useless("lame: " + why, true);
          case Reading.Broken(var why) -> new Verdict.Useless(why, false);
          default -> new Verdict.Said(read, message);
        };
    judged(over, reply, !(verdict instanceof Verdict.Useless), read.why());
    then.accept(verdict);
  }

  /** Codes that are no answer: without EDNS once more, or another server. */
  private void refused(Exchange over, Outcome.Replied reply) {
    var why = Rcode.string(reply.rcode());
    judged(over, reply, true, "refused with " + why);
    boolean form =
        reply.rcode() == Rcode.FORMERR
            || reply.rcode() == Rcode.NOTIMP
            || reply.rcode() == Rcode.BADVERS;
    if (reply.rcode() == BADCOOKIE && !over.form().stream()) {
      // it gave a good one with the refusal (RFC 7873 section 5.3)
      send(cookieRefused ? over.form().overStream() : over.form());
      cookieRefused = true;
    } else if (form && over.form().edns()) {
      send(over.form().withoutEdns()); // RFC 6891 section 6.2.2
    } else {
      then.accept(new Verdict.Useless(why, reply.rcode() == Rcode.REFUSED));
    }
  }

  private void judged(Exchange over, Outcome.Replied reply, boolean accepted, String why) {
    walks.exchanges.judged(over, over.server(), accepted, why, reply.message());
  }
}
