package dev.islet.monitor.board;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processor time of all cores together and of each, from {@code /proc/stat}, in the kernel's ticks.
 * Waiting for the disk counts as idle; what a host has stolen counts as busy.
 */
public record CpuTimes(List<Times> cores, @Nullable Times all) {
  /** Ticks of one core since the start. */
  public record Times(long busy, long total) {
    @Nullable Double since(Times before) {
      long passed = total - before.total;
      return passed <= 0 ? null : Math.clamp((busy - before.busy) / (double) passed, 0, 1);
    }
  }

  /** Reads the file; lines that are something else are passed over. */
  public static CpuTimes parse(String stat) {
    Times all = null;
    var cores = new ArrayList<Times>();
    for (var line : Lines.of(stat)) {
      if (line.startsWith("cpu")) {
        var times = times(Lines.words(line));
        if (times == null) {
          continue;
        }
        if (line.startsWith("cpu ")) {
          all = times;
        } else {
          cores.add(times);
        }
      }
    }
    return new CpuTimes(List.copyOf(cores), all);
  }

  /** user nice system idle iowait irq softirq steal; what a guest had is in user already. */
  private static @Nullable Times times(List<String> words) {
    long total = 0;
    long idle = 0;
    for (int i = 1; i < Math.min(9, words.size()); i++) {
      var ticks = Lines.whole(words.get(i));
      if (ticks == null) {
        return null;
      }
      total += ticks;
      idle += i == 4 || i == 5 ? ticks : 0;
    }
    return words.size() < 5 ? null : new Times(total - idle, total);
  }

  /** The busy share of all cores since then. */
  public @Nullable Double since(CpuTimes before) {
    return all == null || before.all == null ? null : all.since(before.all);
  }

  /** The busy share of each core since then; one that came or went in between is unknown. */
  public List<@Nullable Double> coresSince(CpuTimes before) {
    var shares = new ArrayList<@Nullable Double>();
    for (int i = 0; i < cores.size(); i++) {
      shares.add(
          before.cores.size() == cores.size() ? cores.get(i).since(before.cores.get(i)) : null);
    }
    return shares;
  }
}
