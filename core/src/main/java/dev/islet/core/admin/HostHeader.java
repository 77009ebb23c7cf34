package dev.islet.core.admin;

import dev.islet.core.config.HostPort;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request was meant for this server. A web page of a stranger can make a browser send
 * requests to an address of the house under the stranger's name (DNS rebinding); the Host header
 * then tells that name.
 */
public final class HostHeader {
  private HostHeader() {}

  /**
   * Whether a Host header names the server: by a loopback address, by the address it is bound to,
   * or by any address if it is bound to all, or by one of its names.
   *
   * @param host null for HTTP/1.0 clients; browsers always send one
   */
  public static boolean names(
      @Nullable String host, InetSocketAddress bound, Collection<String> names) {
    if (host == null) {
      return true;
    }
    var name = host.replaceFirst(":\\d+$", "").replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || names.contains(name)) {
      return true;
    }
    try {
      // Only a literal: "bad.cafe" looks like hexadecimal digits and is a name that resolves.
      var ip = HostPort.address(name);
      var own = bound.getAddress();
      return ip.isLoopbackAddress() || ip.equals(own) || own.isAnyLocalAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
