package dev.islet.dhcp.lease;

import dev.islet.dhcp.classify.ClientClass;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.Dhcid;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.RelayInfo;
import java.util.List;
import java.util.Optional;

/**
 * Who sent a message.
 *
 * @param key to whom leases belong
 * @param clientId option 61 as it was sent
 * @param circuitId where it hangs, if a relay says so (RFC 3046)
 * @param vendorClass what make it is (option 60)
 * @param classes which kinds of client it is of, in the order of the configuration
 */
record Client(
    ClientKey key,
    Optional<Octets> clientId,
    HardwareAddress hardware,
    Optional<Octets> circuitId,
    Optional<Octets> vendorClass,
    List<ClientClass> classes) {
  /** In place of somebody unknown. */
  static final Client NOBODY =
      new Client(
          ClientKey.NOBODY,
          Optional.empty(),
          new HardwareAddress(0, Octets.EMPTY),
          Optional.empty(),
          Optional.empty(),
          List.of());

  /** The sender of a message; empty if it carries neither identifier nor hardware address. */
  static Optional<Client> of(Message message, List<ClientClass> classes) {
    var options = message.options();
    var id = options.get(Code.CLIENT_ID);
    if (id.isEmpty() && message.hardware().address().size() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Client(
            id.map(Client::key).orElseGet(() -> ClientKey.of(message.hardware())),
            id,
            message.hardware(),
            Optional.ofNullable(options.relayInfo().parts().get(RelayInfo.CIRCUIT_ID)),
            options.get(Code.VENDOR_CLASS),
            classes.stream().filter(c -> c.when().holds(message)).toList()));
  }

  /**
   * As it is known in a subnet. An address that is kept for a circuit belongs to whatever hangs
   * there, so that a new device gets it at once. A renewal goes past the relay and does not name
   * the circuit; its address and hardware do.
   */
  Client in(SubnetLeases at, Ip4 ciaddr) {
    var kept = reservation(at.subnet);
    if (kept.isPresent() && circuitId.filter(kept.get().circuitIds()::contains).isPresent()) {
      return as(new ClientKey(ClientKey.Kind.CIRCUIT, Dhcid.brief(circuitId.get())));
    }
    var lease = Optional.ofNullable(at.byAddress.get(ciaddr));
    return lease
        .filter(l -> l.isFrom(hardware) && l.owner().kind() == ClientKey.Kind.CIRCUIT)
        .map(l -> as(l.owner()))
        .orElse(this);
  }

  private Client as(ClientKey other) {
    return new Client(other, clientId, hardware, Optional.of(other.value()), vendorClass, classes);
  }

  /** What is kept for it in a subnet. */
  Optional<Reservation> reservation(Subnet subnet) {
    return subnet.reservation(clientId, hardware, circuitId, vendorClass);
  }

  private static ClientKey key(Octets id) {
    return id.size() <= ClientKey.LONGEST
        ? new ClientKey(ClientKey.Kind.CLIENT_ID, id)
        : new ClientKey(ClientKey.Kind.CLIENT_ID_DIGEST, Dhcid.brief(id));
  }
}
