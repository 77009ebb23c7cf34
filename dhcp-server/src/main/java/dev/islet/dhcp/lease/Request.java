package dev.islet.dhcp.lease;

import dev.islet.dhcp.classify.ClientClass;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.subnet.Subnets;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.RelayInfo;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A message whose sender and subnet are known.
 *
 * @param arrived the message and where it came in
 * @param client who sent it
 * @param subnet where the client is
 */
record Request(Input.Arrived arrived, Client client, Subnet subnet) {
  /**
   * Where the client of a message is: what the relay says in option 82 (RFC 3527), the relay's own
   * address, or the link it came in from; a client that wrote to us alone may be behind a router,
   * so its own address tells.
   */
  static Optional<Subnet> locate(Input.Arrived arrived, Subnets subnets) {
    var message = arrived.message();
    if (!message.giaddr().isNone()) {
      return subnets.at(
          message.options().relayInfo().address(RelayInfo.LINK_SELECTION).orElse(message.giaddr()));
    }
    var own = message.ciaddr().isNone() ? Optional.<Subnet>empty() : subnets.at(message.ciaddr());
    var onLink = subnets.on(arrived.link());
    return arrived.unicast() || arrived.link().plain() ? own.or(() -> onLink) : onLink;
  }

  Message message() {
    return arrived.message();
  }

  Link link() {
    return arrived.link();
  }

  Ip4 source() {
    return arrived.source();
  }

  /** Whether a relay stands between us and the client. */
  boolean relayed() {
    return !message().giaddr().isNone();
  }

  int port() {
    return arrived.port();
  }

  /** What we call ourselves towards this client; a relay may choose (RFC 5107). */
  Ip4 serverId() {
    return override().orElseGet(() -> link().serverId(subnet));
  }

  /** Whether a server identifier means us. */
  boolean isUs(Ip4 serverId) {
    return link().addresses().contains(serverId) || serverId.equals(serverId());
  }

  Optional<Reservation> reservation() {
    return client.reservation(subnet);
  }

  /** For how long and how the client gets an address: its classes say it over its subnet. */
  Subnet.Terms terms() {
    var terms = subnet.terms();
    for (var kind : client.classes()) {
      if (kind.lease().isPresent()) {
        terms = terms.withLease(kind.lease().get());
      }
      terms =
          terms.withBoot(
              kind.nextServer().orElse(terms.nextServer()),
              kind.bootFile().orElse(terms.bootFile()));
    }
    return terms;
  }

  /** What the client is told: its reservation over its classes over its subnet. */
  Map<Integer, Octets> options() {
    var options = new TreeMap<>(subnet.options());
    client.classes().forEach(kind -> options.putAll(kind.options()));
    reservation().ifPresent(r -> options.putAll(r.options()));
    return options;
  }

  /** The class that keeps it from getting anything, if one does. */
  Optional<ClientClass> refused() {
    return client.classes().stream().filter(ClientClass::refuse).findFirst();
  }

  private Optional<Ip4> override() {
    return message().giaddr().isNone()
        ? Optional.empty()
        : message().options().relayInfo().address(RelayInfo.SERVER_OVERRIDE);
  }
}
