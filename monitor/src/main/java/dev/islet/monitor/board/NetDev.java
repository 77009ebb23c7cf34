package dev.islet.monitor.board;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each network interface has carried since the start, from {@code /proc/net/dev}. */
public record NetDev(long rxBytes, long rxErrors, long txBytes, long txErrors) {
  /** Reads the file: counters by the name of the interface, in its order. */
  public static Map<String, NetDev> parse(String text) {
    var all = new LinkedHashMap<String, NetDev>();
    for (var line : Lines.of(text)) {
      int colon = line.lastIndexOf(':'); // a name may hold one: eth0:1
      if (colon < 0) {
        continue;
      }
      var words = Lines.words(line.substring(colon + 1));
      if (words.size() < 16) {
        continue;
      }
      var rxBytes = Lines.whole(words.get(0));
      var rxErrors = Lines.whole(words.get(2));
      var txBytes = Lines.whole(words.get(8));
      var txErrors = Lines.whole(words.get(10));
      if (rxBytes != null && rxErrors != null && txBytes != null && txErrors != null) {
        all.put(line.substring(0, colon).strip(), new NetDev(rxBytes, rxErrors, txBytes, txErrors));
      }
    }
    return all;
  }

  /** A rate, or unknown where a counter began anew (the interface went and came). */
  static @Nullable Double rate(long now, long before, double seconds) {
    return now < before || seconds <= 0 ? null : Double.valueOf((now - before) / seconds);
  }
}
