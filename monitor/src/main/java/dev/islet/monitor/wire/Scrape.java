package dev.islet.monitor.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one answer of {@code /metrics}, in the OpenMetrics text format. A service tells
 * the same samples in the same order each time, so that the names of the scrape before are used
 * again and only the numbers are read.
 */
public final class Scrape {
  private static final byte[] END = "# EOF".getBytes(StandardCharsets.US_ASCII);

  /** More samples than any service has; beyond them the answer is not believed. */
  private static final int MOST = 20_000;

  private final List<byte[]> raw;
  private final List<String> names;
  private final double[] values;
  private final long at;

  private Scrape(List<byte[]> raw, List<String> names, double[] values, long at) {
    this.raw = raw;
    this.names = names;
    this.values = values;
    this.at = at;
  }

  /**
   * Reads an answer.
   *
   * @param at nanoseconds, when it was asked for
   * @param before of the same service, whose names are used again
   * @throws IllegalArgumentException if it is no such text, with what is wrong
   */
  public static Scrape parse(byte[] text, int length, long at, @Nullable Scrape before) {
    var raw = new ArrayList<byte[]>(before == null ? 64 : before.raw.size());
    var names = new ArrayList<String>(before == null ? 64 : before.names.size());
    var values = new double[before == null ? 64 : Math.max(64, before.names.size())];
    int from = 0;
    boolean ended = false;
    while (from < length) {
      int end = from;
      while (end < length && text[end] != '\n') {
        end++;
      }
      if (text[from] == '#') {
        ended = matches(text, from, end, END);
      } else if (end > from) {
        int space = nameEnd(text, from, end);
        int n = names.size();
        if (n == MOST) {
          throw new IllegalArgumentException("more than " + MOST + " samples");
        }
        if (before != null
            && n < before.raw.size()
            && matches(text, from, space, before.raw.get(n))) {
          raw.add(before.raw.get(n));
          names.add(before.names.get(n));
        } else {
          var name = java.util.Arrays.copyOfRange(text, from, space);
          raw.add(name);
          names.add(new String(name, StandardCharsets.UTF_8));
        }
        if (n == values.length) {
          values = java.util.Arrays.copyOf(values, n * 2);
        }
        values[n] = number(text, space + 1, end);
      }
      from = end + 1;
    }
    if (!ended) {
      throw new IllegalArgumentException("the text does not end with # EOF");
    }
    return new Scrape(raw, names, values, at);
  }

  private static int nameEnd(byte[] text, int from, int end) {
    boolean quoted = false;
    boolean braces = false;
    for (int i = from; i < end; i++) {
      byte c = text[i];
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{') {
        braces = true;
      } else if (c == '}') {
        braces = false;
      } else if (c == ' ' && !braces) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + new String(text, from, Math.min(end - from, 80), StandardCharsets.UTF_8)
            + "\" has no number");
  }

  private static double number(byte[] text, int from, int end) {
    int stop = from;
    while (stop < end && text[stop] != ' ' && text[stop] != '\r') {
      stop++;
    }
    long whole = 0;
    int i = from;
    while (i < stop && text[i] >= '0' && text[i] <= '9' && i - from < 15) {
      whole = whole * 10 + text[i++] - '0';
    }
    if (i > from && (i == stop || i + 2 == stop && text[i] == '.' && text[i + 1] == '0')) {
      return whole; // most are counts, written 12 or 12.0
    }
    var word = new String(text, from, stop - from, StandardCharsets.US_ASCII);
    return switch (word) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Double.parseDouble(word);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("\"" + word + "\" is not a number", e);
        }
      }
    };
  }

  private static boolean matches(byte[] text, int from, int end, byte[] name) {
    return java.util.Arrays.equals(text, from, end, name, 0, name.length);
  }

  /** When it was asked for, in nanoseconds. */
  public long at() {
    return at;
  }

  /** How many samples there are. */
  public int size() {
    return names.size();
  }

  /** The name of a sample, with its labels. */
  public String name(int i) {
    return names.get(i);
  }

  /** The value of a sample. */
  public double value(int i) {
    return values[i];
  }

  /** The value of the sample with this name and these labels, written as they came. */
  public @Nullable Double value(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  /**
   * The sum over all labels of a name.
   *
   * @param label only samples whose labels contain this text; empty for all
   * @return null if there is no such sample
   */
  public @Nullable Double sum(String name, String label) {
    double sum = 0;
    boolean found = false;
    for (int i = 0; i < names.size(); i++) {
      var full = names.get(i);
      if (full.startsWith(name)
          && (full.length() == name.length() || full.charAt(name.length()) == '{')
          && (label.isEmpty() || full.indexOf(label, name.length()) >= 0)) {
        sum += values[i];
        found = true;
      }
    }
    return found ? sum : null;
  }

  /** The value of a label of the first sample with this name. */
  public @Nullable String label(String name, String label) {
    for (var full : names) {
      if (full.startsWith(name + "{")) {
        int at = full.indexOf(label + "=\"");
        int from = at + label.length() + 2;
        return at < 0 ? null : full.substring(from, full.indexOf('"', from));
      }
    }
    return null;
  }
}
