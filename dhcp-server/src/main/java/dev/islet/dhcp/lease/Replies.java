package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Encoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.OptionData;
import dev.islet.dhcp.wire.Options;
import dev.islet.dhcp.wire.RelayInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Builds replies: which fields are copied, which options go in, and where it is sent. */
final class Replies {
  /** Smallest datagram every client takes (RFC 2131 section 2), and the usual largest. */
  private static final int LEAST = 576;

  private static final int MOST = 1500;
  private static final int IP_AND_UDP = 28;

  /** What a client must not get unless it asks (RFC 8925 section 3.3, RFC 8910 section 2.1). */
  private static final Set<Integer> ONLY_ON_DEMAND = Set.of(Code.IPV6_ONLY, Code.CAPTIVE_PORTAL);

  private final Request request;
  private final Message asked;
  private final List<Integer> wanted;

  Replies(Request request) {
    this.request = request;
    this.asked = request.message();
    this.wanted = asked.options().parameterList();
  }

  /** OFFER or ACK with an address. */
  Action.Send lease(
      MessageType type, Ip4 address, Optional<String> label, Optional<NameClaim> name) {
    var terms = request.terms();
    var options = new Options.Draft();
    options.put(Code.LEASE_TIME, seconds(terms.lease()));
    options.put(Code.T1, seconds(terms.t1()));
    options.put(Code.T2, seconds(terms.t2()));
    if (type == MessageType.ACK
        && asked.options().type().filter(t -> t == MessageType.DISCOVER).isPresent()) {
      options.put(Code.RAPID_COMMIT, Octets.EMPTY);
    }
    parameters(options);
    reservedName(label, options);
    fqdn(name, options);
    // Only an ACK waits for the name; an OFFER merely says which it would be.
    return send(type, address, options, type == MessageType.ACK ? name : Optional.empty());
  }

  /** ACK to an INFORM: parameters only (RFC 2131 section 4.3.5). */
  Action.Send inform() {
    var options = new Options.Draft();
    parameters(options);
    return send(MessageType.ACK, Ip4.NONE, options, Optional.empty());
  }

  /** NAK: no address and no parameters. */
  Action.Send nak(String why) {
    var options = new Options.Draft();
    options.put(Code.MESSAGE, OptionCodec.text(why));
    return send(MessageType.NAK, Ip4.NONE, options, Optional.empty());
  }

  private static Octets seconds(Duration time) {
    return OptionCodec.number(Math.min(time.toSeconds(), 0xFFFF_FFFFL), 4);
  }

  /** What the client asked for, or all there is if it did not say. */
  private void parameters(Options.Draft options) {
    var subnet = request.subnet();
    options.put(Code.SUBNET_MASK, OptionCodec.address(subnet.mask()));
    if (wanted.contains(Code.BROADCAST)) {
      options.put(Code.BROADCAST, OptionCodec.address(subnet.broadcast()));
    }
    request
        .options()
        .forEach(
            (code, value) -> {
              if (wanted.contains(code) || wanted.isEmpty() && !ONLY_ON_DEMAND.contains(code)) {
                options.put(code, value);
              }
            });
  }

  private void reservedName(Optional<String> label, Options.Draft options) {
    if (wanted.contains(Code.HOST_NAME)) {
      request
          .reservation()
          .flatMap(r -> label)
          .ifPresent(l -> options.put(Code.HOST_NAME, OptionCodec.text(l)));
    }
  }

  /** Option 81 only answers option 81 (RFC 4702 section 4). */
  private void fqdn(Optional<NameClaim> name, Options.Draft options) {
    asked
        .options()
        .fqdn()
        .ifPresent(
            wish -> {
              int flags = wish.flags() & OptionData.Fqdn.E;
              if (name.isEmpty()) {
                flags |= OptionData.Fqdn.N | (wish.has(OptionData.Fqdn.S) ? OptionData.Fqdn.O : 0);
              } else {
                flags |= OptionData.Fqdn.S | (wish.has(OptionData.Fqdn.S) ? 0 : OptionData.Fqdn.O);
              }
              var answer =
                  name.isPresent()
                      ? new OptionData.Fqdn(flags, name.get().name(), true)
                      : new OptionData.Fqdn(flags, wish.name(), wish.complete());
              options.put(Code.FQDN, OptionCodec.fqdn(answer));
            });
  }

  private Action.Send send(
      MessageType type, Ip4 address, Options.Draft options, Optional<NameClaim> name) {
    options.put(Code.MESSAGE_TYPE, Octets.of((byte) type.code()));
    options.put(Code.SERVER_ID, OptionCodec.address(request.serverId()));
    echo(Code.CLIENT_ID, options); // RFC 6842
    echo(Code.RELAY_INFO, options); // RFC 3046
    var terms = request.terms();
    boolean nak = type == MessageType.NAK;
    boolean relayed = !asked.giaddr().isNone();
    var reply =
        new Message(
            Message.REPLY,
            asked.hardware(),
            0,
            asked.xid(),
            0,
            // RFC 2131 section 4.1: so that the relay broadcasts the NAK.
            nak && relayed ? asked.flags() | Message.BROADCAST : asked.flags(),
            type == MessageType.ACK ? asked.ciaddr() : Ip4.NONE,
            address,
            nak ? Ip4.NONE : terms.nextServer(),
            asked.giaddr(),
            Octets.EMPTY,
            nak ? Octets.EMPTY : OptionCodec.text(terms.bootFile()),
            options.done());
    int limit = Math.clamp(asked.options().maxSize().orElse(LEAST), LEAST, MOST) - IP_AND_UDP;
    return new Action.Send(
        type,
        asked.hardware(),
        address,
        Encoder.encode(reply, wanted, limit),
        request.link(),
        from(),
        destination(type, address),
        name);
  }

  /** Our address that it leaves from: the server identifier, unless a relay has chosen another. */
  private Ip4 from() {
    var own = request.link().addresses();
    var id = request.serverId();
    return own.contains(id) ? id : own.getFirst();
  }

  private void echo(int code, Options.Draft options) {
    asked.options().get(code).ifPresent(o -> options.put(code, o));
  }

  private Destination destination(MessageType type, Ip4 address) {
    if (request.link().plain()) {
      return new Destination.Source(request.source(), request.port());
    }
    if (!asked.giaddr().isNone()) {
      boolean samePort = asked.options().relayInfo().has(RelayInfo.RELAY_PORT); // RFC 8357
      return new Destination.Relay(asked.giaddr(), samePort ? request.port() : 67);
    }
    if (type == MessageType.NAK) {
      return new Destination.Broadcast();
    }
    if (!asked.ciaddr().isNone()) {
      return new Destination.Unicast(asked.ciaddr());
    }
    if (address.isNone()) {
      // An INFORM whose sender forgot to fill in its address.
      return request.source().isNone()
          ? new Destination.Broadcast()
          : new Destination.Unicast(request.source());
    }
    return asked.wantsBroadcast() || !asked.hardware().isEthernet()
        ? new Destination.Broadcast()
        : new Destination.Hardware(asked.hardware().mac(), address);
  }
}
