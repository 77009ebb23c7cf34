package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.ClientState;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.subnet.Subnets;
import dev.islet.dhcp.wire.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Decides what every message of a client deserves.
 *
 * <p>The states of a client that sends a REQUEST are told apart by the table of RFC 2131 section
 * 4.3.2:
 *
 * <pre>
 *              server id   requested address   ciaddr
 * SELECTING    present     present             zero
 * INIT-REBOOT  absent      present             zero
 * RENEWING     absent      absent              the client's, unicast
 * REBINDING    absent      absent              the client's, broadcast or relayed
 * </pre>
 *
 * <p>An address is promised in three steps that never change their order: the table changes, the
 * record of it leaves as {@link Action.Keep}, the reply leaves as {@link Action.Send}. Whoever
 * carries out the actions makes the first durable before it does the second.
 */
public final class LeaseEngine implements Engine<Input, Action> {
  private final LeaseTable table;
  private final Probes probes = new Probes();
  private Guard<ClientKey> clients;
  private Guard<Place> strangers;

  /** Where clients come from, as closely as it is told. */
  private record Place(String link, Ip4 relay, Optional<Octets> circuitId) {}

  /**
   * @param subnets what is given out
   */
  public LeaseEngine(Policy policy, Subnets subnets) {
    this.table = new LeaseTable(policy, subnets);
    this.clients = guard(policy.clientRate());
    this.strangers = guard(policy.strangerRate());
  }

  private static <K> Guard<K> guard(int rate) {
    return new Guard<>(rate, 2 * rate);
  }

  @Override
  public void on(long now, Input input, Consumer<? super Action> out) {
    // Whatever is due is over, even if the loop has not come round to it.
    onTime(now, out);
    switch (input) {
      case Input.Arrived arrived -> arrived(now, arrived, out);
      case Input.Conflict conflict -> conflict(now, conflict, out);
    }
  }

  @Override
  public void onTime(long now, Consumer<? super Action> out) {
    for (var due = probes.due(now); due.isPresent(); due = probes.due(now)) {
      var probe = due.get();
      if (probe.goesOn()) {
        probes.goOn(probe);
        var request = probe.request();
        out.accept(new Action.Probe(probe.address(), request.link(), request.relayed()));
      } else {
        exchange(now, probe, out).offerProbed(probe, ", and nobody uses it");
      }
    }
    table.onTime(now, out);
  }

  @Override
  public long deadline() {
    return Math.min(table.deadline(), probes.deadline());
  }

  private void arrived(long now, Input.Arrived arrived, Consumer<? super Action> out) {
    var message = arrived.message();
    var client = Client.of(message, table.policy().classes());
    var type = message.options().type();
    if (message.op() == Message.REQUEST && type.equals(Optional.of(MessageType.LEASEQUERY))) {
      new LeaseQuery(table, now, arrived).answer(out);
      return;
    }
    if (client.isEmpty() || type.isEmpty() || message.op() != Message.REQUEST) {
      var why =
          client.isEmpty()
              ? "neither client identifier nor hardware address"
              : "no request of a known type (RFC 2131 section 3)";
      out.accept(Exchange.refused(message, why, Outcome.NONSENSE));
      return;
    }
    var subnet = Request.locate(arrived, table.subnets());
    if (subnet.isEmpty()) {
      var where = message.giaddr().isNone() ? arrived.link().name() : "relay " + message.giaddr();
      out.accept(
          Exchange.refused(message, "no subnet for clients of " + where, Outcome.UNKNOWN_LINK));
      return;
    }
    var at = table.of(subnet.get());
    var request = new Request(arrived, client.get().in(at, message.ciaddr()), subnet.get());
    if (!mayPass(now, request, at, type.get())) {
      out.accept(Exchange.refused(message, "too many messages", Outcome.RATE_LIMITED));
      return;
    }
    var exchange = new Exchange(table, probes, now, request, type.get(), out);
    var refused = request.refused();
    if (refused.isPresent() && type.get() != MessageType.RELEASE) {
      exchange.refuse(refused.get().name());
      return;
    }
    switch (type.get()) {
      case DISCOVER -> exchange.discover();
      case REQUEST -> exchange.request();
      case DECLINE -> exchange.decline();
      case RELEASE -> exchange.release();
      case INFORM -> exchange.inform();
      case OFFER, ACK, NAK, FORCERENEW, LEASEQUERY, LEASEUNASSIGNED, LEASEUNKNOWN, LEASEACTIVE ->
          exchange.silence(ClientState.UNKNOWN, "this server does not answer it", Outcome.NONSENSE);
    }
  }

  private boolean mayPass(long now, Request request, SubnetLeases at, MessageType type) {
    var client = request.client();
    if (!clients.passes(client.key(), now)) {
      return false;
    }
    var place = new Place(request.link().name(), request.message().giaddr(), client.circuitId());
    return type != MessageType.DISCOVER || !at.isStranger(client) || strangers.passes(place, now);
  }

  private Exchange exchange(long now, Probes.Probe probe, Consumer<? super Action> out) {
    return new Exchange(table, probes, now, probe.request(), MessageType.DISCOVER, out);
  }

  private void conflict(long now, Input.Conflict conflict, Consumer<? super Action> out) {
    var address = conflict.address();
    var probe = probes.take(address);
    if (probe.isPresent() && conflict.by().equals(Optional.of(hardware(probe.get())))) {
      exchange(now, probe.get(), out).offerProbed(probe.get(), ", and it uses it still");
      return;
    }
    table
        .subnets()
        .at(address)
        .map(table::of)
        .filter(at -> !at.isBound(address))
        .ifPresent(
            at ->
                table.quarantine(
                    at,
                    address,
                    Client.NOBODY,
                    "seen in use: " + conflict.seen(),
                    Outcome.CONFLICT,
                    now,
                    out));
    probe.ifPresent(p -> exchange(now, p, out).discoverAnother(p));
  }

  private static HardwareAddress hardware(Probes.Probe probe) {
    return probe.request().client().hardware();
  }

  // ---- for the wiring; call on the engine's thread

  /** Takes a record of the lease file, in the order they were written, before any message. */
  public void restore(LeaseRecord record) {
    table.restore(record);
  }

  /** Takes a record of another server, if nothing is known of its address and its client. */
  public boolean adopt(LeaseRecord record) {
    var at = table.subnets().at(record.address()).map(table::of);
    boolean fresh =
        at.isPresent()
            && !at.get().byAddress.contains(record.address())
            && at.get().of(record.owner()).isEmpty();
    if (fresh) {
      table.restore(record);
    }
    return fresh;
  }

  /** What was written of these addresses did not get to the disk; their clients were not told. */
  public void notStored(List<Ip4> addresses) {
    table.notStored(addresses);
  }

  /** Everything worth keeping, for a fresh lease file. */
  public Stream<LeaseRecord> records(long now) {
    return table.records(now);
  }

  /** All leases as the clients know them: until when each was promised, no more. */
  public List<LeaseRecord> leases(long now) {
    var leases = Stream.<LeaseRecord>builder();
    for (var at : table.all()) {
      at.byAddress
          .all()
          .sorted(java.util.Comparator.comparing(Lease::address))
          .forEach(l -> leases.add(l.promise(now)));
    }
    return leases.build().toList();
  }

  /** Names that DNS should hold at this moment. */
  public List<NameClaim> names() {
    var names = Stream.<NameClaim>builder();
    for (var at : table.all()) {
      at.byAddress.all().forEach(l -> table.claim(l).ifPresent(names));
    }
    return names.build().toList();
  }

  /** Names of leases that have ended: DNS may still hold them if we were killed meanwhile. */
  public List<NameClaim> lapsedNames() {
    var names = Stream.<NameClaim>builder();
    for (var at : table.all()) {
      at.byAddress.all().forEach(l -> table.lapsed(l).ifPresent(names));
    }
    return names.build().toList();
  }

  /** How full each subnet is. */
  public List<Usage> usage() {
    var usage = Stream.<Usage>builder();
    for (var at : table.all()) {
      usage.add(new Usage(at.subnet, at.subnet.poolSize(), at.free(), at.bound(), at.offered()));
    }
    return usage.build().toList();
  }

  /**
   * How full a subnet is.
   *
   * @param pool addresses any client may get
   * @param free those of the pool that nobody has, is offered or suspiciously uses
   * @param bound addresses that clients have, reserved ones included
   * @param offered addresses held for clients that have not answered yet
   */
  public record Usage(Subnet subnet, long pool, long free, int bound, int offered) {}

  /** Goes on by other rules; leases stay as they are, offers are forgotten. */
  public void reconfigure(long now, Policy policy, Subnets subnets) {
    probes.clear();
    clients = guard(policy.clientRate());
    strangers = guard(policy.strangerRate());
    table.reconfigure(policy, subnets, now);
  }
}
