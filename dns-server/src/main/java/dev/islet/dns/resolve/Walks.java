package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.infra.Delegations;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.infra.Servers;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What all walks from the root share: what is known of zones and servers, and how to go on. */
final class Walks {
  /** The root's servers, unchecked like everything that is only for finding the way. */
  static final CacheKey PRIMING = new CacheKey(Question.in(Name.root, Type.NS), false, true);

  final Jobs jobs;
  final Exchanges exchanges;
  final Stage stage;
  final Recursion recursion;
  final Delegations delegations;
  final Servers servers;
  final Denials denials = new Denials();
  private final Function<List<InetSocketAddress>, Function<Job, Task>> forward;
  private RootHints hints;
  private int port;

  Walks(
      Jobs jobs,
      Exchanges exchanges,
      Stage stage,
      Recursion recursion,
      RandomGenerator random,
      Function<List<InetSocketAddress>, Function<Job, Task>> forward) {
    this.jobs = jobs;
    this.exchanges = exchanges;
    this.stage = stage;
    this.recursion = recursion;
    this.forward = forward;
    this.hints = recursion.hints();
    this.port = recursion.port();
    this.delegations = new Delegations(hints);
    this.servers = new Servers(random);
  }

  /** Forgets what was learnt, and begins from other hints. */
  void begin(RootHints nextHints, int nextPort) {
    hints = nextHints;
    port = nextPort;
    delegations.hints(nextHints);
    denials.clear();
  }

  /** Where a name server listens. */
  InetSocketAddress at(InetAddress server) {
    return new InetSocketAddress(server, port);
  }

  /** The way of a question of an asker. */
  Function<Job, Task> walk(Budget budget) {
    return job -> new Walk(job, this, budget, 0, 0);
  }

  Budget budget() {
    return new Budget(recursion.limits(), stage.now());
  }

  /** An answer that is known already, at least for a moment. */
  Optional<Answer> recall(CacheKey key) {
    return recursion.cache().get(key, stage.now());
  }

  /**
   * A walk needs the answer to another question: from the cache, from here, from a forwarder or
   * from a walk of its own.
   *
   * @return the answer if it is known; else the job is told
   */
  Needed need(Job by, CacheKey key, Budget budget, int depth, int aliases) {
    var known = recall(key);
    if (known.isPresent()) {
      return new Needed.Here(known.get());
    }
    return switch (recursion.routes().apply(key.question())) {
      case Route.Known(var answer) -> new Needed.Here(answer);
      case Route.Ask(var forwarders) -> begin(by, key, budget, forward.apply(forwarders));
      case Route.Walk() ->
          begin(by, key, budget, job -> new Walk(job, this, budget, depth, aliases));
    };
  }

  private Needed begin(Job by, CacheKey key, Budget budget, Function<Job, Task> way) {
    return jobs.need(by, key, budget.deadline, way)
        .<Needed>map(Needed.Refused::new)
        .orElseGet(Needed.Later::new);
  }

  /** Addresses of a server found by look-ups of their own. */
  List<InetAddress> recalled(Name server) {
    var found = new ArrayList<InetAddress>();
    for (int type : new int[] {Type.A, Type.AAAA}) {
      recall(address(server, type)).ifPresent(a -> found.addAll(addresses(a, server)));
    }
    return found;
  }

  static CacheKey address(Name server, int type) {
    return new CacheKey(Question.in(server, type), false, true);
  }

  /** RFC 2181 section 10.3: the name of a server is no alias. */
  static List<InetAddress> addresses(Answer answer, Name server) {
    return answer.answer().stream()
        .filter(s -> s.name().equals(server))
        .flatMap(s -> s.records().stream())
        .map(Walks::address)
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<InetAddress> address(Record record) {
    return switch (record) {
      case ARecord a -> Optional.of(a.getAddress());
      case AAAARecord aaaa -> Optional.of(aaaa.getAddress());
      default -> Optional.empty();
    };
  }

  /**
   * Whether a name server may be there: others must not make us talk to ourselves or to our
   * neighbours. In a lab the hints are such addresses, and then all of that kind may be asked.
   */
  boolean mayAsk(InetAddress server) {
    if (server.isAnyLocalAddress() || server.isMulticastAddress()) {
      return false;
    }
    return (!server.isLoopbackAddress() || hints.anyMatch(InetAddress::isLoopbackAddress))
        && (!server.isLinkLocalAddress() || hints.anyMatch(InetAddress::isLinkLocalAddress))
        && (!isPrivate(server) || hints.anyMatch(Walks::isPrivate));
  }

  /** RFC 1918, RFC 4193, and 0/8 and 240/4, which are nobody's. */
  private static boolean isPrivate(InetAddress address) {
    var bytes = address.getAddress();
    int first = bytes[0] & 0xFF;
    return bytes.length == 4
        ? address.isSiteLocalAddress() || first == 0 || first >= 240
        : (first & 0xFE) == 0xFC || address.isSiteLocalAddress();
  }

  /** Tells a step and its reason to whoever listens. */
  void explain(Job about, Name zone, Supplier<String> why) {
    stage.act(new ResolveAction.Walked(about.key, zone, why));
  }
}
