package dev.islet.core.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Addresses as people write them: {@code 127.0.0.1:53}, {@code [::1]:53}, {@code :53} for all
 * addresses. Only literals: reading a configuration asks no name server.
 */
public final class HostPort {
  private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[\\w.-]+)?");

  private HostPort() {}

  /** Reads address and port; throws with what was expected. */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" lacks a port; write address:port, like 127.0.0.1:53 or [::1]:53");
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      port = -1;
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "\"" + text.substring(colon + 1) + "\" is not a port from 0 to 65535");
    }
    var host = text.substring(0, colon);
    if (host.isEmpty() || host.equals("*")) {
      return new InetSocketAddress(everywhere(), port);
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\": write an IPv6 address with a port in brackets, like [::1]:53");
    }
    return new InetSocketAddress(address(host), port);
  }

  /** All addresses of both families where there is IPv6, else all of IPv4. */
  private static InetAddress everywhere() {
    return Files.exists(Path.of("/proc/net/if_inet6"))
        ? InetAddress.ofLiteral("::")
        : new InetSocketAddress(0).getAddress();
  }

  /** Writes what {@link #parse} reads: the literal address, IPv6 in brackets, and the port. */
  public static String format(InetSocketAddress address) {
    var ip = address.getAddress();
    var host = ip == null ? address.getHostString() : ip.getHostAddress();
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /** Reads a literal IPv4 or IPv6 address; never resolves a name. */
  public static InetAddress address(String text) {
    if (text.equals("localhost")) {
      return InetAddress.getLoopbackAddress();
    }
    if (V4.matcher(text).matches() || V6.matcher(text).matches()) {
      try {
        return InetAddress.ofLiteral(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("\"" + text + "\" is not an IP address", e);
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" is not an IP address");
  }
}
