package dev.islet.monitor.alert;

import dev.islet.monitor.alert.Rule.Finding;
import dev.islet.monitor.alert.Rule.Verdict;
import dev.islet.monitor.model.Sample;
import dev.islet.monitor.model.ServiceSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** The rules that come with the monitor. Each is of use on every board, and can be left out. */
public final class Rules {
  private static final String WARNING = "warning";
  private static final String CRITICAL = "critical";

  /** All of them. */
  public static final List<Rule> ALL =
      List.of(
          new Rule("service-down", CRITICAL, seconds(10), Rules::services),
          new Rule(
              "memory-low",
              CRITICAL,
              seconds(60),
              sample ->
                  one(
                      sample.board().memory().used(),
                      used ->
                          Finding.above(
                              used, 0.92, 0.88, percent(used) + " of the memory is in use"))),
          new Rule(
              "disk-full",
              CRITICAL,
              seconds(60),
              sample ->
                  one(
                      diskUsed(sample),
                      used ->
                          Finding.above(
                              used,
                              0.95,
                              0.93,
                              percent(used)
                                  + " of the disk at "
                                  + sample.board().disk().path()
                                  + " is in use"))),
          new Rule(
              "temperature-high",
              WARNING,
              seconds(30),
              sample ->
                  one(
                      sample.board().temperature(),
                      t -> Finding.above(t, 80, 75, "the processor has " + Math.round(t) + " °C"))),
          new Rule("throttled", WARNING, seconds(5), Rules::throttled),
          new Rule(
              "load-high",
              WARNING,
              seconds(120),
              sample ->
                  one(
                      loadOfCore(sample),
                      load ->
                          Finding.above(
                              load,
                              2,
                              1.5,
                              String.format(Locale.ROOT, "the load is %.1f for each core", load)))),
          new Rule(
              "dhcp-pool-low",
              WARNING,
              seconds(30),
              sample ->
                  one(
                      figure(sample, "dhcp.pool"),
                      used ->
                          Finding.above(
                              used,
                              0.95,
                              0.9,
                              percent(used) + " of the DHCP addresses are given out"))),
          new Rule(
              "dns-failing",
              WARNING,
              seconds(60),
              sample ->
                  one(
                      dnsFailing(sample),
                      share ->
                          Finding.above(
                              share, 0.2, 0.05, percent(share) + " of the DNS questions fail"))),
          new Rule(
              "call-bad",
              WARNING,
              seconds(10),
              sample ->
                  one(
                      figure(sample, "voip.mos"),
                      mos ->
                          Finding.below(
                              mos,
                              3.1,
                              3.6,
                              String.format(Locale.ROOT, "a call sounds bad: MOS %.1f", mos)))));

  private Rules() {}

  private static List<Finding> services(Sample sample) {
    var found = new ArrayList<Finding>();
    for (var service : sample.services()) {
      found.add(
          new Finding(
              service.name(),
              switch (service.state()) {
                case "down", "hung", "lying" -> Verdict.BAD;
                case "up" -> Verdict.GOOD;
                default -> Verdict.BETWEEN;
              },
              service.name()
                  + " is "
                  + service.state()
                  + (service.why() == null ? "" : ": " + service.why())));
    }
    return found;
  }

  private static List<Finding> throttled(Sample sample) {
    var throttle = sample.board().throttle();
    return throttle == null
        ? List.of()
        : List.of(
            new Finding(
                "",
                throttle.now().isEmpty() ? Verdict.GOOD : Verdict.BAD,
                "the firmware holds the board back: " + String.join(", ", throttle.now())));
  }

  private static List<Finding> one(@Nullable Double value, DoubleFunction<Finding> judged) {
    return value == null ? List.of() : List.of(judged.apply(value));
  }

  private static @Nullable Double diskUsed(Sample sample) {
    var total = sample.board().disk().total();
    var free = sample.board().disk().free();
    return total == null || free == null || total == 0
        ? null
        : Double.valueOf((total - free) / (double) total);
  }

  private static @Nullable Double loadOfCore(Sample sample) {
    int cores = sample.board().cores().size();
    return cores == 0 || sample.board().load().isEmpty()
        ? null
        : Double.valueOf(sample.board().load().get(0) / cores);
  }

  private static @Nullable Double dnsFailing(Sample sample) {
    var failures = figure(sample, "dns.failures");
    var questions = figure(sample, "dns.questions");
    return failures == null || questions == null || questions < 0.1
        ? null
        : Double.valueOf(failures / questions);
  }

  private static @Nullable Double figure(Sample sample, String key) {
    for (ServiceSample service : sample.services()) {
      var value = service.figure(key);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private static String percent(double ratio) {
    return Math.round(ratio * 100) + " %";
  }

  private static Duration seconds(int n) {
    return Duration.ofSeconds(n);
  }
}
