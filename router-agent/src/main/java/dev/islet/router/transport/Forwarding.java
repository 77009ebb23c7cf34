package dev.islet.router.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The kernel's switch that lets packets pass from one interface to another. */
public final class Forwarding {
  private static final Path SWITCH = Path.of("/proc/sys/net/ipv4/ip_forward");

  private Forwarding() {}

  /** Whether IPv4 packets are forwarded; empty where the system does not tell. */
  public static Optional<Boolean> on() {
    try {
      return Optional.of(!Files.readString(SWITCH).strip().equals("0"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Switches it on; needs CAP_NET_ADMIN and a writable /proc/sys. */
  public static void set() throws IOException {
    Files.writeString(SWITCH, "1\n");
  }
}
