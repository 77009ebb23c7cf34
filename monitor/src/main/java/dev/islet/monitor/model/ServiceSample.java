package dev.islet.monitor.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service at one moment.
 *
 * @param state up, starting, down, hung, lying or unknown
 * @param why what is wrong, in one sentence
 * @param address of its admin endpoint
 * @param endpoints where it serves
 */
public record ServiceSample(
    String name,
    String state,
    @Nullable String why,
    String address,
    List<String> endpoints,
    @Nullable Process process,
    @Nullable Container container,
    List<Figure> figures) {
  /**
   * The process it runs in.
   *
   * @param shared the services in this process, if there are several: the figures are of all
   * @param cpu share of one core
   * @param pss memory with shared pages in proportion
   */
  public record Process(
      long pid,
      List<String> shared,
      @Nullable Double cpu,
      @Nullable Long rss,
      @Nullable Long pss,
      @Nullable Long threads) {}

  /**
   * The control group it runs in.
   *
   * @param note why something is not known, and what to do
   */
  public record Container(
      String name,
      @Nullable Double cpu,
      @Nullable Long memory,
      @Nullable Long limit,
      @Nullable String note) {}

  /**
   * A number of a service.
   *
   * @param key its name in the history
   * @param unit /s, B, B/s, s, ms, % (a share from 0 to 1), or nothing
   * @param main one of the few that are shown first
   */
  public record Figure(
      String key, String label, @Nullable Double value, String unit, boolean main) {}

  /** The value of a figure, if it is known. */
  public @Nullable Double figure(String key) {
    for (var figure : figures) {
      if (figure.key().equals(key)) {
        return figure.value();
      }
    }
    return null;
  }
}
