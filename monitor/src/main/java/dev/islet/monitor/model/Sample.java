package dev.islet.monitor.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The board and its services at one moment. Its components are the JSON of {@code /api/now}: rates
 * per second, sizes in bytes, shares from 0 to 1; what is not known is null, never 0.
 *
 * @param time epoch milliseconds
 */
public record Sample(
    long time,
    Host host,
    Board board,
    List<Interface> interfaces,
    List<ServiceSample> services,
    List<Alert> alerts,
    Self monitor) {
  /** The same with these alerts. */
  public Sample with(List<Alert> standing) {
    return new Sample(time, host, board, interfaces, services, standing, monitor);
  }

  /**
   * What does not change while the board runs, but for the time it runs.
   *
   * @param model what the board calls itself
   * @param uptime seconds
   */
  public record Host(
      String name,
      @Nullable String model,
      @Nullable String kernel,
      @Nullable Long uptime,
      String java) {}

  /**
   * The board.
   *
   * @param cpu share of all cores
   * @param cores share of each
   * @param load average number of those who would run, of 1, 5 and 15 minutes
   * @param frequency of the first core, in Hz
   * @param temperature in °C
   */
  public record Board(
      @Nullable Double cpu,
      List<@Nullable Double> cores,
      List<Double> load,
      @Nullable Long frequency,
      Memory memory,
      Disk disk,
      @Nullable Double temperature,
      @Nullable Throttle throttle) {}

  /** Memory in bytes; available is what could be had without swapping. */
  public record Memory(
      @Nullable Long total,
      @Nullable Long available,
      @Nullable Long swapTotal,
      @Nullable Long swapUsed) {
    /** The share that is in use. */
    public @Nullable Double used() {
      return total == null || available == null || total == 0
          ? null
          : (total - available) / (double) total;
    }
  }

  /** The file system with the state of the services, and what its device reads and writes. */
  public record Disk(
      String path,
      @Nullable Long total,
      @Nullable Long free,
      @Nullable Double readRate,
      @Nullable Double writeRate) {}

  /**
   * What the firmware of a Pi holds the board back for.
   *
   * @param now at this moment
   * @param since at any time since the start
   */
  public record Throttle(List<String> now, List<String> since) {}

  /** A network interface; rates in bytes a second. */
  public record Interface(
      String name,
      boolean up,
      List<String> addresses,
      @Nullable Double rxRate,
      @Nullable Double txRate,
      @Nullable Double rxErrors,
      @Nullable Double txErrors) {}

  /** How the monitor itself does. */
  public record Self(@Nullable Double cpu, @Nullable Long rss) {}
}
