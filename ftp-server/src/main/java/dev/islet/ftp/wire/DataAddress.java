package dev.islet.ftp.wire;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses of data connections as PORT, EPRT, PASV and EPSV write them. Resolves no name. */
public final class DataAddress {
  private static final Pattern SIX =
      Pattern.compile("(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3}),(\\d{1,3})");
  private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern V6 =
      Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:]*(\\d+(\\.\\d+){3})?");

  private DataAddress() {}

  /** What EPRT asked for (RFC 2428 section 2). */
  public sealed interface Extended {
    /** An address of a family that is spoken here. */
    record At(InetSocketAddress address) implements Extended {}

    /** A family that is not spoken: 522. */
    record OtherFamily() implements Extended {}

    /** Not of the form: 501. */
    record Malformed() implements Extended {}
  }

  /** Reads {@code h1,h2,h3,h4,p1,p2} (RFC 959 section 5.3.2); empty if it is not of that form. */
  public static Optional<InetSocketAddress> port(String argument) {
    var matcher = SIX.matcher(argument.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var n = new int[6];
    for (int i = 0; i < 6; i++) {
      n[i] = Integer.parseInt(matcher.group(i + 1));
      if (n[i] > 255) {
        return Optional.empty();
      }
    }
    var bytes = new byte[] {(byte) n[0], (byte) n[1], (byte) n[2], (byte) n[3]};
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(bytes), n[4] * 256 + n[5]));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Reads {@code |1|132.235.1.2|6275|} with any delimiter from 33 to 126. */
  public static Extended eprt(String argument) {
    if (argument.length() < 7 || argument.charAt(0) < 33 || argument.charAt(0) > 126) {
      return new Extended.Malformed();
    }
    var parts = argument.split(Pattern.quote(argument.substring(0, 1)), -1);
    if (parts.length != 5 || !parts[0].isEmpty() || !parts[4].isEmpty()) {
      return new Extended.Malformed();
    }
    if (!parts[1].matches("\\d{1,9}") || !parts[3].matches("\\d{1,5}")) {
      return new Extended.Malformed();
    }
    int family = Integer.parseInt(parts[1]);
    int port = Integer.parseInt(parts[3]);
    if (port > 65_535) {
      return new Extended.Malformed();
    }
    if (family != 1 && family != 2) {
      return new Extended.OtherFamily();
    }
    if (!(family == 1 ? V4 : V6).matcher(parts[2]).matches()) {
      return new Extended.Malformed();
    }
    try {
      var address = InetAddress.getByName(parts[2]);
      boolean fits =
          family == 1 ? address instanceof Inet4Address : address instanceof Inet6Address;
      return fits
          ? new Extended.At(new InetSocketAddress(address, port))
          : new Extended.Malformed();
    } catch (UnknownHostException e) {
      return new Extended.Malformed();
    }
  }

  /** The text of reply 227 for an IPv4 address. */
  public static String pasv(InetAddress address, int port) {
    return "Entering Passive Mode ("
        + address.getHostAddress().replace('.', ',')
        + ","
        + (port >> 8)
        + ","
        + (port & 255)
        + ").";
  }

  /** The text of reply 229 (RFC 2428 section 3). */
  public static String epsv(int port) {
    return "Entering Extended Passive Mode (|||" + port + "|)";
  }
}
