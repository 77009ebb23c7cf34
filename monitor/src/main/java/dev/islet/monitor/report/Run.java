package dev.islet.monitor.report;

import static dev.islet.monitor.wire.JsonReader.list;
import static dev.islet.monitor.wire.JsonReader.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The samples of a run, taken as the monitor tells them, and what they add up to. */
public final class Run {
  /** Other programs that took more than this share of one core make a run a disturbed one. */
  private static final double OTHERS = 0.2;

  /** Mean and greatest of what was known; null if nothing was. */
  public record Spread(@Nullable Double mean, @Nullable Double max) {}

  /**
   * What one service cost.
   *
   * @param cpu share of one core
   * @param memory bytes
   * @param shared the services of the process that the figures are of, if it is more than one
   */
  public record Cost(String service, Spread cpu, Spread memory, List<String> shared, int away) {}

  /** One value of the board over time; null where it was unknown. */
  public record Curve(String key, String label, String unit, List<@Nullable Double> values) {}

  private final List<Long> times = new ArrayList<>();
  private final Map<String, Curve> board = new LinkedHashMap<>();
  private final Map<String, List<@Nullable Double>> cpu = new LinkedHashMap<>();
  private final Map<String, List<@Nullable Double>> memory = new LinkedHashMap<>();
  private final Map<String, List<String>> shared = new LinkedHashMap<>();
  private final Map<String, Integer> away = new LinkedHashMap<>();
  private final Map<String, Integer> throttled = new LinkedHashMap<>();
  private final List<Double> others = new ArrayList<>();
  private final Set<String> heldBack = new LinkedHashSet<>();
  private Map<String, @Nullable Object> host = Map.of();

  public Run() {
    curve("cpu", "CPU", "%");
    curve("load", "Load", "");
    curve("memory", "Memory in use", "%");
    curve("temperature", "Temperature", "°C");
    curve("frequency", "Frequency", "Hz");
  }

  private void curve(String key, String label, String unit) {
    board.put(key, new Curve(key, label, unit, new ArrayList<>()));
  }

  /**
   * Takes a sample, as parsed from the JSON of {@code /api/live}; one that is not newer by about a
   * second tells of a changed state only, and is left out.
   */
  public void add(Map<String, @Nullable Object> sample) {
    if (!(sample.get("time") instanceof Long time)
        || !times.isEmpty() && time - times.getLast() < 500) {
      return;
    }
    times.add(time);
    host = object(sample.get("host"));
    var state = object(sample.get("board"));
    var ram = object(state.get("memory"));
    var total = number(ram.get("total"));
    var available = number(ram.get("available"));
    put("cpu", number(state.get("cpu")));
    put(
        "load",
        list(state.get("load")).isEmpty() ? null : number(list(state.get("load")).getFirst()));
    put(
        "memory",
        total == null || available == null ? null : Double.valueOf((total - available) / total));
    put("temperature", number(state.get("temperature")));
    put("frequency", number(state.get("frequency")));
    for (var flag : list(object(state.get("throttle")).get("now"))) {
      throttled.merge(String.valueOf(flag), 1, Integer::sum);
    }
    for (var flag : list(object(state.get("throttle")).get("since"))) {
      heldBack.add(String.valueOf(flag));
    }
    services(sample, state);
  }

  private void services(Map<String, @Nullable Object> sample, Map<String, @Nullable Object> state) {
    double ours = 0;
    var counted = new LinkedHashSet<Object>();
    for (var each : list(sample.get("services"))) {
      var service = object(each);
      var name = String.valueOf(service.get("name"));
      var process = object(service.get("process"));
      var container = object(service.get("container"));
      var used = number(process.get("cpu"));
      var ram = number(container.get("memory"));
      ram = ram == null ? number(process.get("pss")) : ram;
      ram = ram == null ? number(process.get("rss")) : ram;
      series(cpu, name).add(used);
      series(memory, name).add(ram);
      away.merge(name, "up".equals(service.get("state")) ? 0 : 1, Integer::sum);
      shared.put(name, list(process.get("shared")).stream().map(String::valueOf).toList());
      if (used != null && counted.add(process.get("pid") + "/" + process.get("shared"))) {
        ours += used;
      }
    }
    int cores = list(state.get("cores")).size();
    var all = number(state.get("cpu"));
    if (all != null && cores > 0) {
      others.add(Math.max(0, all * cores - ours));
    }
  }

  private List<@Nullable Double> series(Map<String, List<@Nullable Double>> of, String name) {
    List<@Nullable Double> list = of.get(name);
    if (list == null) {
      list = new ArrayList<@Nullable Double>();
      of.put(name, list);
    }
    while (list.size() < times.size() - 1) {
      list.add(null); // it came later
    }
    return list;
  }

  private void put(String key, @Nullable Double value) {
    var curve = board.get(key);
    if (curve != null) {
      curve.values().add(value);
    }
  }

  /** When each sample was taken, epoch milliseconds. */
  public List<Long> times() {
    return List.copyOf(times);
  }

  /** The curves of the board. */
  public List<Curve> board() {
    return List.copyOf(board.values());
  }

  /** The processor time of each service over time. */
  public List<Curve> processors() {
    return cpu.entrySet().stream()
        .map(e -> new Curve(e.getKey(), e.getKey(), "%", e.getValue()))
        .toList();
  }

  /** What each service cost. */
  public List<Cost> costs() {
    var costs = new ArrayList<Cost>();
    for (var name : cpu.keySet()) {
      costs.add(
          new Cost(
              name,
              spread(cpu.get(name)),
              spread(memory.get(name)),
              shared.getOrDefault(name, List.of()),
              away.getOrDefault(name, 0)));
    }
    return costs;
  }

  /** What the board calls itself. */
  public String where() {
    var model = host.get("model");
    return host.getOrDefault("name", "?")
        + (model == null ? "" : ", " + model)
        + ", kernel "
        + host.getOrDefault("kernel", "?")
        + ", Java "
        + host.getOrDefault("java", "?");
  }

  /** Why this run should not be compared with others; empty if nothing speaks against it. */
  public List<String> marks() {
    var marks = new ArrayList<String>();
    throttled.forEach(
        (flag, seconds) -> marks.add("throttled: " + flag + " for " + seconds + " seconds"));
    for (var flag : heldBack) {
      if (!throttled.containsKey(flag)) {
        marks.add("the board was held back at some time since its start: " + flag);
      }
    }
    int missed = 0;
    for (int i = 1; i < times.size(); i++) {
      missed += (int) Math.max(0, Math.round((times.get(i) - times.get(i - 1)) / 1000.0) - 1);
    }
    if (missed > 0) {
      marks.add("disturbed: " + missed + " seconds without a sample");
    }
    double mean = others.stream().mapToDouble(d -> d).average().orElse(0);
    if (mean > OTHERS) {
      marks.add(
          String.format(
              Locale.ROOT,
              "disturbed: other programs used %.0f %% of one core on average",
              mean * 100));
    }
    for (var cost : costs()) {
      if (cost.away() > 0) {
        marks.add(cost.service() + " was not up for " + cost.away() + " seconds");
      }
    }
    return marks;
  }

  /** Mean and greatest of the known values. */
  static Spread spread(@Nullable List<@Nullable Double> values) {
    if (values == null) {
      return new Spread(null, null);
    }
    double sum = 0;
    double max = Double.NEGATIVE_INFINITY;
    int known = 0;
    for (var value : values) {
      if (value != null) {
        sum += value;
        max = Math.max(max, value);
        known++;
      }
    }
    return known == 0 ? new Spread(null, null) : new Spread(sum / known, max);
  }

  private static @Nullable Double number(@Nullable Object value) {
    return value instanceof Number n ? Double.valueOf(n.doubleValue()) : null;
  }
}
