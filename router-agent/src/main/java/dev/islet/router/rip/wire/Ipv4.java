package dev.islet.router.rip.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** IPv4 addresses and masks as 32 bits. */
public final class Ipv4 {
  private Ipv4() {}

  /** The address as 32 bits, first byte highest. */
  public static int bits(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length != 4) {
      throw new IllegalArgumentException("not an IPv4 address: " + address.getHostAddress());
    }
    return (bytes[0] & 0xFF) << 24
        | (bytes[1] & 0xFF) << 16
        | (bytes[2] & 0xFF) << 8
        | bytes[3] & 0xFF;
  }

  /** The 32 bits as an address. */
  public static InetAddress address(int bits) {
    try {
      return InetAddress.getByAddress(
          new byte[] {
            (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
          });
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The mask of a prefix length, 0 to 32. */
  public static int mask(int length) {
    return length == 0 ? 0 : -1 << 32 - length;
  }

  /** Whether the ones of a mask are all in front. */
  public static boolean contiguous(int mask) {
    int zeros = ~mask;
    return (zeros & zeros + 1) == 0;
  }

  /** Dotted text. */
  public static String text(int bits) {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xFF)
        + "."
        + (bits >>> 8 & 0xFF)
        + "."
        + (bits & 0xFF);
  }
}
