package dev.islet.monitor.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows under columns, as the page shows them.
 *
 * @param total how many rows match, whatever the limit
 * @param why there is nothing to show
 */
public record Table(
    List<Column> columns,
    List<Map<String, @Nullable Object>> rows,
    int total,
    @Nullable String why) {
  /**
   * A column.
   *
   * @param kind text, time (epoch milliseconds), number, or duration (seconds)
   */
  public record Column(String key, String label, String kind) {}

  /** A table with nothing in it, and the reason. */
  public static Table empty(List<Column> columns, String why) {
    return new Table(columns, List.of(), 0, why);
  }

  /** The rows in which any cell contains the text, in any case; at most so many of them. */
  public Table filtered(String text, int limit) {
    var wanted = text.strip().toLowerCase(Locale.ROOT);
    var kept = new ArrayList<Map<String, @Nullable Object>>();
    int matching = 0;
    for (var row : rows) {
      if (wanted.isEmpty() || matches(row, wanted)) {
        matching++;
        if (kept.size() < limit) {
          kept.add(row);
        }
      }
    }
    return new Table(columns, kept, matching, why);
  }

  private static boolean matches(Map<String, @Nullable Object> row, String wanted) {
    for (var cell : row.values()) {
      if (cell != null && cell.toString().toLowerCase(Locale.ROOT).contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  static Map<String, @Nullable Object> row(@Nullable Object... keysAndValues) {
    var row = new LinkedHashMap<String, @Nullable Object>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      row.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return row;
  }
}
