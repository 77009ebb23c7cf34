package dev.islet.monitor.admin;

import dev.islet.core.metrics.Metrics;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.Map;
import java.util.function.Supplier;

/** What the monitor counts of itself. */
public final class MonitorMetrics {
  private final Metrics metrics = new Metrics("monitor");
  private final Counter samples = metrics.counter("samples", "Samples taken");
  private final Counter late = metrics.counter("late", "Seconds for which no sample was taken");
  private final Counter changes =
      metrics.counter("state_changes", "Changes of a service's state, by the new one", "state");

  private final Counter alerts =
      metrics.counter("alerts", "Alerts that began or ended, by rule", "rule");
  private final Counter untold =
      metrics.counter("alerts_untold", "Alerts that could not be told, by way", "way");

  /**
   * @param services asked for which services are up, with 1 or 0
   */
  public MonitorMetrics(Supplier<Map<String, Double>> services) {
    metrics.gauges("service_up", "Whether a service is up", "service", services);
  }

  /** What the admin endpoint shows. */
  public Metrics metrics() {
    return metrics;
  }

  /** Counts a sample. */
  public void sample() {
    samples.inc();
  }

  /** Counts seconds that passed without a sample. */
  public void late(long seconds) {
    late.inc(seconds);
  }

  /** Counts an alert that began or ended, by its rule. */
  public void alerted(String rule) {
    alerts.labelValues(rule.replaceFirst(":.*", "")).inc();
  }

  /** Counts an alert that could not be told. */
  public void untold(String way) {
    untold.labelValues(way).inc();
  }

  /** Counts a service that is in another state. */
  public void changed(String state) {
    changes.labelValues(state).inc();
  }
}
