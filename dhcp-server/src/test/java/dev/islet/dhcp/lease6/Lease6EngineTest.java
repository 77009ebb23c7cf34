package dev.islet.dhcp.lease6;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.name.HostNames;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.name.Naming;
import dev.islet.dhcp.wire.Code6;
import dev.islet.dhcp.wire.Fqdn6;
import dev.islet.dhcp.wire.Message6;
import dev.islet.dhcp.wire.Option6;
import dev.islet.testkit.VirtualLoop;
import dev.islet.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Lease6EngineTest {
  private static final Octets SERVER = Octets.parse("0004000102030405060708090a0b0c0d0e0f");
  private static final Ip6 SOURCE = Ip6.parse("fe80::1:2");
  private static final Ip6 KEPT = Ip6.parse("2001:db8:7::77");
  private static final MacAddress DEVICE = MacAddress.parse("b8:27:eb:00:00:01");

  private final Lease6Engine engine = engine(false);
  private final VirtualTime time = new VirtualTime();
  private final VirtualLoop<Input6, Action6> loop = new VirtualLoop<>(engine, time);
  private List<Action6> last = List.of();

  private static Lease6Engine engine(boolean rapid) {
    return new Lease6Engine(
        SERVER,
        Duration.ofHours(1),
        Duration.ofMinutes(15),
        Optional.of(new Naming("home.arpa", new HostNames(List.of()))),
        List.of(network(rapid)));
  }

  private static Network6 network(boolean rapid) {
    return new Network6(
        Prefix.parse("2001:db8:7::/64"),
        Optional.of("eth0"),
        List.of(Pool6.parse("2001:db8:7::1000-2001:db8:7::1003")),
        List.of(Pool6.prefixes(Prefix.parse("2001:db8:100::/40"), 56)),
        Duration.ofHours(4),
        Duration.ofHours(8),
        rapid,
        List.of(Option6.addresses(Code6.DNS, List.of(Ip6.parse("2001:db8:7::1")))),
        List.of(
            new Network6.Kept(
                Optional.of(KEPT),
                Optional.empty(),
                List.of(),
                List.of(DEVICE),
                Optional.of("nas"))));
  }

  private static Octets duid(String mac) {
    return Octets.parse("00030001").plus(Octets.of(MacAddress.parse(mac).toBytes()));
  }

  private static Octets client(int number) {
    return duid("02:00:00:00:00:%02x".formatted(number));
  }

  private Optional<Message6> says(MessageType6 type, Octets client, Option6... options) {
    return says(loop, type, List.of(), client, options);
  }

  private Optional<Message6> says(
      VirtualLoop<Input6, Action6> to,
      MessageType6 type,
      List<Message6.Relay> relays,
      Octets client,
      Option6... options) {
    var all = new ArrayList<Option6>();
    all.add(new Option6(Code6.CLIENT_ID, client));
    all.add(new Option6(Code6.OPTION_REQUEST, Octets.parse("00170018")));
    all.addAll(List.of(options));
    var message = new Message6(relays, type, 0x123456, all);
    last = to.on(new Input6(message, "eth0", List.of(), SOURCE, 546, true));
    return last.stream()
        .filter(Action6.Send.class::isInstance)
        .map(a -> ((Action6.Send) a).message())
        .findFirst();
  }

  private static Option6 us() {
    return new Option6(Code6.SERVER_ID, SERVER);
  }

  private static Option6 wants(int iaid, Ip6... addresses) {
    return Option6.association(
        Code6.IA_NA,
        iaid,
        0,
        0,
        List.of(addresses).stream().map(a -> Option6.address(a, 0, 0)).toList());
  }

  private static Option6 wantsPrefix(int iaid) {
    return Option6.association(Code6.IA_PD, iaid, 0, 0, List.of());
  }

  private static Optional<Ip6> address(Message6 reply) {
    return reply.options().stream()
        .filter(o -> o.code() == Code6.IA_NA)
        .flatMap(o -> o.inside(12).stream())
        .filter(o -> o.code() == Code6.IA_ADDRESS && o.value().int32(20) != 0)
        .map(o -> Ip6.of(o.value().toBytes(), 0))
        .findFirst();
  }

  private static int status(Message6 reply) {
    return reply.options().stream()
        .filter(o -> o.code() == Code6.IA_NA || o.code() == Code6.IA_PD)
        .flatMap(o -> o.inside(12).stream())
        .filter(o -> o.code() == Code6.STATUS)
        .map(o -> o.value().uint16(0))
        .findFirst()
        .or(() -> reply.get(Code6.STATUS).map(o -> o.uint16(0)))
        .orElse(-1);
  }

  private Ip6 joins(Octets client) {
    var offered = address(says(MessageType6.SOLICIT, client, wants(1)).orElseThrow()).orElseThrow();
    return address(says(MessageType6.REQUEST, client, us(), wants(1, offered)).orElseThrow())
        .orElseThrow();
  }

  private List<Outcome> outcomes() {
    return last.stream()
        .filter(Action6.Tell.class::isInstance)
        .flatMap(a -> ((Action6.Tell) a).outcome().stream())
        .toList();
  }

  private long kept() {
    return last.stream().filter(Action6.Keep.class::isInstance).count();
  }

  @Test
  void an_address_is_offered_given_renewed_and_comes_back_to_its_client() {
    var offer = says(MessageType6.SOLICIT, client(1), wants(1)).orElseThrow();
    assertThat(offer.type()).isEqualTo(MessageType6.ADVERTISE);
    assertThat(offer.get(Code6.SERVER_ID)).contains(SERVER);
    assertThat(offer.get(Code6.DNS)).isPresent();
    assertThat(offer.transaction()).isEqualTo(0x123456);
    assertThat(kept()).isZero();
    var offered = address(offer).orElseThrow();

    var reply = says(MessageType6.REQUEST, client(1), us(), wants(1, offered)).orElseThrow();
    assertThat(reply.type()).isEqualTo(MessageType6.REPLY);
    assertThat(address(reply)).contains(offered);
    assertThat(kept()).isEqualTo(1);
    // What lasts is written before the reply is sent.
    assertThat(last.getFirst()).isInstanceOf(Action6.Keep.class);

    last = loop.advance(Duration.ofHours(2));
    assertThat(address(says(MessageType6.RENEW, client(1), us(), wants(1, offered)).orElseThrow()))
        .contains(offered);
    assertThat(kept()).as("the file reaches that far already").isZero();
    loop.advance(Duration.ofHours(20));
    assertThat(engine.bound()).isZero();
    assertThat(joins(client(1))).isEqualTo(offered);
  }

  @Test
  void nobody_gets_what_another_has_and_the_last_one_is_told() {
    var seen = new HashMap<Ip6, Integer>();
    for (int i = 1; i <= 4; i++) {
      assertThat(seen.put(joins(client(i)), i)).isNull();
    }
    var none = says(MessageType6.SOLICIT, client(5), wants(1)).orElseThrow();
    assertThat(status(none)).isEqualTo(Code6.NO_ADDRESSES);
    assertThat(outcomes()).containsExactly(Outcome.EXHAUSTED);
    // It does not help to ask for one by name.
    var taken = seen.keySet().iterator().next();
    assertThat(status(says(MessageType6.REQUEST, client(5), us(), wants(1, taken)).orElseThrow()))
        .isEqualTo(Code6.NO_ADDRESSES);
    assertThat(status(says(MessageType6.RENEW, client(5), us(), wants(1, taken)).orElseThrow()))
        .isEqualTo(Code6.NO_BINDING);
  }

  @Test
  void a_prefix_is_delegated_beside_an_address() {
    var reply = says(MessageType6.REQUEST, client(1), us(), wants(1), wantsPrefix(2)).orElseThrow();
    assertThat(address(reply)).isPresent();
    var prefix =
        reply.options().stream()
            .filter(o -> o.code() == Code6.IA_PD)
            .flatMap(o -> o.inside(12).stream())
            .findFirst()
            .orElseThrow()
            .value();
    assertThat(prefix.at(8)).isEqualTo(56);
    var network = Ip6.of(prefix.toBytes(), 9);
    assertThat(Prefix.parse("2001:db8:100::/40").contains(network.toInet())).isTrue();
    assertThat(network.network(56).address()).isEqualTo(network.toInet());
  }

  @Test
  void a_device_gets_what_is_kept_for_it_and_nobody_else_does() {
    assertThat(joins(duid("b8:27:eb:00:00:01"))).isEqualTo(KEPT);
    assertThat(address(says(MessageType6.REQUEST, client(1), us(), wants(1, KEPT)).orElseThrow()))
        .isPresent()
        .get()
        .isNotEqualTo(KEPT);
  }

  @Test
  void an_address_of_another_network_is_refused_and_confirmed_as_wrong() {
    var elsewhere = Ip6.parse("2001:db8:9::5");
    assertThat(
            status(says(MessageType6.REQUEST, client(1), us(), wants(1, elsewhere)).orElseThrow()))
        .isEqualTo(Code6.NOT_ON_LINK);
    assertThat(status(says(MessageType6.CONFIRM, client(1), wants(1, elsewhere)).orElseThrow()))
        .isEqualTo(Code6.NOT_ON_LINK);
    var here = Ip6.parse("2001:db8:7::5");
    assertThat(status(says(MessageType6.CONFIRM, client(1), wants(1, here)).orElseThrow()))
        .isEqualTo(Code6.SUCCESS);
    assertThat(says(MessageType6.CONFIRM, client(1), wants(1))).isEmpty();
  }

  @Test
  void a_lease_that_was_lost_is_given_again_to_who_renews_it() {
    var wish = Ip6.parse("2001:db8:7::1002");
    assertThat(address(says(MessageType6.RENEW, client(9), us(), wants(1, wish)).orElseThrow()))
        .contains(wish);
    assertThat(address(says(MessageType6.REBIND, client(8), wants(1, wish)).orElseThrow()))
        .as("it is another's now")
        .isEmpty();
  }

  @Test
  void released_is_free_at_once_and_declined_rests() {
    var first = joins(client(1));
    assertThat(status(says(MessageType6.RELEASE, client(1), us(), wants(1, first)).orElseThrow()))
        .isEqualTo(Code6.SUCCESS);
    assertThat(engine.bound()).isZero();
    assertThat(address(says(MessageType6.REQUEST, client(2), us(), wants(1, first)).orElseThrow()))
        .contains(first);
    says(MessageType6.DECLINE, client(2), us(), wants(1, first));
    assertThat(outcomes()).containsExactly(Outcome.DECLINED);
    assertThat(address(says(MessageType6.REQUEST, client(3), us(), wants(1, first)).orElseThrow()))
        .isPresent()
        .get()
        .isNotEqualTo(first);
    loop.advance(Duration.ofMinutes(61));
    assertThat(address(says(MessageType6.REQUEST, client(4), us(), wants(1, first)).orElseThrow()))
        .contains(first);
  }

  @Test
  void one_exchange_is_enough_if_both_want_it() {
    var rapid = new VirtualLoop<>(engine(true), new VirtualTime());
    var reply =
        says(
                rapid,
                MessageType6.SOLICIT,
                List.of(),
                client(1),
                new Option6(Code6.RAPID_COMMIT, Octets.EMPTY),
                wants(1))
            .orElseThrow();
    assertThat(reply.type()).isEqualTo(MessageType6.REPLY);
    assertThat(reply.has(Code6.RAPID_COMMIT)).isTrue();
    assertThat(kept()).isEqualTo(1);
  }

  @Test
  void through_relays_the_way_back_is_the_same() {
    var id = new Option6(Code6.INTERFACE_ID, Octets.parse("c0ffee"));
    var relays =
        List.of(
            new Message6.Relay(1, Ip6.NONE, Ip6.parse("fe80::2"), List.of()),
            new Message6.Relay(0, Ip6.parse("2001:db8:7::1"), Ip6.parse("fe80::3"), List.of(id)));
    var reply = says(loop, MessageType6.SOLICIT, relays, client(1), wants(1)).orElseThrow();
    assertThat(reply.relays()).isEqualTo(relays);
    var send = (Action6.Send) last.getLast();
    assertThat(send.to()).isEqualTo(SOURCE);
    assertThat(send.port()).isEqualTo(547);
    assertThat(reply.write()[0]).isEqualTo((byte) MessageType6.RELAY_REPLY.code());
  }

  @Test
  void who_may_not_ask_gets_no_answer() {
    assertThat(says(MessageType6.SOLICIT, client(1), us(), wants(1))).isEmpty();
    assertThat(says(MessageType6.REQUEST, client(1), wants(1))).isEmpty();
    var other = new Option6(Code6.SERVER_ID, Octets.parse("00030001020000000099"));
    assertThat(says(MessageType6.RENEW, client(1), other, wants(1))).isEmpty();
    assertThat(says(MessageType6.INFORMATION_REQUEST, client(1), wants(1))).isEmpty();
    assertThat(says(MessageType6.ADVERTISE, client(1), us())).isEmpty();
    assertThat(outcomes()).containsExactly(Outcome.NONSENSE);
    assertThat(says(MessageType6.INFORMATION_REQUEST, client(1)).orElseThrow().get(Code6.DNS))
        .isPresent();
  }

  @Test
  void a_restart_forgets_nothing() {
    var first = joins(client(1));
    var records = engine.records(time.now()).toList();
    var again = engine(false);
    records.forEach(again::restore);
    assertThat(again.bound()).isEqualTo(1);
    assertThat(again.leases(time.now()).getFirst().address()).isEqualTo(first);
    var after = new VirtualLoop<>(again, new VirtualTime());
    assertThat(
            address(
                says(after, MessageType6.REQUEST, List.of(), client(2), us(), wants(1, first))
                    .orElseThrow()))
        .isPresent()
        .get()
        .isNotEqualTo(first);
  }

  @Test
  void whatever_clients_do_no_address_is_given_twice() {
    var random = new SplittableRandom(20261124);
    var types =
        List.of(
            MessageType6.SOLICIT,
            MessageType6.REQUEST,
            MessageType6.RENEW,
            MessageType6.REBIND,
            MessageType6.RELEASE,
            MessageType6.DECLINE);
    var holders = new HashMap<Ip6, Integer>();
    for (int step = 0; step < 20_000; step++) {
      int who = random.nextInt(8);
      var type = types.get(random.nextInt(types.size()));
      var wish = Ip6.parse("2001:db8:7::1000").plus(random.nextInt(5));
      var options = new ArrayList<Option6>(List.of(wants(1, wish)));
      if (type != MessageType6.SOLICIT && type != MessageType6.REBIND) {
        options.add(us());
      }
      if (random.nextInt(50) == 0) {
        loop.advance(Duration.ofHours(random.nextInt(12)));
      }
      var reply = says(type, client(who), options.toArray(Option6[]::new)).orElseThrow();
      holders.clear();
      for (var lease : engine.leases(time.now())) {
        assertThat(holders.put(lease.address(), 1)).as("step " + step).isNull();
      }
      assertThat(reply.type()).isIn(MessageType6.ADVERTISE, MessageType6.REPLY);
    }
  }

  // ---- names

  private static Option6 calls(int flags, String name) {
    return new Fqdn6(flags, name, false).option();
  }

  private List<NameClaim> unnamed() {
    return last.stream()
        .filter(Action6.Unname.class::isInstance)
        .map(a -> ((Action6.Unname) a).claim())
        .toList();
  }

  private Optional<NameClaim> waitsFor() {
    return last.stream()
        .filter(Action6.Send.class::isInstance)
        .flatMap(a -> ((Action6.Send) a).name().stream())
        .findFirst();
  }

  private static Fqdn6 told(Optional<Message6> reply) {
    return reply.flatMap(m -> m.get(Code6.FQDN)).flatMap(Fqdn6::read).orElseThrow();
  }

  @Test
  void a_client_gets_the_name_it_asks_for_with_its_address_and_loses_it_with_it() {
    var offer = says(MessageType6.SOLICIT, client(1), wants(1), calls(Fqdn6.S, "Laptop"));
    assertThat(told(offer)).isEqualTo(new Fqdn6(Fqdn6.S, "laptop.home.arpa", true));
    assertThat(waitsFor()).as("an offer waits for nothing").isEmpty();

    var reply = says(MessageType6.REQUEST, client(1), us(), wants(1), calls(0, "Laptop"));
    assertThat(told(reply))
        .as("the server does what the client wanted to do")
        .isEqualTo(new Fqdn6(Fqdn6.S | Fqdn6.O, "laptop.home.arpa", true));
    var claim = waitsFor().orElseThrow();
    assertThat(claim.name()).isEqualTo("laptop.home.arpa");
    assertThat(claim.address()).isEqualTo(address(reply.orElseThrow()).orElseThrow());
    assertThat(engine.names()).containsExactly(claim);

    var other = says(MessageType6.REQUEST, client(2), us(), wants(1), calls(Fqdn6.S, "laptop"));
    assertThat(told(other).has(Fqdn6.N)).as("somebody else's").isTrue();
    assertThat(waitsFor()).isEmpty();

    says(MessageType6.RENEW, client(1), us(), wants(1), calls(Fqdn6.S, "desktop"));
    assertThat(unnamed()).containsExactly(claim);
    assertThat(waitsFor().orElseThrow().name()).isEqualTo("desktop.home.arpa");

    says(
        MessageType6.RELEASE,
        client(1),
        us(),
        wants(1, address(reply.orElseThrow()).orElseThrow()));
    assertThat(unnamed()).extracting(NameClaim::name).containsExactly("desktop.home.arpa");
    assertThat(engine.names()).isEmpty();
  }

  @Test
  void a_name_ends_with_its_lease_and_is_known_after_a_restart() {
    says(MessageType6.REQUEST, client(1), us(), wants(1), calls(Fqdn6.S, "tv"));
    var again = engine(false);
    engine.records(time.now()).forEach(again::restore);
    assertThat(again.names()).extracting(NameClaim::name).containsExactly("tv.home.arpa");

    last = loop.advance(Duration.ofHours(9));
    assertThat(unnamed()).extracting(NameClaim::name).containsExactly("tv.home.arpa");
    var ended =
        last.stream()
            .filter(Action6.Keep.class::isInstance)
            .map(a -> ((Action6.Keep) a).record())
            .filter(r -> !r.isMark())
            .toList();
    ended.forEach(again::restore);
    assertThat(again.names()).isEmpty();
    assertThat(again.lapsedNames())
        .as("DNS may still hold it, if the server was killed meanwhile")
        .extracting(NameClaim::name)
        .containsExactly("tv.home.arpa");
  }

  @Test
  void a_reserved_name_wins_and_no_means_no() {
    says(MessageType6.REQUEST, duid(DEVICE.toString()), us(), wants(1), calls(Fqdn6.S, "x"));
    assertThat(waitsFor().orElseThrow().name()).isEqualTo("nas.home.arpa");
    var reply = says(MessageType6.REQUEST, client(3), us(), wants(1), calls(Fqdn6.N, "shy"));
    assertThat(waitsFor()).isEmpty();
    assertThat(told(reply)).isEqualTo(new Fqdn6(Fqdn6.N, "shy", false));
    var wpad = says(MessageType6.REQUEST, client(3), us(), wants(1), calls(Fqdn6.S, "wpad"));
    assertThat(waitsFor()).isEmpty();
    assertThat(told(wpad).flags()).isEqualTo(Fqdn6.N | Fqdn6.O);
  }
}
