package dev.islet.core.admin;

import dev.islet.core.metrics.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * What a service's process costs, told by itself, so that it is known across containers without any
 * right over them: processor time, memory, threads and the limits of its control group. What cannot
 * be read (another system, a kernel without memory cgroup) has no value in the metrics.
 */
final class ProcessFigures {
  private static final Path SELF = Path.of("/proc/self");
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");

  /** The kernel walks all pages of the process for it, so it is read seldom. */
  private static final long SHARE_EVERY = TimeUnit.SECONDS.toNanos(15);

  private static long shareRead;
  private static OptionalDouble share = OptionalDouble.empty();

  private ProcessFigures() {}

  static Metrics of(String service) {
    var metrics = new Metrics(service);
    // Processes in several containers may all be number 1; the namespace tells them apart.
    var identity = ProcessHandle.current().pid() + "@" + namespace();
    metrics.gauges(
        "process_info",
        "Number and namespace of the process",
        "process",
        () -> Map.of(identity, 1.0));
    metrics.optional("process_cpu_seconds", "Processor time used", ProcessFigures::processor);
    metrics.optional(
        "process_resident_bytes",
        "Memory in use (RSS)",
        () -> number(SELF.resolve("status"), "VmRSS:", 1024));
    metrics.optional(
        "process_share_bytes",
        "Memory in use, shared pages in proportion (PSS)",
        ProcessFigures::share);
    metrics.optional(
        "process_threads", "Threads", () -> number(SELF.resolve("status"), "Threads:", 1));
    if (!contained()) {
      return metrics;
    }
    metrics.optional(
        "container_memory_bytes",
        "Memory of the control group, without what is cached of files and not in use",
        ProcessFigures::groupMemory);
    metrics.optional(
        "container_memory_limit_bytes",
        "What the control group may have",
        () -> first("memory.max", "memory/memory.limit_in_bytes"));
    metrics.optional(
        "container_cpu_seconds",
        "Processor time of the control group",
        ProcessFigures::groupProcessor);
    return metrics;
  }

  /** In user and in kernel mode, the 14th and 15th field; counted in hundredths of a second. */
  private static OptionalDouble processor() {
    try {
      var stat = Files.readString(SELF.resolve("stat"));
      var fields =
          stat.substring(stat.lastIndexOf(')') + 2).split(" ", 14); // a name may hold spaces
      return OptionalDouble.of((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0);
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return OptionalDouble.empty();
    }
  }

  private static String namespace() {
    try {
      return Files.readSymbolicLink(SELF.resolve("ns/pid")).toString().replaceAll("\\D", "");
    } catch (IOException | UnsupportedOperationException e) {
      return "0";
    }
  }

  private static synchronized OptionalDouble share() {
    long now = System.nanoTime();
    if (shareRead == 0 || now - shareRead > SHARE_EVERY) {
      share = number(SELF.resolve("smaps_rollup"), "Pss:", 1024);
      shareRead = now == 0 ? 1 : now;
    }
    return share;
  }

  private static OptionalDouble groupMemory() {
    var used = first("memory.current", "memory/memory.usage_in_bytes");
    if (used.isEmpty()) {
      return used;
    }
    var cached =
        Files.exists(GROUPS.resolve("memory.current"))
            ? number(GROUPS.resolve("memory.stat"), "inactive_file ", 1)
            : number(GROUPS.resolve("memory/memory.stat"), "total_inactive_file ", 1);
    return OptionalDouble.of(Math.max(0, used.getAsDouble() - cached.orElse(0)));
  }

  private static OptionalDouble groupProcessor() {
    var micros = number(GROUPS.resolve("cpu.stat"), "usage_usec ", 1e-6);
    return micros.isPresent() ? micros : whole(GROUPS.resolve("cpuacct/cpuacct.usage"), 1e-9);
  }

  /** Only the root of all groups lacks the one file (version 2) and has the other (version 1). */
  private static boolean contained() {
    return Files.exists(GROUPS.resolve("cgroup.events"))
        || Files.isDirectory(GROUPS.resolve("cpuacct"))
            && !Files.exists(GROUPS.resolve("cpuacct/release_agent"));
  }

  private static OptionalDouble first(String modern, String old) {
    var value = whole(GROUPS.resolve(modern), 1);
    return value.isPresent() ? value : whole(GROUPS.resolve(old), 1);
  }

  private static OptionalDouble whole(Path file, double unit) {
    try {
      double value = Double.parseDouble(Files.readString(file).strip()) * unit;
      // Version 1 says "no limit" with a number near 2^63, version 2 with the word max.
      return value > 1e18 ? OptionalDouble.empty() : OptionalDouble.of(value);
    } catch (IOException | NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  /** The number behind a word at the beginning of a line. */
  private static OptionalDouble number(Path file, String word, double unit) {
    try {
      for (var line : Files.readAllLines(file)) {
        if (line.startsWith(word)) {
          var rest = line.substring(word.length()).strip();
          int end = rest.indexOf(' ');
          return OptionalDouble.of(
              Double.parseDouble(end < 0 ? rest : rest.substring(0, end)) * unit);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.empty();
  }
}
