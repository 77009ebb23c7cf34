package dev.islet.dns.policy;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * An IPv6 network as bits. Unlike an address object it may be {@code ::ffff:0:0/96}, which Java
 * takes for IPv4.
 */
public final class Ipv6Network {
  private static final int BYTES = 16;

  private final byte[] bits;
  private final int length;

  private Ipv6Network(byte[] bits, int length) {
    this.bits = bits;
    this.length = length;
  }

  /**
   * Reads {@code 64:ff9b::/96}.
   *
   * @throws IllegalArgumentException if it is not that, or has bits set behind the length
   */
  public static Ipv6Network parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.contains(":")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an IPv6 network like 64:ff9b::/96");
    }
    byte[] bits;
    int length;
    try {
      bits = wide(InetAddress.ofLiteral(text.substring(0, slash)).getAddress());
      length = Integer.parseInt(text.substring(slash + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an IPv6 network like 64:ff9b::/96", e);
    }
    if (length < 0 || length > 8 * BYTES) {
      throw new IllegalArgumentException("/" + length + " is not from /0 to /128");
    }
    var network = new Ipv6Network(bits, length);
    if (!Arrays.equals(bits, network.masked(bits))) {
      throw new IllegalArgumentException("\"" + text + "\" has bits set behind /" + length);
    }
    return network;
  }

  private static byte[] wide(byte[] address) {
    if (address.length == BYTES) {
      return address;
    }
    var wide = new byte[BYTES]; // written as ::ffff:…, which Java has made IPv4 of
    wide[10] = (byte) 0xFF;
    wide[11] = (byte) 0xFF;
    System.arraycopy(address, 0, wide, 12, 4);
    return wide;
  }

  int length() {
    return length;
  }

  byte[] bits() {
    return bits.clone();
  }

  /** Whether an address of 16 bytes lies in it. */
  boolean contains(byte[] address) {
    return Arrays.equals(bits, masked(address));
  }

  private byte[] masked(byte[] address) {
    var masked = address.clone();
    for (int i = 0; i < BYTES; i++) {
      masked[i] &= (byte) (0xFF00 >> Math.clamp(length - 8 * i, 0, 8));
    }
    return masked;
  }
}
