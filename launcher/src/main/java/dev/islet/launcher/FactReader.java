package dev.islet.launcher;

import dev.islet.core.net.Nic;
import dev.islet.core.service.HeldPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the facts from the files in which Linux and its network programs tell them. */
final class FactReader {
  /** Without these nothing below port 1024, no raw socket and no route: bits 10, 12 and 13. */
  private static final long NEEDED = 1L << 10 | 1L << 12 | 1L << 13;

  private static final Pattern SERVER =
      Pattern.compile(
          "(?:SERVER_ADDRESS=|option dhcp-server-identifier )(\\d+\\.\\d+\\.\\d+\\.\\d+)");
  private static final Pattern INTERFACE = Pattern.compile("interface \"([^\"]+)\"");

  private final Path root;

  private FactReader(Path root) {
    this.root = root;
  }

  /**
   * Reads them all.
   *
   * @param root {@code /}, or where a test has such files
   * @param interfaces those that exist
   */
  static Facts read(Path root, List<Nic> interfaces, Instant now) {
    var reader = new FactReader(root);
    return new Facts(
        HeldPort.read(root.resolve("proc")),
        interfaces,
        reader.unprivileged(),
        reader
            .first("proc/sys/net/ipv4/ip_unprivileged_port_start")
            .map(Integer::parseInt)
            .orElse(1024),
        reader.memoryCgroup(),
        reader.first("proc/sys/net/ipv4/ip_forward").map(text -> text.equals("1")),
        now,
        reader.text("proc/device-tree/model").map(model -> model.replace("\0", "").strip()),
        reader.power(),
        reader.leases(interfaces));
  }

  private Optional<String> text(String file) {
    try {
      return Optional.of(
          new String(Files.readAllBytes(root.resolve(file)), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty(); // this machine does not tell
    }
  }

  private Optional<String> first(String file) {
    return text(file).map(String::strip).filter(line -> !line.isEmpty());
  }

  private boolean unprivileged() {
    return text("proc/self/status")
        .flatMap(status -> status.lines().filter(l -> l.startsWith("CapEff:")).findFirst())
        .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .map(capabilities -> (capabilities & NEEDED) != NEEDED)
        .orElse(false);
  }

  /** Version 2 lists its controllers in a file; version 1 tells in {@code /proc/cgroups}. */
  private Optional<Boolean> memoryCgroup() {
    var second = text("sys/fs/cgroup/cgroup.controllers");
    if (second.isPresent()) {
      return second.map(list -> List.of(list.strip().split(" ")).contains("memory"));
    }
    return text("proc/cgroups")
        .map(
            table ->
                table
                    .lines()
                    .map(line -> line.split("\\s+"))
                    .anyMatch(c -> c.length > 3 && c[0].equals("memory") && c[3].equals("1")));
  }

  /**
   * The firmware's word in hexadecimal; or, of other kernels, the alarm of their voltage sensor.
   */
  private Optional<Integer> power() {
    var told = first("sys/devices/platform/soc/soc:firmware/get_throttled");
    if (told.isPresent()) {
      return told.map(hex -> Integer.parseUnsignedInt(hex.replaceFirst("^0x", ""), 16));
    }
    try (var sensors = Files.newDirectoryStream(root.resolve("sys/class/hwmon"))) {
      for (var sensor : sensors) {
        var folder = root.relativize(sensor).toString();
        if (first(folder + "/name").filter("rpi_volt"::equals).isPresent()) {
          return first(folder + "/in0_lcrit_alarm").map(Integer::parseInt);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /** Of systemd-networkd by index, of NetworkManager by name, of dhclient inside the file. */
  private Map<String, String> leases(List<Nic> interfaces) {
    var leases = new HashMap<String, String>();
    for (var nic : interfaces) {
      text("run/systemd/netif/leases/" + nic.index())
          .flatMap(FactReader::server)
          .ifPresent(server -> leases.put(nic.name(), server));
    }
    each(
        "var/lib/NetworkManager",
        "internal-*.lease",
        (name, text) ->
            interfaces.stream()
                .filter(nic -> name.endsWith("-" + nic.name() + ".lease"))
                .forEach(nic -> server(text).ifPresent(s -> leases.put(nic.name(), s))));
    each(
        "var/lib/dhcp",
        "dhclient*.leases",
        (name, text) -> {
          var nic = INTERFACE.matcher(text);
          if (nic.find()) {
            server(text).ifPresent(server -> leases.put(nic.group(1), server));
          }
        });
    return Map.copyOf(leases);
  }

  /** The newest, which is the last. */
  private static Optional<String> server(String lease) {
    var found = SERVER.matcher(lease).results().toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getLast().group(1));
  }

  private interface Named {
    void take(String name, String text);
  }

  private void each(String folder, String pattern, Named action) {
    try (var files = Files.newDirectoryStream(root.resolve(folder), pattern)) {
      for (var file : files) {
        text(root.relativize(file).toString())
            .ifPresent(text -> action.take(file.getFileName().toString(), text));
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // that program is not here
    }
  }
}
