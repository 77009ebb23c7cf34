package dev.islet.dhcp.subnet;

import dev.islet.dhcp.model.Ip4;
import java.util.List;

/**
 * Where messages come from: an interface, or a plain socket that relays are simulated on.
 *
 * @param name the interface, or the address of the socket
 * @param addresses our own addresses there; the first is the server identifier if none lies in the
 *     client's subnet
 * @param plain replies go back to where the message came from, whatever it says
 */
public record Link(String name, List<Ip4> addresses, boolean plain) {
  public Link {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException(name + " has no IPv4 address");
    }
  }

  /** The address by which clients of a subnet reach us. */
  public Ip4 serverId(Subnet subnet) {
    return addresses.stream().filter(subnet::contains).findFirst().orElse(addresses.getFirst());
  }
}
