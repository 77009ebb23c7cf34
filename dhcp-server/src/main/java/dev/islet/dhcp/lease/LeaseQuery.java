package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Encoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.Options;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Answers a relay that asks who has an address, or which addresses a client has (RFC 4388), as
 * access concentrators do after a restart. Only relays in the networks of the policy get answers.
 */
final class LeaseQuery {
  private static final long SECOND = 1_000_000_000L;
  private static final int LIMIT = 548;

  private final LeaseTable table;
  private final long now;
  private final Input.Arrived arrived;
  private final Message asked;

  LeaseQuery(LeaseTable table, long now, Input.Arrived arrived) {
    this.table = table;
    this.now = now;
    this.arrived = arrived;
    this.asked = arrived.message();
  }

  void answer(Consumer<? super Action> out) {
    var relay = asked.giaddr();
    if (relay.isNone()
        || table.policy().askers().stream().noneMatch(n -> n.contains(relay.toInet()))) {
      out.accept(
          Exchange.refused(
              asked, relay + " may not ask for leases (RFC 4388 section 7)", Outcome.NONSENSE));
      return;
    }
    var found = asked.ciaddr().isNone() ? ofClient() : at(asked.ciaddr());
    var reply = found.isEmpty() ? nothing() : active(found);
    out.accept(reply);
  }

  /** By address (section 6.4.1). */
  private List<Lease> at(Ip4 address) {
    return table
        .subnets()
        .at(address)
        .map(s -> table.of(s).byAddress.get(address))
        .filter(Lease::isBound)
        .map(List::of)
        .orElse(List.of());
  }

  /** By identifier or hardware address, the one extended last first (sections 6.4.2 and 6.4.3). */
  private List<Lease> ofClient() {
    var client = Client.of(asked, List.of());
    var found = new ArrayList<Lease>();
    if (client.isPresent()) {
      boolean byId = client.get().clientId().isPresent();
      for (var at : table.all()) {
        if (byId) {
          at.of(client.get().key()).ifPresent(found::add);
        } else {
          at.byAddress.all().filter(l -> l.isFrom(client.get().hardware())).forEach(found::add);
        }
      }
      found.removeIf(l -> !l.isBound());
      found.sort(Comparator.comparingLong((Lease l) -> l.until).reversed());
    }
    return found;
  }

  private Action.Send nothing() {
    boolean ours = !asked.ciaddr().isNone() && table.subnets().at(asked.ciaddr()).isPresent();
    return send(
        ours ? MessageType.LEASEUNASSIGNED : MessageType.LEASEUNKNOWN,
        asked.ciaddr(),
        Optional.empty(),
        new Options.Draft());
  }

  private Action.Send active(List<Lease> found) {
    var lease = found.getFirst();
    var subnet = table.subnets().at(lease.address()).orElseThrow();
    long left = Math.max(0, lease.until - now) / SECOND;
    long whole = subnet.terms().lease().toSeconds();
    long since = Math.max(0, whole - left);
    var options = new Options.Draft();
    options.put(Code.LEASE_TIME, number(left));
    options.put(Code.T1, number(Math.max(0, subnet.terms().t1().toSeconds() - since)));
    options.put(Code.T2, number(Math.max(0, subnet.terms().t2().toSeconds() - since)));
    options.put(Code.LAST_TRANSACTION, number(since));
    var owner = lease.owner();
    if (owner.kind() == ClientKey.Kind.CLIENT_ID) {
      options.put(Code.CLIENT_ID, owner.value());
    }
    if (found.size() > 1) {
      options.put(
          Code.ASSOCIATED,
          OptionCodec.addresses(found.stream().skip(1).map(Lease::address).limit(60).toList()));
    }
    return send(MessageType.LEASEACTIVE, lease.address(), Optional.of(lease), options);
  }

  private static Octets number(long seconds) {
    return OptionCodec.number(Math.min(seconds, 0xFFFF_FFFFL), 4);
  }

  private Action.Send send(
      MessageType type, Ip4 address, Optional<Lease> lease, Options.Draft options) {
    var own = arrived.link().addresses().getFirst();
    options.put(Code.MESSAGE_TYPE, Octets.of((byte) type.code()));
    options.put(Code.SERVER_ID, OptionCodec.address(own));
    asked.options().get(Code.RELAY_INFO).ifPresent(o -> options.put(Code.RELAY_INFO, o));
    var hardware = lease.map(Lease::hardware).orElse(asked.hardware());
    var reply =
        new Message(
            Message.REPLY,
            hardware,
            0,
            asked.xid(),
            0,
            asked.flags(),
            address,
            Ip4.NONE,
            Ip4.NONE,
            asked.giaddr(),
            Octets.EMPTY,
            Octets.EMPTY,
            options.done());
    return new Action.Send(
        type,
        hardware,
        address,
        Encoder.encode(reply, asked.options().parameterList(), LIMIT),
        arrived.link(),
        own,
        arrived.link().plain()
            ? new Destination.Source(arrived.source(), arrived.port())
            : new Destination.Relay(asked.giaddr(), 67),
        Optional.empty());
  }
}
