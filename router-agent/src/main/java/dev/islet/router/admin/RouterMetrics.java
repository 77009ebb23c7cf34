package dev.islet.router.admin;

import dev.islet.core.metrics.Metrics;
import dev.islet.router.hub.RouterView;
import dev.islet.router.model.KernelEvent;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipEvent;
import dev.islet.router.model.RouteEvent;
import dev.islet.router.model.RouterEvent;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Counts what the router tells, and measures its tables when asked. */
public final class RouterMetrics {
  private final Counter received;
  private final Counter sent;
  private final Counter sendFailures;
  private final Counter routes;
  private final Counter programmed;
  private final Counter refused;
  private final Counter mended;

  /**
   * @param view the router now; may throw once it has stopped
   */
  public RouterMetrics(Metrics metrics, Supplier<RouterView> view) {
    received =
        metrics.counter("rip_received", "RIP messages received, by what became of them", "outcome");
    sent = metrics.counter("rip_sent", "RIP messages sent, by interface", "nic");
    sendFailures =
        metrics.counter("rip_send_failures", "RIP messages that could not be sent", "nic");
    routes = metrics.counter("route_changes", "changes of best routes", "change");
    programmed = metrics.counter("kernel_changes", "changes made in the kernel's table", "change");
    refused = metrics.counter("kernel_refusals", "changes the kernel refused", "change");
    mended =
        metrics.counter("kernel_mended", "changes that a comparison with the kernel found needed");
    for (var origin : Origin.values()) {
      gauge(
          metrics,
          "routes_" + origin.name().toLowerCase(java.util.Locale.ROOT),
          "best routes whose origin is " + origin,
          view,
          v ->
              v.candidates().stream()
                  .filter(c -> c.best() && c.route().origin() == origin)
                  .count());
    }
    gauge(
        metrics,
        "neighbors",
        "RIP routers heard lately",
        view,
        v -> v.rip().map(r -> r.neighbors().size()).orElse(0));
    gauge(
        metrics,
        "kernel_missing",
        "best routes that the kernel does not have",
        view,
        RouterView::missing);
    gauge(
        metrics,
        "kernel_inherited",
        "routes of an earlier life that nobody has announced yet",
        view,
        RouterView::inherited);
  }

  private static void gauge(
      Metrics metrics,
      String name,
      String help,
      Supplier<RouterView> view,
      ToDoubleFunction<RouterView> value) {
    metrics.gauge(
        name,
        help,
        () -> {
          try {
            return value.applyAsDouble(view.get());
          } catch (IllegalStateException e) {
            return Double.NaN; // it has stopped
          }
        });
  }

  /** Counts an event. */
  public void count(RouterEvent event) {
    switch (event) {
      case RipEvent.RipReceived e -> received.labelValues(outcome(e.outcome())).inc();
      case RipEvent.RipSent e -> sent.labelValues(e.nic()).inc();
      case RouteEvent.Learned e -> routes.labelValues("learned").inc();
      case RouteEvent.Lost e -> routes.labelValues("lost").inc();
      case RouteEvent.NeighborState e ->
          routes
              .labelValues(
                  switch (e.state()) {
                    case UP -> "neighbor_up";
                    case DOWN -> "neighbor_down";
                  })
              .inc();
      case KernelEvent.Programmed e -> programmed.labelValues(e.change()).inc();
      case KernelEvent.ProgramFailed e -> refused.labelValues(e.change()).inc();
      case KernelEvent.Reconciled e -> mended.inc(e.changes());
      case KernelEvent.Inherited e -> {}
      case KernelEvent.Swept e -> {}
      case KernelEvent.LinkChanged e -> {}
    }
  }

  /** A message could not be sent. */
  public void sendFailed(String nic) {
    sendFailures.labelValues(nic).inc();
  }

  /** A label from a small set: the place of a fault is left out. */
  private static String outcome(String text) {
    if (text.startsWith("accepted")) {
      return "accepted";
    }
    int colon = text.indexOf(": ");
    return colon < 0 ? text : text.substring(colon + 2);
  }
}
