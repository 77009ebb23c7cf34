package dev.islet.monitor.house;

import static dev.islet.monitor.wire.JsonReader.list;
import static dev.islet.monitor.wire.JsonReader.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls under way and ended, with the worse of their two directions. */
public final class Calls {
  private Calls() {}

  /**
   * How one direction of a call sounded.
   *
   * @param delay mean time between packets beyond what the codec's pace asks, or round trip half,
   *     as the relay tells it; milliseconds
   * @param jitter mean (RFC 3550 section 6.4.1), milliseconds
   * @param loss share of the expected packets that never came, 0 to 1
   */
  public record Direction(
      String from,
      long packets,
      @Nullable Double delay,
      @Nullable Double jitter,
      @Nullable Double loss,
      @Nullable Double mos) {}

  /** Both directions of a call, as its quality in the state of the VoIP service tells them. */
  public static List<Direction> directions(@Nullable Object quality) {
    var directions = new ArrayList<Direction>();
    for (var each : list(object(quality).get("streams"))) {
      var stream = object(each);
      var loss = object(stream.get("loss"));
      var expected = number(loss.get("expected"));
      var lost = number(loss.get("lost"));
      var duplicates = number(loss.get("duplicates"));
      directions.add(
          new Direction(
              String.valueOf(stream.get("from")),
              number(stream.get("packets")) instanceof Double n ? n.longValue() : 0,
              number(stream.get("delayMs")),
              number(object(stream.get("jitter")).get("mean")),
              expected == null || lost == null || duplicates == null || expected == 0
                  ? null
                  : Double.valueOf(Math.max(0, lost + duplicates) / expected),
              number(stream.get("mos"))));
    }
    return directions;
  }

  static List<Map<String, @Nullable Object>> rows(Map<String, @Nullable Object> state) {
    var rows = new ArrayList<Map<String, @Nullable Object>>();
    for (var each : list(state.get("calls"))) {
      var call = object(each);
      var answered = Tables.millis(call.get("answered"));
      rows.add(row(call, "from", "to", "begun", call.get("state"), answered, null));
    }
    for (var each : list(state.get("finished"))) {
      var call = object(each);
      var answered = Tables.millis(call.get("answered"));
      var ended = Tables.millis(call.get("ended"));
      var how = call.get("status") + " " + call.get("reason");
      rows.add(row(call, "caller", "callee", "invited", how, answered, ended));
    }
    return rows;
  }

  private static Map<String, @Nullable Object> row(
      Map<String, @Nullable Object> call,
      String from,
      String to,
      String begun,
      @Nullable Object state,
      @Nullable Long answered,
      @Nullable Long ended) {
    Double jitter = null;
    Double loss = null;
    Double mos = null;
    for (var direction : directions(call.get("quality"))) {
      jitter = larger(jitter, direction.jitter());
      loss = larger(loss, direction.loss());
      mos = smaller(mos, direction.mos());
    }
    return Table.row(
        "from",
        call.get(from),
        "to",
        call.get(to),
        "state",
        state,
        "begun",
        Tables.millis(call.get(begun)),
        "talked",
        answered == null || ended == null ? null : Double.valueOf((ended - answered) / 1000.0),
        "jitter",
        rounded(jitter, 10),
        "loss",
        loss == null ? null : rounded(loss * 100, 10),
        "mos",
        rounded(mos, 100));
  }

  private static @Nullable Double rounded(@Nullable Double value, int parts) {
    return value == null ? null : Double.valueOf(Math.round(value * parts) / (double) parts);
  }

  private static @Nullable Double larger(@Nullable Double a, @Nullable Double b) {
    return a == null ? b : b == null ? a : Double.valueOf(Math.max(a, b));
  }

  private static @Nullable Double smaller(@Nullable Double a, @Nullable Double b) {
    return a == null ? b : b == null ? a : Double.valueOf(Math.min(a, b));
  }

  private static @Nullable Double number(@Nullable Object value) {
    return value instanceof Number n ? Double.valueOf(n.doubleValue()) : null;
  }
}
