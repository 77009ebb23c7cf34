package dev.islet.core.service;

import dev.islet.core.config.HostPort;
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
    return protocol + " " + HostPort.format(address);
  }
}
