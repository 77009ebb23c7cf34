package dev.islet.monitor.board;

import dev.islet.monitor.model.Sample;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why the firmware of a Pi holds the board back: bits of {@code get_throttled}. 0 to 3 tell of now,
 * 16 to 19 of any time since the start.
 */
public final class ThrottleFlags {
  private static final List<String> NAMES =
      List.of("under-voltage", "frequency-capped", "throttled", "soft-temperature-limit");

  private ThrottleFlags() {}

  /** Reads the hexadecimal number, with or without 0x; null if it is none. */
  public static Sample.@Nullable Throttle parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      var digits = text.strip();
      int bits =
          Integer.parseUnsignedInt(digits.startsWith("0x") ? digits.substring(2) : digits, 16);
      return new Sample.Throttle(names(bits), names(bits >> 16));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** What the voltage alarm of the Pi's hwmon device tells, where the firmware's file is not. */
  public static Sample.@Nullable Throttle alarm(@Nullable String text) {
    var value = Lines.whole(text);
    if (value == null) {
      return null;
    }
    var names = value == 0 ? List.<String>of() : List.of(NAMES.getFirst());
    return new Sample.Throttle(names, names);
  }

  private static List<String> names(int bits) {
    var names = new ArrayList<String>();
    for (int i = 0; i < NAMES.size(); i++) {
      if ((bits >> i & 1) != 0) {
        names.add(NAMES.get(i));
      }
    }
    return List.copyOf(names);
  }
}
