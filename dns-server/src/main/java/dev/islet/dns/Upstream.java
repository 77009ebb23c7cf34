package dev.islet.dns;

import dev.islet.core.config.HostPort;
import java.net.InetSocketAddress;

/**
 * A server to ask: an address, with a port if it is not 53.
 *
 * @param address never a name, or nobody could be asked for it
 */
public record Upstream(InetSocketAddress address) {
  private static final int PORT = 53;

  /** Reads {@code 9.9.9.9}, {@code 127.0.0.1:5301}, {@code 2620:fe::fe} or {@code [::1]:5301}. */
  public static Upstream parse(String text) {
    boolean brackets = text.startsWith("[");
    boolean port = brackets || text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':');
    return new Upstream(
        port ? HostPort.parse(text) : new InetSocketAddress(HostPort.address(text), PORT));
  }

  @Override
  public String toString() {
    var ip = address.getAddress().getHostAddress();
    return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + address.getPort();
  }
}
