package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.subnet.Reservation;
import java.util.List;
import java.util.Optional;

/** An address kept for one device. */
public record ReservationConfig(
    @Key("the address") Ip4 address,
    @Key(value = "the device's MAC addresses", def = "[]") List<MacAddress> mac,
    @Key(value = "client identifiers (option 61) in hex that it may send", def = "[]")
        List<Octets> clientId,
    @Key("its host name, whatever it calls itself") Optional<String> name) {
  public ReservationConfig {
    if (mac.isEmpty() && clientId.isEmpty()) {
      throw new BadValue("mac", "a reservation needs a MAC address or a client identifier");
    }
    if (name.isPresent() && !name.get().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw new BadValue(
          "name", "expected a host name of small letters, digits and inner dashes without a dot");
    }
  }

  Reservation plan() {
    return new Reservation(address, mac.stream().map(HardwareAddress::of).toList(), clientId, name);
  }
}
