package dev.islet.monitor.board;

import dev.islet.monitor.model.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Two readings of the kernel's files, one after the other, as a sample. */
public final class BoardView {
  private final Readings now;
  private final Readings before;
  private final double seconds;

  public BoardView(Readings before, Readings now) {
    this.now = now;
    this.before = before;
    this.seconds = (now.nanos() - before.nanos()) / 1e9;
  }

  /**
   * The board.
   *
   * @param path of the file system told of
   * @param total its size, and what is free for us, where they are known
   */
  public Sample.Board board(String path, @Nullable Long total, @Nullable Long free) {
    var times = CpuTimes.parse(text(now.stat()));
    var earlier = CpuTimes.parse(text(before.stat()));
    var khz = Lines.whole(now.frequency());
    var throttle = ThrottleFlags.parse(now.throttled());
    return new Sample.Board(
        times.since(earlier),
        times.coresSince(earlier),
        load(),
        khz == null ? null : Long.valueOf(khz * 1000),
        MemInfo.parse(text(now.meminfo())),
        disk(path, total, free),
        temperature(),
        throttle == null ? ThrottleFlags.alarm(now.voltageAlarm()) : throttle);
  }

  /** Interfaces; what the kernel's file does not tell is given by name. */
  public List<Sample.Interface> interfaces(Map<String, Link> links) {
    var counters = NetDev.parse(text(now.netDev()));
    var earlier = NetDev.parse(text(before.netDev()));
    var all = new ArrayList<Sample.Interface>();
    counters.forEach(
        (name, counter) -> {
          var link = links.getOrDefault(name, new Link(false, List.of()));
          var was = earlier.get(name);
          all.add(
              was == null
                  ? new Sample.Interface(name, link.up(), link.addresses(), null, null, null, null)
                  : new Sample.Interface(
                      name,
                      link.up(),
                      link.addresses(),
                      NetDev.rate(counter.rxBytes(), was.rxBytes(), seconds),
                      NetDev.rate(counter.txBytes(), was.txBytes(), seconds),
                      NetDev.rate(counter.rxErrors(), was.rxErrors(), seconds),
                      NetDev.rate(counter.txErrors(), was.txErrors(), seconds)));
        });
    return all;
  }

  /** Whether an interface is up, and its addresses with the length of their prefix. */
  public record Link(boolean up, List<String> addresses) {}

  private List<Double> load() {
    var words = Lines.words(text(now.loadavg()));
    var load = new ArrayList<Double>();
    for (int i = 0; i < Math.min(3, words.size()); i++) {
      var value = Lines.number(words.get(i));
      if (value != null) {
        load.add(value);
      }
    }
    return load.size() == 3 ? List.copyOf(load) : List.of();
  }

  private Sample.Disk disk(String path, @Nullable Long total, @Nullable Long free) {
    var device = now.device();
    var stats = device == null ? null : DiskStats.parse(text(now.diskstats()), device);
    var was = device == null ? null : DiskStats.parse(text(before.diskstats()), device);
    return stats == null || was == null
        ? new Sample.Disk(path, total, free, null, null)
        : new Sample.Disk(
            path,
            total,
            free,
            NetDev.rate(stats.read(), was.read(), seconds),
            NetDev.rate(stats.written(), was.written(), seconds));
  }

  private @Nullable Double temperature() {
    var milli = Lines.number(now.temperature());
    // Sensors that are not there say 0 or a wild number.
    return milli == null || milli == 0 || milli < -60_000 || milli > 200_000
        ? null
        : Double.valueOf(milli / 1000);
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }
}
