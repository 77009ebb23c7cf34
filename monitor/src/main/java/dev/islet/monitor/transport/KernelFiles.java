package dev.islet.monitor.transport;

import dev.islet.monitor.board.BoardView;
import dev.islet.monitor.board.DiskStats;
import dev.islet.monitor.board.Readings;
import dev.islet.monitor.model.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the kernel tells in {@code /proc} and {@code /sys}. Which files there are is looked up
 * seldom, the files themselves once a sample, into a buffer that stays.
 */
public final class KernelFiles {
  private static final long LOOK_EVERY = TimeUnit.SECONDS.toNanos(15);

  /** 4 KiB on most boards, 16 KiB on a Pi 5. */
  private static final long PAGE = page();

  private final Path root;
  private final Path kept;
  private final byte[] buffer = new byte[1 << 16];
  private long looked;
  private boolean found;
  private @Nullable Path frequency;
  private @Nullable Path temperature;
  private @Nullable Path throttled;
  private @Nullable Path voltageAlarm;
  private @Nullable String device;
  private Map<String, BoardView.Link> links = Map.of();
  private @Nullable Long total;
  private @Nullable Long free;

  /**
   * @param root of the tree with proc and sys; another than {@code /} in tests
   * @param kept a folder of the file system that is told of
   */
  public KernelFiles(Path root, Path kept) {
    this.root = root;
    this.kept = kept.toAbsolutePath().normalize();
  }

  /** The files as they are now. */
  public Readings read(long nanos) {
    if (!found || nanos - looked > LOOK_EVERY) {
      look();
      looked = nanos;
      found = true;
    }
    return new Readings(
        nanos,
        text(root.resolve("proc/stat")),
        text(root.resolve("proc/loadavg")),
        text(root.resolve("proc/meminfo")),
        text(root.resolve("proc/net/dev")),
        device == null ? null : text(root.resolve("proc/diskstats")),
        device,
        text(frequency),
        text(temperature),
        text(throttled),
        text(voltageAlarm));
  }

  /** Interfaces by name, as they were when last looked up. */
  public Map<String, BoardView.Link> links() {
    return links;
  }

  /** The folder whose file system is told of. */
  public String path() {
    return kept.toString();
  }

  /** Its size in bytes. */
  public @Nullable Long total() {
    return total;
  }

  /** What may still be written to it. */
  public @Nullable Long free() {
    return free;
  }

  /** What the board calls itself and how long it runs. */
  public Sample.Host host() {
    var model = text(root.resolve("proc/device-tree/model"));
    var name = text(root.resolve("proc/sys/kernel/hostname"));
    var uptime = text(root.resolve("proc/uptime"));
    return new Sample.Host(
        name == null ? "unknown" : name.strip(),
        model == null ? null : model.replace("\0", "").strip(),
        stripped(text(root.resolve("proc/sys/kernel/osrelease"))),
        uptime == null || uptime.indexOf('.') < 1
            ? null
            : Long.valueOf(Long.parseLong(uptime.substring(0, uptime.indexOf('.')))),
        Runtime.version().toString());
  }

  /** Memory that this process has in use, in bytes. */
  public @Nullable Long resident() {
    var pages = text(Path.of("/proc/self/statm"));
    var words = pages == null ? new String[0] : pages.split(" ", 3);
    return words.length < 2 ? null : Long.valueOf(Long.parseLong(words[1]) * PAGE);
  }

  /** Processor time that this process has used, in nanoseconds. */
  public @Nullable Long processor() {
    var stat = text(Path.of("/proc/self/stat"));
    if (stat == null) {
      return null;
    }
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 14); // a name may hold spaces
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000_000L;
  }

  private static @Nullable String stripped(@Nullable String text) {
    return text == null ? null : text.strip();
  }

  private void look() {
    frequency =
        there("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq") instanceof Path p
            ? p
            : there("sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq");
    throttled = firmware();
    temperature = null;
    voltageAlarm = null;
    var zones = folders("sys/class/thermal", "thermal_zone");
    for (var zone : zones) {
      var type = text(zone.resolve("type"));
      if (temperature == null || type != null && type.contains("cpu")) {
        temperature = Files.isReadable(zone.resolve("temp")) ? zone.resolve("temp") : temperature;
        if (type != null && type.contains("cpu")) {
          break;
        }
      }
    }
    for (var chip : folders("sys/class/hwmon", "hwmon")) {
      var name = text(chip.resolve("name"));
      if (name == null) {
        continue;
      }
      if (name.strip().equals("rpi_volt")) {
        voltageAlarm = chip.resolve("in0_lcrit_alarm");
      }
      boolean cpu = name.contains("cpu") || name.contains("coretemp") || name.contains("k10temp");
      if (temperature == null && cpu && Files.isReadable(chip.resolve("temp1_input"))) {
        temperature = chip.resolve("temp1_input");
      }
    }
    var mounts = text(root.resolve("proc/self/mountinfo"));
    device = mounts == null ? null : DiskStats.device(mounts, kept.toString());
    links = interfaces();
    try {
      var store = Files.getFileStore(Files.exists(kept) ? kept : Path.of("/"));
      total = store.getTotalSpace();
      free = store.getUsableSpace();
    } catch (IOException e) {
      total = null;
      free = null;
    }
  }

  /** Named after the address of the chip's bus, which differs between models. */
  private @Nullable Path firmware() {
    try (var buses = Files.newDirectoryStream(root.resolve("sys/devices/platform"), "soc*")) {
      for (var bus : buses) {
        try (var parts = Files.newDirectoryStream(bus, "*firmware")) {
          for (var part : parts) {
            if (Files.isReadable(part.resolve("get_throttled"))) {
              return part.resolve("get_throttled");
            }
          }
        }
      }
    } catch (IOException e) {
      return null; // no Pi
    }
    return null;
  }

  /** The kernel tells it of every mapping. */
  private static long page() {
    try (var lines = Files.lines(Path.of("/proc/self/smaps"))) {
      return lines
          .filter(l -> l.startsWith("KernelPageSize:"))
          .findFirst()
          .map(l -> Long.parseLong(l.replaceAll("\\D", "")) * 1024)
          .orElse(4096L);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 4096;
    }
  }

  private @Nullable Path there(String path) {
    var file = root.resolve(path);
    return Files.isReadable(file) ? file : null;
  }

  private List<Path> folders(String of, String prefix) {
    var all = new TreeMap<Integer, Path>();
    try (var entries = Files.newDirectoryStream(root.resolve(of), prefix + "*")) {
      for (var entry : entries) {
        var number = entry.getFileName().toString().substring(prefix.length());
        if (number.matches("\\d{1,6}")) {
          all.put(Integer.valueOf(number), entry);
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return new ArrayList<>(all.values());
  }

  private static Map<String, BoardView.Link> interfaces() {
    var all = new TreeMap<String, BoardView.Link>();
    try {
      for (var nic : (Iterable<NetworkInterface>) NetworkInterface.networkInterfaces()::iterator) {
        var addresses =
            nic.getInterfaceAddresses().stream()
                .map(
                    a ->
                        a.getAddress().getHostAddress().replaceFirst("%.*", "")
                            + "/"
                            + a.getNetworkPrefixLength())
                .toList();
        all.put(nic.getName(), new BoardView.Link(nic.isUp(), addresses));
      }
    } catch (SocketException e) {
      return all; // what was found until then
    }
    return all;
  }

  /** Files of the kernel have no length, and give all at once when asked for enough. */
  private @Nullable String text(@Nullable Path file) {
    if (file == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      int length = in.readNBytes(buffer, 0, buffer.length);
      return new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return null;
    }
  }
}
