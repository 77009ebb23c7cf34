package dev.islet.dns.queries;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the most frequent of many things in little memory (Metwally, Agrawal and El Abbadi 2005).
 * Every thing that makes up more than 1/capacity of all is in it; a count is too high by at most
 * the error beside it, which is what the thing that had to go had.
 */
final class SpaceSaving {
  /** How often a thing was seen, at most {@code error} too high. */
  record Count(String what, long count, long error) {}

  private static final class Counter {
    final String what;
    long count;
    final long error;

    Counter(String what, long count, long error) {
      this.what = what;
      this.count = count;
      this.error = error;
    }
  }

  private final int capacity;
  private final Map<String, Counter> counters = new HashMap<>();
  private final TreeMap<Long, LinkedHashSet<Counter>> byCount = new TreeMap<>();

  SpaceSaving(int capacity) {
    this.capacity = capacity;
  }

  void add(String what) {
    var counter = counters.get(what);
    if (counter != null) {
      leave(counter);
    } else if (counters.size() < capacity) {
      counter = new Counter(what, 0, 0);
      counters.put(what, counter);
    } else {
      var least = byCount.firstEntry().getValue().iterator().next();
      leave(least);
      counters.remove(least.what);
      counter = new Counter(what, least.count, least.count);
      counters.put(what, counter);
    }
    counter.count++;
    byCount.computeIfAbsent(counter.count, c -> new LinkedHashSet<>()).add(counter);
  }

  private void leave(Counter counter) {
    var same = byCount.get(counter.count);
    if (same != null) {
      same.remove(counter);
      if (same.isEmpty()) {
        byCount.remove(counter.count);
      }
    }
  }

  /** All that is known, the most frequent first. */
  List<Count> counts() {
    var all = new ArrayList<Count>();
    for (var same : byCount.descendingMap().values()) {
      same.forEach(c -> all.add(new Count(c.what, c.count, c.error)));
    }
    return all;
  }
}
