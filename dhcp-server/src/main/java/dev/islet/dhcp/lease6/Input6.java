package dev.islet.dhcp.lease6;

import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.wire.Message6;
import java.util.List;

/**
 * A client's message came in.
 *
 * @param link the interface
 * @param own our addresses on it
 * @param source who sent the datagram: the client, or the last relay
 * @param port from which port
 * @param multicast whether it was sent to all servers
 */
public record Input6(
    Message6 message, String link, List<Ip6> own, Ip6 source, int port, boolean multicast) {
  public Input6 {
    own = List.copyOf(own);
  }
}
