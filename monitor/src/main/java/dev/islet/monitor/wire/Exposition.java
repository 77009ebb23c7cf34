package dev.islet.monitor.wire;

import dev.islet.monitor.model.Sample;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The board and the metrics of all services as one OpenMetrics text. */
public final class Exposition {
  private final StringBuilder out = new StringBuilder(1 << 14);

  private Exposition() {}

  /**
   * Writes it. What is unknown is left out; the names of services' metrics begin with theirs, so
   * that no two are the same.
   */
  public static String write(Sample sample, List<Scrape> services) {
    var text = new Exposition();
    var board = sample.board();
    text.gauge("board_cpu_ratio", "", board.cpu());
    for (int i = 0; i < board.load().size(); i++) {
      text.gauge(
          "board_load", "{minutes=\"" + List.of(1, 5, 15).get(i) + "\"}", board.load().get(i));
    }
    text.gauge("board_frequency_hertz", "", board.frequency());
    text.gauge("board_memory_bytes", "", board.memory().total());
    text.gauge("board_memory_available_bytes", "", board.memory().available());
    text.gauge("board_swap_used_bytes", "", board.memory().swapUsed());
    text.gauge("board_disk_bytes", "", board.disk().total());
    text.gauge("board_disk_free_bytes", "", board.disk().free());
    text.gauge("board_temperature_celsius", "", board.temperature());
    var throttle = board.throttle();
    text.gauge("board_throttled", "", throttle == null ? null : throttle.now().isEmpty() ? 0 : 1);
    for (var nic : sample.interfaces()) {
      text.gauge("board_received_bytes_per_second", "{nic=\"" + nic.name() + "\"}", nic.rxRate());
    }
    for (var nic : sample.interfaces()) {
      text.gauge("board_sent_bytes_per_second", "{nic=\"" + nic.name() + "\"}", nic.txRate());
    }
    for (var service : sample.services()) {
      text.gauge(
          "service_up",
          "{service=\"" + service.name() + "\"}",
          service.state().equals("up") ? 1 : 0);
    }
    for (var scrape : services) {
      for (int i = 0; i < scrape.size(); i++) {
        text.out.append(scrape.name(i)).append(' ').append(number(scrape.value(i))).append('\n');
      }
    }
    return text.out.append("# EOF\n").toString();
  }

  private String last = "";

  private void gauge(String name, String labels, @Nullable Number value) {
    if (value == null) {
      return;
    }
    if (!name.equals(last)) {
      out.append("# TYPE islet_").append(name).append(" gauge\n");
      last = name;
    }
    out.append("islet_").append(name).append(labels).append(' ').append(value).append('\n');
  }

  private static String number(double value) {
    return Double.isInfinite(value)
        ? value > 0 ? "+Inf" : "-Inf"
        : value == Math.rint(value) && Math.abs(value) < 1e15
            ? String.format(Locale.ROOT, "%.1f", value)
            : Double.toString(value);
  }
}
