package dev.islet.monitor.transport;

import dev.islet.monitor.house.HouseMap;
import dev.islet.monitor.house.Table;
import dev.islet.monitor.house.Tables;
import dev.islet.monitor.model.Sample;
import dev.islet.monitor.wire.Exposition;
import dev.islet.monitor.wire.JsonReader;
import dev.islet.monitor.wire.Scrape;
import dev.islet.monitor.wire.TraceLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The pages that ask services for more than figures: tables, map, explained bytes, reload. */
public final class HousePages {
  private static final int LONGEST_MESSAGE = 1 << 16;
  private static final int MOST_ROWS = 5_000;

  private final Colleagues colleagues;
  private final TraceRelay traces;
  private final Supplier<@Nullable Sample> latest;

  public HousePages(Colleagues colleagues, TraceRelay traces, Supplier<@Nullable Sample> latest) {
    this.colleagues = colleagues;
    this.traces = traces;
    this.latest = latest;
  }

  /** {@code /api/table/NAME}. */
  public void table(Request request) throws IOException {
    var name = request.path().substring(request.path().lastIndexOf('/') + 1);
    var which = Tables.of(name).orElse(null);
    if (which == null) {
      request.error(404, "the tables are leases, queries, sessions, calls and routes");
      return;
    }
    int limit = request.number("limit", 200, 1, MOST_ROWS);
    request.json(200, rows(which).filtered(request.parameter("q", ""), limit));
  }

  private Table rows(Tables which) {
    if (colleagues.watch(which.service()).isEmpty()) {
      return Table.empty(which.columns(), which.service() + " is not watched");
    }
    try {
      var rows =
          which == Tables.QUERIES
              ? questions(traces.questions())
              : which.rows(colleagues.state(which.service()));
      return new Table(which.columns(), rows, rows.size(), down(which.service()));
    } catch (IOException e) {
      return Table.empty(which.columns(), String.valueOf(e.getMessage()));
    }
  }

  private @Nullable String down(String service) {
    var sample = latest.get();
    if (sample != null) {
      for (var each : sample.services()) {
        if (each.name().equals(service) && each.state().equals("down")) {
          return service + " is down";
        }
      }
    }
    return null;
  }

  private static List<Map<String, @Nullable Object>> questions(List<TraceLine> lines) {
    var rows = new ArrayList<Map<String, @Nullable Object>>();
    for (var line : lines) {
      var reply = JsonReader.object(line.fields().get("reply"));
      var packet = line.packet();
      var row = new LinkedHashMap<String, @Nullable Object>();
      row.put("time", line.time());
      row.put("client", packet == null ? line.client() : packet.to().replaceFirst(":\\d+$", ""));
      row.put("name", line.fields().get("name"));
      row.put("type", reply.get("type"));
      row.put("rcode", reply.get("rcode"));
      row.put("source", reply.get("source"));
      rows.add(row);
    }
    return rows;
  }

  /** {@code /api/calls}: calls under way and ended, with the quality of each stream. */
  public void calls(Request request) throws IOException {
    try {
      var state = colleagues.state("voip");
      var calls = new LinkedHashMap<String, @Nullable Object>();
      calls.put("calls", state.get("calls"));
      calls.put("finished", state.get("finished"));
      request.json(200, calls);
    } catch (IOException e) {
      request.error(502, String.valueOf(e.getMessage()));
    }
  }

  /** {@code /api/map}. */
  public void map(Request request) throws IOException {
    var sample = latest.get();
    if (sample == null) {
      request.error(503, "no sample yet; ask again in a second");
      return;
    }
    var states = new LinkedHashMap<String, Map<String, @Nullable Object>>();
    for (var name : List.of("dhcp", "router", "dns")) {
      if (colleagues.watch(name).isPresent()) {
        try {
          states.put(name, colleagues.state(name));
        } catch (IOException e) {
          states.put(name, Map.of()); // its node says that it is down
        }
      }
    }
    request.json(200, HouseMap.of(sample, states));
  }

  /** {@code /api/explain}: offset, length, name, value, meaning and section of each field. */
  public void explain(Request request) throws IOException {
    var hex = request.parameter("hex", "");
    if (hex.length() > LONGEST_MESSAGE || !hex.matches("([0-9a-fA-F]{2})+")) {
      throw new IllegalArgumentException("hex is not an even number of hexadecimal digits");
    }
    try {
      var answer = colleagues.ask(request.parameter("service", ""), "GET", "/explain?hex=" + hex);
      if (answer.status() != 200) {
        request.json(answer.status(), answer.text().strip());
        return;
      }
      var fields = new ArrayList<Map<String, @Nullable Object>>();
      for (var each : JsonReader.list(JsonReader.read(answer.text()))) {
        var field = JsonReader.object(each);
        var shown = new LinkedHashMap<String, @Nullable Object>();
        for (var key : List.of("offset", "length", "name", "value")) {
          shown.put(key, field.get(key));
        }
        shown.put("meaning", field.getOrDefault("meaning", ""));
        // Each service calls it by its own word.
        shown.put(
            "rfc",
            field.getOrDefault(
                "rfc", field.getOrDefault("section", field.getOrDefault("reference", ""))));
        fields.add(shown);
      }
      request.json(200, fields);
    } catch (IOException e) {
      request.error(502, String.valueOf(e.getMessage()));
    }
  }

  /** {@code /metrics}: the board and every service, for a collector. */
  public void metrics(Request request, List<Watch> watches) throws IOException {
    var sample = latest.get();
    if (sample == null) {
      request.error(503, "no sample yet; ask again in a second");
      return;
    }
    var scrapes = new ArrayList<Scrape>();
    for (var watch : watches) {
      var scrape = watch.latest();
      if (scrape != null) {
        scrapes.add(scrape);
      }
    }
    request.send(
        200,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        Exposition.write(sample, scrapes).getBytes(StandardCharsets.UTF_8));
  }

  /** {@code /api/reload}: the service's own answer. */
  public void reload(Request request) throws IOException {
    AdminLink.Answer answer;
    try {
      answer = colleagues.ask(request.parameter("service", ""), "POST", "/reload");
    } catch (IOException e) {
      request.error(502, String.valueOf(e.getMessage()));
      return;
    }
    request.json(answer.status(), answer.text().strip());
  }
}
