package dev.islet.voip.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.voip.call.Calls;
import dev.islet.voip.exchange.Exchange;
import dev.islet.voip.exchange.Tally;
import dev.islet.voip.media.Relay;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The names of the server's metrics, all beginning with {@code islet_voip_}. */
public final class VoipMetrics {
  private static final Set<String> METHODS =
      Set.of(
          "INVITE",
          "ACK",
          "BYE",
          "CANCEL",
          "REGISTER",
          "OPTIONS",
          "INFO",
          "UPDATE",
          "MESSAGE",
          "PRACK",
          "SUBSCRIBE",
          "NOTIFY",
          "REFER",
          "PUBLISH");
  private static final double[] SECONDS = {5, 15, 30, 60, 180, 600, 1800, 3600};

  private final Metrics metrics;
  private final Counter requests;
  private final Counter responses;
  private final Counter outcomes;
  private final Counter malformed;
  private final Counter overflowed;
  private final Counter calls;
  private final Histogram talked;

  public VoipMetrics(Metrics metrics) {
    this.metrics = metrics;
    requests = metrics.counter("requests", "SIP requests received, by method", "method");
    responses = metrics.counter("responses", "SIP responses received, by class", "class");
    outcomes = metrics.counter("outcomes", "What became of requests", "outcome");
    malformed = metrics.counter("malformed", "Datagrams and streams that were no SIP");
    overflowed = metrics.counter("overflowed", "Messages dropped because the queue was full");
    calls = metrics.counter("calls_ended", "Calls that ended, by the final status", "status");
    talked = metrics.histogram("talked_seconds", "Seconds spoken in answered calls", SECONDS);
  }

  /** The registry they are in. */
  public Metrics metrics() {
    return metrics;
  }

  /** Gauges that ask the exchange when they are read. */
  public void watch(Supplier<Exchange.Load> load, Supplier<Integer> connections, Relay relay) {
    metrics.gauge(
        "rtp_forwarded", "Media packets relayed since the start", () -> relay.counts().forwarded());
    metrics.gauge(
        "rtp_dropped",
        "Media packets not relayed since the start, for whatever reason",
        () -> {
          var counts = relay.counts();
          return counts.strangers()
              + counts.malformed()
              + counts.throttled()
              + counts.undelivered();
        });
    metrics.gauge("rtp_room", "Calls more that the RTP ports have room for", relay::room);
    metrics.gauge("registrations", "Contacts registered now", () -> load.get().registrations());
    metrics.gauge("calls", "Calls under way", () -> load.get().calls());
    metrics.gauge(
        "server_transactions", "Requests of others remembered", () -> load.get().served());
    metrics.gauge("client_transactions", "Requests of ours followed", () -> load.get().asked());
    metrics.gauge(
        "watched_addresses",
        "Addresses that presented wrong credentials lately",
        () -> load.get().watched());
    metrics.gauge("connections", "TCP and TLS connections", connections::get);
  }

  /**
   * How the worst of the calls under way sounds; nothing while there is none.
   *
   * @param calls asked for once a scrape
   */
  public void quality(Supplier<List<Calls.Seen>> calls) {
    metrics.gauges(
        "call_worst",
        "The worst direction of all calls under way: mos, loss_ratio, jitter_seconds",
        "measure",
        () -> worst(calls.get()));
  }

  private static Map<String, Double> worst(List<Calls.Seen> calls) {
    var worst = new HashMap<String, Double>();
    for (var call : calls) {
      for (var stream : call.quality().map(CallQuality::streams).orElse(List.of())) {
        stream.mos().ifPresent(mos -> worst.merge("mos", mos, Math::min));
        if (stream.loss().expected() > 0) {
          worst.merge("loss_ratio", stream.loss().missingPercent() / 100, Math::max);
        }
        stream
            .jitter()
            .ifPresent(jitter -> worst.merge("jitter_seconds", jitter.mean() / 1000, Math::max));
      }
    }
    return worst;
  }

  /** A message in order arrived. */
  public void received(SipMessage message) {
    switch (message) {
      case SipRequest request ->
          requests
              .labelValues(METHODS.contains(request.method()) ? request.method() : "other")
              .inc();
      case SipResponse response -> responses.labelValues(response.status() / 100 + "xx").inc();
    }
  }

  /** Something that is no SIP arrived. */
  public void malformed() {
    malformed.inc();
  }

  /** Something was dropped because the exchange has too much to do. */
  public void overflowed() {
    overflowed.inc();
  }

  /** What became of a request. */
  public void outcome(Tally what) {
    outcomes.labelValues(what.name().toLowerCase(Locale.ROOT)).inc();
  }

  /** A call ended. */
  public void ended(CallRecord record) {
    calls.labelValues(Integer.toString(record.status())).inc();
    if (record.answered().isPresent()) {
      talked.observe(record.talked().toMillis() / 1000.0);
    }
  }
}
