package dev.islet.router.model;

import java.net.InetAddress;
import java.util.Optional;

/** How packets of a route leave this machine. */
public sealed interface Hop {
  /**
   * Through another router.
   *
   * @param gateway its address, in a network this machine is connected to
   * @param nic the interface it is reached through; empty to have it looked up among the connected
   *     networks
   */
  record Via(InetAddress gateway, Optional<String> nic) implements Hop {
    @Override
    public String toString() {
      return gateway.getHostAddress() + nic.map(n -> " on " + n).orElse("");
    }
  }

  /** Straight onto a link, where the destinations themselves are. */
  record Dev(String nic) implements Hop {
    @Override
    public String toString() {
      return nic;
    }
  }

  /** Not at all: packets are discarded, and {@code how} says what the sender is told. */
  record Drop(How how) implements Hop {
    @Override
    public String toString() {
      return how.name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What the sender of a dropped packet is told. */
  enum How {
    /** Nothing. */
    BLACKHOLE,
    /** ICMP host unreachable. */
    UNREACHABLE,
    /** ICMP administratively prohibited. */
    PROHIBIT
  }
}
