package dev.islet.dns;

import dev.islet.core.engine.EngineLoop;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Home;
import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Trace;
import dev.islet.dns.admin.DnsState;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.chain.Chain;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ValidationMode;
import dev.islet.dns.resolve.ResolveAction;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.store.AnchorFile;
import dev.islet.dns.store.TimeFloor;
import dev.islet.dns.validate.KeptAnchors;
import dev.islet.dns.validate.TrustAnchors;
import dev.islet.dns.validate.ValidateAction;
import dev.islet.dns.validate.ValidateEngine;
import dev.islet.dns.validate.ValidateEvent;
import dev.islet.dns.validate.ValidateLimits;
import dev.islet.dns.validate.Validation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;

/** The validator as one part: questions for others go through it, if the operator wants that. */
final class Checking implements AutoCloseable {
  private static final int QUEUE = 4_096;

  private final ValidateEngine engine;
  private final EngineLoop<ValidateEvent, ValidateAction> loop;
  private final EngineLoop<ResolveEvent, ResolveAction> resolver;
  private final Validation validation;
  private volatile ValidationMode mode;

  private Checking(
      ValidateEngine engine,
      EngineLoop<ValidateEvent, ValidateAction> loop,
      EngineLoop<ResolveEvent, ResolveAction> resolver,
      Validation validation,
      ValidationMode mode) {
    this.engine = engine;
    this.loop = loop;
    this.resolver = resolver;
    this.validation = validation;
    this.mode = mode;
  }

  static Checking start(
      DnsConfig config,
      Optional<Home> home,
      TimeSource time,
      Trace<DnsEvent> trace,
      Tally tally,
      AnswerCache cache,
      Chain chain,
      EngineLoop<ResolveEvent, ResolveAction> resolver) {
    var floor = home.map(h -> new TimeFloor(h.data("dns").resolve("time-floor")));
    var kept = home.map(h -> new AnchorFile(h.data("dns").resolve("trust-anchors")));
    LongConsumer keep = seconds -> floor.ifPresent(f -> f.keep(seconds));
    var engine =
        new ValidateEngine(
            config.dnssecValidation(),
            expects(config),
            anchors(config),
            kept.map(AnchorFile::read).orElse(Map.of()),
            floor.map(TimeFloor::read).orElse(0L),
            ValidateLimits.DEFAULT);
    var validation =
        new Validation(
            cache,
            time,
            trace,
            tally,
            chain::inquiry,
            resolver::offer,
            keep,
            all -> kept.ifPresent(f -> f.keep(all)));
    var loop =
        EngineLoop.start("dns-validate", engine, time, validation, (now, event) -> {}, QUEUE);
    validation.feed(loop);
    return new Checking(engine, loop, resolver, validation, config.dnssecValidation());
  }

  /** Takes a question for others; false when there is no room. */
  boolean resolve(ResolveEvent.Wanted wanted) {
    return mode == ValidationMode.OFF ? resolver.offer(wanted) : validation.resolve(wanted);
  }

  /** From the next question on, a new configuration holds. */
  void rules(DnsConfig next) {
    loop.ask(
        () -> {
          engine.rules(next.dnssecValidation(), expects(next), anchors(next));
          return next;
        });
    mode = next.dnssecValidation();
  }

  /** Each trust anchor as it stands; what was never seen has no phase but {@code CONFIGURED}. */
  List<DnsState.TrustAnchor> anchors() {
    var all = new ArrayList<DnsState.TrustAnchor>();
    loop.ask(engine::anchors).forEach((zone, kept) -> all.addAll(states(zone, kept)));
    return all;
  }

  private static List<DnsState.TrustAnchor> states(Name zone, KeptAnchors kept) {
    var all = new ArrayList<DnsState.TrustAnchor>();
    for (var key : kept.keys()) {
      var since = Optional.of(Instant.ofEpochSecond(key.since()));
      var phase = key.phase().name();
      all.add(new DnsState.TrustAnchor(zone.toString(), key.tag(), phase, since));
    }
    for (var digest : kept.start()) {
      int tag = digest.getFootprint();
      if (all.stream().noneMatch(a -> a.tag() == tag)) {
        var seen = Optional.<Instant>empty();
        all.add(new DnsState.TrustAnchor(zone.toString(), tag, "CONFIGURED", seen));
      }
    }
    return all;
  }

  long failures() {
    return loop.failures();
  }

  void gauges(Metrics metrics) {
    metrics.gauge("validation_names", "names known as zones or not", () -> loop.ask(engine::names));
    metrics.gauge(
        "validation_denials", "denials kept for further answers", () -> loop.ask(engine::denials));
    metrics.gauge(
        "validation_signatures",
        "signatures checked since the start",
        () -> loop.ask(engine::signatures));
    metrics.gauge(
        "validation_hashes",
        "hashes of names and keys computed since the start",
        () -> loop.ask(engine::hashes));
    metrics.gauge(
        "validation_clock_trusted",
        "1 if the times of signatures are checked",
        () -> loop.ask(engine::clockTrusted) ? 1 : 0);
    metrics.gauge(
        "validation_stripped",
        "1 if nothing is checked since no signatures come",
        () -> loop.ask(engine::stripped) ? 1 : 0);
  }

  @Override
  public void close() {
    loop.close();
  }

  /** The servers of the Internet's root, and those of a root with an anchor here, do sign. */
  private static boolean expects(DnsConfig config) {
    return config.recursion().mode() == DnsConfig.RecursionMode.ITERATE
        && (config.recursion().rootHints().isEmpty()
            || config.trustAnchors().stream().anyMatch(l -> l.strip().startsWith(". ")));
  }

  private static TrustAnchors anchors(DnsConfig config) {
    var anchors = new HashMap<Name, List<DSRecord>>();
    var lines = new ArrayList<>(config.trustAnchors());
    if (lines.stream().noneMatch(l -> l.strip().startsWith(". "))) {
      lines.addAll(TrustAnchors.ROOT);
    }
    for (var line : lines) {
      var anchor = DnsConfig.anchor(line);
      anchors.computeIfAbsent(anchor.getName(), n -> new ArrayList<>()).add(anchor);
    }
    var forwarded = new HashSet<Name>();
    config.forwardZones().keySet().forEach(s -> forwarded.add(DnsConfig.name("", s)));
    var negative =
        config.negativeTrustAnchors().stream()
            .map(n -> DnsConfig.name("negative-trust-anchors", n))
            .collect(Collectors.toCollection(HashSet::new));
    if (config.dnssecValidation() == ValidationMode.AUTO) {
      // what a house has under names of its own is seldom signed, whatever the public tree says
      forwarded.stream().filter(s -> !anchors.containsKey(s)).forEach(negative::add);
    }
    return new TrustAnchors(anchors, negative, forwarded);
  }
}
