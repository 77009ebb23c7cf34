package dev.islet.core.service;

import java.net.InetSocketAddress;

/**
 * Where a running service can be reached.
 *
 * @param protocol what is spoken there, in the field's usual short form: {@code dns/udp}, {@code
 *     sip/tcp}
 * @param address the bound address, with the real port where 0 was asked for
 */
public record Endpoint(String protocol, InetSocketAddress address) {
  @Override
  public String toString() {
    var ip = address.getAddress();
    var host = ip == null ? address.getHostString() : ip.getHostAddress();
    return protocol
        + " "
        + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }
}
