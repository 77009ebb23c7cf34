package dev.islet.dns.resolve;

import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.cache.CacheLimits;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.zone.Authority;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * An Internet of name servers in virtual time, with one resolver that walks it: a network that
 * delays and loses, and servers that do what servers should not. All is drawn from one seed.
 */
final class Internet {
  static final long MILLI = 1_000_000L;
  private static final SpecialNames SPECIAL = new SpecialNames(Set.of());

  /** What the resolver asked. */
  record Sent(String server, String name, String type, boolean stream, long at) {
    @Override
    public String toString() {
      return server + " " + name + " " + type + (stream ? " TCP" : "");
    }
  }

  /** What became of a question. */
  record Result(Answer answer, int queries, Duration took) {
    String rcode() {
      return Rcode.string(answer.rcode());
    }

    List<String> texts() {
      return texts(answer);
    }

    static List<String> texts(Answer answer) {
      return answer.answer().stream()
          .flatMap(
              s ->
                  s.records().stream()
                      .map(
                          r ->
                              (s.name() + " " + Type.string(s.type()) + " " + r.rdataToString())
                                  .toLowerCase(java.util.Locale.ROOT)))
          .sorted()
          .toList();
    }
  }

  private record Due(long at, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  final Random random;
  final List<Sent> sent = new ArrayList<>();
  final List<String> steps = new ArrayList<>();
  final Map<CacheKey, Answer> kept = new LinkedHashMap<>();
  final AnswerCache cache =
      new AnswerCache(
          new CacheLimits(
              8 << 20,
              Duration.ofDays(1),
              Duration.ofHours(1),
              Duration.ofSeconds(5),
              Duration.ofDays(1)));
  Function<Question, Route> routes = Internet::special;
  private final Map<InetAddress, Host> hosts = new LinkedHashMap<>();
  private final Map<Name, Zone> zones = new LinkedHashMap<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>();
  private final Map<Name, List<InetAddress>> hints = new LinkedHashMap<>();
  private @Nullable ResolveEngine engine;
  private long order;
  private long now = 1_000_000_000_000L;

  Internet(long seed) {
    random = new Random(seed);
  }

  static Route special(Question question) {
    return SPECIAL
        .answer(question)
        .<Route>map(s -> new Route.Known(s.answer()))
        .orElseGet(Route.Walk::new);
  }

  static Name n(String text) {
    return Name.fromConstantString(text);
  }

  static InetAddress ip(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }

  /** The server at an address, new at its first mention. */
  Host host(String address) {
    return hosts.computeIfAbsent(ip(address), a -> new Host(this, a));
  }

  /** A zone served at some addresses; SOA and NS are made up if they are missing. */
  Internet zone(String origin, String servers, String... records) {
    try {
      var zone = MasterFile.lines(List.of(records), n(origin), origin);
      zones.put(zone.origin(), zone);
      for (var server : servers.isEmpty() ? new String[0] : servers.split(" ")) {
        host(server).zones.put(zone.origin(), zone);
      }
      return this;
    } catch (ZoneFault e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }

  /** A root server for the hints. */
  Internet hint(String name, String... addresses) {
    hints.put(n(name), java.util.Arrays.stream(addresses).map(Internet::ip).toList());
    return this;
  }

  long now() {
    return now;
  }

  void pass(Duration time) {
    run(now + time.toNanos(), () -> false);
  }

  ResolveEngine engine() {
    if (engine == null) {
      engine =
          new ResolveEngine(
              random,
              ResolveLimits.DEFAULT,
              new Recursion(
                  cache, q -> routes.apply(q), new RootHints(hints), 53, WalkLimits.DEFAULT));
    }
    return engine;
  }

  /** Asks and waits, in virtual time; as an asker would, of the cache first. */
  Result resolve(String name, int type) {
    return resolve(new CacheKey(Question.in(n(name), type), false, false));
  }

  Result resolve(CacheKey key) {
    var cached = cache.get(key, now);
    if (cached.isPresent()) {
      return new Result(cached.get(), 0, Duration.ZERO);
    }
    int before = sent.size();
    long began = now;
    var got = new ArrayList<Answer>();
    want(key, got);
    run(Long.MAX_VALUE, () -> !got.isEmpty());
    if (got.size() != 1) {
      throw new AssertionError(got.size() + " answers to " + key);
    }
    return new Result(got.getFirst(), sent.size() - before, Duration.ofNanos(now - began));
  }

  void want(CacheKey key, List<Answer> got) {
    event(new ResolveEvent.Wanted(Inquiry.walk(key), got::add));
  }

  /** The right answer: all zones at one place. */
  Answer truth(String name, int type) {
    return Authority.answer(Zones.of(zones.values()), Question.in(n(name), type), false)
        .map(Authority.Reply::answer)
        .orElseThrow();
  }

  List<String> asked() {
    return sent.stream().map(Sent::toString).toList();
  }

  /** Nothing is under way any more. */
  boolean idle() {
    return engine().jobs() == 0 && engine().deadline() == Long.MAX_VALUE;
  }

  /** Lets everything come to its end. */
  void settle() {
    run(now + Duration.ofMinutes(1).toNanos(), this::idle);
  }

  private void run(long until, java.util.function.BooleanSupplier enough) {
    while (!enough.getAsBoolean()) {
      long deadline = engine().deadline();
      long arrival = due.isEmpty() ? Long.MAX_VALUE : due.peek().at;
      long next = Math.min(deadline, arrival);
      if (next == Long.MAX_VALUE && until == Long.MAX_VALUE) {
        throw new AssertionError("nothing happens any more\n" + String.join("\n", steps));
      }
      if (next > until) {
        now = until;
        return;
      }
      now = Math.max(now, next);
      if (arrival <= deadline) {
        due.poll().what.run();
      } else {
        engine().onTime(now, this::act);
      }
    }
  }

  private void event(ResolveEvent event) {
    engine().on(now, event, this::act);
  }

  private void at(long moment, Runnable what) {
    due.add(new Due(moment, order++, what));
  }

  private void act(ResolveAction action) {
    switch (action) {
      case ResolveAction.SendDatagram s -> {
        record(s.to(), s.message(), false);
        deliver(s.exchange(), s.to(), s.message(), false);
      }
      case ResolveAction.SendStream s -> {
        record(s.to(), s.message(), true);
        deliver(s.exchange(), s.to(), s.message(), true);
      }
      case ResolveAction.SendSecure s -> throw new AssertionError(s + " though none is protected");
      case ResolveAction.Done(var key, var answer, var keep, var waiters) -> {
        var said = keep ? cache.settle(key, answer, now) : answer;
        if (keep) {
          kept.put(key, answer);
        }
        waiters.forEach(w -> w.accept(said));
      }
      case ResolveAction.Walked(var about, var zone, var why) ->
          steps.add(about.question() + " at " + zone + ": " + why.get());
      case ResolveAction.Judged judged -> steps.add(judged.upstream() + " " + judged.why());
      case ResolveAction.Silent silent -> steps.add(silent.upstream() + " is silent");
      case ResolveAction.Signs signs -> steps.add(signs.upstream() + " signs: " + signs.signs());
      case ResolveAction.Close close -> {}
    }
  }

  private void record(InetSocketAddress to, byte[] message, boolean stream) {
    var question = parse(message).getQuestion();
    sent.add(
        new Sent(
            to.getAddress().getHostAddress(),
            question.getName().toString().toLowerCase(java.util.Locale.ROOT),
            Type.string(question.getType()),
            stream,
            now));
  }

  private void deliver(long exchange, InetSocketAddress to, byte[] message, boolean stream) {
    var host = hosts.get(to.getAddress());
    if (host == null) {
      return; // nobody is there: silence
    }
    if (stream && !host.tcp) {
      at(now + host.delay(), () -> event(new ResolveEvent.Failed(exchange, "refused")));
      return;
    }
    for (var reply : host.answer(message, stream)) {
      at(
          now + host.delay(),
          () ->
              event(
                  stream
                      ? new ResolveEvent.StreamReply(exchange, reply)
                      : new ResolveEvent.Datagram(exchange, to, reply)));
    }
  }

  static Message parse(byte[] message) {
    try {
      return new Message(message);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a server of these zones says. */
  static Message reply(Message query, Map<Name, Zone> zones) {
    var reply = empty(query);
    var question = Question.in(query.getQuestion().getName(), query.getQuestion().getType());
    var found = Authority.answer(Zones.of(zones.values()), question, false);
    if (found.isEmpty()) {
      reply.getHeader().setRcode(Rcode.REFUSED);
      return reply;
    }
    var answer = found.get().answer();
    reply.getHeader().setRcode(answer.rcode());
    if (answer.authoritative()) {
      reply.getHeader().setFlag(Flags.AA);
    }
    add(reply, answer.answer(), Section.ANSWER);
    add(reply, answer.authority(), Section.AUTHORITY);
    add(reply, answer.additional(), Section.ADDITIONAL);
    return reply;
  }

  static Message empty(Message query) {
    var reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    return reply;
  }

  private static void add(Message reply, List<dev.islet.dns.model.RrSet> sets, int section) {
    for (var set : sets) {
      for (var record : set.records()) {
        reply.addRecord(
            org.xbill.DNS.Record.newRecord(
                set.name(), set.type(), 1, set.ttl(), record.rdataToWireCanonical()),
            section);
      }
    }
  }

  /** The answer that a question of the cache has, if any. */
  Optional<Answer> cached(String name, int type) {
    return cache.get(new CacheKey(Question.in(n(name), type), false, false), now);
  }
}
