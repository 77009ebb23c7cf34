package dev.islet.core.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The counters, gauges and histograms of one service, named {@code islet_<service>_<name>}.
 *
 * <p>A hot path asks for its labelled data point once and keeps it: {@code var udp =
 * queries.labelValues("udp")}.
 */
public final class Metrics {
  private final String prefix;
  private final PrometheusRegistry registry = new PrometheusRegistry();

  public Metrics(String service) {
    this.prefix = "islet_" + service + "_";
  }

  /** A count that only grows; the name gets {@code _total} in the output. */
  public Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(prefix + name).help(help).labelNames(labels).register(registry);
  }

  /** A value that is set. */
  public Gauge gauge(String name, String help, String... labels) {
    return Gauge.builder().name(prefix + name).help(help).labelNames(labels).register(registry);
  }

  /** A value that is asked for at each scrape. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .callback(point -> point.call(value.getAsDouble()))
        .register(registry);
  }

  /** A value that is asked for at each scrape and that may be unknown. */
  public void optional(String name, String help, Supplier<OptionalDouble> value) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .callback(point -> value.get().ifPresent(point::call))
        .register(registry);
  }

  /**
   * Values that are asked for at each scrape.
   *
   * @param label of those, as {@code zone}
   * @param values by what the label says
   */
  public void gauges(String name, String help, String label, Supplier<Map<String, Double>> values) {
    GaugeWithCallback.builder()
        .name(prefix + name)
        .help(help)
        .labelNames(label)
        .callback(point -> values.get().forEach((of, value) -> point.call(value, of)))
        .register(registry);
  }

  /** A distribution, in the unit the name says; bounds are upper limits. */
  public Histogram histogram(String name, String help, double[] bounds, String... labels) {
    return Histogram.builder()
        .name(prefix + name)
        .help(help)
        .classicOnly()
        .classicUpperBounds(bounds)
        .labelNames(labels)
        .register(registry);
  }

  /** Writes all of them in the OpenMetrics text format. */
  public void write(OutputStream out) throws IOException {
    write(out, registry.scrape());
  }

  /**
   * The same without the buckets of distributions, only their counts and sums: a small part of the
   * text, for those who ask every second.
   */
  public void writeTotals(OutputStream out) throws IOException {
    var totals = MetricSnapshots.builder();
    for (var each : registry.scrape()) {
      totals.metricSnapshot(each instanceof HistogramSnapshot histogram ? totals(histogram) : each);
    }
    write(out, totals.build());
  }

  private static SummarySnapshot totals(HistogramSnapshot histogram) {
    var summary = SummarySnapshot.builder().name(histogram.getMetadata().getName());
    for (var point : histogram.getDataPoints()) {
      summary.dataPoint(
          SummarySnapshot.SummaryDataPointSnapshot.builder()
              .labels(point.getLabels())
              .count(point.getCount())
              .sum(point.getSum())
              .build());
    }
    return summary.build();
  }

  private static void write(OutputStream out, MetricSnapshots all) throws IOException {
    OpenMetricsTextFormatWriter.builder()
        .setCreatedTimestampsEnabled(false)
        .build()
        .write(out, all);
  }
}
