package dev.islet.router.rip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.router.model.Hop;
import dev.islet.router.model.LinkAddress;
import dev.islet.router.model.Origin;
import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipEvent.RipReceived;
import dev.islet.router.model.RipSettings;
import dev.islet.router.model.Route;
import dev.islet.router.model.RouteFilter;
import dev.islet.router.model.Verdict;
import dev.islet.router.rip.wire.Ipv4;
import dev.islet.router.rip.wire.Parsed;
import dev.islet.router.rip.wire.RipCodec;
import dev.islet.router.rip.wire.RipEntry;
import dev.islet.router.rip.wire.RipMessage;
import dev.islet.testkit.VirtualLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RipEngineTest {
  private static final InetAddress OWN = Ipv4.address(0xC0A80701);
  private static final InetAddress PEER = Ipv4.address(0xC0A80702);
  private static final InetAddress GROUP = Ipv4.address(0xE0000009);
  private static final RipAuth OPEN = new RipAuth.Open();

  private static RipSettings settings(RipSettings.Port port, int maxRoutes, boolean v1) {
    return new RipSettings(
        List.of(port),
        520,
        Duration.ofSeconds(30),
        Duration.ofSeconds(180),
        Duration.ofSeconds(120),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Set.of(Origin.STATIC),
        4,
        v1,
        maxRoutes,
        120,
        route ->
            route.prefix().equals(Prefix.parse("10.66.0.0/16")) ? Verdict.REFUSE : Verdict.ACCEPT,
        RouteFilter.ALL);
  }

  private static RipSettings.Port port(boolean passive, RipAuth auth, InetAddress... neighbors) {
    return new RipSettings.Port(
        "eth0", passive, 1, RipSettings.Horizon.POISON, auth, List.of(neighbors));
  }

  private static VirtualLoop<RipInput, RipAction> engine(RipSettings settings) {
    var loop = new VirtualLoop<>(new RipEngine(settings, new Random(1), 0));
    loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24))));
    return loop;
  }

  private static RipInput response(InetAddress from, RipAuth auth, long sequence, RipEntry... e) {
    return arrived(
        from,
        520,
        RipCodec.write(new RipMessage(RipMessage.Command.RESPONSE, 2, List.of(e)), auth, sequence));
  }

  private static RipInput arrived(InetAddress from, int port, byte[] bytes) {
    return new RipInput.Arrived("eth0", new InetSocketAddress(from, port), GROUP, bytes);
  }

  private static RipEntry entry(String prefix, int metric) {
    return RipEntry.of(Prefix.parse(prefix), 0, 0, metric);
  }

  private static List<Route> announced(List<RipAction> actions) {
    return actions.stream()
        .filter(RipAction.Announce.class::isInstance)
        .map(a -> ((RipAction.Announce) a).route())
        .toList();
  }

  private static List<RipMessage> sent(List<RipAction> actions) {
    var messages = new ArrayList<RipMessage>();
    for (var action : actions) {
      if (action instanceof RipAction.Send send
          && RipCodec.read(send.payload()) instanceof Parsed.Good good) {
        messages.add(good.message());
      }
    }
    return messages;
  }

  private static List<String> outcomes(List<RipAction> actions) {
    return actions.stream()
        .filter(a -> a instanceof RipAction.Tell(RipReceived r))
        .map(a -> ((RipReceived) ((RipAction.Tell) a).event()).outcome())
        .toList();
  }

  @Test
  void it_opens_its_socket_and_asks_for_everything() {
    var loop =
        new VirtualLoop<>(new RipEngine(settings(port(false, OPEN), 10, false), new Random(1), 0));
    var actions = loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24))));
    assertThat(actions.getFirst()).isEqualTo(new RipAction.Open("eth0"));
    assertThat(sent(actions)).containsExactly(RipMessage.requestAll());
    assertThat(((RipAction.Send) actions.get(1)).to()).isEqualTo(new InetSocketAddress(GROUP, 520));
  }

  @Test
  void two_addresses_in_one_network_speak_with_one_voice() {
    var loop =
        new VirtualLoop<>(new RipEngine(settings(port(false, OPEN), 10, false), new Random(1), 0));
    var second = new LinkAddress(2, Ipv4.address(0xC0A80709), 24);
    var other = new LinkAddress(2, Ipv4.address(0xC0A80801), 24);
    var actions =
        loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24), second, other)));
    assertThat(actions)
        .filteredOn(RipAction.Send.class::isInstance)
        .extracting(a -> ((RipAction.Send) a).from())
        .containsExactly(OWN, other.address());
  }

  @Test
  void an_interface_made_anew_under_its_name_gets_a_new_socket() {
    var loop = engine(settings(port(false, OPEN), 10, false));
    assertThat(loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24)))))
        .isEmpty();
    assertThat(loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(7, OWN, 24)))))
        .contains(new RipAction.Open("eth0"));
  }

  @Test
  void the_cost_is_added_and_the_import_filter_asked() {
    var loop = engine(settings(port(false, OPEN), 10, false));
    var actions =
        loop.on(
            response(
                PEER,
                OPEN,
                0,
                entry("10.0.0.0/8", 14),
                entry("10.66.0.0/16", 1),
                entry("10.67.0.0/16", 15)));
    assertThat(announced(actions))
        .containsExactly(
            new Route(
                Prefix.parse("10.0.0.0/8"),
                List.of(new Hop.Via(PEER, Optional.of("eth0"))),
                Origin.RIP,
                "rip",
                120,
                15,
                0));
    assertThat(outcomes(actions)).containsExactly("accepted");
  }

  @Test
  void a_passive_interface_listens_and_tells_only_its_neighbours() {
    var quiet = engine(settings(port(true, OPEN), 10, false));
    assertThat(announced(quiet.on(response(PEER, OPEN, 0, entry("10.0.0.0/8", 1))))).hasSize(1);
    assertThat(sent(quiet.advance(Duration.ofMinutes(5)))).isEmpty();
    assertThat(sent(quiet.on(arrived(PEER, 520, RipCodec.write(RipMessage.requestAll(), OPEN, 0)))))
        .isEmpty();

    var unicast = engine(settings(port(true, OPEN, PEER), 10, false));
    unicast.on(best("10.9.0.0/16"));
    var actions = unicast.advance(Duration.ofSeconds(40));
    assertThat(sent(actions)).isNotEmpty();
    assertThat(actions)
        .filteredOn(RipAction.Send.class::isInstance)
        .allMatch(a -> ((RipAction.Send) a).to().equals(new InetSocketAddress(PEER, 520)));
  }

  private static RipInput best(String prefix) {
    var route =
        new Route(
            Prefix.parse(prefix),
            List.of(new Hop.Drop(Hop.How.BLACKHOLE)),
            Origin.STATIC,
            "s",
            1,
            0,
            7);
    return new RipInput.BestChanged(route.prefix(), Optional.of(route));
  }

  @Test
  void redistributed_routes_carry_the_configured_metric_and_their_tag() {
    var loop = engine(settings(port(false, OPEN), 10, false));
    loop.on(best("10.9.0.0/16"));
    assertThat(sent(loop.advance(Duration.ofSeconds(1))).getFirst().entries())
        .containsExactly(RipEntry.of(Prefix.parse("10.9.0.0/16"), 7, 0, 4));
  }

  @Test
  void a_table_of_many_routes_is_cut_into_full_messages() {
    for (var auth : List.of(OPEN, keyed())) {
      var loop = engine(settings(port(false, auth), 10, false));
      for (int i = 0; i < 60; i++) {
        loop.on(best("10." + i + ".0.0/16"));
      }
      int room = RipCodec.room(auth);
      assertThat(sent(loop.advance(Duration.ofMillis(60))))
          .extracting(m -> m.entries().size())
          .startsWith(room, room, 60 - 2 * room);
    }
  }

  private static RipAuth keyed() {
    return new RipAuth.Keyed(
        List.of(new RipAuth.SharedKey(1, RipAuth.Algorithm.HMAC_SHA_256, "secret")));
  }

  @Test
  void version_1_is_answered_in_version_1() {
    var request =
        RipCodec.write(
            new RipMessage(RipMessage.Command.REQUEST, 1, List.of(RipEntry.EVERYTHING)), OPEN, 0);
    var deaf = engine(settings(port(false, OPEN), 10, false));
    assertThat(outcomes(deaf.on(arrived(PEER, 520, request))))
        .containsExactly("refused: version 1 not accepted");
    var loop = engine(settings(port(false, OPEN), 10, true));
    loop.on(best("10.9.0.0/16"));
    assertThat(sent(loop.on(arrived(PEER, 520, request))))
        .containsExactly(
            new RipMessage(
                RipMessage.Command.RESPONSE, 1, List.of(new RipEntry(2, 0, 0x0A090000, 0, 0, 4))));
  }

  @Test
  void a_replayed_message_changes_nothing() {
    var loop = engine(settings(port(false, keyed()), 10, false));
    var first = response(PEER, keyed(), 100, entry("10.0.0.0/8", 1));
    var second = response(PEER, keyed(), 101, entry("10.0.0.0/8", 16));
    assertThat(announced(loop.on(first))).hasSize(1);
    assertThat(loop.on(second)).contains(new RipAction.Withdraw(Prefix.parse("10.0.0.0/8")));
    var replay = loop.on(first);
    assertThat(announced(replay)).isEmpty();
    assertThat(outcomes(replay)).containsExactly("refused: sequence number went back");
  }

  @Test
  void sequence_numbers_rise_and_their_bound_is_kept_before_they_are_used() {
    var engine =
        new RipEngine(settings(port(false, keyed()), 10, false), new Random(1), 5_000_000_000L);
    var loop = new VirtualLoop<>(engine);
    var actions =
        new ArrayList<>(loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24)))));
    loop.on(best("10.9.0.0/16"));
    actions.addAll(loop.advance(Duration.ofMinutes(5)));
    long kept = 0;
    long last = 0;
    for (var action : actions) {
      if (action instanceof RipAction.KeepSequence(var bound)) {
        kept = bound;
      } else if (action instanceof RipAction.Send send
          && RipCodec.read(send.payload()) instanceof Parsed.Good good
          && good.proof() instanceof dev.islet.router.rip.wire.Proof.Digest digest) {
        // On the wire it is 32 bits; the floor of this test lies above them.
        assertThat(digest.sequence()).isGreaterThan(last);
        last = digest.sequence();
        assertThat(kept).isGreaterThan(5_000_000_000L);
      }
    }
    assertThat(last).isGreaterThan(5_000_000_000L & 0xFFFF_FFFFL);
  }

  @Test
  void whole_tables_are_told_at_a_bounded_rate() {
    var loop = engine(settings(port(false, OPEN), 10, false));
    loop.on(best("10.9.0.0/16"));
    var request = arrived(PEER, 4000, RipCodec.write(RipMessage.requestAll(), OPEN, 0));
    int answers = 0;
    for (int i = 0; i < 1000; i++) {
      answers += sent(loop.on(request)).size();
    }
    assertThat(answers).isEqualTo(20);
    loop.advance(Duration.ofSeconds(1));
    assertThat(sent(loop.on(request))).hasSize(1);
  }

  @Test
  void learned_routes_are_bounded_and_the_refused_counted() {
    var engine = new RipEngine(settings(port(false, OPEN), 10, false), new Random(1), 0);
    var loop = new VirtualLoop<>(engine);
    loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24))));
    for (int i = 0; i < 25; i++) {
      loop.on(response(PEER, OPEN, 0, entry("10." + i + ".0.0/16", 1)));
    }
    assertThat(engine.view().learned()).hasSize(10);
    assertThat(engine.view().refused()).isEqualTo(15);
  }

  @Test
  void a_socket_that_could_not_be_opened_is_tried_again() {
    var loop = engine(settings(port(false, OPEN), 10, false));
    loop.on(new RipInput.OpenFailed("eth0"));
    assertThat(loop.advance(Duration.ofSeconds(4))).doesNotContain(new RipAction.Open("eth0"));
    assertThat(loop.advance(Duration.ofSeconds(2))).contains(new RipAction.Open("eth0"));
  }

  @Test
  void mutated_messages_from_a_neighbour_never_hurt() {
    var random = new Random(3);
    for (var auth : List.of(OPEN, new RipAuth.Password("secret"), keyed())) {
      var engine = new RipEngine(settings(port(false, auth), 50, true), new Random(1), 0);
      var loop = new VirtualLoop<>(engine);
      loop.on(new RipInput.PortUp("eth0", List.of(new LinkAddress(2, OWN, 24))));
      for (int i = 0; i < 10_000; i++) {
        var valid =
            i % 2 == 0
                ? RipCodec.write(
                    new RipMessage(
                        RipMessage.Command.RESPONSE,
                        2,
                        List.of(entry("10.0.0.0/8", 1), entry("10." + i % 200 + ".0.0/16", 3))),
                    auth,
                    1)
                : RipCodec.write(RipMessage.requestAll(), auth, 1);
        var bytes =
            random.nextInt(4) == 0
                ? Arrays.copyOf(valid, random.nextInt(2 * valid.length))
                : valid.clone();
        for (int n = random.nextInt(6); n > 0 && bytes.length > 0; n--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        var peer = Ipv4.address(0xC0A80702 + random.nextInt(200));
        assertThat(outcomes(loop.on(arrived(peer, 520, bytes)))).hasSize(1);
        if (i % 100 == 0) {
          loop.advance(Duration.ofSeconds(1));
        }
      }
      var view = engine.view();
      assertThat(view.learned()).hasSizeLessThanOrEqualTo(50);
      assertThat(view.learned()).allMatch(l -> l.metric() >= 1 && l.metric() <= 16);
      assertThat(
              announced(
                  loop.on(response(Ipv4.address(0xC0A807FE), auth, 2, entry("10.0.0.0/8", 16)))))
          .isEmpty();
    }
  }
}
