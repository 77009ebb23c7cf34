package dev.islet.core.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A port of this machine that a process has bound, as Linux tells it in {@code /proc}.
 *
 * @param udp whether it is UDP's; else TCP's, and listened at
 * @param address where it is bound
 * @param holder whose it is; empty for another user's process unless we are root
 */
public record HeldPort(boolean udp, InetSocketAddress address, Optional<Holder> holder) {
  /**
   * A process.
   *
   * @param name its short name, at most 15 bytes of it
   * @param command its command line, arguments with a space between
   */
  public record Holder(int pid, String name, String command) {
    @Override
    public String toString() {
      return name + " (pid " + pid + ")";
    }
  }

  /**
   * All of them, those without a holder's name included; empty where the system does not tell.
   *
   * @param proc the root of the file system that Linux tells it in, {@code /proc}
   */
  public static List<HeldPort> read(Path proc) {
    var found = new ArrayList<HeldPort>();
    var holders = holders(proc);
    for (var table : List.of("tcp", "tcp6", "udp", "udp6")) {
      try {
        for (var line : Files.readAllLines(proc.resolve("net").resolve(table))) {
          read(table.startsWith("udp"), line, holders).ifPresent(found::add);
        }
      } catch (IOException e) {
        continue; // not Linux, or without IPv6: nobody tells
      }
    }
    return found;
  }

  /** Whether nobody else can bind this address while it is held. */
  public boolean blocks(boolean wantedUdp, InetSocketAddress wanted) {
    return udp == wantedUdp
        && address.getPort() == wanted.getPort()
        && (address.getAddress().equals(wanted.getAddress())
            || address.getAddress().isAnyLocalAddress()
            || wanted.getAddress().isAnyLocalAddress()
                && wanted.getAddress().getClass() == address.getAddress().getClass());
  }

  /**
   * Columns of the table: 1 is local address:port in hex, 3 the state (0A listens), 9 the inode.
   */
  private static Optional<HeldPort> read(boolean udp, String line, Map<String, Holder> holders) {
    var columns = line.strip().split("\\s+");
    if (columns.length < 10
        || !columns[1].matches("([0-9A-F]{8}|[0-9A-F]{32}):[0-9A-F]{4}")
        || (!udp && !columns[3].equals("0A"))) {
      return Optional.empty(); // the heading, or a connection
    }
    int colon = columns[1].indexOf(':');
    try {
      var address = InetAddress.getByAddress(bytes(columns[1].substring(0, colon)));
      int port = Integer.parseInt(columns[1].substring(colon + 1), 16);
      return Optional.of(
          new HeldPort(
              udp,
              new InetSocketAddress(address, port),
              Optional.ofNullable(holders.get("socket:[" + columns[9] + "]"))));
    } catch (UnknownHostException e) {
      throw new AssertionError(columns[1], e); // 4 or 16 bytes
    }
  }

  /** The kernel writes 32 bits at a time, each as a number of the machine's byte order: little. */
  private static byte[] bytes(String hex) {
    var from = HexFormat.of().parseHex(hex);
    var to = new byte[from.length];
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i ^ 3];
    }
    return to;
  }

  private static Map<String, Holder> holders(Path proc) {
    var holders = new HashMap<String, Holder>();
    try (var processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (var process : processes) {
        sockets(process, holders);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return holders;
    }
    return holders;
  }

  private static void sockets(Path process, Map<String, Holder> holders) {
    try (var descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      Holder holder = null;
      for (var descriptor : descriptors) {
        var target = Files.readSymbolicLink(descriptor).toString();
        if (target.startsWith("socket:")) {
          if (holder == null) {
            holder = holder(process);
          }
          holders.putIfAbsent(target, holder);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // another user's process, or one that just ended
    }
  }

  private static Holder holder(Path process) throws IOException {
    return new Holder(
        Integer.parseInt(process.getFileName().toString()),
        Files.readString(process.resolve("comm")).strip(),
        new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
            .replace('\0', ' ')
            .strip());
  }
}
