package dev.islet.monitor.alert;

import dev.islet.monitor.model.Sample;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * Something that somebody should know of when it lasts.
 *
 * @param name as in the configuration
 * @param severity warning or critical
 * @param patience how long it must be bad before it is told, and good before it is over
 * @param look what a sample says, for each thing that the rule is about; a thing that is missing
 *     counts as good, since other rules tell of what is gone
 */
public record Rule(
    String name, String severity, Duration patience, Function<Sample, List<Finding>> look) {
  /** What is the case with one thing. */
  public enum Verdict {
    GOOD,
    /** Neither bad enough to begin nor good enough to end. */
    BETWEEN,
    BAD
  }

  /**
   * What a sample says about one thing.
   *
   * @param subject which service or interface; empty where there is one of it
   */
  public record Finding(String subject, Verdict verdict, String text) {
    /** Too much is bad: from one limit on it begins, below the other it ends. */
    static Finding above(double value, double bad, double good, String text) {
      return new Finding(
          "", value >= bad ? Verdict.BAD : value < good ? Verdict.GOOD : Verdict.BETWEEN, text);
    }

    /** Too little is bad. */
    static Finding below(double value, double bad, double good, String text) {
      return new Finding(
          "", value <= bad ? Verdict.BAD : value > good ? Verdict.GOOD : Verdict.BETWEEN, text);
    }
  }
}
