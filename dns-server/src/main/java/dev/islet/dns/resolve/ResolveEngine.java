package dev.islet.dns.resolve;

import dev.islet.core.engine.Engine;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.Answer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Gets answers from other servers (RFC 1035 section 7): the door. Questions become {@link Jobs},
 * each with its way: {@link Forward} to servers that resolve for us, or a {@link Walk} from the
 * root. What is sent and what comes back goes through {@link Exchanges}.
 */
public final class ResolveEngine implements Engine<ResolveEvent, ResolveAction> {
  private final Stage stage = new Stage();
  private final ResolveLimits limits;
  private final Upstreams upstreams;
  private final Jobs jobs;
  private final Exchanges exchanges;
  private final Walks walks;
  private final Protections protections = new Protections();

  /**
   * @param random for ids and ports; unpredictable in earnest (RFC 5452 section 9)
   */
  public ResolveEngine(RandomGenerator random, ResolveLimits limits, Recursion recursion) {
    this.limits = limits;
    this.upstreams = new Upstreams(random);
    this.jobs = new Jobs(limits, stage, recursion.cache());
    this.exchanges = new Exchanges(random, stage);
    this.walks = new Walks(jobs, exchanges, stage, recursion, random, s -> forward(s, false));
  }

  /** Forgets what walks have learnt, and begins from other hints. */
  public void recursion(RootHints hints, int port) {
    walks.begin(hints, port);
  }

  /** Which servers are asked over encrypted connections only. */
  public Protections protections() {
    return protections;
  }

  /** How many questions are under way. */
  public int jobs() {
    return jobs.size();
  }

  @Override
  public long deadline() {
    return Math.min(exchanges.deadline(), jobs.deadline());
  }

  @Override
  public void on(long now, ResolveEvent event, Consumer<? super ResolveAction> out) {
    stage.run(
        now,
        out,
        () -> {
          switch (event) {
            case ResolveEvent.Wanted(var inquiry, var then) -> want(inquiry, then);
            case ResolveEvent.Datagram(var number, var source, var message) ->
                exchanges.datagram(number, source, message);
            case ResolveEvent.StreamReply(var number, var message) ->
                exchanges.streamReply(number, message);
            case ResolveEvent.Failed(var number, var why) -> exchanges.failed(number, why);
          }
        });
  }

  @Override
  public void onTime(long now, Consumer<? super ResolveAction> out) {
    stage.run(now, out, exchanges::onTime);
    stage.run(now, out, jobs::onTime);
  }

  private void want(Inquiry inquiry, Consumer<Answer> then) {
    if (inquiry.walks()) {
      var budget = walks.budget();
      jobs.want(inquiry.key(), then, budget.deadline, walks.walk(budget));
    } else {
      long deadline = stage.now() + limits.total().toNanos();
      jobs.want(inquiry.key(), then, deadline, forward(inquiry.upstreams(), inquiry.doubted()));
    }
  }

  private Function<Job, Task> forward(List<InetSocketAddress> servers, boolean doubted) {
    return job ->
        new Forward(job, servers, doubted, limits, jobs, exchanges, upstreams, protections, stage);
  }

  /** Which of the servers asked lately give signatures, and which keep them back. */
  public Map<InetSocketAddress, Boolean> signing() {
    return upstreams.signing();
  }
}
