package dev.islet.dhcp.wire;

import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.model.Ip4;
import java.util.Optional;

/**
 * An ARP packet of Ethernet and IPv4 (RFC 826).
 *
 * <pre>
 * hardware 2 | protocol 2 | lengths 1, 1 | operation 2 |
 * sender: hardware 6, address 4 | target: hardware 6, address 4
 * </pre>
 *
 * @param operation 1 asks, 2 answers
 */
public record Arp(int operation, MacAddress sender, Ip4 senderAddress, Ip4 target) {
  private static final byte[] HEAD = {0, 1, 8, 0, 6, 4};
  private static final int SIZE = 28;

  /** Asks who uses an address without saying that we do: an ARP probe (RFC 5227 section 2.1.1). */
  public static byte[] probe(MacAddress from, Ip4 address) {
    var out = new byte[SIZE];
    System.arraycopy(HEAD, 0, out, 0, HEAD.length);
    out[7] = 1;
    System.arraycopy(from.toBytes(), 0, out, 8, 6);
    System.arraycopy(address.toBytes(), 0, out, 24, 4);
    return out;
  }

  /** Reads a packet; empty if it is another kind or cut short. */
  public static Optional<Arp> read(byte[] bytes, int length) {
    if (length < SIZE) {
      return Optional.empty();
    }
    for (int i = 0; i < HEAD.length; i++) {
      if (bytes[i] != HEAD[i]) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Arp(
            (bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF,
            MacAddress.of(bytes, 8),
            Ip4.of(bytes, 14),
            Ip4.of(bytes, 24)));
  }
}
