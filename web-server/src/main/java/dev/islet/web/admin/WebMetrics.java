package dev.islet.web.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.web.log.AccessEntry;
import dev.islet.web.model.WebEvent;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** Counts per site, by class of status, and how long answers took. */
public final class WebMetrics {
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final Metrics metrics = new Metrics("web");
  private final Counter requests =
      metrics.counter("requests", "Answered requests", "site", "class");
  private final Counter bytes = metrics.counter("sent_bytes", "Content sent, in bytes", "site");
  private final Histogram seconds =
      metrics.histogram(
          "answer_seconds",
          "From the complete head of a request to the end of its answer, in seconds",
          BOUNDS,
          "site");
  private final Counter refused =
      metrics.counter("refused", "Requests that were not well-formed or too large", "status");
  private final Counter cutOff =
      metrics.counter("cut_off", "Connections closed by a limit: too many, too slow or idle");
  private final Counter upstream =
      metrics.counter(
          "upstream_failures", "Answers that servers behind did not give", "site", "status");
  private final Map<String, Points> sites = new ConcurrentHashMap<>();

  private record Points(
      List<CounterDataPoint> classes, CounterDataPoint bytes, DistributionDataPoint seconds) {}

  /**
   * @param open asked for how many connections are open
   * @param lost asked for how many lines of the access log were lost
   */
  public WebMetrics(DoubleSupplier open, DoubleSupplier lost) {
    metrics.gauge("open_connections", "Open connections", open);
    metrics.gauge("access_log_lost_lines", "Lines of the access log lost since the start", lost);
  }

  /** What the admin endpoint shows. */
  public Metrics metrics() {
    return metrics;
  }

  /** Counts an answered request. */
  public void answered(AccessEntry entry) {
    var points = sites.computeIfAbsent(entry.site(), this::points);
    points.classes().get(Math.clamp(entry.status() / 100, 1, 5) - 1).inc();
    points.bytes().inc(entry.bytes());
    points.seconds().observe(entry.micros() / 1e6);
  }

  /** Counts what is no answered request. */
  public void event(WebEvent event) {
    switch (event) {
      case WebEvent.Refused e -> refused.labelValues(Integer.toString(e.status())).inc();
      case WebEvent.CutOff e -> cutOff.inc();
      case WebEvent.UpstreamFailed e ->
          upstream.labelValues(e.site(), Integer.toString(e.status())).inc();
      case WebEvent.Requested e -> {}
      case WebEvent.Answered e -> {}
    }
  }

  /** Requests of each site by class of status, for people. */
  public Map<String, Map<String, Long>> bySite() {
    var all = new LinkedHashMap<String, Map<String, Long>>();
    for (var site : sites.entrySet()) {
      var one = new LinkedHashMap<String, Long>();
      for (int i = 0; i < 5; i++) {
        one.put((i + 1) + "xx", (long) site.getValue().classes().get(i).get());
      }
      one.put("bytes", (long) site.getValue().bytes().get());
      all.put(site.getKey(), one);
    }
    return all;
  }

  private Points points(String site) {
    var classes = new ArrayList<CounterDataPoint>();
    for (int i = 1; i <= 5; i++) {
      classes.add(requests.labelValues(site, i + "xx"));
    }
    return new Points(classes, bytes.labelValues(site), seconds.labelValues(site));
  }
}
