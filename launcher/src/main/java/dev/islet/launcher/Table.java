package dev.islet.launcher;

import java.util.List;

/** Columns of text, each as wide as its widest cell. */
final class Table {
  private Table() {}

  static String format(List<String[]> rows) {
    var widths = new int[rows.getFirst().length];
    for (var row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    var out = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).repeat(' ', widths[i] - row[i].length() + 2);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }
}
