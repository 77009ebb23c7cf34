package dev.islet.dns.resolve;

import dev.islet.core.engine.Engine;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.wire.MessageView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/**
 * Gets answers from upstream servers that resolve for us (RFC 1035 section 7, without the walk).
 *
 * <p>A job is a question under way with all who wait for it; it has one exchange at a time, with
 * one server over one fresh port. An exchange ends with a usable reply, a failure or its deadline;
 * the job ends with the first usable reply, or when its attempts or its time are used up.
 */
public final class ResolveEngine implements Engine<ResolveEvent, ResolveAction> {
  private static final int FIRST_PORT = 1_024;
  private static final int PORTS = 65_536 - FIRST_PORT;

  /** So many datagrams that do not match look like guessing; the stream cannot be guessed into. */
  private static final int MAX_STRANGERS = 16;

  private static final class Job {
    final Inquiry inquiry;
    final List<Consumer<Answer>> waiters = new ArrayList<>();
    final Set<InetSocketAddress> tried = new HashSet<>();
    final long deadline;
    int attempts;
    String lastFailure = "no reply";

    Job(Inquiry inquiry, long deadline) {
      this.inquiry = inquiry;
      this.deadline = deadline;
    }
  }

  private static final class Exchange {
    final long number;
    final Job job;
    final InetSocketAddress server;
    final int id;
    final boolean stream;
    final boolean plain;
    final long began;
    final long deadline;
    int strangers;

    Exchange(
        long number,
        Job job,
        InetSocketAddress server,
        int id,
        boolean stream,
        boolean plain,
        long began,
        long deadline) {
      this.number = number;
      this.job = job;
      this.server = server;
      this.id = id;
      this.stream = stream;
      this.plain = plain;
      this.began = began;
      this.deadline = deadline;
    }
  }

  private record Due(long at, long exchange) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(exchange, other.exchange);
    }
  }

  private final RandomGenerator random;
  private final ResolveLimits limits;
  private final Upstreams upstreams;
  private final MessageView view = new MessageView();
  private final Map<CacheKey, Job> jobs = new HashMap<>();
  private final Map<Long, Exchange> exchanges = new HashMap<>();
  private final TreeMap<Due, Exchange> due = new TreeMap<>();
  private long nextExchange = 1;
  private int waiting;

  /**
   * @param random for ids and ports; unpredictable in earnest (RFC 5452 section 9)
   */
  public ResolveEngine(RandomGenerator random, ResolveLimits limits) {
    this.random = random;
    this.limits = limits;
    this.upstreams = new Upstreams(random);
  }

  /** How many questions are under way. */
  public int jobs() {
    return jobs.size();
  }

  @Override
  public long deadline() {
    return due.isEmpty() ? NEVER : due.firstKey().at();
  }

  @Override
  public void on(long now, ResolveEvent event, Consumer<? super ResolveAction> out) {
    switch (event) {
      case ResolveEvent.Wanted wanted -> wanted(now, wanted, out);
      case ResolveEvent.Datagram(var number, var source, var message) -> {
        var exchange = exchanges.get(number);
        if (exchange != null && !exchange.stream) {
          datagram(now, exchange, source, message, out);
        }
      }
      case ResolveEvent.StreamReply(var number, var message) -> {
        var exchange = exchanges.get(number);
        if (exchange != null && exchange.stream) {
          stream(now, exchange, message, out);
        }
      }
      case ResolveEvent.Failed(var number, var why) -> {
        var exchange = exchanges.get(number);
        if (exchange != null) {
          failed(now, exchange, why, out);
        }
      }
    }
  }

  @Override
  public void onTime(long now, Consumer<? super ResolveAction> out) {
    while (!due.isEmpty() && due.firstKey().at() <= now) {
      var exchange = due.firstEntry().getValue();
      out.accept(
          new ResolveAction.Silent(
              exchange.job.inquiry.key(), exchange.server, now - exchange.began));
      failed(now, exchange, "no reply in time", out);
    }
  }

  private void wanted(long now, ResolveEvent.Wanted event, Consumer<? super ResolveAction> out) {
    var key = event.inquiry().key();
    var job = jobs.get(key);
    boolean full = waiting >= limits.waiters() || job == null && jobs.size() >= limits.jobs();
    if (full) {
      var busy = Answer.of(Rcode.SERVFAIL, ExtendedError.PROHIBITED, "too much is under way");
      out.accept(new ResolveAction.Done(key, busy, false, List.of(event.then())));
      return;
    }
    waiting++;
    if (job != null) {
      job.waiters.add(event.then());
      return;
    }
    job = new Job(event.inquiry(), now + limits.total().toNanos());
    job.waiters.add(event.then());
    jobs.put(key, job);
    next(now, job, out);
  }

  /** Asks the next server, or gives up. */
  private void next(long now, Job job, Consumer<? super ResolveAction> out) {
    if (job.attempts >= limits.attempts() || now >= job.deadline) {
      var why = job.inquiry.upstreams().size() + " upstream servers asked: " + job.lastFailure;
      var gaveUp = Answer.of(Rcode.SERVFAIL, ExtendedError.NO_REACHABLE_AUTHORITY, why);
      done(job, gaveUp, out);
      return;
    }
    var server = upstreams.choose(job.inquiry.upstreams(), job.tried, now);
    if (!job.tried.add(server)) {
      job.tried.clear();
      job.tried.add(server);
    }
    ask(now, job, server, false, false, out);
  }

  private void ask(
      long now,
      Job job,
      InetSocketAddress server,
      boolean stream,
      boolean plain,
      Consumer<? super ResolveAction> out) {
    long patience = (stream ? limits.stream() : limits.attempt()).toNanos();
    var exchange =
        new Exchange(
            nextExchange++,
            job,
            server,
            random.nextInt(0x1_0000),
            stream,
            plain,
            now,
            Math.min(now + patience, Math.max(job.deadline, now + 1)));
    job.attempts++;
    exchanges.put(exchange.number, exchange);
    due.put(new Due(exchange.deadline, exchange.number), exchange);
    var key = job.inquiry.key();
    var message = Query.write(exchange.id, key, plain);
    out.accept(
        stream
            ? new ResolveAction.SendStream(exchange.number, key, job.attempts, server, message)
            : new ResolveAction.SendDatagram(
                exchange.number,
                key,
                job.attempts,
                server,
                FIRST_PORT + random.nextInt(PORTS),
                message));
  }

  /** RFC 5452 section 9.1: source, id and question must all be those of the query. */
  private void datagram(
      long now,
      Exchange exchange,
      InetSocketAddress source,
      byte[] message,
      Consumer<? super ResolveAction> out) {
    var stranger = stranger(exchange, source, message);
    if (stranger != null) {
      judged(exchange, source, false, stranger, message, out);
      if (++exchange.strangers >= MAX_STRANGERS) {
        close(exchange, out);
        ask(now, exchange.job, exchange.server, true, exchange.plain, out);
      }
      return;
    }
    if (view.isTruncated()) {
      judged(exchange, source, true, "cut (TC), asked again over TCP", message, out);
      close(exchange, out);
      ask(now, exchange.job, exchange.server, true, exchange.plain, out);
      return;
    }
    use(now, exchange, message, out);
  }

  private void stream(
      long now, Exchange exchange, byte[] message, Consumer<? super ResolveAction> out) {
    var stranger = stranger(exchange, exchange.server, message);
    if (stranger != null) {
      judged(exchange, exchange.server, false, stranger, message, out);
      failed(now, exchange, stranger, out);
      return;
    }
    use(now, exchange, message, out);
  }

  private @Nullable String stranger(Exchange exchange, InetSocketAddress source, byte[] message) {
    if (!source.equals(exchange.server)) {
      return "from somebody else, ignored (RFC 5452 section 9.1)";
    }
    if (!view.read(ByteBuffer.wrap(message))) {
      return "malformed at " + view.malformed();
    }
    if (!view.isResponse() || view.id() != exchange.id) {
      return "another id, ignored (RFC 5452 section 9.1)";
    }
    var question = exchange.job.inquiry.key().question();
    if (view.count(0) == 0 && (view.flags() & 0xF) == Rcode.FORMERR) {
      return null; // servers that did not understand may leave the question out
    }
    return view.asks(question.name().toWire(), question.type(), question.dclass())
        ? null
        : "another question, ignored (RFC 5452 section 9.1)";
  }

  private void use(
      long now, Exchange exchange, byte[] message, Consumer<? super ResolveAction> out) {
    var job = exchange.job;
    int rcode = view.flags() & 0xF | (view.hasOpt() ? view.extendedRcode() << 4 : 0);
    boolean usable = rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN || rcode == Rcode.YXDOMAIN;
    if (!usable) {
      judged(exchange, exchange.server, true, "refused with " + Rcode.string(rcode), message, out);
      boolean noEdns = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP;
      if (noEdns && !exchange.plain && !view.hasOpt() && job.attempts < limits.attempts()) {
        close(exchange, out);
        ask(now, job, exchange.server, exchange.stream, true, out); // RFC 6891 section 6.2.2
        return;
      }
      failed(now, exchange, exchange.server + " said " + Rcode.string(rcode), out);
      return;
    }
    var key = job.inquiry.key();
    var clean = Scrubber.clean(message, key.question(), key.dnssecOk());
    if (clean.isEmpty()) {
      judged(exchange, exchange.server, false, "contradicts itself", message, out);
      failed(now, exchange, exchange.server + " sent a message that cannot be used", out);
      return;
    }
    judged(exchange, exchange.server, true, "answered with " + Rcode.string(rcode), message, out);
    upstreams.answered(exchange.server, now - exchange.began);
    close(exchange, out);
    done(job, clean.get(), out);
  }

  private void failed(
      long now, Exchange exchange, String why, Consumer<? super ResolveAction> out) {
    upstreams.failed(exchange.server, now);
    exchange.job.lastFailure = why;
    close(exchange, out);
    next(now, exchange.job, out);
  }

  private void done(Job job, Answer answer, Consumer<? super ResolveAction> out) {
    jobs.remove(job.inquiry.key());
    waiting -= job.waiters.size();
    out.accept(new ResolveAction.Done(job.inquiry.key(), answer, true, job.waiters));
  }

  private void close(Exchange exchange, Consumer<? super ResolveAction> out) {
    exchanges.remove(exchange.number);
    due.remove(new Due(exchange.deadline, exchange.number));
    out.accept(new ResolveAction.Close(exchange.number));
  }

  private static void judged(
      Exchange exchange,
      InetSocketAddress from,
      boolean accepted,
      String why,
      byte[] message,
      Consumer<? super ResolveAction> out) {
    out.accept(new ResolveAction.Judged(exchange.job.inquiry.key(), from, accepted, why, message));
  }
}
