package dev.islet.core.time;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 8h}, {@code 1d12h}. */
public final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d|w)");

  private Durations() {}

  /**
   * Reads one or more number-unit pairs; units are ms, s, m, h, d, w.
   *
   * @throws IllegalArgumentException naming what was expected
   */
  public static Duration parse(String text) {
    var matcher = PART.matcher(text.strip());
    var total = Duration.ZERO;
    int at = 0;
    while (matcher.lookingAt()) {
      long n;
      try {
        n = Long.parseLong(matcher.group(1));
        total =
            total.plus(
                switch (matcher.group(2)) {
                  case "ms" -> Duration.ofMillis(n);
                  case "s" -> Duration.ofSeconds(n);
                  case "m" -> Duration.ofMinutes(n);
                  case "h" -> Duration.ofHours(n);
                  case "d" -> Duration.ofDays(n);
                  default -> Duration.ofDays(Math.multiplyExact(7, n));
                });
      } catch (ArithmeticException | NumberFormatException e) {
        throw new IllegalArgumentException("\"" + text + "\" is too long a duration", e);
      }
      at = matcher.end();
      matcher.region(at, matcher.regionEnd());
    }
    if (at == 0 || at != text.strip().length()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a duration; write a number and ms, s, m, h, d or w, like 30s");
    }
    return total;
  }

  /** The shortest text that {@link #parse} reads back to the same duration, to the millisecond. */
  public static String format(Duration duration) {
    if (duration.toMillis() == 0) {
      return "0s";
    }
    var out = new StringBuilder();
    append(out, duration.toDays(), "d");
    append(out, duration.toHoursPart(), "h");
    append(out, duration.toMinutesPart(), "m");
    append(out, duration.toSecondsPart(), "s");
    append(out, duration.toMillisPart(), "ms");
    return out.toString();
  }

  private static void append(StringBuilder out, long n, String unit) {
    if (n != 0) {
      out.append(n).append(unit);
    }
  }
}
