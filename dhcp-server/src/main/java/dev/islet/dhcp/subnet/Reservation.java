package dev.islet.dhcp.subnet;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An address that is kept for one device.
 *
 * @param address the address, in the subnet, inside or outside its pools
 * @param hardware the device's link-layer addresses; a laptop has several
 * @param clientIds client identifiers it may send instead
 * @param circuitIds circuits of a relay (RFC 3046): whatever hangs there gets the address
 * @param vendorClasses makes of device (option 60): the first of them gets the address
 * @param name the host name it gets, whatever it calls itself
 * @param options what it is told over its subnet's and its classes' options
 */
public record Reservation(
    Ip4 address,
    List<HardwareAddress> hardware,
    List<Octets> clientIds,
    List<Octets> circuitIds,
    List<Octets> vendorClasses,
    Optional<String> name,
    Map<Integer, Octets> options) {
  public Reservation {
    hardware = List.copyOf(hardware);
    clientIds = List.copyOf(clientIds);
    circuitIds = List.copyOf(circuitIds);
    vendorClasses = List.copyOf(vendorClasses);
    options = java.util.Collections.unmodifiableMap(new TreeMap<>(options));
  }
}
