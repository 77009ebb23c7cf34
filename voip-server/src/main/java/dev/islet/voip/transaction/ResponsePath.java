package dev.islet.voip.transaction;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.Via;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where answers go (RFC 3261 §18.2.2, RFC 3581 §4). */
final class ResponsePath {
  private ResponsePath() {}

  /** Writes into the Via where the request really came from. */
  static Via complete(Via via, Flow from) {
    var address = from.remote().getAddress();
    return via.asksRport() || !names(via.host(), address)
        ? via.seenFrom(address.getHostAddress(), from.remote().getPort())
        : via;
  }

  /**
   * Over a connection: back through it. Over UDP: to the source address, and to the source port if
   * the sender asked for that, or if its Via names another address than it has here: then something
   * in between translates, and the port in the Via means nothing outside.
   */
  static Flow of(Via via, Flow from) {
    var source = from.remote();
    if (from.transport().reliable() || via.asksRport() || !names(via.host(), source.getAddress())) {
      return from;
    }
    int port = via.port() == 0 ? 5060 : via.port();
    return port == source.getPort()
        ? from
        : new Flow(
            from.transport(),
            from.local(),
            new InetSocketAddress(source.getAddress(), port),
            from.connection());
  }

  /** Whether a Via host is the literal of an address; names are not looked up. */
  private static boolean names(String host, InetAddress address) {
    var text = address.getHostAddress();
    if (host.startsWith("[")) {
      try {
        return host.indexOf(':') > 0
            && InetAddress.ofLiteral(host.substring(1, host.length() - 1)).equals(address);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return host.equals(text);
  }
}
