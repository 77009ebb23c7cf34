package dev.islet.core.net.socket;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A route of the kernel, IPv4 or IPv6 ({@code rtnetlink(7)}).
 *
 * @param destination what is reached
 * @param table the routing table, 254 for main
 * @param protocol who made it, the kernel's {@code rtm_protocol}
 * @param metric its priority among routes to the same destination, smallest first; 0 in a new IPv6
 *     route means the kernel's default of 1024
 * @param kind what it does with packets
 * @param hops how they leave; several share the traffic; none for a kind that drops
 */
public record NetlinkRoute(
    Prefix destination, int table, int protocol, int metric, Kind kind, List<Hop> hops) {
  /** The main routing table. */
  public static final int MAIN = 254;

  public NetlinkRoute {
    hops = List.copyOf(hops);
    if (table < 1 || protocol < 0 || protocol > 255) {
      throw new IllegalArgumentException(
          "table " + table + " or protocol " + protocol + " is no such number");
    }
  }

  /** What a route does with packets. */
  public enum Kind {
    /** Sends them on. */
    UNICAST(1),
    /** Drops them silently. */
    BLACKHOLE(6),
    /** Drops them and says that the host is unreachable. */
    UNREACHABLE(7),
    /** Drops them and says that it is prohibited. */
    PROHIBIT(8),
    /** Anything else: local, broadcast, multicast, anycast, another table. */
    OTHER(0);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }

    static Kind of(int code) {
      return switch (code) {
        case 1 -> UNICAST;
        case 6 -> BLACKHOLE;
        case 7 -> UNREACHABLE;
        case 8 -> PROHIBIT;
        default -> OTHER;
      };
    }
  }

  /**
   * A next hop.
   *
   * @param gateway the router; empty where the destinations are on the link itself
   * @param nic the interface's index; 0 lets the kernel look it up
   * @param weight its share of the traffic, 1 to 256
   */
  public record Hop(Optional<InetAddress> gateway, int nic, int weight) {
    /** A hop with the usual share. */
    public static Hop via(InetAddress gateway, int nic) {
      return new Hop(Optional.of(gateway), nic, 1);
    }

    /** A hop onto the link itself. */
    public static Hop on(int nic) {
      return new Hop(Optional.empty(), nic, 1);
    }
  }
}
