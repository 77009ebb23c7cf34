package dev.islet.core.net;

import java.util.List;

/**
 * A network interface as the kernel shows it.
 *
 * @param index the kernel's number for it
 * @param name like {@code eth0}
 * @param mac its link-layer address; zero where it has none
 * @param mtu largest IP packet, in bytes
 * @param up administratively up
 * @param addresses its own addresses with the length of their networks
 */
public record Nic(
    int index, String name, MacAddress mac, int mtu, boolean up, List<NicAddress> addresses) {
  public Nic {
    addresses = List.copyOf(addresses);
  }

  /**
   * An address of an interface.
   *
   * @param address the interface's own address
   * @param prefixLength of the network it lies in
   */
  public record NicAddress(java.net.InetAddress address, int prefixLength) {
    /** The network this address lies in. */
    public Prefix prefix() {
      return Prefix.of(address, prefixLength);
    }
  }
}
