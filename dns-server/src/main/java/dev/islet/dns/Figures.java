package dev.islet.dns;

import dev.islet.core.config.HostPort;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.trace.Trace;
import dev.islet.dns.admin.DnsState;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.store.ListDownloads;
import dev.islet.dns.transfer.Secondary;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/** What a running server tells of itself in numbers: the gauges and {@code /state}. */
record Figures(
    Running running,
    Transfers transfers,
    ZoneSigning signing,
    ListDownloads downloads,
    Trace<DnsEvent> trace) {

  void register(Metrics metrics) {
    metrics.gauge("cache_entries", "answers remembered", () -> running.cache().size());
    metrics.gauge("cache_bytes", "memory of answers remembered", () -> running.cache().bytes());
    metrics.gauge(
        "cache_evicted", "answers that had to go for room", () -> running.cache().evicted());
    metrics.gauge("zones", "zones served", () -> transfers.zones().now().all().size());
    metrics.gauge("tcp_connections", "connections open", running.fronts()::connections);
    metrics.gauge(
        "tls_connections", "encrypted connections open", running.fronts()::encryptedConnections);
    metrics.gauge("journal_bytes", "size of the journal of updates", () -> running.store().size());
    metrics.gauge("trace_dropped", "events a slow listener did not get", trace::dropped);
    metrics.gauge("engine_failures", "events whose handling failed", this::failures);
    metrics.gauge("list_failures", "fetches of lists that failed", downloads::failures);
    metrics.gauges(
        "secondary_serial", "serial of a zone of others", "zone", () -> copies(c -> c.serial()));
    metrics.gauges(
        "secondary_age_seconds",
        "since a zone of others was found to be current",
        "zone",
        () -> copies(c -> seconds(c.ageNanos())));
    running.checking().gauges(metrics);
    running.recorder().ifPresent(r -> register(metrics, r));
  }

  private static void register(Metrics metrics, QueryRecorder recorder) {
    metrics.gauge("queries_lost", "replies that were not noted for lack of room", recorder::lost);
    metrics.gauge("query_log_bytes_today", "written by the log of queries", recorder::today);
    metrics.gauge("query_log_bytes", "size of all files of the log of queries", recorder::total);
  }

  private long failures() {
    return running.updateLoop().failures()
        + running.resolveLoop().failures()
        + running.checking().failures();
  }

  /** A number of each zone of others that has one. */
  private Map<String, Double> copies(Function<Secondary.Condition, OptionalLong> number) {
    var numbers = new TreeMap<String, Double>();
    for (var copy : transfers.conditions()) {
      number.apply(copy).ifPresent(n -> numbers.put(copy.zone().toString(), (double) n));
    }
    return numbers;
  }

  private static OptionalLong seconds(OptionalLong nanos) {
    return nanos.isPresent()
        ? OptionalLong.of(nanos.getAsLong() / 1_000_000_000L)
        : OptionalLong.empty();
  }

  DnsState state(DnsConfig config) {
    var cache = running.cache();
    return new DnsState(
        zones(config),
        new DnsState.CacheState(cache.size(), cache.bytes(), cache.evicted()),
        running.resolveLoop().ask(running.resolver()::jobs),
        running.fronts().connections() + running.fronts().encryptedConnections(),
        running.store().size(),
        config.forwarders().stream().map(Upstream::toString).toList(),
        running.updateLoop().ask(signing::keys),
        lists(running.chain().rules().filter()),
        running.recorder().map(QueryRecorder::snapshot),
        secondaries(),
        running.checking().anchors(),
        signatures());
  }

  private Map<String, Boolean> signatures() {
    var all = new TreeMap<String, Boolean>();
    running
        .resolveLoop()
        .ask(running.resolver()::signing)
        .forEach((server, signs) -> all.put(HostPort.format(server), signs));
    return all;
  }

  private List<DnsState.ZoneState> zones(DnsConfig config) {
    var updatable =
        config.zones().entrySet().stream()
            .filter(e -> e.getValue().update().isPresent())
            .map(e -> DnsConfig.name("zones", e.getKey()))
            .toList();
    return transfers.zones().now().all().stream()
        .map(
            z ->
                new DnsState.ZoneState(
                    z.origin().toString(),
                    z.serial(),
                    z.names(),
                    z.records().count(),
                    updatable.contains(z.origin())))
        .toList();
  }

  private static List<DnsState.ListState> lists(Filter filter) {
    return filter.lists().stream()
        .map(
            l ->
                new DnsState.ListState(
                    l.name(),
                    l.set().entries(),
                    l.set().size(),
                    l.set().skipped(),
                    l.set().notes()))
        .toList();
  }

  private List<DnsState.SecondaryState> secondaries() {
    return transfers.conditions().stream()
        .map(
            c ->
                new DnsState.SecondaryState(
                    c.zone().toString(),
                    c.serial().orElse(0),
                    c.serial().isPresent() && !c.expired(),
                    seconds(c.ageNanos()).orElse(0),
                    c.failures()))
        .toList();
  }
}
