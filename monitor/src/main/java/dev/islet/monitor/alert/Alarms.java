package dev.islet.monitor.alert;

import dev.islet.monitor.alert.Rule.Verdict;
import dev.islet.monitor.model.Alert;
import dev.islet.monitor.model.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Judges samples by rules. An alert begins when a finding was bad for as long as the rule is
 * patient, and ends when it was good for as long; what lies between changes nothing.
 */
public final class Alarms {
  private final List<Rule> rules;
  private final Map<String, Standing> standing = new LinkedHashMap<>();

  /** How one thing stands. */
  private static final class Standing {
    private @Nullable Alert alert;

    /** Since when the verdict is the other one than the alert says; -1 while it is not. */
    private long turnedAt = -1;

    private String text = "";
  }

  public Alarms(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * Takes a sample.
   *
   * @param now nanoseconds, on a clock that never steps
   * @param changes is given each alert that begins, and each that is over
   * @return the alerts that stand
   */
  public List<Alert> on(long now, Sample sample, Consumer<Alert> changes) {
    for (var rule : rules) {
      var missing = new LinkedHashSet<String>();
      for (var key : standing.keySet()) {
        if (key.equals(rule.name()) || key.startsWith(rule.name() + ":")) {
          missing.add(key);
        }
      }
      for (var finding : rule.look().apply(sample)) {
        var key = finding.subject().isEmpty() ? rule.name() : rule.name() + ":" + finding.subject();
        missing.remove(key);
        judge(rule, key, finding, now, sample.time(), changes);
      }
      for (var key : missing) {
        judge(rule, key, new Rule.Finding("", Verdict.GOOD, ""), now, sample.time(), changes);
      }
    }
    return standing();
  }

  private void judge(
      Rule rule, String key, Rule.Finding finding, long now, long wall, Consumer<Alert> changes) {
    var is = standing.computeIfAbsent(key, k -> new Standing());
    if (finding.verdict() == Verdict.BAD) {
      is.text = finding.text();
    }
    var alert = is.alert;
    boolean turned = finding.verdict() == (alert == null ? Verdict.BAD : Verdict.GOOD);
    if (!turned) {
      is.turnedAt = -1;
      return;
    }
    if (is.turnedAt < 0) {
      is.turnedAt = now;
    }
    if (now - is.turnedAt < rule.patience().toNanos()) {
      return;
    }
    is.turnedAt = -1;
    if (alert == null) {
      is.alert = new Alert(key, wall, rule.severity(), is.text, false);
      changes.accept(is.alert);
    } else {
      is.alert = null;
      changes.accept(new Alert(key, alert.since(), alert.severity(), alert.text(), true));
    }
  }

  private List<Alert> standing() {
    var all = new ArrayList<Alert>();
    for (var each : standing.values()) {
      if (each.alert != null) {
        all.add(each.alert);
      }
    }
    return List.copyOf(all);
  }
}
