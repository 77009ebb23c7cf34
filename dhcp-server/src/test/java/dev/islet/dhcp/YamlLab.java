package dev.islet.dhcp;

import dev.islet.dhcp.lease.Action;
import dev.islet.dhcp.lease.Input;
import dev.islet.dhcp.lease.LeaseEngine;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.testkit.VirtualLoop;
import dev.islet.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A server without sockets on 10.77.0.1, from a configuration as an operator writes it. */
final class YamlLab {
  static final Link LINK = new Link("eth0", List.of(Ip4.parse("10.77.0.1")), false);

  final LeaseEngine engine;
  final VirtualLoop<Input, Action> loop;
  List<Action> last = List.of();

  YamlLab(String yaml) {
    var config = DhcpConfigTest.parse("conflict-check: 0s\n" + yaml);
    engine = new LeaseEngine(Dhcp4.policy(config), config.plan());
    loop = new VirtualLoop<>(engine, new VirtualTime());
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
    return send().map(s -> ((Decoded.Ok) Decoder.decode(s.message().bytes())).message());
  }

  Optional<Action.Send> send() {
    return last.stream()
        .filter(Action.Send.class::isInstance)
        .map(Action.Send.class::cast)
        .findFirst();
  }

  List<Outcome> outcomes() {
    return last.stream()
        .filter(Action.Tell.class::isInstance)
        .flatMap(a -> ((Action.Tell) a).outcome().stream())
        .toList();
  }

  /** What it is offered. */
  String offered(Ask discover) {
    return says(discover).map(m -> m.yiaddr().toString()).orElse("nothing");
  }

  /** The whole exchange; the address, or "nothing". */
  String joins(Ask discover, Ask request) {
    return says(discover)
        .map(o -> o.options().address(Code.SERVER_ID).map(id -> request.server(id.toString())))
        .flatMap(r -> r)
        .flatMap(r -> says(r.wish(lastAddress())))
        .filter(m -> m.options().type().equals(Optional.of(MessageType.ACK)))
        .map(m -> m.yiaddr().toString())
        .orElse("nothing");
  }

  String joins(String mac) {
    return joins(Ask.discover(mac), Ask.request(mac));
  }

  private Ip4 lastAddress() {
    return send().orElseThrow().address();
  }

  void advance(Duration by) {
    last = loop.advance(by);
  }
}
