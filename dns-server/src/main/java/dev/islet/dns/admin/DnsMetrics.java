package dev.islet.dns.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;
import dev.islet.dns.transfer.TransferBook;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Rcode;

/** The counters of the name server, {@code islet_dns_…}; data points are made once. */
public final class DnsMetrics implements Tally, TransferBook.Counts {
  /** Those that happen at all often have their data points ready. */
  private static final int COMMON = 6;

  private static final double[] BOUNDS = {
    0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3
  };

  private final Metrics metrics;
  private final CounterDataPoint[] messages;
  private final Counter byCode;
  private final CounterDataPoint[][] answers;
  private final DistributionDataPoint[] seconds;
  private final Counter rejected;
  private final ConcurrentHashMap<String, CounterDataPoint> reasons = new ConcurrentHashMap<>();
  private final Counter upstream;
  private final Counter updates;
  private final Counter validations;
  private final Counter transfers;
  private final Counter notifies;

  public DnsMetrics(Metrics metrics) {
    this.metrics = metrics;
    var queries = metrics.counter("messages", "messages received", "transport");
    this.messages =
        Arrays.stream(Transport.values())
            .map(t -> queries.labelValues(t.name().toLowerCase(Locale.ROOT)))
            .toArray(CounterDataPoint[]::new);
    this.byCode = metrics.counter("answers", "questions answered", "source", "rcode");
    Histogram times =
        metrics.histogram(
            "answer_seconds", "time from question to answer in seconds", BOUNDS, "source");
    var sources = Source.values();
    this.answers = new CounterDataPoint[sources.length][COMMON];
    this.seconds = new DistributionDataPoint[sources.length];
    for (var source : sources) {
      var name = source.name().toLowerCase(Locale.ROOT);
      seconds[source.ordinal()] = times.labelValues(name);
      for (int rcode = 0; rcode < COMMON; rcode++) {
        answers[source.ordinal()][rcode] = byCode.labelValues(name, Rcode.string(rcode));
      }
    }
    this.rejected =
        metrics.counter("rejected", "messages and connections not taken, by fault", "reason");
    this.upstream = metrics.counter("upstream", "exchanges with upstream servers", "outcome");
    this.updates = metrics.counter("updates", "dynamic updates answered", "rcode");
    this.validations = metrics.counter("validations", "answers checked by DNSSEC", "verdict");
    this.transfers =
        metrics.counter(
            "transfers", "zone transfers to and from others", "direction", "kind", "result");
    this.notifies =
        metrics.counter("notifies", "NOTIFY messages to and from others", "direction", "result");
  }

  public Metrics metrics() {
    return metrics;
  }

  @Override
  public void asked(Transport transport) {
    messages[transport.ordinal()].inc();
  }

  @Override
  public void fast(Transport transport, Source source, int rcode, long count) {
    messages[transport.ordinal()].inc(count);
    point(source, rcode).inc(count);
  }

  private CounterDataPoint point(Source source, int rcode) {
    return rcode < COMMON
        ? answers[source.ordinal()][rcode]
        : byCode.labelValues(source.name().toLowerCase(Locale.ROOT), Rcode.string(rcode));
  }

  @Override
  public void answered(Source source, int rcode, long nanos) {
    point(source, rcode).inc();
    seconds[source.ordinal()].observe(nanos / 1e9);
  }

  @Override
  public void rejected(String reason) {
    reasons.computeIfAbsent(reason, r -> rejected.labelValues(r.toLowerCase(Locale.ROOT))).inc();
  }

  @Override
  public void upstream(String outcome) {
    upstream.labelValues(outcome).inc();
  }

  @Override
  public void updated(int rcode) {
    updates.labelValues(Rcode.string(rcode)).inc();
  }

  @Override
  public void transfer(boolean out, String kind, String result) {
    transfers.labelValues(out ? "out" : "in", kind, result).inc();
  }

  @Override
  public void notify(boolean out, boolean taken) {
    notifies.labelValues(out ? "out" : "in", taken ? "taken" : "refused").inc();
  }

  @Override
  public void validated(String verdict) {
    validations.labelValues(verdict).inc();
  }
}
