package dev.islet.monitor.board;

import dev.islet.monitor.model.Sample;
import org.jspecify.annotations.Nullable;

/** Memory, from {@code /proc/meminfo}. */
public final class MemInfo {
  private MemInfo() {}

  /** Reads the file; kernels before 3.14 do not tell what is available, so it is unknown there. */
  public static Sample.Memory parse(String text) {
    Long swap = field(text, "SwapTotal");
    Long swapFree = field(text, "SwapFree");
    return new Sample.Memory(
        field(text, "MemTotal"),
        field(text, "MemAvailable"),
        swap,
        swap == null || swapFree == null ? null : Long.valueOf(swap - swapFree));
  }

  private static @Nullable Long field(String text, String name) {
    int at = text.startsWith(name + ":") ? 0 : text.indexOf("\n" + name + ":");
    if (at < 0) {
      return null;
    }
    int from = text.indexOf(':', at) + 1;
    int end = text.indexOf('\n', from);
    var words = Lines.words(text.substring(from, end < 0 ? text.length() : end));
    var value = words.isEmpty() ? null : Lines.whole(words.getFirst());
    return value == null ? null : Long.valueOf(value * 1024);
  }
}
