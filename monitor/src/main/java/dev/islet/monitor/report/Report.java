package dev.islet.monitor.report;

import dev.islet.monitor.house.Calls;
import dev.islet.monitor.report.Run.Cost;
import dev.islet.monitor.wire.JsonReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as files: tables as CSV, charts as SVG, and one page with all of it. */
public final class Report {
  private final Run run;
  private final List<Heard> heard;

  /** One direction of one call. */
  private record Heard(String call, Calls.Direction direction) {}

  /**
   * @param run what was sampled
   * @param voip the state of the VoIP service at the end; empty if it was not there
   */
  public Report(Run run, Map<String, @Nullable Object> voip) {
    this.run = run;
    this.heard = new ArrayList<>();
    long from = run.times().isEmpty() ? 0 : run.times().getFirst();
    for (var key : List.of("calls", "finished")) {
      for (var each : JsonReader.list(voip.get(key))) {
        var call = JsonReader.object(each);
        var ended = call.get("ended");
        if (ended != null && Instant.parse(ended.toString()).toEpochMilli() < from) {
          continue; // of before
        }
        var name =
            call.getOrDefault("from", call.get("caller"))
                + "→"
                + call.getOrDefault("to", call.get("callee"));
        for (var direction : Calls.directions(call.get("quality"))) {
          heard.add(new Heard(name, direction));
        }
      }
    }
  }

  /** Every file by its name. */
  public Map<String, String> files() {
    var files = new LinkedHashMap<String, String>();
    files.put("services.csv", services());
    files.put("board.csv", board());
    files.put("calls.csv", calls());
    files.put("board.svg", boardChart());
    files.put("services.svg", servicesChart());
    files.put("calls.svg", callsChart());
    files.put("report.html", page(files));
    return files;
  }

  private String services() {
    var out =
        new StringBuilder(
            "service,cpu_mean,cpu_max,memory_mean,memory_max,shared_with,seconds_not_up\n");
    for (var cost : run.costs()) {
      out.append(cost.service())
          .append(',')
          .append(plain(cost.cpu().mean()))
          .append(',')
          .append(plain(cost.cpu().max()))
          .append(',')
          .append(plain(cost.memory().mean()))
          .append(',')
          .append(plain(cost.memory().max()))
          .append(',')
          .append(String.join(" ", cost.shared()))
          .append(',')
          .append(cost.away())
          .append('\n');
    }
    return out.toString();
  }

  private String board() {
    var curves = new ArrayList<>(run.board());
    run.processors().forEach(c -> curves.add(new Run.Curve(c.key() + "_cpu", "", "", c.values())));
    var out = new StringBuilder("time");
    curves.forEach(c -> out.append(',').append(c.key()));
    out.append('\n');
    for (int i = 0; i < run.times().size(); i++) {
      out.append(Instant.ofEpochMilli(run.times().get(i)));
      for (var curve : curves) {
        out.append(',').append(i < curve.values().size() ? plain(curve.values().get(i)) : "");
      }
      out.append('\n');
    }
    return out.toString();
  }

  private String calls() {
    var out = new StringBuilder("call,from,packets,delay_ms,jitter_ms,loss,mos\n");
    for (var each : heard) {
      var direction = each.direction();
      out.append(quoted(each.call()))
          .append(',')
          .append(direction.from())
          .append(',')
          .append(direction.packets())
          .append(',')
          .append(plain(direction.delay()))
          .append(',')
          .append(plain(direction.jitter()))
          .append(',')
          .append(plain(direction.loss()))
          .append(',')
          .append(plain(direction.mos()))
          .append('\n');
    }
    return out.toString();
  }

  /** What names a call comes from the network: no cell may become a formula, none end early. */
  private static String quoted(String text) {
    var safe = text.matches("[=+@\\-].*") ? "'" + text : text;
    return "\"" + safe.replace("\"", "\"\"").replaceAll("[\\r\\n]", " ") + "\"";
  }

  private String boardChart() {
    return run.times().isEmpty()
        ? Chart.bars("The board during the run", List.of())
        : Chart.curves("The board during the run", run.times(), Chart.frames(run));
  }

  private String servicesChart() {
    var names = new ArrayList<String>();
    var means = new ArrayList<@Nullable Double>();
    var peaks = new ArrayList<@Nullable Double>();
    var memory = new ArrayList<@Nullable Double>();
    for (var cost : processes()) {
      names.add(label(cost));
      means.add(cost.cpu().mean());
      peaks.add(cost.cpu().max());
      memory.add(cost.memory().max());
    }
    return Chart.bars(
        "What the services cost",
        List.of(
            new Chart.Bars("CPU, mean (share of one core)", "%", names, means),
            new Chart.Bars("CPU, greatest", "%", names, peaks),
            new Chart.Bars("Memory, greatest", "B", names, memory)));
  }

  private String callsChart() {
    var names = new ArrayList<String>();
    var delays = new ArrayList<@Nullable Double>();
    var jitters = new ArrayList<@Nullable Double>();
    var losses = new ArrayList<@Nullable Double>();
    for (var each : heard) {
      names.add(each.call() + " " + each.direction().from());
      delays.add(each.direction().delay());
      jitters.add(each.direction().jitter());
      losses.add(each.direction().loss());
    }
    return Chart.bars(
        "The calls, each direction",
        List.of(
            new Chart.Bars("Delay", "ms", names, delays),
            new Chart.Bars("Jitter, mean", "ms", names, jitters),
            new Chart.Bars("Loss", "%", names, losses)));
  }

  /** One entry a process: services that share one have the same figures. */
  private List<Cost> processes() {
    var seen = new ArrayList<List<String>>();
    var costs = new ArrayList<Cost>();
    for (var cost : run.costs()) {
      if (cost.shared().isEmpty()) {
        costs.add(cost);
      } else if (!seen.contains(cost.shared())) {
        seen.add(cost.shared());
        costs.add(cost);
      }
    }
    return costs;
  }

  private static String label(Cost cost) {
    return cost.shared().isEmpty() ? cost.service() : String.join("+", cost.shared());
  }

  private String page(Map<String, String> files) {
    var out = new StringBuilder(1 << 15);
    var span =
        run.times().isEmpty()
            ? Duration.ZERO
            : Duration.ofMillis(run.times().getLast() - run.times().getFirst());
    out.append(
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>Islet: report of a run</title>
        <style>
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f23;background:#fff}
        table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #bbb;padding:.3rem .7rem;text-align:right}
        th:first-child,td:first-child{text-align:left}.mark{background:#fff3cd;border:1px solid #b58900;padding:.5rem 1rem}
        svg{max-width:100%;height:auto}
        </style></head><body>
        <h1>Report of a run</h1>
        """);
    out.append("<p>").append(Chart.escaped(run.where())).append("<br>");
    if (!run.times().isEmpty()) {
      out.append(Instant.ofEpochMilli(run.times().getFirst()))
          .append(", ")
          .append(span.toSeconds())
          .append(" seconds, ")
          .append(run.times().size())
          .append(" samples");
    }
    out.append("</p>\n");
    var marks = run.marks();
    if (marks.isEmpty()) {
      out.append("<p>Nothing disturbed the measurement.</p>\n");
    } else {
      out.append("<div class=\"mark\"><strong>Do not compare this run with others:</strong><ul>");
      marks.forEach(m -> out.append("<li>").append(Chart.escaped(m)).append("</li>"));
      out.append("</ul></div>\n");
    }
    table(out);
    for (var chart : List.of("board.svg", "services.svg", "calls.svg")) {
      out.append("<figure>").append(files.getOrDefault(chart, "")).append("</figure>\n");
    }
    out.append("<p>The numbers: ");
    out.append("<a href=\"services.csv\">services.csv</a>, <a href=\"board.csv\">board.csv</a>, ");
    out.append("<a href=\"calls.csv\">calls.csv</a>.</p></body></html>\n");
    return out.toString();
  }

  private void table(StringBuilder out) {
    out.append(
        "<h2>What each process cost</h2>\n<table><thead><tr><th>Services</th><th>CPU, mean</th>");
    out.append(
        "<th>CPU, greatest</th><th>Memory, mean</th><th>Memory, greatest</th></tr></thead><tbody>\n");
    for (var cost : processes()) {
      out.append("<tr><td>")
          .append(Chart.escaped(label(cost).replace("+", ", ")))
          .append("</td><td>");
      out.append(shown(cost.cpu().mean(), "%")).append("</td><td>");
      out.append(shown(cost.cpu().max(), "%")).append("</td><td>");
      out.append(shown(cost.memory().mean(), "B")).append("</td><td>");
      out.append(shown(cost.memory().max(), "B")).append("</td></tr>\n");
    }
    out.append(
        "</tbody></table>\n<p>CPU in shares of one core; memory with shared pages in proportion, or of the container.</p>\n");
  }

  private static String shown(@Nullable Double value, String unit) {
    return value == null ? "unknown" : Chart.shown(value, unit, true);
  }

  private static String plain(@Nullable Double value) {
    return value == null
        ? ""
        : value == Math.rint(value)
            ? String.format(Locale.ROOT, "%.0f", value)
            : String.format(Locale.ROOT, "%.6f", value);
  }
}
