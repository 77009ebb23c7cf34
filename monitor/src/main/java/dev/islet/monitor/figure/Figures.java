package dev.islet.monitor.figure;

import dev.islet.monitor.model.ServiceSample.Figure;
import dev.islet.monitor.wire.Scrape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a service that people look at, each computed from two scrapes one after the other.
 * A number whose samples are missing is unknown; a counter that a service has not told yet counts
 * as 0 if the service tells others, since counters with labels appear with their first event.
 */
public final class Figures {
  private final @Nullable Scrape before;
  private final Scrape now;
  private final String prefix;
  private final double seconds;
  private final List<Figure> all = new ArrayList<>();

  private Figures(String service, @Nullable Scrape before, Scrape now) {
    this.before = before;
    this.now = now;
    this.prefix = "islet_" + service + "_";
    this.seconds = before == null ? 0 : (now.at() - before.at()) / 1e9;
  }

  /** The figures of a service; none if this house has no such service. */
  public static List<Figure> of(String service, @Nullable Scrape before, Scrape now) {
    var figures = new Figures(service, before, now);
    switch (service) {
      case "dns" -> figures.dns();
      case "dhcp" -> figures.dhcp();
      case "ftp" -> figures.ftp();
      case "web" -> figures.web();
      case "voip" -> figures.voip();
      case "router" -> figures.router();
      default -> {}
    }
    return List.copyOf(figures.all);
  }

  private void dns() {
    main("dns.questions", "Questions", rate("messages_total", ""), "/s");
    main("dns.latency", "Time to answer", meanMillis("answer_seconds"), "ms");
    main("dns.cached", "From the cache", ratio("answers_total", "source=\"cache\""), "%");
    main("dns.blocked", "Blocked", ratio("answers_total", "source=\"policy\""), "%");
    side("dns.failures", "Failures", rate("answers_total", "rcode=\"SERVFAIL\""), "/s");
    side("dns.refused", "Refused", rate("answers_total", "rcode=\"REFUSED\""), "/s");
    side("dns.cache-entries", "In the cache", gauge("cache_entries"), "");
    side("dns.cache-size", "Cache", gauge("cache_bytes"), "B");
    side("dns.zones", "Zones", gauge("zones"), "");
  }

  private void dhcp() {
    var bound = gauge("leases_bound");
    var free = gauge("addresses_free");
    main(
        "dhcp.exchanges",
        "Messages",
        plus(rate("received_total", ""), rate("received6_total", "")),
        "/s");
    main(
        "dhcp.granted",
        "Granted",
        plus(rate("outcomes_total", "\"granted\""), rate("outcomes_total", "\"renewed\"")),
        "/s");
    main("dhcp.leases", "Leases", bound, "");
    main(
        "dhcp.pool",
        "Pool in use",
        bound == null || free == null || bound + free == 0 ? null : bound / (bound + free),
        "%");
    side("dhcp.free", "Free addresses", free, "");
    side(
        "dhcp.refused",
        "Refused",
        plus(rate("outcomes_total", "\"refused_"), rate("outcomes_total", "\"exhausted\"")),
        "/s");
    side("dhcp.commit", "Time to disk", meanMillis("commit_seconds"), "ms");
    side("dhcp.names-pending", "Names to register", gauge("names_pending"), "");
  }

  private void ftp() {
    main("ftp.sessions", "Sessions", gauge("sessions"), "");
    main("ftp.transfers", "Files", rate("transfers_total", ""), "/s");
    main("ftp.bytes", "Bytes of files", rate("transfer_bytes_total", ""), "B/s");
    side("ftp.logins-refused", "Logins refused", rate("logins_total", "\"refused\""), "/s");
    side("ftp.commands", "Commands", rate("commands_total", ""), "/s");
  }

  private void web() {
    main("web.requests", "Requests", rate("requests_total", ""), "/s");
    main(
        "web.errors",
        "Server errors",
        plus(rate("requests_total", "\"5xx\""), rate("upstream_failures_total", "")),
        "/s");
    main("web.latency", "Time to answer", meanMillis("answer_seconds"), "ms");
    main("web.connections", "Connections", gauge("open_connections"), "");
    side("web.client-errors", "Client errors", rate("requests_total", "\"4xx\""), "/s");
    side("web.sent", "Sent", rate("sent_bytes_total", ""), "B/s");
    side("web.refused", "Malformed", rate("refused_total", ""), "/s");
    side("web.cut-off", "Cut off", rate("cut_off_total", ""), "/s");
  }

  private void voip() {
    main("voip.calls", "Calls", gauge("calls"), "");
    main("voip.registrations", "Phones", gauge("registrations"), "");
    main("voip.mos", "Worst MOS", gauge("call_worst{measure=\"mos\"}"), "");
    main("voip.loss", "Worst loss", gauge("call_worst{measure=\"loss_ratio\"}"), "%");
    main(
        "voip.jitter",
        "Worst jitter",
        millis(gauge("call_worst{measure=\"jitter_seconds\"}")),
        "ms");
    side("voip.packets", "Media packets", gaugeRate("rtp_forwarded"), "/s");
    side("voip.dropped", "Media dropped", gaugeRate("rtp_dropped"), "/s");
    side("voip.requests", "SIP requests", rate("requests_total", ""), "/s");
    side("voip.malformed", "Malformed", rate("malformed_total", ""), "/s");
  }

  private void router() {
    double routes = 0;
    boolean found = false;
    for (int i = 0; i < now.size(); i++) {
      if (now.name(i).startsWith(prefix + "routes_")) {
        routes += now.value(i);
        found = true;
      }
    }
    main("router.neighbors", "Neighbours", gauge("neighbors"), "");
    main("router.routes", "Routes", found ? Double.valueOf(routes) : null, "");
    main("router.changes", "Changes of routes", rate("route_changes_total", ""), "/s");
    side("router.received", "RIP received", rate("rip_received_total", ""), "/s");
    side("router.sent", "RIP sent", rate("rip_sent_total", ""), "/s");
    side("router.missing", "Missing in the kernel", gauge("kernel_missing"), "");
  }

  private void main(String key, String label, @Nullable Double value, String unit) {
    all.add(new Figure(key, label, value, unit, true));
  }

  private void side(String key, String label, @Nullable Double value, String unit) {
    all.add(new Figure(key, label, value, unit, false));
  }

  private @Nullable Double gauge(String name) {
    return now.value(prefix + name);
  }

  /** A counter's growth a second; null when it began anew, for the service did. */
  private @Nullable Double rate(String name, String label) {
    var grown = growth(name, label);
    return grown == null ? null : Double.valueOf(grown / seconds);
  }

  private @Nullable Double growth(String name, String label) {
    if (before == null || seconds <= 0) {
      return null;
    }
    double is = zeroIfAbsent(now.sum(prefix + name, label));
    double was = zeroIfAbsent(before.sum(prefix + name, label));
    return is < was ? null : Double.valueOf(is - was);
  }

  private static double zeroIfAbsent(@Nullable Double value) {
    return value == null ? 0 : value;
  }

  /** For counts that a service tells as gauges. */
  private @Nullable Double gaugeRate(String name) {
    return now.value(prefix + name) == null ? null : rate(name, "");
  }

  /** The part of what was counted in between that carries the label. */
  private @Nullable Double ratio(String name, String label) {
    var part = growth(name, label);
    var whole = growth(name, "");
    return part == null || whole == null || whole == 0 ? null : Double.valueOf(part / whole);
  }

  /** The mean of a histogram's values in between; null if there were none. */
  private @Nullable Double meanMillis(String name) {
    var sum = growth(name + "_sum", "");
    var count = growth(name + "_count", "");
    return sum == null || count == null || count == 0 ? null : Double.valueOf(sum / count * 1000);
  }

  private static @Nullable Double millis(@Nullable Double seconds) {
    return seconds == null ? null : Double.valueOf(seconds * 1000);
  }

  private static @Nullable Double plus(@Nullable Double a, @Nullable Double b) {
    return a == null || b == null ? null : Double.valueOf(a + b);
  }
}
