package dev.islet.dhcp.lease;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.Ask;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.HostNames;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.subnet.Range;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.subnet.Subnets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.testkit.VirtualLoop;
import dev.islet.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A server without sockets on 10.77.0.1/24, and what it says. */
final class Lab {
  static final Link LINK = new Link("eth0", List.of(Ip4.parse("10.77.0.1")), false);
  static final Duration LEASE = Duration.ofHours(8);

  final LeaseEngine engine;
  final VirtualLoop<Input, Action> loop;
  List<Action> last = List.of();

  Lab(boolean authoritative, Subnet... subnets) {
    this(policy(authoritative), subnets);
  }

  Lab(Policy policy, Subnet... subnets) {
    engine = new LeaseEngine(policy, new Subnets(List.of(subnets)));
    loop = new VirtualLoop<>(engine, new VirtualTime());
  }

  /** Addresses .50 to .250, .10 kept for a device. */
  static Lab usual() {
    return new Lab(false, subnet("10.77.0.0/24", "10.77.0.50-10.77.0.250"));
  }

  /** As usual, but whoever uses an address is asked first. */
  static Lab careful() {
    return new Lab(
        policy(false, Duration.ofMillis(400)), subnet("10.77.0.0/24", "10.77.0.50-10.77.0.53"));
  }

  static Policy policy(boolean authoritative) {
    return policy(authoritative, Duration.ZERO);
  }

  static Policy policy(boolean authoritative, Duration probe) {
    return new Policy(
        authoritative,
        Duration.ofSeconds(30),
        Duration.ofHours(1),
        probe,
        Duration.ofMinutes(15),
        0,
        0,
        List.of(),
        List.of(),
        Optional.of("home.arpa"),
        new HostNames(List.of()));
  }

  static Subnet subnet(String prefix, String range) {
    return subnet(prefix, range, LEASE, reserved("b8:27:eb:00:00:01", "10.77.0.10"));
  }

  static Subnet subnet(String prefix, String range, Duration lease, Reservation... kept) {
    var network = Prefix.parse(prefix);
    return new Subnet(
        network,
        Optional.empty(),
        Map.of(Range.parse(range), Set.of()),
        List.of(),
        List.of(kept).stream().filter(r -> network.contains(r.address().toInet())).toList(),
        Subnet.Terms.of(lease),
        Map.of(
            Code.ROUTERS, Octets.parse("0a4d0001"),
            Code.DNS, Octets.parse("0a4d0001"),
            Code.DOMAIN, Octets.of("home.arpa".getBytes())));
  }

  static Reservation reserved(String mac, String address) {
    return new Reservation(
        Ip4.parse(address),
        List.of(HardwareAddress.parse(mac)),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        Map.of());
  }

  /** Says something to everybody on the link; the reply, if there is one. */
  Optional<Message> says(Ask ask) {
    return says(ask, false);
  }

  Optional<Message> saysToUs(Ask ask) {
    return says(ask, true);
  }

  private Optional<Message> says(Ask ask, boolean unicast) {
    last = loop.on(new Input.Arrived(ask.message(), LINK, Ip4.parse("10.77.0.9"), 67, unicast));
    return reply();
  }

  Optional<Message> reply() {
    return send().map(s -> ((Decoded.Ok) Decoder.decode(s.message().bytes())).message());
  }

  Optional<Action.Send> send() {
    return last.stream()
        .filter(Action.Send.class::isInstance)
        .map(Action.Send.class::cast)
        .findFirst();
  }

  List<LeaseRecord> kept() {
    return last.stream()
        .filter(Action.Keep.class::isInstance)
        .map(a -> ((Action.Keep) a).record())
        .toList();
  }

  List<Outcome> outcomes() {
    return last.stream()
        .filter(Action.Tell.class::isInstance)
        .flatMap(a -> ((Action.Tell) a).outcome().stream())
        .toList();
  }

  List<DhcpTrace> told() {
    return last.stream()
        .filter(Action.Tell.class::isInstance)
        .map(a -> ((Action.Tell) a).event())
        .toList();
  }

  List<NameClaim> unnamed() {
    return last.stream()
        .filter(Action.Unname.class::isInstance)
        .map(a -> ((Action.Unname) a).claim())
        .toList();
  }

  /** The whole exchange; the address, or nothing if there is none. */
  Optional<Ip4> joins(String mac) {
    return says(Ask.discover(mac))
        .map(Message::yiaddr)
        .flatMap(wish -> says(Ask.request(mac).wish(wish).server("10.77.0.1")))
        .filter(m -> m.options().type().equals(Optional.of(MessageType.ACK)))
        .map(Message::yiaddr);
  }

  void advance(Duration by) {
    last = loop.advance(by);
  }
}
