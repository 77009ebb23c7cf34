package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.Dhcid;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Message;
import java.util.Optional;

/**
 * Who sent a message.
 *
 * @param key to whom leases belong
 * @param clientId option 61 as it was sent
 */
record Client(ClientKey key, Optional<Octets> clientId, HardwareAddress hardware) {
  /** The sender of a message; empty if it carries neither identifier nor hardware address. */
  static Optional<Client> of(Message message) {
    var id = message.options().get(Code.CLIENT_ID);
    if (id.isEmpty() && message.hardware().address().size() == 0) {
      return Optional.empty();
    }
    var key = id.map(Client::key).orElseGet(() -> ClientKey.of(message.hardware()));
    return Optional.of(new Client(key, id, message.hardware()));
  }

  private static ClientKey key(Octets id) {
    return id.size() <= ClientKey.LONGEST
        ? new ClientKey(ClientKey.Kind.CLIENT_ID, id)
        : new ClientKey(
            ClientKey.Kind.CLIENT_ID_DIGEST, Octets.of(Dhcid.sha256().digest(id.toBytes())));
  }
}
