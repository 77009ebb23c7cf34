package dev.islet.monitor.transport;

import dev.islet.core.time.TimeSource;
import dev.islet.monitor.series.History;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The pages of what was measured: as JSON for charts, as CSV for people with a spreadsheet. */
public final class HistoryPages {
  private static final Map<String, History.Step> SPANS =
      Map.of(
          "1h", History.Step.SECOND,
          "1d", History.Step.MINUTE,
          "30d", History.Step.QUARTER);

  private final History history;
  private final TimeSource time;

  public HistoryPages(History history, TimeSource time) {
    this.history = history;
    this.time = time;
  }

  /** {@code /api/series}. */
  public void names(Request request) throws IOException {
    request.json(200, history.names());
  }

  /** {@code /api/history?series=a,b&span=1h}. */
  public void values(Request request) throws IOException {
    var keys = List.of(request.parameter("series", "").split(","));
    request.json(200, history.span(step(request), keys, time.wall().toEpochMilli()));
  }

  /** {@code /api/report.csv?span=1d}: a line a step, a column a series. */
  public void csv(Request request) throws IOException {
    var names = history.names();
    var keys = names.stream().map(History.Name::key).toList();
    var span = history.span(step(request), keys, time.wall().toEpochMilli());
    request.header("Content-Disposition", "attachment; filename=\"islet.csv\"");
    try (var out = request.stream("text/csv; charset=utf-8")) {
      out.write(("time," + String.join(",", keys) + "\n").getBytes(StandardCharsets.UTF_8));
      int rows = span.series().isEmpty() ? 0 : span.series().values().iterator().next().size();
      var line = new StringBuilder();
      for (int i = 0; i < rows; i++) {
        line.setLength(0);
        boolean any = false;
        for (var key : keys) {
          var values = span.series().get(key);
          var value = values == null ? null : values.get(i);
          line.append(',');
          if (value != null) {
            line.append(value);
            any = true;
          }
        }
        if (any) {
          var at = Instant.ofEpochMilli(span.from() + i * span.step());
          out.write((at + line.append('\n').toString()).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
  }

  private static History.Step step(Request request) {
    var span = request.parameter("span", "1d");
    var step = SPANS.get(span);
    if (step == null) {
      throw new IllegalArgumentException("span is 1h, 1d or 30d, not " + span);
    }
    return step;
  }
}
