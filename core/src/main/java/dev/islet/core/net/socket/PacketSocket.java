package dev.islet.core.net.socket;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import java.io.IOException;
import java.time.Duration;

/**
 * Sends and receives IP packets by link-layer address ({@code AF_PACKET}, cooked): reaches a
 * machine that has no IP address yet, as a DHCP server must (RFC 2131 section 4.1). Needs
 * CAP_NET_RAW. Linux only.
 */
public final class PacketSocket implements AutoCloseable {
  /** The EtherType of IPv4. */
  public static final int IPV4 = 0x0800;

  /** The EtherType of IPv6. */
  public static final int IPV6 = 0x86DD;

  /**
   * Opens a socket that sees every packet of a type that reaches the interface.
   *
   * @param etherType like {@link #IPV4}
   */
  public static PacketSocket open(Nic nic, int etherType) throws IOException {
    return open(nic, etherType, PacketFilter.everything());
  }

  /** Opens a socket that sees the packets a filter lets through; the kernel drops the others. */
  public static PacketSocket open(Nic nic, int etherType, PacketFilter filter) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Sends a packet that begins with its IP header to a link-layer address. */
  public void send(MacAddress to, byte[] ipPacket) throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits for one packet, beginning with its IP header.
   *
   * @return its length, at most that of {@code into}; 0 when the time has passed; -1 once closed
   */
  public int receive(byte[] into, Duration timeout) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The link-layer address that the packet received last came from. */
  public MacAddress source() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
