package dev.islet.dhcp.lease;

import static dev.islet.dhcp.Ask.discover;
import static dev.islet.dhcp.Ask.request;
import static dev.islet.dhcp.model.MessageType.ACK;
import static dev.islet.dhcp.model.MessageType.DECLINE;
import static dev.islet.dhcp.model.MessageType.INFORM;
import static dev.islet.dhcp.model.MessageType.NAK;
import static dev.islet.dhcp.model.MessageType.OFFER;
import static dev.islet.dhcp.model.MessageType.RELEASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.Ask;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.subnet.Reservation;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.subnet.Subnets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.OptionData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tables of RFC 2131 and the faults found in other servers, one sentence each. */
class LeaseEngineTest {
  private static final String A = "02:00:00:00:00:0a";
  private static final String B = "02:00:00:00:00:0b";
  private static final String US = "10.77.0.1";

  private final Lab lab = Lab.usual();

  private static MessageType type(Optional<Message> reply) {
    return reply.flatMap(m -> m.options().type()).orElseThrow();
  }

  private static Ip4 ip(String text) {
    return Ip4.parse(text);
  }

  @Test
  void a_discover_is_offered_an_address_that_is_held_for_a_short_time() {
    var offer = lab.says(discover(A));
    assertThat(type(offer)).isEqualTo(OFFER);
    assertThat(offer.orElseThrow().yiaddr()).isEqualTo(ip("10.77.0.50"));
    assertThat(lab.kept()).as("an offer promises nothing durable").isEmpty();
    assertThat(lab.says(discover(B)).orElseThrow().yiaddr()).isEqualTo(ip("10.77.0.51"));
    assertThat(lab.says(discover(A)).orElseThrow().yiaddr()).isEqualTo(ip("10.77.0.50"));
    lab.advance(Duration.ofSeconds(31));
    assertThat(lab.says(discover("02:00:00:00:00:0c")).orElseThrow().yiaddr())
        .isEqualTo(ip("10.77.0.50"));
  }

  @Test
  void the_ack_has_what_the_offer_had() {
    var offer = lab.says(discover(A).wants(1, 3, 6, 15, 51)).orElseThrow();
    var ack =
        lab.says(request(A).wish(offer.yiaddr()).server(US).wants(1, 3, 6, 15, 51)).orElseThrow();
    assertThat(ack.options().type()).contains(ACK);
    var parameters = new java.util.HashMap<>(ack.options().all());
    var offered = new java.util.HashMap<>(offer.options().all());
    parameters.remove(Code.MESSAGE_TYPE);
    offered.remove(Code.MESSAGE_TYPE);
    assertThat(parameters).isEqualTo(offered);
    assertThat(ack.options().number32(Code.LEASE_TIME)).contains(28_800L);
    assertThat(ack.options().number32(Code.T1)).contains(14_400L);
    assertThat(ack.options().number32(Code.T2)).contains(25_200L);
  }

  @Test
  void the_record_leaves_before_the_ack() {
    lab.joins(A);
    int keep = -1;
    int send = -1;
    for (int i = 0; i < lab.last.size(); i++) {
      keep = lab.last.get(i) instanceof Action.Keep ? i : keep;
      send = lab.last.get(i) instanceof Action.Send ? i : send;
    }
    assertThat(keep).isNotNegative().isLessThan(send);
  }

  @Test
  void init_reboot_of_a_known_client_is_acked_also_after_its_lease_ran_out() {
    var address = lab.joins(A).orElseThrow();
    assertThat(type(lab.says(request(A).wish(address)))).isEqualTo(ACK);
    lab.advance(Duration.ofHours(9));
    assertThat(lab.outcomes()).contains(Outcome.EXPIRED);
    assertThat(type(lab.says(request(A).wish(address)))).isEqualTo(ACK);
  }

  @Test
  void init_reboot_of_an_unknown_client_meets_silence() {
    assertThat(lab.says(request(A).wish("10.77.0.201"))).isEmpty();
    assertThat(lab.outcomes()).containsExactly(Outcome.UNKNOWN_CLIENT);
  }

  @Test
  void init_reboot_of_an_unknown_client_is_refused_if_we_are_authoritative() {
    var sure = new Lab(true, Lab.subnet("10.77.0.0/24", "10.77.0.50-10.77.0.250"));
    assertThat(type(sure.says(request(A).wish("10.77.0.201")))).isEqualTo(NAK);
  }

  @Test
  void init_reboot_in_the_wrong_network_is_refused_to_everybody() {
    var nak = lab.says(request(A).wish("192.168.99.9"));
    assertThat(type(nak)).isEqualTo(NAK);
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Broadcast());
    assertThat(nak.orElseThrow().options().has(Code.LEASE_TIME)).isFalse();
    assertThat(nak.orElseThrow().options().has(Code.ROUTERS)).isFalse();
    assertThat(nak.orElseThrow().siaddr()).isEqualTo(Ip4.NONE);
  }

  @Test
  void init_reboot_with_another_address_than_recorded_is_refused() {
    lab.joins(A);
    assertThat(type(lab.says(request(A).wish("10.77.0.99")))).isEqualTo(NAK);
  }

  @Test
  void a_request_to_another_server_meets_silence_and_ends_our_offer() {
    var offered = lab.says(discover(A)).orElseThrow().yiaddr();
    assertThat(lab.says(request(A).wish("10.77.0.202").server("10.77.0.99"))).isEmpty();
    assertThat(lab.outcomes()).containsExactly(Outcome.OTHER_SERVER);
    assertThat(lab.says(discover(B)).orElseThrow().yiaddr()).isEqualTo(offered);
  }

  @Test
  void renewing_and_rebinding_are_acked_to_the_clients_address() {
    var address = lab.joins(A).orElseThrow();
    var renewed = lab.saysToUs(request(A).has(address));
    assertThat(type(renewed)).isEqualTo(ACK);
    assertThat(renewed.orElseThrow().ciaddr()).isEqualTo(address);
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Unicast(address));
    assertThat(type(lab.says(request(A).has(address)))).isEqualTo(ACK);
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Unicast(address));
  }

  @Test
  void renewing_what_somebody_else_has_is_refused() {
    var address = lab.joins(A).orElseThrow();
    assertThat(type(lab.saysToUs(request(B).has(address)))).isEqualTo(NAK);
    assertThat(lab.says(request(B).has("10.77.0.77"))).as("REBINDING, no record").isEmpty();
  }

  @Test
  void inform_is_answered_without_an_address_and_without_times() {
    var ack = lab.says(Ask.of(INFORM, A).has("10.77.0.33").wants(1, 3, 6, 42, 51)).orElseThrow();
    assertThat(ack.options().type()).contains(ACK);
    assertThat(ack.yiaddr()).isEqualTo(Ip4.NONE);
    assertThat(ack.options().all()).doesNotContainKeys(Code.LEASE_TIME, Code.T1, Code.T2);
    assertThat(ack.options().all()).containsKeys(Code.SUBNET_MASK, Code.ROUTERS, Code.DNS);
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Unicast(ip("10.77.0.33")));
    assertThat(lab.kept()).isEmpty();
  }

  @Test
  void option_61_is_echoed_and_is_the_clients_identity() {
    var offer = lab.says(discover(A).id("00 6f 70 61 71 75 65")).orElseThrow();
    assertThat(offer.options().get(Code.CLIENT_ID)).contains(Octets.parse("006f7061717565"));
    lab.says(request(A).id("006f7061717565").wish(offer.yiaddr()).server(US));
    var other = lab.says(discover(B).id("006f7061717565")).orElseThrow();
    assertThat(other.yiaddr()).as("the same client on other hardware").isEqualTo(offer.yiaddr());
    var nak = lab.says(request(B).id("006f7061717565").wish("10.9.9.9")).orElseThrow();
    assertThat(nak.options().has(Code.CLIENT_ID)).as("RFC 6842, in a NAK too").isTrue();
  }

  @Test
  void a_long_client_id_is_an_identity_too() {
    var id = "ff" + "ab".repeat(199);
    var address = lab.says(discover(A).id(id)).orElseThrow().yiaddr();
    lab.says(request(A).id(id).wish(address).server(US));
    assertThat(lab.kept().getFirst().owner().value().size()).isEqualTo(32);
    assertThat(type(lab.says(request(B).id(id).wish(address)))).isEqualTo(ACK);
  }

  @Test
  void a_relayed_request_is_answered_to_the_relay_with_option_82() {
    var info = Octets.parse("010467652d310203616263");
    var offer = lab.says(discover(A).relay("10.77.0.9").option(Code.RELAY_INFO, info));
    assertThat(offer.orElseThrow().options().get(Code.RELAY_INFO)).contains(info);
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Relay(ip("10.77.0.9"), 67));
    var port = info.plus(Octets.parse("1300"));
    lab.says(discover(A).relay("10.77.0.9").option(Code.RELAY_INFO, port));
    assertThat(lab.send().orElseThrow().to()).as("RFC 8357").isInstanceOf(Destination.Relay.class);
  }

  @Test
  void a_nak_through_a_relay_asks_it_to_broadcast() {
    var nak = lab.says(request(A).relay("10.77.0.9").wish("192.168.99.9")).orElseThrow();
    assertThat(nak.wantsBroadcast()).isTrue();
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Relay(ip("10.77.0.9"), 67));
  }

  @Test
  void link_selection_and_server_override_are_obeyed() {
    var info = Octets.parse("05040a4d00000b04c0000201");
    var offer = lab.says(discover(A).relay("10.99.0.9").option(Code.RELAY_INFO, info));
    assertThat(offer.orElseThrow().yiaddr()).isEqualTo(ip("10.77.0.50"));
    assertThat(offer.orElseThrow().options().address(Code.SERVER_ID)).contains(ip("192.0.2.1"));
    var ack =
        lab.says(
            request(A)
                .relay("10.99.0.9")
                .wish("10.77.0.50")
                .server("192.0.2.1")
                .option(Code.RELAY_INFO, info));
    assertThat(type(ack)).isEqualTo(ACK);
  }

  @Test
  void clients_of_an_unknown_relay_are_told_of() {
    assertThat(lab.says(discover(A).relay("172.16.0.1"))).isEmpty();
    assertThat(lab.outcomes()).containsExactly(Outcome.UNKNOWN_LINK);
  }

  @Test
  void a_declined_address_rests_and_heals() {
    var address = lab.joins(A).orElseThrow();
    lab.says(Ask.of(DECLINE, A).wish(address).server(US));
    assertThat(lab.outcomes()).containsExactly(Outcome.DECLINED);
    assertThat(lab.says(discover(B).wish(address)).orElseThrow().yiaddr()).isNotEqualTo(address);
    assertThat(lab.says(discover(A).wish(address)).orElseThrow().yiaddr()).isNotEqualTo(address);
    lab.advance(Duration.ofMinutes(61));
    assertThat(lab.says(discover("02:00:00:00:00:0c").wish(address)).orElseThrow().yiaddr())
        .isEqualTo(address);
  }

  @Test
  void only_who_has_an_address_can_decline_or_release_it() {
    var address = lab.joins(A).orElseThrow();
    lab.says(Ask.of(DECLINE, B).wish(address).server(US));
    assertThat(lab.outcomes()).containsExactly(Outcome.NONSENSE);
    lab.saysToUs(Ask.of(RELEASE, B).has(address).server(US));
    assertThat(lab.outcomes()).containsExactly(Outcome.NONSENSE);
    assertThat(type(lab.saysToUs(request(A).has(address)))).isEqualTo(ACK);
  }

  @Test
  void a_released_address_comes_back_to_its_client() {
    var address = lab.joins(A).orElseThrow();
    lab.saysToUs(Ask.of(RELEASE, A).has(address).server(US));
    assertThat(lab.outcomes()).containsExactly(Outcome.RELEASED);
    assertThat(lab.joins(B)).isNotEqualTo(Optional.of(address));
    assertThat(lab.joins(A)).contains(address);
  }

  @Test
  void an_address_seen_in_use_rests_unless_a_client_has_it() {
    var taken = lab.joins(A).orElseThrow();
    lab.last = lab.loop.on(new Input.Conflict(taken, Optional.empty(), "ARP"));
    assertThat(lab.outcomes()).isEmpty();
    lab.last = lab.loop.on(new Input.Conflict(ip("10.77.0.51"), Optional.empty(), "ARP"));
    assertThat(lab.outcomes()).containsExactly(Outcome.CONFLICT);
    assertThat(lab.joins(B)).contains(ip("10.77.0.52"));
  }

  @Test
  void the_address_free_for_longest_is_reused_first() {
    var small = new Lab(false, Lab.subnet("10.77.0.0/24", "10.77.0.50-10.77.0.52"));
    for (var mac : List.of("02:00:00:00:00:01", "02:00:00:00:00:02", "02:00:00:00:00:03")) {
      small.joins(mac);
      small.advance(Duration.ofMinutes(1));
    }
    assertThat(small.joins(A)).as("all are in use").isEmpty();
    assertThat(small.outcomes()).containsExactly(Outcome.EXHAUSTED);
    small.says(request("02:00:00:00:00:01").wish("10.77.0.50"));
    small.advance(Duration.ofHours(9));
    assertThat(small.joins(A)).contains(ip("10.77.0.51"));
    assertThat(small.joins(B)).contains(ip("10.77.0.52"));
  }

  @Test
  void a_reservation_holds_inside_and_outside_the_pool_for_each_of_its_macs() {
    var kept =
        new Reservation(
            ip("10.77.0.60"),
            List.of(HardwareAddress.parse(A), HardwareAddress.parse(B)),
            List.of(Octets.parse("0102")),
            List.of(),
            List.of(),
            Optional.of("laptop"),
            Map.of());
    var subnet = Lab.subnet("10.77.0.0/24", "10.77.0.60-10.77.0.62", Lab.LEASE, kept);
    var own = new Lab(false, subnet);
    assertThat(own.joins("02:00:00:00:00:01")).contains(ip("10.77.0.61"));
    assertThat(own.joins(A)).contains(ip("10.77.0.60"));
    assertThat(own.joins(B)).as("one address, two at once").contains(ip("10.77.0.62"));
    own.saysToUs(Ask.of(RELEASE, A).has("10.77.0.60").server(US));
    assertThat(type(own.saysToUs(request(B).has("10.77.0.62")))).as("moves").isEqualTo(NAK);
    assertThat(own.joins(B)).contains(ip("10.77.0.60"));
    assertThat(own.says(discover("02:00:00:00:00:0c").id("0102")).orElseThrow().yiaddr())
        .as("by identifier, while the address is in use")
        .isEqualTo(ip("10.77.0.62"));
  }

  @Test
  void a_reservation_made_later_moves_the_client_at_its_next_renewal() {
    var before = lab.joins(A).orElseThrow();
    var subnet =
        Lab.subnet(
            "10.77.0.0/24", "10.77.0.50-10.77.0.250", Lab.LEASE, Lab.reserved(A, "10.77.0.20"));
    lab.engine.reconfigure(lab.loop.time().now(), Lab.policy(false), new Subnets(List.of(subnet)));
    assertThat(type(lab.saysToUs(request(A).has(before)))).isEqualTo(NAK);
    assertThat(lab.joins(A)).contains(ip("10.77.0.20"));
  }

  @Test
  void the_reply_goes_where_the_standard_says() {
    lab.says(discover(A));
    assertThat(lab.send().orElseThrow().to())
        .isEqualTo(new Destination.Hardware(MacAddress.parse(A), ip("10.77.0.50")));
    lab.says(discover(A).broadcast());
    assertThat(lab.send().orElseThrow().to()).isEqualTo(new Destination.Broadcast());
  }

  @Test
  void the_clients_size_limits_the_reply_but_never_below_576() {
    lab.says(discover(A).option(Code.MAX_SIZE, OptionCodec.number(300, 2)));
    assertThat(lab.send().orElseThrow().message().bytes().length).isBetween(300, 548);
  }

  @Test
  void rapid_commit_takes_one_exchange_if_allowed() {
    var terms = Subnet.Terms.of(Lab.LEASE);
    var quick =
        new Subnet(
            dev.islet.core.net.Prefix.parse("10.77.0.0/24"),
            Optional.empty(),
            Map.of(dev.islet.dhcp.subnet.Range.parse("10.77.0.50-10.77.0.60"), java.util.Set.of()),
            List.of(),
            List.of(),
            new Subnet.Terms(terms.lease(), terms.t1(), terms.t2(), true, Ip4.NONE, ""),
            Map.of());
    var ack = new Lab(false, quick).says(discover(A).option(Code.RAPID_COMMIT, Octets.EMPTY));
    assertThat(type(ack)).isEqualTo(ACK);
    assertThat(ack.orElseThrow().options().has(Code.RAPID_COMMIT)).isTrue();
    assertThat(type(lab.says(discover(A).option(Code.RAPID_COMMIT, Octets.EMPTY))))
        .as("not allowed")
        .isEqualTo(OFFER);
  }

  @Test
  void a_name_belongs_to_the_first_and_goes_with_its_lease() {
    var address = lab.joins(A).orElseThrow();
    lab.says(request(A).wish(address).name("nas\0"));
    var claim = lab.send().orElseThrow().name().orElseThrow();
    assertThat(claim.name()).isEqualTo("nas.home.arpa");
    var other = lab.joins(B).orElseThrow();
    lab.says(request(B).wish(other).name("NAS"));
    assertThat(lab.send().orElseThrow().name()).isEmpty();
    lab.saysToUs(Ask.of(RELEASE, A).has(address));
    assertThat(lab.unnamed()).containsExactly(claim);
    lab.says(request(B).wish(other).name("NAS"));
    assertThat(lab.send().orElseThrow().name().orElseThrow().address()).isEqualTo(other);
    lab.says(request(B).wish(other).name("wpad"));
    assertThat(lab.send().orElseThrow().name()).as("hostile").isEmpty();
  }

  @Test
  void option_81_is_answered_with_what_will_be_done() {
    var address = lab.joins(A).orElseThrow();
    var wish = new OptionData.Fqdn(OptionData.Fqdn.E, "tv", false);
    var ack = lab.says(request(A).wish(address).option(Code.FQDN, OptionCodec.fqdn(wish)));
    assertThat(ack.orElseThrow().options().fqdn())
        .contains(
            new OptionData.Fqdn(
                OptionData.Fqdn.E | OptionData.Fqdn.S | OptionData.Fqdn.O, "tv.home.arpa", true));
    var no = new OptionData.Fqdn(OptionData.Fqdn.E | OptionData.Fqdn.N, "tv", false);
    ack = lab.says(request(A).wish(address).option(Code.FQDN, OptionCodec.fqdn(no)));
    assertThat(ack.orElseThrow().options().fqdn().orElseThrow().has(OptionData.Fqdn.N)).isTrue();
    assertThat(lab.unnamed()).hasSize(1);
  }

  @Test
  void what_makes_no_sense_meets_silence() {
    assertThat(lab.says(request(A))).isEmpty();
    assertThat(lab.outcomes()).containsExactly(Outcome.NONSENSE);
    assertThat(lab.says(Ask.of(OFFER, A))).isEmpty();
    assertThat(lab.says(Ask.of(MessageType.LEASEQUERY, A))).isEmpty();
    assertThat(lab.outcomes()).containsExactly(Outcome.NONSENSE);
  }

  @Test
  void each_decision_says_why() {
    lab.joins(A);
    assertThat(lab.told()).anyMatch(e -> e.note().contains("(SELECTING)"));
    lab.says(request(B).wish("10.77.0.99"));
    assertThat(lab.told())
        .anyMatch(e -> e.note().contains("no record of the client (RFC 2131 4.3.2)"));
  }
}
