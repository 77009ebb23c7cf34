package dev.islet.voip.model;

import java.net.InetSocketAddress;

/**
 * The path a message came by, and by which its answer goes back: RFC 5626's notion of a flow.
 *
 * @param transport what carries it
 * @param local our address that the peer asked, with our listening port
 * @param remote the peer as seen here, behind whatever translates addresses
 * @param connection names a TCP or TLS connection; 0 for UDP, and for a connection yet to be made
 */
public record Flow(
    Transport transport, InetSocketAddress local, InetSocketAddress remote, long connection) {
  /** What can carry SIP here. */
  public enum Transport {
    UDP,
    TCP,
    TLS;

    /** Whether the transport itself repeats what was lost: then SIP does not. */
    public boolean reliable() {
      return this != UDP;
    }
  }
}
