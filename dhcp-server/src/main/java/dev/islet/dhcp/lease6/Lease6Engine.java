package dev.islet.dhcp.lease6;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.name.Naming;
import dev.islet.dhcp.wire.Code6;
import dev.islet.dhcp.wire.Message6;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Decides what every message of a DHCPv6 client deserves (RFC 8415 section 18.3). What a message
 * must and must not carry:
 *
 * <pre>
 *                                     client id   server id
 * SOLICIT, CONFIRM, REBIND            present     absent
 * REQUEST, RENEW, RELEASE, DECLINE    present     ours
 * INFORMATION-REQUEST                 may be      absent or ours, and no IA
 * </pre>
 */
public final class Lease6Engine implements Engine<Input6, Action6> {
  private final Octets duid;
  private final Duration quarantine;
  private final Bindings bindings;
  private final Optional<Naming> naming;
  private List<Network6> networks;

  /**
   * @param duid the server's own, for ever
   * @param quarantine how long an address rests after a client found it in use
   * @param mark how often the lease file is told that time passes, while leases run
   * @param naming how clients get names in DNS, if they do
   */
  public Lease6Engine(
      Octets duid,
      Duration quarantine,
      Duration mark,
      Optional<Naming> naming,
      List<Network6> networks) {
    this.duid = duid;
    this.quarantine = quarantine;
    this.bindings = new Bindings(mark, naming);
    this.naming = naming;
    this.networks = List.copyOf(networks);
  }

  @Override
  public void on(long now, Input6 input, Consumer<? super Action6> out) {
    onTime(now, out);
    var message = input.message();
    var fault = fault(input);
    if (fault.isPresent()) {
      refuse(message, fault.get(), Outcome.NONSENSE, out);
      return;
    }
    var network = locate(input);
    if (network.isEmpty()) {
      refuse(message, "no network for clients of " + input.link(), Outcome.UNKNOWN_LINK, out);
      return;
    }
    var exchange = new Exchange6(bindings, network.get(), duid, naming, input, now, out);
    if (!input.multicast() && message.relays().isEmpty()) {
      exchange.useMulticast();
      return;
    }
    switch (message.type()) {
      case SOLICIT -> exchange.solicit();
      case REQUEST -> exchange.request();
      case RENEW -> exchange.extend(true);
      case REBIND -> exchange.extend(false);
      case CONFIRM -> exchange.confirm();
      case RELEASE -> exchange.release();
      case DECLINE -> exchange.decline(quarantine);
      case INFORMATION_REQUEST -> exchange.inform();
      case ADVERTISE, REPLY, RECONFIGURE, RELAY_FORWARD, RELAY_REPLY ->
          throw new IllegalStateException("faulty, but not refused: " + message.type());
    }
  }

  /** Why a message must be dropped (RFC 8415 section 16). */
  private Optional<String> fault(Input6 input) {
    var message = input.message();
    boolean client = message.has(Code6.CLIENT_ID);
    var server = message.get(Code6.SERVER_ID);
    boolean ours = server.filter(duid::equals).isPresent();
    return switch (message.type()) {
      case SOLICIT, CONFIRM, REBIND ->
          !client
              ? Optional.of("it has no client identifier (RFC 8415 16)")
              : server.isPresent()
                  ? Optional.of("it names a server, which it must not (RFC 8415 16)")
                  : Optional.empty();
      case REQUEST, RENEW, RELEASE, DECLINE ->
          !client
              ? Optional.of("it has no client identifier (RFC 8415 16)")
              : server.isEmpty()
                  ? Optional.of("it names no server (RFC 8415 16)")
                  : ours ? Optional.empty() : Optional.of("it is for another server");
      case INFORMATION_REQUEST ->
          server.isPresent() && !ours
              ? Optional.of("it is for another server")
              : message.has(Code6.IA_NA) || message.has(Code6.IA_TA) || message.has(Code6.IA_PD)
                  ? Optional.of("it asks for addresses, which it must not (RFC 8415 16.12)")
                  : Optional.empty();
      case ADVERTISE, REPLY, RECONFIGURE, RELAY_FORWARD, RELAY_REPLY ->
          Optional.of("it is no message of a client");
    };
  }

  /** Where the client is: the address of the relay nearest to it, else the link it came in by. */
  private Optional<Network6> locate(Input6 input) {
    for (var relay : input.message().relays().reversed()) {
      if (!relay.link().isNone()) {
        return networks.stream().filter(n -> n.contains(relay.link())).findFirst();
      }
    }
    return networks.stream()
        .filter(n -> n.link().filter(input.link()::equals).isPresent())
        .findFirst()
        .or(
            () ->
                networks.stream()
                    .filter(n -> input.own().stream().anyMatch(n::contains))
                    .findFirst());
  }

  private static void refuse(
      Message6 message, String why, Outcome outcome, Consumer<? super Action6> out) {
    out.accept(
        new Action6.Tell(
            new DhcpTrace.Decided6(message.type(), client(message), "silence", why), outcome));
  }

  /** The client in words: its DUID. */
  static String client(Message6 message) {
    return message.get(Code6.CLIENT_ID).map(Octets::toString).orElse("a client without a DUID");
  }

  @Override
  public void onTime(long now, Consumer<? super Action6> out) {
    bindings.onTime(
        now,
        out,
        ended ->
            out.accept(
                new Action6.Tell(
                    new DhcpTrace.Decided6(
                        MessageType6.RENEW,
                        ended.owner.map(o -> o.duid().toString()).orElse("nobody"),
                        "free",
                        ended.place.address() + " was not renewed in time"),
                    Outcome.EXPIRED)));
  }

  @Override
  public long deadline() {
    return bindings.deadline();
  }

  // ---- for the wiring; call on the engine's turn

  /** Takes a record of the lease file, in the order they were written, before any message. */
  public void restore(Lease6Record record) {
    bindings.restore(record);
  }

  /** What was written of these addresses did not get to the disk; their clients were not told. */
  public void notStored(List<Ip6> addresses) {
    addresses.forEach(bindings::notStored);
  }

  /** Everything worth keeping, for a fresh lease file. */
  public Stream<Lease6Record> records(long now) {
    return bindings.records(now);
  }

  /** All leases as the clients know them. */
  public List<Lease6Record> leases(long now) {
    return bindings
        .promises(now)
        .filter(r -> r.state() != LeaseState.FREE)
        .sorted(java.util.Comparator.comparing(Lease6Record::address))
        .toList();
  }

  /** Names that DNS should hold at this moment. */
  public List<NameClaim> names() {
    return bindings.names();
  }

  /** Names of leases that had ended: DNS may still hold them if we were killed meanwhile. */
  public List<NameClaim> lapsedNames() {
    return bindings.lapsedNames();
  }

  /** How many addresses and prefixes clients have. */
  public int bound() {
    return bindings.bound();
  }

  /** Goes on with other networks; leases stay as they are. */
  public void reconfigure(List<Network6> fresh) {
    networks = List.copyOf(fresh);
  }
}
