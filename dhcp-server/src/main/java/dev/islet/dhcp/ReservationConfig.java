package dev.islet.dhcp;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.wire.OptionCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An address kept for one device. */
public record ReservationConfig(
    @Key("the address") Ip4 address,
    @Key(value = "the device's MAC addresses", def = "[]") List<MacAddress> mac,
    @Key(value = "client identifiers (option 61) in hex that it may send", def = "[]")
        List<Octets> clientId,
    @Key(
            value = "circuits of a relay (option 82), as text or hex:…: whatever hangs there",
            def = "[]")
        List<String> circuitId,
    @Key(value = "makes of device (option 60): the first of them", def = "[]")
        List<String> vendorClass,
    @Key("its host name, whatever it calls itself") Optional<String> name,
    @Key(value = "options over those of its subnet and its classes", def = "{}")
        Map<String, String> options) {
  static ReservationConfig of(MacAddress mac, Ip4 address, Optional<String> name) {
    return new ReservationConfig(
        address, List.of(mac), List.of(), List.of(), List.of(), name, Map.of());
  }

  public ReservationConfig {
    if (mac.isEmpty() && clientId.isEmpty() && circuitId.isEmpty() && vendorClass.isEmpty()) {
      throw new BadValue(
          "mac", "a reservation needs a mac, a client-id, a circuit-id or a vendor-class");
    }
    try {
      circuitId.forEach(ReservationConfig::bytes);
    } catch (IllegalArgumentException e) {
      throw new BadValue("circuitId", String.valueOf(e.getMessage()));
    }
    OptionTexts.parse(options);
    if (name.isPresent() && !name.get().matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")) {
      throw new BadValue(
          "name", "expected a host name of small letters, digits and inner dashes without a dot");
    }
  }

  Reservation plan() {
    return new Reservation(
        address,
        mac.stream().map(HardwareAddress::of).toList(),
        clientId,
        circuitId.stream().map(ReservationConfig::bytes).toList(),
        vendorClass.stream().map(OptionCodec::text).toList(),
        name,
        OptionTexts.parse(options));
  }

  private static Octets bytes(String text) {
    return text.startsWith("hex:") ? Octets.parse(text.substring(4)) : OptionCodec.text(text);
  }
}
