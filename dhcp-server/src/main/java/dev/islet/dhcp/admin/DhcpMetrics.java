package dev.islet.dhcp.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Outcome;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** What the server counts. */
public final class DhcpMetrics {
  private final Metrics metrics = new Metrics("dhcp");
  private final Map<Outcome, CounterDataPoint> outcomes = new EnumMap<>(Outcome.class);
  private final Map<MessageType, CounterDataPoint> received =
      byType(metrics.counter("received", "Messages that came in, by type", "type"));
  private final Map<MessageType, CounterDataPoint> sent =
      byType(metrics.counter("sent", "Messages that went out, by type", "type"));
  private final Map<MessageType6, CounterDataPoint> received6 =
      byType6(metrics.counter("received6", "DHCPv6 messages that came in, by type", "type"));
  private final Map<MessageType6, CounterDataPoint> sent6 =
      byType6(metrics.counter("sent6", "DHCPv6 messages that went out, by type", "type"));
  private final Histogram commit =
      metrics.histogram(
          "commit_seconds",
          "Time to make a batch of leases durable",
          new double[] {.0002, .0005, .001, .002, .005, .01, .02, .05, .1, .5});

  public DhcpMetrics() {
    var counter = metrics.counter("outcomes", "What became of messages and leases", "outcome");
    for (var outcome : Outcome.values()) {
      outcomes.put(outcome, counter.labelValues(outcome.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static Map<MessageType, CounterDataPoint> byType(Counter counter) {
    var points = new EnumMap<MessageType, CounterDataPoint>(MessageType.class);
    for (var type : MessageType.values()) {
      points.put(type, counter.labelValues(type.name().toLowerCase(Locale.ROOT)));
    }
    return points;
  }

  private static Map<MessageType6, CounterDataPoint> byType6(Counter counter) {
    var points = new EnumMap<MessageType6, CounterDataPoint>(MessageType6.class);
    for (var type : MessageType6.values()) {
      points.put(type, counter.labelValues(type.name().toLowerCase(Locale.ROOT)));
    }
    return points;
  }

  private static <K> void increment(Map<K, CounterDataPoint> points, K key) {
    var point = points.get(key);
    if (point != null) {
      point.inc();
    }
  }

  /** All of them, for the admin endpoint. */
  public Metrics metrics() {
    return metrics;
  }

  /** Counts an outcome. */
  public void count(Outcome outcome) {
    increment(outcomes, outcome);
  }

  /** How often an outcome was counted. */
  public long counted(Outcome outcome) {
    var counter = outcomes.get(outcome);
    return counter == null ? 0 : counter.getLongValue();
  }

  /** Counts a message that came in. */
  public void received(MessageType type) {
    increment(received, type);
  }

  /** Counts a message that went out. */
  public void sent(MessageType type) {
    increment(sent, type);
  }

  /** Counts a DHCPv6 message that came in. */
  public void received(MessageType6 type) {
    increment(received6, type);
  }

  /** Counts a DHCPv6 message that went out. */
  public void sent(MessageType6 type) {
    increment(sent6, type);
  }

  /** Shows how many addresses and prefixes IPv6 clients have. */
  public void watchSix(DoubleSupplier bound) {
    metrics.gauge("leases6_bound", "IPv6 addresses and prefixes that clients have", bound);
  }

  /** Notes how long a commit took, in seconds. */
  public void committed(double seconds) {
    commit.observe(seconds);
  }

  /** Shows values that are asked for at each scrape. */
  public void watch(
      DoubleSupplier bound,
      DoubleSupplier free,
      DoubleSupplier journalBytes,
      DoubleSupplier writtenBytes,
      DoubleSupplier pendingNames) {
    metrics.gauge("leases_bound", "Addresses that clients have", bound);
    metrics.gauge("addresses_free", "Addresses of the pools that nobody has", free);
    metrics.gauge("lease_file_bytes", "Size of the lease file", journalBytes);
    metrics.gauge(
        "lease_file_written_bytes", "Bytes of records written since the start", writtenBytes);
    metrics.gauge("names_pending", "Names that are not in DNS as they should be", pendingNames);
  }
}
