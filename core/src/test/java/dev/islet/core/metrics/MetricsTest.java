package dev.islet.core.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void theyAreWrittenAsOpenMetrics() throws Exception {
    var metrics = new Metrics("dns");
    var queries = metrics.counter("queries", "Questions received", "transport");
    queries.labelValues("udp").inc(3);
    metrics.gauge("zones", "Zones loaded").set(2);
    metrics.gauge("cache_entries", "Entries in the cache", () -> 7);
    metrics
        .histogram("answer_seconds", "Time to answer", new double[] {0.001, 0.01})
        .observe(0.005);
    var out = new ByteArrayOutputStream();
    metrics.write(out);
    assertThat(out.toString(UTF_8).lines().toList())
        .contains(
            "# TYPE islet_dns_queries counter",
            "# HELP islet_dns_queries Questions received",
            "islet_dns_queries_total{transport=\"udp\"} 3.0",
            "islet_dns_zones 2.0",
            "islet_dns_cache_entries 7.0",
            "islet_dns_answer_seconds_bucket{le=\"0.001\"} 0",
            "islet_dns_answer_seconds_bucket{le=\"0.01\"} 1",
            "islet_dns_answer_seconds_bucket{le=\"+Inf\"} 1",
            "islet_dns_answer_seconds_count 1")
        .endsWith("# EOF");
  }

  @Test
  void distributionsAreWrittenAsTotalsForThoseWhoAskOften() throws Exception {
    var metrics = new Metrics("dns");
    var seconds = metrics.histogram("answer_seconds", "Time", new double[] {0.001, 0.01}, "source");
    seconds.labelValues("zone").observe(0.005);
    seconds.labelValues("zone").observe(0.25);
    metrics.counter("queries", "Questions").inc(3);
    var out = new ByteArrayOutputStream();
    metrics.writeTotals(out);
    assertThat(out.toString(UTF_8).lines().toList())
        .contains(
            "islet_dns_answer_seconds_count{source=\"zone\"} 2",
            "islet_dns_answer_seconds_sum{source=\"zone\"} 0.255",
            "islet_dns_queries_total 3.0")
        .noneMatch(line -> line.contains("bucket"))
        .endsWith("# EOF");
  }

  @Test
  void servicesDoNotSeeEachOthersMetrics() throws Exception {
    new Metrics("dns").counter("queries", "q");
    var out = new ByteArrayOutputStream();
    new Metrics("ftp").write(out);
    assertThat(out.toString(UTF_8)).isEqualTo("# EOF\n");
  }
}
