package dev.islet.core.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An IP network: {@code 192.168.7.0/24}, {@code 2001:db8::/32}. Host bits are zero.
 *
 * @param address the network's address
 * @param length how many leading bits are fixed
 */
public record Prefix(InetAddress address, int length) {
  private static final Pattern LITERAL =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  public Prefix {
    int bits = address.getAddress().length * 8;
    if (length < 0 || length > bits) {
      throw new IllegalArgumentException("/" + length + " is not from /0 to /" + bits);
    }
    if (!address.equals(masked(address, length))) {
      throw new IllegalArgumentException(
          address.getHostAddress()
              + "/"
              + length
              + " has host bits set; write "
              + masked(address, length).getHostAddress()
              + "/"
              + length);
    }
  }

  /** The network that an address lies in. */
  public static Prefix of(InetAddress address, int length) {
    return new Prefix(masked(address, length), length);
  }

  /** Reads {@code address/length}. */
  public static Prefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !LITERAL.matcher(text.substring(0, slash)).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not a network like 192.168.7.0/24");
    }
    InetAddress address;
    int length;
    try {
      address = InetAddress.ofLiteral(text.substring(0, slash));
      length = Integer.parseInt(text.substring(slash + 1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a network like 192.168.7.0/24", e);
    }
    return new Prefix(address, length);
  }

  /** Whether an address of the same family lies in this network. */
  public boolean contains(InetAddress other) {
    return other.getAddress().length == address.getAddress().length
        && masked(other, length).equals(address);
  }

  /** Whether it is an IPv4 network. */
  public boolean isIpv4() {
    return address.getAddress().length == 4;
  }

  private static InetAddress masked(InetAddress address, int length) {
    var bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i++) {
      int keep = Math.clamp(length - 8 * i, 0, 8);
      bytes[i] &= (byte) (0xFF00 >> keep);
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
