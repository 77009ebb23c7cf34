package dev.islet.monitor.board;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines, words and numbers of the kernel's text files. */
final class Lines {
  private Lines() {}

  static List<String> of(String text) {
    var lines = new ArrayList<String>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      lines.add(text.substring(from, end));
      from = end + 1;
    }
    return lines;
  }

  static List<String> words(String line) {
    var words = new ArrayList<String>();
    int i = 0;
    while (i < line.length()) {
      while (i < line.length() && line.charAt(i) <= ' ') {
        i++;
      }
      int from = i;
      while (i < line.length() && line.charAt(i) > ' ') {
        i++;
      }
      if (i > from) {
        words.add(line.substring(from, i));
      }
    }
    return words;
  }

  static @Nullable Long whole(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  static @Nullable Double number(@Nullable String text) {
    try {
      return text == null ? null : Double.valueOf(Double.parseDouble(text.strip()));
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
