package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.ClientState;
import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.OptionData;
import java.util.Optional;
import java.util.function.Consumer;

/** One message and all that is needed to answer it. */
final class Exchange {
  private final Policy policy;
  private final LeaseTable table;
  private final long now;
  private final Request request;
  private final Message message;
  private final Client client;
  private final MessageType type;
  private final SubnetLeases at;
  private final Consumer<? super Action> out;
  private final Probes probes;

  Exchange(
      LeaseTable table,
      Probes probes,
      long now,
      Request request,
      MessageType type,
      Consumer<? super Action> out) {
    this.policy = table.policy();
    this.table = table;
    this.probes = probes;
    this.now = now;
    this.request = request;
    this.message = request.message();
    this.client = request.client();
    this.type = type;
    this.at = table.of(request.subnet());
    this.out = out;
  }

  void discover() {
    discover(now + policy.probe().toNanos(), 0);
  }

  /** A class of clients that gets nothing: an address it has is taken back. */
  void refuse(String name) {
    var why = "the class " + name + " gets nothing";
    if (type == MessageType.REQUEST && !message.ciaddr().isNone()) {
      nak(ClientState.RENEWING, message.ciaddr(), why);
    } else {
      silence(ClientState.UNKNOWN, why, Outcome.REFUSED_CLASS);
    }
  }

  private void discover(long until, int tried) {
    if (at.isStranger(client) && at.strangersHaveTheirShare(client)) {
      silence(
          ClientState.INIT,
          "half of what is free is offered to unknown clients; the rest is for known ones",
          Outcome.GUARDED);
      return;
    }
    var wish = message.options().address(Code.REQUESTED_ADDRESS);
    var choice = at.choose(client, wish);
    if (choice.isEmpty()) {
      silence(ClientState.INIT, "every address of " + at.subnet + " is in use", Outcome.EXHAUSTED);
      return;
    }
    var address = choice.get().address();
    var because = choice.get().because();
    var probe = probes.of(address, client);
    if (request.link().addresses().contains(address)) {
      table.quarantine(at, address, client, "it is this server's own", Outcome.CONFLICT, now, out);
      discover(until, tried);
    } else if (probe.isPresent()) {
      decided(ClientState.INIT, address, "wait", "who uses it has a moment left to say so");
      probes.refresh(probe.get(), request);
    } else if (isSure(address)) {
      answer(address, because);
    } else if (tried < Probes.TRIES) {
      decided(ClientState.INIT, address, "probe", because + ", if nobody uses it (RFC 2131 2.2)");
      table.offer(at, client, address, now);
      probes.begin(request, address, because, now, until, tried + 1);
      out.accept(new Action.Probe(address, request.link(), request.relayed()));
    } else {
      silence(ClientState.INIT, tried + " addresses were in use", Outcome.CONFLICT);
    }
  }

  /** Whether nobody needs to be asked: no probe, or the client has the address or our word. */
  private boolean isSure(Ip4 address) {
    return policy.probe().isZero()
        || request.link().plain()
        || at.of(client.key()).filter(l -> l.isAt(address) && l.isBound()).isPresent()
        || at.offerTo(client.key()).filter(o -> o.address().equals(address)).isPresent();
  }

  /** Nobody was seen using the address, or only the client itself. */
  void offerProbed(Probes.Probe probe, String seen) {
    // The client may have chosen another server meanwhile.
    if (at.offerTo(client.key()).filter(o -> o.address().equals(probe.address())).isPresent()) {
      answer(probe.address(), probe.because() + seen);
    }
  }

  /** Somebody uses the address; it rests, and another one is looked for. */
  void discoverAnother(Probes.Probe probe) {
    discover(probe.until(), probe.tries());
  }

  private void answer(Ip4 address, String because) {
    if (request.terms().rapidCommit() && message.options().has(Code.RAPID_COMMIT)) {
      grant(ClientState.INIT, address, because + ", and in one step (RFC 4039)");
      return;
    }
    decided(ClientState.INIT, address, "OFFER", because);
    table.offer(at, client, address, now);
    out.accept(
        new Action.Tell(
            new DhcpTrace.Offered(client.hardware(), address, policy.offerHold()),
            Outcome.OFFERED));
    var label = label();
    out.accept(
        new Replies(request)
            .lease(MessageType.OFFER, address, label, table.claim(client, address, label)));
  }

  void request() {
    var serverId = message.options().address(Code.SERVER_ID);
    var wish = message.options().address(Code.REQUESTED_ADDRESS);
    if (serverId.isPresent() && !request.isUs(serverId.get())) {
      at.offerTo(client.key()).ifPresent(at::unoffer);
      silence(
          ClientState.SELECTING,
          "the client chose the server " + serverId.get() + " (RFC 2131 3.1 step 4)",
          Outcome.OTHER_SERVER);
    } else if (!message.ciaddr().isNone()) {
      extend();
    } else if (wish.isEmpty()) {
      silence(ClientState.UNKNOWN, "it names no address (RFC 2131 4.3.2)", Outcome.NONSENSE);
    } else if (serverId.isPresent()) {
      selecting(wish.get());
    } else {
      rebooting(wish.get());
    }
  }

  private void selecting(Ip4 wish) {
    if (!at.mayHave(client, wish)) {
      nak(ClientState.SELECTING, wish, "the address is not for this client");
    } else if (!at.isFor(client, wish)) {
      nak(ClientState.SELECTING, wish, "somebody else has the address");
    } else {
      grant(ClientState.SELECTING, wish, "it was offered");
    }
  }

  private void rebooting(Ip4 wish) {
    var state = ClientState.INIT_REBOOT;
    var known = at.of(client.key());
    if (!at.subnet.contains(wish)) {
      nak(state, wish, "the address lies in another network (RFC 2131 4.3.2)");
    } else if (known.isEmpty()) {
      stranger(state, wish);
    } else if (!known.get().isAt(wish)) {
      nak(state, wish, "the client's address is " + known.get().address());
    } else if (!at.mayHave(client, wish)) {
      nak(state, wish, "the address is no longer for this client");
    } else if (!at.isFor(client, wish)) {
      nak(state, wish, "somebody else has the address");
    } else {
      grant(state, wish, "it had it before its restart");
    }
  }

  private void extend() {
    boolean asked = request.arrived().unicast() && message.giaddr().isNone();
    var state = asked ? ClientState.RENEWING : ClientState.REBINDING;
    var address = message.ciaddr();
    var known = at.of(client.key()).filter(l -> l.isAt(address));
    if (!at.subnet.contains(address)) {
      nak(state, address, "the address lies in another network");
    } else if (!at.mayHave(client, address)) {
      nak(state, address, "the address is not, or no longer, for this client");
    } else if (!at.isFor(client, address)) {
      nak(state, address, "somebody else has the address");
    } else if (known.isPresent()) {
      grant(state, address, "the client has it");
    } else if (state == ClientState.RENEWING) {
      grant(state, address, "it says it has it from us, and the address is free");
    } else {
      stranger(state, address);
    }
  }

  /** No record of the client: others may know it, so RFC 2131 section 4.3.2 wants silence. */
  private void stranger(ClientState state, Ip4 wish) {
    if (policy.authoritative()) {
      nak(state, wish, "there is no record of the client, and this server is authoritative");
    } else {
      silence(state, "there is no record of the client (RFC 2131 4.3.2)", Outcome.UNKNOWN_CLIENT);
    }
  }

  void decline() {
    var address = message.options().address(Code.REQUESTED_ADDRESS).orElse(message.ciaddr());
    var serverId = message.options().address(Code.SERVER_ID);
    boolean held =
        at.of(client.key()).filter(l -> l.isBound() && l.isAt(address)).isPresent()
            || at.offerTo(client.key()).filter(o -> o.address().equals(address)).isPresent();
    if (serverId.isPresent() && !request.isUs(serverId.get())) {
      silence(ClientState.BOUND, "it is for another server", Outcome.OTHER_SERVER);
    } else if (!held) {
      silence(ClientState.BOUND, "the client does not have " + address, Outcome.NONSENSE);
    } else {
      decided(
          ClientState.BOUND,
          address,
          "quarantine",
          "the client found the address in use (RFC 2131 4.3.3)");
      table.quarantine(
          at, address, client, client.hardware() + " found it in use", Outcome.DECLINED, now, out);
    }
  }

  void release() {
    var lease = at.of(client.key()).filter(l -> l.isBound() && l.isAt(message.ciaddr()));
    var serverId = message.options().address(Code.SERVER_ID);
    if (serverId.isPresent() && !request.isUs(serverId.get())) {
      silence(ClientState.BOUND, "it is for another server", Outcome.OTHER_SERVER);
    } else if (lease.isEmpty()) {
      silence(ClientState.BOUND, "the client does not have " + message.ciaddr(), Outcome.NONSENSE);
    } else {
      decided(
          ClientState.BOUND,
          message.ciaddr(),
          "free",
          "the client gives it back; it is remembered (RFC 2131 4.3.4)");
      table.release(at, lease.get(), Outcome.RELEASED, now, out);
    }
  }

  void inform() {
    out.accept(
        new Action.Tell(
            new DhcpTrace.Decided(
                type,
                ClientState.BOUND,
                client.hardware(),
                message.ciaddr(),
                "ACK",
                "it asks for parameters only: no address, no lease time (RFC 2131 4.3.5)"),
            Outcome.INFORMED));
    out.accept(new Replies(request).inform());
  }

  private void grant(ClientState state, Ip4 address, String because) {
    decided(state, address, "ACK", because);
    var label = label();
    boolean renewed = table.grant(at, client, address, request.terms().lease(), label, now, out);
    out.accept(
        new Action.Tell(
            new DhcpEvent.Granted(client.hardware(), address, request.terms().lease()),
            renewed ? Outcome.RENEWED : Outcome.GRANTED));
    var name = Optional.ofNullable(at.byAddress.get(address)).flatMap(table::claim);
    out.accept(new Replies(request).lease(MessageType.ACK, address, label, name));
  }

  private void nak(ClientState state, Ip4 address, String because) {
    decided(state, address, "NAK", because);
    out.accept(refused(message, because, Outcome.REFUSED_NAK));
    out.accept(new Replies(request).nak(because));
  }

  void silence(ClientState state, String because, Outcome outcome) {
    decided(state, Ip4.NONE, "silence", because);
    out.accept(refused(message, because, outcome));
  }

  /** The label the client gets: the reserved one, else its wish, made safe. */
  private Optional<String> label() {
    var reserved = request.reservation().flatMap(r -> r.name());
    if (reserved.isPresent()) {
      return reserved;
    }
    var fqdn = message.options().fqdn();
    if (fqdn.filter(f -> f.has(OptionData.Fqdn.N)).isPresent()) {
      return Optional.empty();
    }
    var wish =
        fqdn.map(OptionData.Fqdn::name)
            .filter(n -> !n.isEmpty())
            .or(() -> message.options().hostName());
    return wish.flatMap(policy.hostNames()::label);
  }

  private void decided(ClientState state, Ip4 address, String decision, String because) {
    out.accept(
        new Action.Tell(
            new DhcpTrace.Decided(type, state, client.hardware(), address, decision, because),
            Optional.empty()));
  }

  static Action.Tell refused(Message message, String why, Outcome outcome) {
    return new Action.Tell(new DhcpEvent.Refused(message.hardware(), why), outcome);
  }
}
