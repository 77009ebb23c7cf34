package dev.islet.dhcp.subnet;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.util.List;
import java.util.Optional;

/**
 * An address that is kept for one device.
 *
 * @param address the address, in the subnet, inside or outside its pools
 * @param hardware the device's link-layer addresses; a laptop has several
 * @param clientIds client identifiers it may send instead
 * @param name the host name it gets, whatever it calls itself
 */
public record Reservation(
    Ip4 address, List<HardwareAddress> hardware, List<Octets> clientIds, Optional<String> name) {
  public Reservation {
    hardware = List.copyOf(hardware);
    clientIds = List.copyOf(clientIds);
  }
}
