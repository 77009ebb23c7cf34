package dev.islet.voip.store;

import dev.islet.core.trace.Json;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.model.StreamSpread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Call records as lines of JSON (RFC 8259) and of a table (RFC 4180). Both begin with the number.
 */
final class CallTable {
  private static final List<String> CALL =
      List.of(
          "number",
          "call_id",
          "caller",
          "callee",
          "invited",
          "answered",
          "ended",
          "talked_s",
          "status",
          "reason");

  /** For the main stream of each side; a_ is what came from the caller's phone. */
  private static final List<String> STREAM =
      List.of(
          "codec",
          "packets",
          "lost",
          "loss_percent",
          "duplicates",
          "reordered",
          "jitter_mean_ms",
          "jitter_max_ms",
          "delta_max_ms",
          "delay_ms",
          "mos",
          "round_trip_ms",
          "strangers");

  private CallTable() {}

  static String json(NumberedCall call) {
    var fields = Json.write(call.call());
    return "{\"number\":" + call.number() + "," + fields.substring(1);
  }

  static String head() {
    var columns = new ArrayList<>(CALL);
    for (var side : List.of("a_", "b_")) {
      STREAM.forEach(c -> columns.add(side + c));
    }
    return String.join(",", columns);
  }

  static String row(NumberedCall numbered) {
    var call = numbered.call();
    var cells = new ArrayList<String>();
    cells.add(Long.toString(numbered.number()));
    cells.add(cell(call.callId()));
    cells.add(cell(call.caller()));
    cells.add(cell(call.callee()));
    cells.add(call.invited().toString());
    cells.add(call.answered().map(Object::toString).orElse(""));
    cells.add(call.ended().toString());
    cells.add(decimal(call.talked().toMillis() / 1_000.0));
    cells.add(Integer.toString(call.status()));
    cells.add(cell(call.reason()));
    for (var leg : MediaLeg.values()) {
      side(call, leg, cells);
    }
    return String.join(",", cells);
  }

  private static void side(CallRecord call, MediaLeg leg, List<String> cells) {
    var stream = call.quality().flatMap(q -> q.main(leg));
    cells.add(of(stream, s -> s.payload().map(p -> cell(p.name())).orElse("" + s.payloadType())));
    cells.add(of(stream, s -> Long.toString(s.packets())));
    cells.add(of(stream, s -> Long.toString(s.loss().lost())));
    cells.add(of(stream, s -> decimal(s.loss().percent())));
    cells.add(of(stream, s -> Long.toString(s.loss().duplicates())));
    cells.add(of(stream, s -> Long.toString(s.loss().reordered())));
    cells.add(of(stream, s -> decimal(s.jitter().map(StreamSpread::mean))));
    cells.add(of(stream, s -> decimal(s.jitter().map(StreamSpread::max))));
    cells.add(of(stream, s -> decimal(s.delta().max())));
    cells.add(of(stream, s -> decimal(s.delayMs())));
    cells.add(of(stream, s -> decimal(s.mos())));
    var side = call.quality().map(leg == MediaLeg.A ? CallQuality::a : CallQuality::b);
    cells.add(decimal(side.flatMap(q -> q.roundTripMs())));
    cells.add(side.map(q -> Long.toString(q.strangers())).orElse(""));
  }

  private static String of(Optional<StreamQuality> stream, Function<StreamQuality, String> cell) {
    return stream.map(cell).orElse("");
  }

  private static String decimal(Optional<Double> value) {
    return value.map(CallTable::decimal).orElse("");
  }

  private static String decimal(double value) {
    var text = String.format(Locale.ROOT, "%.3f", value);
    return text.replaceFirst("\\.?0+$", "");
  }

  /**
   * A cell of text that may come from anybody who can send an INVITE: quoted where needed, and not
   * begun like a formula, which a spreadsheet would run.
   */
  static String cell(String text) {
    var plain = text.replace('\r', ' ').replace('\n', ' ');
    if (!plain.isEmpty()) {
      char first = plain.charAt(0);
      boolean sign = first == '+' || first == '-';
      boolean number = sign && plain.substring(1).chars().allMatch(c -> c >= '0' && c <= '9');
      if (first == '=' || first == '@' || first == '\t' || sign && !number) {
        plain = "'" + plain;
      }
    }
    return plain.indexOf(',') >= 0 || plain.indexOf('"') >= 0
        ? '"' + plain.replace("\"", "\"\"") + '"'
        : plain;
  }
}
