package dev.islet.dhcp;

import static dev.islet.dhcp.Ask.discover;
import static dev.islet.dhcp.Ask.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.OptionCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who gets which address and what: classes, reservations, and what floods cannot take. */
class AllocationTest {
  private static final String A = "b8:27:eb:00:00:0a";
  private static final String B = "b8:27:eb:00:00:0b";
  private static final Octets PORT_1 = Octets.parse("0106657468302f31"); // circuit "eth0/1"

  private static Ask vendor(Ask ask, String text) {
    return ask.option(Code.VENDOR_CLASS, OptionCodec.text(text));
  }

  @Test
  void members_of_a_class_get_its_pool_its_options_and_its_lease_time() {
    var lab =
        new YamlLab(
            """
            classes:
              - name: phones
                when: {vendor-class: [android-dhcp-*, dhcpcd-*Android*]}
                lease: 1h
                options: {ntp: 10.77.0.7}
            subnets:
              - subnet: 10.77.0.0/24
                pools: [10.77.0.50-10.77.0.59, {range: 10.77.0.100-10.77.0.101, classes: phones}]
                ntp: 10.77.0.1
            """);
    assertThat(lab.joins(A)).isEqualTo("10.77.0.50");
    var offer = lab.says(vendor(discover(B), "android-dhcp-15")).orElseThrow();
    assertThat(offer.yiaddr().toString()).isEqualTo("10.77.0.100");
    assertThat(offer.options().number32(Code.LEASE_TIME)).contains(3_600L);
    assertThat(offer.options().number32(Code.T1)).contains(1_800L);
    assertThat(offer.options().get(Code.NTP)).contains(Octets.parse("0a4d0007"));
    // Who says it is no phone any more loses the phones' address.
    lab.says(vendor(request(B), "android-dhcp-15").wish("10.77.0.100").server("10.77.0.1"));
    var nak = lab.saysToUs(request(B).has("10.77.0.100")).orElseThrow();
    assertThat(nak.options().type()).contains(MessageType.NAK);
    // When the phones' pool is full, there is the one for all.
    lab.joins("02:00:00:00:00:01");
    lab.offered(vendor(discover("02:00:00:00:00:02"), "android-dhcp-1"));
    lab.offered(vendor(discover("02:00:00:00:00:03"), "android-dhcp-1"));
    assertThat(lab.offered(vendor(discover("02:00:00:00:00:04"), "android-dhcp-1")))
        .startsWith("10.77.0.5");
  }

  @Test
  void conditions_look_at_everything_a_message_has() {
    var lab =
        new YamlLab(
            """
            classes:
              - {name: pi, when: {mac: [b8:27:eb, dc:a6:32], not: {user-class: secret}}}
              - {name: ipxe, when: {user-class: iPXE}}
              - {name: uefi, when: {option: {name: client-architecture, is: 7}}}
              - {name: port, when: {circuit-id: eth0/*, relay: 10.77.0.0/24}}
              - {name: private, when: {randomised-mac: true}, refuse: true}
              - name: both
                when:
                  any: [{vendor-class: a}, {vendor-class: b}]
                  all: [{option: [{name: 60}]}, {not: {option: {name: 61}}}]
            subnets:
              - subnet: 10.77.0.0/24
                pools:
                  - {range: 10.77.0.10, classes: pi}
                  - {range: 10.77.0.20, classes: ipxe}
                  - {range: 10.77.0.30, classes: uefi}
                  - {range: 10.77.0.40, classes: port}
                  - {range: 10.77.0.50, classes: both}
            """);
    var plain = "00:11:22:00:00:01";
    assertThat(lab.offered(discover(A))).isEqualTo("10.77.0.10");
    var secret = OptionCodec.text("secret");
    assertThat(lab.offered(discover(B).option(Code.USER_CLASS, secret))).isEqualTo("nothing");
    assertThat(lab.offered(discover(plain).option(Code.USER_CLASS, OptionCodec.text("iPXE"))))
        .isEqualTo("10.77.0.20");
    var parts = Octets.parse("03616263" + "0469505845"); // RFC 3004: "abc", "iPXE"
    assertThat(lab.offered(discover(plain).option(Code.USER_CLASS, parts))).isEqualTo("10.77.0.20");
    var other = "00:11:22:00:00:02";
    assertThat(lab.offered(discover(other).option(93, Octets.parse("0007"))))
        .isEqualTo("10.77.0.30");
    var third = "00:11:22:00:00:03";
    assertThat(lab.offered(discover(third).relay("10.77.0.9").option(Code.RELAY_INFO, PORT_1)))
        .isEqualTo("10.77.0.40");
    assertThat(lab.offered(vendor(discover("00:11:22:00:00:04"), "b"))).isEqualTo("10.77.0.50");
    assertThat(lab.offered(vendor(discover("00:11:22:00:00:05"), "b").id("0102")))
        .isEqualTo("nothing");
    assertThat(lab.offered(vendor(discover("02:11:22:00:00:05"), "b"))).isEqualTo("nothing");
    assertThat(lab.outcomes()).containsExactly(Outcome.REFUSED_CLASS);
  }

  @Test
  void machines_boot_by_their_architecture() {
    var lab =
        new YamlLab(
            """
            classes:
              - name: uefi
                when: {vendor-class: PXEClient*, option: {name: client-architecture, is: 7}}
                next-server: 10.77.0.5
                boot-file: boot.efi
              - name: http
                when: {vendor-class: HTTPClient*, option: {name: client-architecture, is: 16}}
                boot-file: http://10.77.0.5/boot.efi
                options: {vendor-class: HTTPClient}
            subnets:
              - {subnet: 10.77.0.0/24, pools: [10.77.0.50-10.77.0.59], boot-file: pxelinux.0}
            """);
    var pxe = vendor(discover(A).option(93, Octets.parse("0007")), "PXEClient:Arch:00007");
    var offer = lab.says(pxe).orElseThrow();
    assertThat(offer.file()).isEqualTo(OptionCodec.text("boot.efi"));
    assertThat(offer.siaddr().toString()).isEqualTo("10.77.0.5");
    var http = vendor(discover(B).option(93, Octets.parse("0010")), "HTTPClient:Arch:00016");
    offer = lab.says(http.wants(60, 67)).orElseThrow();
    assertThat(offer.file()).isEqualTo(OptionCodec.text("http://10.77.0.5/boot.efi"));
    assertThat(offer.options().get(Code.VENDOR_CLASS)).contains(OptionCodec.text("HTTPClient"));
    offer = lab.says(discover("00:11:22:00:00:05")).orElseThrow();
    assertThat(offer.file()).isEqualTo(OptionCodec.text("pxelinux.0"));
  }

  @Test
  void an_address_is_kept_for_whatever_hangs_on_a_circuit() {
    var lab =
        new YamlLab(
            """
            subnets:
              - subnet: 10.77.0.0/24
                pools: [10.77.0.50-10.77.0.59]
                reservations:
                  - {address: 10.77.0.10, circuit-id: eth0/1, options: {ntp: 10.77.0.7}}
                  - {address: 10.77.0.11, vendor-class: camera}
            """);
    var first = discover(A).relay("10.77.0.9").option(Code.RELAY_INFO, PORT_1);
    var then = request(A).relay("10.77.0.9").option(Code.RELAY_INFO, PORT_1);
    assertThat(lab.joins(first, then)).isEqualTo("10.77.0.10");
    // It renews past the relay, which therefore names no circuit.
    var renewed = lab.saysToUs(request(A).has("10.77.0.10")).orElseThrow();
    assertThat(renewed.options().type()).contains(MessageType.ACK);
    assertThat(lab.saysToUs(request(B).has("10.77.0.10")).orElseThrow().options().type())
        .contains(MessageType.NAK);
    // The device is replaced: the new one has the address at once.
    var swapped = discover(B).relay("10.77.0.9").option(Code.RELAY_INFO, PORT_1);
    var offer = lab.says(swapped).orElseThrow();
    assertThat(offer.yiaddr().toString()).isEqualTo("10.77.0.10");
    assertThat(offer.options().get(Code.NTP)).contains(Octets.parse("0a4d0007"));
    assertThat(lab.joins(vendor(discover(A), "camera"), vendor(request(A), "camera")))
        .isEqualTo("10.77.0.11");
    assertThat(lab.offered(vendor(discover("00:11:22:00:00:04"), "camera")))
        .as("another one of the make")
        .isEqualTo("10.77.0.50");
  }

  @Test
  void a_flood_of_invented_clients_does_not_starve_those_that_are_known() {
    var lab =
        new YamlLab(
            """
            subnets:
              - subnet: 10.77.0.0/24
                pools: [10.77.0.50-10.77.0.249]
                lease: 1h
                reservations: [{address: 10.77.0.10, mac: b8:27:eb:00:00:ff}]
            """);
    var homes = new HashMap<String, String>();
    for (int i = 0; i < 120; i++) {
      var mac = "b8:27:eb:00:01:%02x".formatted(i);
      homes.put(mac, lab.joins(mac));
    }
    // A third goes away and comes back in the middle of the flood.
    homes.keySet().stream()
        .filter(m -> m.hashCode() % 3 == 0)
        .forEach(
            m ->
                lab.saysToUs(Ask.of(MessageType.RELEASE, m).has(homes.get(m)).server("10.77.0.1")));
    var random = new Random(4);
    int offers = 0;
    for (int i = 0; i < 100_000; i++) {
      var mac =
          "%012x".formatted(random.nextLong() & 0xFCFF_FFFF_FFFFL).replaceAll("..(?!$)", "$0:");
      offers += lab.says(discover(mac)).isPresent() ? 1 : 0;
      if (i % 100 == 99) {
        lab.advance(Duration.ofMillis(10)); // 10,000 a second
      }
      if (i % 1_000 == 500) {
        var known = homes.keySet().stream().sorted().skip(i / 1_000).findFirst().orElseThrow();
        assertThat(lab.joins(known)).as("in the middle of the flood").isNotEqualTo("nothing");
        assertThat(lab.joins("b8:27:eb:00:00:ff")).isEqualTo("10.77.0.10");
      }
    }
    assertThat(offers).as("half of what was free, once in ten seconds").isLessThan(100);
    lab.advance(Duration.ofSeconds(31));
    assertThat(lab.joins("00:11:22:00:00:05")).as("it heals").isNotEqualTo("nothing");
  }

  @Test
  void rates_are_bounded_per_client_and_for_strangers_of_one_place() {
    var lab =
        new YamlLab(
            """
            guard: {client-rate: 2, stranger-rate: 5}
            subnets: [{subnet: 10.77.0.0/24, pools: [10.77.0.50-10.77.0.249]}]
            """);
    var outcomes = new HashMap<Boolean, Integer>(Map.of(true, 0, false, 0));
    for (int i = 0; i < 10; i++) {
      outcomes.merge(lab.says(discover(A)).isPresent(), 1, Integer::sum);
    }
    assertThat(outcomes).containsEntry(true, 4);
    assertThat(lab.outcomes()).containsExactly(Outcome.RATE_LIMITED);
    lab.advance(Duration.ofSeconds(1));
    assertThat(lab.says(discover(A))).isPresent();
    int answered = 0;
    for (int i = 0; i < 30; i++) {
      answered += lab.says(discover("00:11:22:00:01:%02x".formatted(i))).isPresent() ? 1 : 0;
    }
    assertThat(answered).isEqualTo(10);
    assertThat(lab.says(discover(B).relay("10.77.0.9").option(Code.RELAY_INFO, PORT_1)))
        .as("another place")
        .isPresent();
    assertThat(lab.says(discover(A))).as("a known client").isPresent();
  }
}
