package dev.islet.dhcp.lease6;

import dev.islet.dhcp.lease6.Bindings.Owner;
import dev.islet.dhcp.lease6.Bindings.Place;
import dev.islet.dhcp.model.DhcpTrace;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.name.Naming;
import dev.islet.dhcp.wire.Code6;
import dev.islet.dhcp.wire.Fqdn6;
import dev.islet.dhcp.wire.Message6;
import dev.islet.dhcp.wire.Option6;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One message and all that is needed to answer it. */
final class Exchange6 {
  private static final int CLIENT_PORT = 546;
  private static final int RELAY_PORT = 547;

  private final Bindings bindings;
  private final Network6 network;
  private final Octets server;
  private final Optional<Naming> naming;
  private final Input6 input;
  private final Message6 message;
  private final Octets duid;
  private final Optional<Network6.Kept> kept;
  private final long now;
  private final Consumer<? super Action6> out;
  private final List<Association> associations;

  /** What DNS shall hold when the client gets its reply, or would. */
  private Optional<NameClaim> named = Optional.empty();

  Exchange6(
      Bindings bindings,
      Network6 network,
      Octets server,
      Optional<Naming> naming,
      Input6 input,
      long now,
      Consumer<? super Action6> out) {
    this.bindings = bindings;
    this.network = network;
    this.server = server;
    this.naming = naming;
    this.input = input;
    this.message = input.message();
    this.duid = message.get(Code6.CLIENT_ID).orElse(Octets.EMPTY);
    this.kept = network.reservation(duid, message.hardware());
    this.now = now;
    this.out = out;
    this.associations = Association.of(message, duid);
  }

  // ---- messages

  /** Section 18.3.9: what the client would get, or gets at once with rapid commit. */
  void solicit() {
    boolean rapid = network.rapidCommit() && message.has(Code6.RAPID_COMMIT);
    var parts = new ArrayList<Option6>();
    if (rapid) {
      parts.add(new Option6(Code6.RAPID_COMMIT, Octets.EMPTY));
    }
    for (var association : associations) {
      parts.add(
          choose(association)
              .map(place -> rapid ? grant(association, place) : offer(association, place))
              .orElseGet(association::empty));
    }
    reply(
        rapid ? MessageType6.REPLY : MessageType6.ADVERTISE,
        parts,
        rapid ? Outcome.GRANTED : Outcome.OFFERED,
        rapid ? "in one step (RFC 8415 18.3.1)" : "(RFC 8415 18.3.9)");
  }

  /** Section 18.3.2. */
  void request() {
    var parts = new ArrayList<Option6>();
    for (var association : associations) {
      if (association.places().stream().anyMatch(p -> !onLink(p))) {
        parts.add(association.refusal(Code6.NOT_ON_LINK, "an address is not for this link"));
      } else {
        parts.add(
            choose(association)
                .map(place -> grant(association, place))
                .orElseGet(association::empty));
      }
    }
    reply(MessageType6.REPLY, parts, Outcome.GRANTED, "(RFC 8415 18.3.2)");
  }

  /**
   * Sections 18.3.4 and 18.3.5. A client whose binding we do not have keeps what it names if that
   * is free and ours to give: so a lost lease file costs nobody the address.
   */
  void extend(boolean renew) {
    var parts = new ArrayList<Option6>();
    for (var association : associations) {
      var had = bindings.of(association.owner()).map(b -> b.place);
      var place =
          had.or(
                  () ->
                      association.places().stream()
                          .filter(p -> mayHave(association, p))
                          .findFirst())
              .filter(p -> mayHave(association, p));
      if (place.isPresent()) {
        parts.add(grant(association, place.get()));
      } else if (renew) {
        parts.add(association.refusal(Code6.NO_BINDING, "there is no such binding here"));
      } else {
        parts.add(association.dead());
      }
    }
    reply(
        MessageType6.REPLY,
        parts,
        Outcome.RENEWED,
        renew ? "(RFC 8415 18.3.4)" : "(RFC 8415 18.3.5)");
  }

  /** Section 18.3.3: are the client's addresses still right where it is now? */
  void confirm() {
    var places =
        associations.stream()
            .filter(a -> !a.owner().prefixes())
            .flatMap(a -> a.places().stream())
            .toList();
    if (places.isEmpty()) {
      silence("it names no address to confirm (RFC 8415 18.3.3)");
      return;
    }
    boolean right = places.stream().allMatch(this::onLink);
    reply(
        MessageType6.REPLY,
        List.of(
            right
                ? Option6.status(Code6.SUCCESS, "all are right on this link")
                : Option6.status(Code6.NOT_ON_LINK, "some are not for this link")),
        right ? Outcome.INFORMED : Outcome.REFUSED_NAK,
        "(RFC 8415 18.3.3)");
  }

  /** Section 18.3.7. */
  void release() {
    giveBack(binding -> bindings.end(binding, now, out), Outcome.RELEASED, "released");
  }

  /** Section 18.3.8: the client found an address in use. */
  void decline(Duration quarantine) {
    giveBack(
        binding -> bindings.quarantine(binding, quarantine, now, out),
        Outcome.DECLINED,
        "declined, and rests");
  }

  private void giveBack(Consumer<Bindings.Binding> how, Outcome outcome, String what) {
    var parts = new ArrayList<Option6>();
    parts.add(Option6.status(Code6.SUCCESS, what));
    for (var association : associations) {
      var binding = bindings.of(association.owner());
      if (binding.isEmpty()) {
        parts.add(association.refusal(Code6.NO_BINDING, "there is no such binding here"));
      } else if (association.places().contains(binding.get().place)) {
        how.accept(binding.get());
      }
    }
    reply(MessageType6.REPLY, parts, outcome, what);
  }

  /** Section 18.3.6: parameters only. */
  void inform() {
    reply(MessageType6.REPLY, List.of(), Outcome.INFORMED, "parameters only (RFC 8415 18.3.6)");
  }

  /** Section 18.4: only some messages sent to us alone get an answer, and it is that. */
  void useMulticast() {
    switch (message.type()) {
      case REQUEST, RENEW, RELEASE, DECLINE ->
          reply(
              MessageType6.REPLY,
              List.of(Option6.status(Code6.USE_MULTICAST, "send it to ff02::1:2")),
              Outcome.NONSENSE,
              "it was sent to us alone (RFC 8415 18.4)");
      case SOLICIT,
          CONFIRM,
          REBIND,
          INFORMATION_REQUEST,
          ADVERTISE,
          REPLY,
          RECONFIGURE,
          RELAY_FORWARD,
          RELAY_REPLY ->
          silence("it was sent to us alone (RFC 8415 16)");
    }
  }

  // ---- places

  /** What is kept for the client, what it has, what it asks for, or any that is free. */
  private Optional<Place> choose(Association association) {
    var owner = association.owner();
    var reserved = reserved(owner).filter(p -> bindings.isFor(owner, p));
    if (reserved.isPresent()) {
      return reserved;
    }
    var had = bindings.of(owner).map(b -> b.place).filter(p -> mayHave(association, p));
    if (had.isPresent()) {
      return had;
    }
    var wish = association.places().stream().filter(p -> mayHave(association, p)).findFirst();
    if (wish.isPresent()) {
      return wish;
    }
    if (bindings.bound() >= Bindings.MOST) {
      return Optional.empty();
    }
    for (var pool : pools(owner)) {
      var place = bindings.choose(network, pool, owner);
      if (place.isPresent()) {
        return place;
      }
    }
    return Optional.empty();
  }

  private List<Pool6> pools(Owner owner) {
    return owner.prefixes() ? network.delegated() : network.pools();
  }

  private Optional<Place> reserved(Owner owner) {
    return owner.prefixes()
        ? kept.flatMap(Network6.Kept::delegated)
            .map(p -> new Place(Ip6.of(p.address()), p.length()))
        : kept.flatMap(Network6.Kept::address).map(a -> new Place(a, 128));
  }

  /** Whether the configuration lets this client have a place, and nobody else has it. */
  private boolean mayHave(Association association, Place place) {
    var owner = association.owner();
    var reserved = reserved(owner);
    boolean allowed =
        reserved.isPresent() && bindings.isFor(owner, reserved.get())
            ? reserved.get().equals(place)
            : !network.isKept(place.address(), place.length())
                && pools(owner).stream()
                    .anyMatch(p -> p.indexOf(place.address(), place.length()).isPresent());
    return allowed && bindings.isFor(owner, place);
  }

  /** Whether a place belongs here at all; of prefixes nobody can tell by the link. */
  private boolean onLink(Place place) {
    return place.length() != 128 || network.contains(place.address());
  }

  // ---- parts of replies

  private Option6 offer(Association association, Place place) {
    name(association, place);
    return holding(association, place, List.of());
  }

  private Option6 grant(Association association, Place place) {
    var label = name(association, place);
    bindings.grant(association.owner(), place, network.valid(), label, now, out);
    // Others the client named there are at their end.
    boolean fresh = message.type() == MessageType6.REQUEST;
    return holding(
        association,
        place,
        association.places().stream().filter(p -> !p.equals(place) && !fresh).toList());
  }

  private Option6 holding(Association association, Place place, List<Place> ended) {
    return association.holding(
        place, network.preferred().toSeconds(), network.valid().toSeconds(), ended);
  }

  /** The label a place gets: the reserved one, else the client's wish, made safe. */
  private Optional<String> name(Association association, Place place) {
    var wish = message.get(Code6.FQDN).flatMap(Fqdn6::read).filter(f -> !f.has(Fqdn6.N));
    var label =
        naming
            .flatMap(
                n ->
                    kept.flatMap(Network6.Kept::name)
                        .or(() -> wish.map(Fqdn6::name))
                        .flatMap(n::label))
            .filter(l -> bindings.mayName(association.owner(), l));
    if (named.isEmpty()) {
      named = label.flatMap(l -> bindings.claim(association.owner(), place, l));
    }
    return label;
  }

  /** Option 39 only answers option 39 (RFC 4704 section 6). */
  private Optional<Option6> fqdn() {
    return message
        .get(Code6.FQDN)
        .flatMap(Fqdn6::read)
        .map(
            wish -> {
              boolean other = wish.has(Fqdn6.S) != named.isPresent();
              int flags = (named.isPresent() ? Fqdn6.S : Fqdn6.N) | (other ? Fqdn6.O : 0);
              return named
                  .map(claim -> new Fqdn6(flags, claim.name(), true))
                  .orElseGet(() -> new Fqdn6(flags, wish.name(), wish.complete()))
                  .option();
            });
  }

  private void reply(MessageType6 type, List<Option6> parts, Outcome outcome, String because) {
    var options = new ArrayList<Option6>();
    if (duid.size() > 0) {
      options.add(new Option6(Code6.CLIENT_ID, duid));
    }
    options.add(new Option6(Code6.SERVER_ID, server));
    options.addAll(parts);
    fqdn().ifPresent(options::add);
    var wanted = message.wanted();
    for (var option : network.options()) {
      if (wanted.contains(option.code())) {
        options.add(option);
      }
    }
    boolean gets = carries(parts, Code6.IA_ADDRESS) || carries(parts, Code6.IA_PREFIX);
    boolean asks = !associations.isEmpty();
    var became =
        asks && !gets && (outcome == Outcome.GRANTED || outcome == Outcome.OFFERED)
            ? Outcome.EXHAUSTED
            : outcome;
    var client = Lease6Engine.client(message);
    out.accept(
        new Action6.Tell(
            new DhcpTrace.Decided6(message.type(), client, summary(type, parts), because), became));
    boolean direct = message.relays().isEmpty();
    boolean samePort =
        !direct
            && Option6.find(message.relays().getFirst().options(), Code6.RELAY_PORT).isPresent();
    out.accept(
        new Action6.Send(
            new Message6(message.echoed(), type, message.transaction(), options),
            client,
            input.link(),
            input.source(),
            direct ? CLIENT_PORT : samePort ? input.port() : RELAY_PORT,
            // Only what is given waits for its name; an offer merely says which it would be.
            type == MessageType6.REPLY ? named : Optional.empty()));
  }

  private static boolean carries(List<Option6> parts, int code) {
    return parts.stream()
        .filter(p -> p.code() == Code6.IA_NA || p.code() == Code6.IA_PD)
        .anyMatch(p -> p.inside(12).stream().anyMatch(o -> o.code() == code));
  }

  private static String summary(MessageType6 type, List<Option6> parts) {
    var text = new StringBuilder(type.name());
    for (var part : parts) {
      if (part.code() != Code6.IA_NA && part.code() != Code6.IA_PD) {
        continue;
      }
      for (var inside : part.inside(12)) {
        var bytes = inside.value().toBytes();
        switch (inside.code()) {
          case Code6.IA_ADDRESS -> text.append(" ").append(Ip6.of(bytes, 0));
          case Code6.IA_PREFIX ->
              text.append(" ").append(Ip6.of(bytes, 9)).append("/").append(bytes[8] & 0xFF);
          case Code6.STATUS -> text.append(" status ").append(inside.value().uint16(0));
          default -> {}
        }
      }
    }
    return text.toString();
  }

  private void silence(String why) {
    out.accept(
        new Action6.Tell(
            new DhcpTrace.Decided6(message.type(), Lease6Engine.client(message), "silence", why),
            Outcome.NONSENSE));
  }
}
