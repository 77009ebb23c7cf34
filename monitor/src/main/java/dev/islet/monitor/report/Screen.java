package dev.islet.monitor.report;

import static dev.islet.monitor.wire.JsonReader.list;
import static dev.islet.monitor.wire.JsonReader.object;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sample as lines of a terminal: the board, alerts, and a line a service with its numbers. */
public final class Screen {
  private static final String UNKNOWN = "-";

  private final int width;
  private final boolean colors;
  private final List<String> lines = new ArrayList<>();

  private Screen(int width, boolean colors) {
    this.width = width;
    this.colors = colors;
  }

  /**
   * Draws a sample, as parsed from the JSON of {@code /api/now}.
   *
   * @param width columns of the terminal; lines are cut there
   * @param colors whether states are coloured
   */
  public static List<String> draw(Map<String, @Nullable Object> sample, int width, boolean colors) {
    var screen = new Screen(width, colors);
    screen.board(sample);
    for (var each : list(sample.get("alerts"))) {
      var alert = object(each);
      screen.line(screen.colored("! " + alert.get("rule") + ": " + alert.get("text"), 31));
    }
    screen.line("");
    screen.line("SERVICE   STATE     CPU     MEMORY   FIGURES");
    for (var each : list(sample.get("services"))) {
      screen.service(object(each));
    }
    screen.line("");
    screen.line("INTERFACE       IN          OUT");
    for (var each : list(sample.get("interfaces"))) {
      var nic = object(each);
      if (Boolean.TRUE.equals(nic.get("up"))) {
        screen.line(
            "%-12s %11s %12s"
                .formatted(nic.get("name"), rate(nic.get("rxRate")), rate(nic.get("txRate"))));
      }
    }
    return screen.lines;
  }

  private void board(Map<String, @Nullable Object> sample) {
    var host = object(sample.get("host"));
    var board = object(sample.get("board"));
    var memory = object(board.get("memory"));
    var disk = object(board.get("disk"));
    var uptime = host.get("uptime") instanceof Number n ? Duration.ofSeconds(n.longValue()) : null;
    line(
        host.get("name")
            + (host.get("model") == null ? "" : ", " + host.get("model"))
            + (uptime == null
                ? ""
                : ", up " + uptime.toDays() + " d " + uptime.toHoursPart() + " h"));
    line(
        "cpu "
            + shown(board.get("cpu"), "%")
            + "   load "
            + String.join(" ", list(board.get("load")).stream().map(String::valueOf).toList())
            + "   temperature "
            + shown(board.get("temperature"), "°C")
            + "   clock "
            + shown(board.get("frequency"), "Hz"));
    line(
        "memory "
            + shown(memory.get("available"), "B")
            + " free of "
            + shown(memory.get("total"), "B")
            + "   disk "
            + shown(disk.get("free"), "B")
            + " free of "
            + shown(disk.get("total"), "B"));
    var held = list(object(board.get("throttle")).get("now"));
    if (!held.isEmpty()) {
      line(colored("held back: " + held, 31));
    }
  }

  private void service(Map<String, @Nullable Object> service) {
    var process = object(service.get("process"));
    var container = object(service.get("container"));
    var memory = container.get("memory");
    memory = memory == null ? process.get("pss") : memory;
    memory = memory == null ? process.get("rss") : memory;
    var figures = new ArrayList<String>();
    for (var each : list(service.get("figures"))) {
      var figure = object(each);
      if (Boolean.TRUE.equals(figure.get("main"))) {
        figures.add(
            figure.get("label")
                + " "
                + shown(figure.get("value"), String.valueOf(figure.get("unit"))));
      }
    }
    var state = String.valueOf(service.get("state"));
    boolean shared = !list(process.get("shared")).isEmpty();
    line(
        "%-9s %s %7s %10s   %s"
            .formatted(
                service.get("name"),
                colored("%-7s".formatted(state), state.equals("up") ? 32 : 31),
                shown(process.get("cpu"), "%") + (shared ? "*" : ""),
                shown(memory, "B") + (shared ? "*" : ""),
                service.get("why") == null ? String.join(", ", figures) : service.get("why")));
  }

  private static String rate(@Nullable Object value) {
    return value instanceof Number n
        ? String.format(Locale.ROOT, "%.1f kB/s", n.doubleValue() / 1000)
        : UNKNOWN;
  }

  private static String shown(@Nullable Object value, String unit) {
    return value instanceof Number n ? Chart.shown(n.doubleValue(), unit, false) : UNKNOWN;
  }

  private String colored(String text, int color) {
    return colors ? "\u001b[" + color + "m" + text + "\u001b[0m" : text;
  }

  /** What a service says must not move the cursor. */
  private void line(String text) {
    var plain = new StringBuilder();
    int shown = 0;
    for (int i = 0; i < text.length() && shown < width; i++) {
      char c = text.charAt(i);
      if (c == '\u001b' && colors) {
        int end = text.indexOf('m', i);
        if (end > 0 && text.substring(i, end + 1).matches("\u001b\\[\\d{1,2}m")) {
          plain.append(text, i, end + 1);
          i = end;
          continue;
        }
      }
      plain.append(c < ' ' || c == 0x7f ? '?' : c);
      shown++;
    }
    lines.add(plain.append(colors ? "\u001b[0m" : "").toString());
  }
}
