package dev.islet.core.service;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds the process that holds a port by reading {@code /proc}; silent where that is not told. */
final class PortHolder {
  private PortHolder() {}

  static Optional<String> find(String protocol, int port) {
    var table = protocol.contains("udp") ? "udp" : "tcp";
    var inodes = new HashSet<String>();
    collect(Path.of("/proc/net/" + table), port, inodes);
    collect(Path.of("/proc/net/" + table + "6"), port, inodes);
    if (inodes.isEmpty()) {
      return Optional.empty();
    }
    try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (var process : processes) {
        if (holds(process, inodes)) {
          var name = Files.readString(process.resolve("comm")).strip();
          return Optional.of(name + " (pid " + process.getFileName() + ")");
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  /**
   * Columns of the table: 1 is local address:port in hex, 3 the state (0A listens), 9 the inode.
   */
  private static void collect(Path table, int port, Set<String> inodes) {
    var suffix = ":%04X".formatted(port);
    boolean tcp = table.getFileName().toString().startsWith("tcp");
    try {
      for (var line : Files.readAllLines(table)) {
        var columns = line.strip().split("\\s+");
        if (columns.length > 9
            && columns[1].endsWith(suffix)
            && (!tcp || columns[3].equals("0A"))) {
          inodes.add("socket:[" + columns[9] + "]");
        }
      }
    } catch (IOException e) {
      return; // not Linux: nobody tells
    }
  }

  private static boolean holds(Path process, Set<String> inodes) {
    try (var fds = Files.newDirectoryStream(process.resolve("fd"))) {
      for (var fd : fds) {
        if (inodes.contains(Files.readSymbolicLink(fd).toString())) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return false; // another user's process, or one that just ended
    }
    return false;
  }
}
