package dev.islet.ftp.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.Transfer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** The numbers of the service, counted from its events. */
public final class FtpMetrics {
  private final Metrics metrics = new Metrics("ftp");
  private final Counter connections;
  private final Counter logins;
  private final Counter commands;
  private final Counter malformed;
  private final Counter transfers;
  private final Counter bytes;
  private final Counter dataRefused;
  private final Counter injections;
  private final Counter tls;
  private final Histogram seconds;

  /**
   * @param sessions asked for the number of control connections at each scrape
   */
  public FtpMetrics(DoubleSupplier sessions) {
    connections = metrics.counter("connections", "control connections by outcome", "result");
    logins = metrics.counter("logins", "logins by outcome", "result");
    commands = metrics.counter("commands", "commands by first digit of their reply", "reply");
    malformed = metrics.counter("malformed", "lines that are no command");
    transfers = metrics.counter("transfers", "files by direction and outcome", "way", "result");
    bytes = metrics.counter("transfer_bytes", "bytes of files by direction", "way");
    dataRefused = metrics.counter("data_refused", "data connections refused");
    injections =
        metrics.counter("injections", "connections ended for bytes in the clear behind AUTH");
    tls = metrics.counter("tls_handshakes", "control connections protected, by version", "version");
    seconds =
        metrics.histogram(
            "transfer_seconds",
            "duration of transfers of files",
            new double[] {0.01, 0.1, 1, 10, 60, 600, 3600},
            "way");
    metrics.gauge("sessions", "control connections now", sessions);
  }

  /** All of them. */
  public Metrics metrics() {
    return metrics;
  }

  /** Counts an event. */
  public void count(FtpEvent event) {
    switch (event) {
      case FtpEvent.Connected e -> connections.labelValues("accepted").inc();
      case FtpEvent.ConnectionRefused e -> connections.labelValues("refused").inc();
      case FtpEvent.TlsStarted e -> tls.labelValues(e.protocol()).inc();
      case FtpEvent.InjectionStopped e -> injections.inc();
      case FtpEvent.LoggedIn e -> logins.labelValues("ok").inc();
      case FtpEvent.LoginRefused e ->
          logins.labelValues(e.why().name().toLowerCase(Locale.ROOT)).inc();
      case FtpEvent.CommandSeen e -> commands.labelValues((e.code() / 100) + "xx").inc();
      case FtpEvent.Malformed e -> malformed.inc();
      case FtpEvent.DataRefused e -> dataRefused.inc();
      case FtpEvent.Replied e -> {
        // counted with its command
      }
      case FtpEvent.Listed e -> transfers.labelValues("list", "complete").inc();
      case FtpEvent.Stored e -> {
        // counted as a transfer
      }
      case FtpEvent.Fetched e -> {
        // counted as a transfer
      }
      case FtpEvent.Broken e -> {
        // counted as a transfer
      }
      case FtpEvent.Changed e -> {
        // counted as a command
      }
      case FtpEvent.Disconnected e -> {
        // the gauge tells
      }
    }
  }

  /** Counts a transfer. */
  public void count(Transfer transfer) {
    var way = transfer.incoming() ? "in" : "out";
    transfers.labelValues(way, transfer.complete() ? "complete" : "broken").inc();
    bytes.labelValues(way).inc(transfer.bytes());
    seconds.labelValues(way).observe(transfer.took().toNanos() / 1e9);
  }
}
