package dev.islet.core.net.socket;

/** What a {@link PacketSocket} lets through, decided in the kernel by a classic BPF program. */
public final class PacketFilter {
  private final long[] program;

  private PacketFilter(long... program) {
    this.program = program;
  }

  /** Every packet. */
  public static PacketFilter everything() {
    return new PacketFilter();
  }

  /** Unfragmented IPv4 UDP datagrams to a port. */
  public static PacketFilter udpPort(int port) {
    return new PacketFilter(port);
  }

  long[] program() {
    return program;
  }
}
