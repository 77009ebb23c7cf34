package dev.islet.dhcp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.Ask;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Route;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CodecTest {
  /** A DISCOVER as dhclient sends it, padding left out. */
  private static final String DISCOVER =
      "0101060039 03f32600058000 00000000 00000000 00000000 00000000 000b82 01fc42".replace(" ", "")
          + "00".repeat(10 + 64 + 128)
          + "63825363"
          + "350101"
          + "3d0701000b8201fc42"
          + "32040a4d0033"
          + "370401 03062a".replace(" ", "")
          + "ff";

  private static Message ok(byte[] bytes) {
    var decoded = Decoder.decode(bytes);
    assertThat(decoded).isInstanceOf(Decoded.Ok.class);
    return ((Decoded.Ok) decoded).message();
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }

  @Test
  void a_discover_is_read_field_by_field() {
    var m = ok(hex(DISCOVER));
    assertThat(m.op()).isEqualTo(Message.REQUEST);
    assertThat(m.hardware()).isEqualTo(HardwareAddress.parse("00:0b:82:01:fc:42"));
    assertThat(m.xid()).isEqualTo(0x3903f326);
    assertThat(m.secs()).isEqualTo(5);
    assertThat(m.wantsBroadcast()).isTrue();
    assertThat(m.options().type()).contains(MessageType.DISCOVER);
    assertThat(m.options().address(Code.REQUESTED_ADDRESS)).contains(Ip4.parse("10.77.0.51"));
    assertThat(m.options().parameterList()).containsExactly(1, 3, 6, 42);
    assertThat(m.options().get(Code.CLIENT_ID)).contains(Octets.parse("01:00:0b:82:01:fc:42"));
  }

  @Test
  void what_is_written_reads_back_the_same() {
    var random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      var options = new LinkedHashMap<Integer, Octets>();
      options.put(Code.MESSAGE_TYPE, Octets.of((byte) (1 + random.nextInt(8))));
      for (int i = random.nextInt(12); i > 0; i--) {
        int code = 1 + random.nextInt(254);
        if (!Code.OWN.contains(code)) {
          var value = new byte[random.nextInt(40)];
          random.nextBytes(value);
          options.put(code, Octets.of(value));
        }
      }
      var mac = new byte[random.nextInt(17)];
      random.nextBytes(mac);
      var m =
          new Message(
              Message.REPLY,
              new HardwareAddress(random.nextInt(256), Octets.of(mac)),
              random.nextInt(256),
              random.nextInt(),
              random.nextInt(65_536),
              random.nextInt(65_536),
              new Ip4(random.nextInt()),
              new Ip4(random.nextInt()),
              new Ip4(random.nextInt()),
              new Ip4(random.nextInt()),
              Octets.EMPTY,
              OptionCodec.text("boot"),
              Options.of(options));
      var back = ok(Encoder.encode(m, List.of(), 1472).bytes());
      assertThat(back).isEqualTo(m);
      assertThat(back.options().all()).isEqualTo(options);
    }
  }

  @Test
  void no_bytes_make_the_reader_throw() {
    var random = new Random(11);
    var good = hex(DISCOVER);
    for (int i = 0; i < 100_000; i++) {
      var bytes = Arrays.copyOf(good, random.nextInt(600));
      for (int n = random.nextInt(10); n > 0 && bytes.length > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      var decoded = Decoder.decode(bytes);
      Explain.explain(bytes);
      if (decoded instanceof Decoded.Ok(var m)) {
        m.options().fqdn();
        m.options().hostName();
        m.options().relayInfo();
        m.options().parameterList();
        m.options()
            .all()
            .forEach((code, value) -> OptionCodec.decode(OptionKind.of(code).format(), value));
      }
    }
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "3501, 240, option 53 runs over the end",
    "35, 240, option 53 has no length",
    "350101 3d00, 243, option 61 has 0 bytes instead of at least 2 bytes (RFC 2132 9.14)",
    "35020101, 240, option 53 has 2 bytes instead of 1 byte",
    "350101 3203010203, 243, option 50 has 3 bytes instead of 4 bytes",
    "350101 340104, 243, 'option 52 is not 1, 2 or 3'"
  })
  void a_fault_is_named_with_its_offset(String options, int offset, String reason) {
    var bytes = hex(DISCOVER.substring(0, 480) + options.replace(" ", ""));
    assertThat(Decoder.decode(bytes))
        .isInstanceOfSatisfying(
            Decoded.Malformed.class,
            m -> {
              assertThat(m.offset()).isEqualTo(offset);
              if (!reason.isEmpty()) {
                assertThat(m.reason()).isEqualTo(reason);
              }
            });
  }

  @Test
  void overloaded_options_are_read_file_first_and_parts_joined() {
    // RFC 3396: option 12 in three parts, in options, file and sname.
    var bytes = hex(DISCOVER.substring(0, 480) + "350101" + "340103" + "0c0161" + "ff");
    System.arraycopy(hex("0c0162ff"), 0, bytes, 108, 4);
    System.arraycopy(hex("0c0163ff"), 0, bytes, 44, 4);
    var m = ok(bytes);
    assertThat(m.options().hostName()).contains("abc");
    assertThat(m.sname()).isEqualTo(Octets.EMPTY);
  }

  @Test
  void an_option_over_255_bytes_is_split_and_joined() {
    var value = new byte[600];
    new Random(3).nextBytes(value);
    var m = Ask.discover("02:00:00:00:00:01").option(125, Octets.of(value)).message();
    var bytes = Encoder.encode(m, List.of(), 1472).bytes();
    assertThat(Ask.codes(bytes)).containsExactly(53, 125, 125, 125);
    assertThat(ok(bytes).options().get(125)).contains(Octets.of(value));
  }

  @Test
  void the_mask_goes_before_the_routers_and_option_82_last() {
    var m =
        Ask.discover("02:00:00:00:00:01")
            .option(Code.RELAY_INFO, Octets.parse("010131"))
            .option(Code.ROUTERS, Octets.parse("0a000001"))
            .option(Code.NTP, Octets.parse("0a000001"))
            .option(Code.SUBNET_MASK, Octets.parse("ff000000"))
            .option(Code.DOMAIN, OptionCodec.text("x"))
            .message();
    var bytes = Encoder.encode(m, List.of(42, 3, 1, 15), 548).bytes();
    assertThat(Ask.codes(bytes)).containsExactly(53, 42, 1, 3, 15, 82);
    assertThat(bytes).hasSize(300);
  }

  @Test
  void nothing_is_ever_longer_than_the_limit() {
    var ask = Ask.discover("02:00:00:00:00:01").option(Code.RELAY_INFO, Octets.parse("010131"));
    for (int code = 100; code < 120; code++) {
      ask.option(code, Octets.of(new byte[30]));
    }
    var encoded = Encoder.encode(ask.message(), List.of(119, 118), 548);
    assertThat(encoded.bytes().length).isLessThanOrEqualTo(548);
    assertThat(Ask.codes(encoded.bytes())).startsWith(53, 119, 118).endsWith(82);
    assertThat(encoded.dropped()).isNotEmpty().doesNotContain(119, 118, 82);
  }

  @Test
  void option_82_that_does_not_fit_is_left_out() {
    var m =
        Ask.discover("02:00:00:00:00:01")
            .option(Code.RELAY_INFO, Octets.of(new byte[250]))
            .message();
    var encoded = Encoder.encode(m, List.of(), 300);
    assertThat(encoded.dropped()).containsExactly(82);
    assertThat(encoded.bytes()).hasSize(300);
  }

  @Test
  void names_are_compressed_as_in_rfc_3397() {
    // The example of RFC 3397 section 3, as one option.
    var bytes =
        OptionCodec.encode(new OptionData.Names(List.of("eng.apple.com", "marketing.apple.com")));
    assertThat(bytes.toString())
        .isEqualTo("03656e67056170706c6503636f6d00" + "096d61726b6574696e67c004");
    assertThat(DomainNames.decode(bytes.toBytes()))
        .contains(List.of("eng.apple.com", "marketing.apple.com"));
    assertThat(DomainNames.decode(hex("c000"))).as("a pointer to itself").isEmpty();
    assertThat(DomainNames.decode(hex("c00203616263"))).as("a pointer ahead").isEmpty();
    assertThatThrownBy(() -> DomainNames.encode("a..b")).isInstanceOf(RuntimeException.class);
  }

  @Test
  void classless_routes_are_those_of_rfc_3442() {
    var routes =
        List.of(
            new Route(Prefix.parse("0.0.0.0/0"), Ip4.parse("10.0.0.1")),
            Route.parse("10.17.0.0/16 via 10.0.0.2"),
            Route.parse("10.27.129.0/24 via 10.0.0.3"),
            Route.parse("10.198.122.47/32 via 0.0.0.0"));
    var bytes = OptionCodec.encode(new OptionData.Routes(routes));
    assertThat(bytes.toString())
        .isEqualTo("000a000001" + "100a110a000002" + "180a1b810a000003" + "200ac67a2f00000000");
    assertThat(OptionCodec.decode(OptionKind.Format.ROUTES, bytes))
        .contains(new OptionData.Routes(routes));
    assertThat(OptionCodec.decode(OptionKind.Format.ROUTES, Octets.parse("210a"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "01ffff6e61732e686f6d652e6172706100, 1, nas.home.arpa, false",
    "01ffff6e61732e, 1, nas, true",
    "050000036e617304686f6d65046172706100, 5, nas.home.arpa, true",
    "050000036e6173, 5, nas, false",
    "000000, 0, '', false"
  })
  void a_clients_full_name_is_read_in_both_encodings(
      String hex, int flags, String name, Boolean complete) {
    var fqdn = OptionCodec.readFqdn(Octets.parse(hex));
    assertThat(fqdn).contains(new OptionData.Fqdn(flags, name, complete));
  }

  @Test
  void broken_full_names_are_no_names() {
    assertThat(OptionCodec.readFqdn(Octets.parse("0100"))).isEmpty();
    assertThat(OptionCodec.readFqdn(Octets.parse("04000005616263"))).isEmpty();
  }

  @Test
  void relay_parts_are_read_and_a_broken_end_is_left() {
    var info = RelayInfo.read(Octets.parse("0104aabbccdd" + "05040a4d0000" + "0209aa"));
    assertThat(info.parts()).containsOnlyKeys(1, 5);
    assertThat(info.address(RelayInfo.LINK_SELECTION)).contains(Ip4.parse("10.77.0.0"));
  }

  @Test
  void options_written_by_people_become_bytes() {
    var cases =
        Map.of(
            "ntp", Map.of("192.168.7.1, 192.168.7.2", "c0a80701c0a80702"),
            "mtu", Map.of("1400", "0578"),
            "43",
                Map.of(
                    "hex:01 02:ff",
                    "0102ff",
                    "1 number8=4; 6 address=10.0.0.1",
                    "01010406040a000001"),
            "125",
                Map.of(
                    "9 1 text=a; 9 2 flag=on; 10 1 number16=1",
                    "000000090601016102010" + "1" + "0000000a0401020001"),
            "224 numbers16", Map.of("1, 2", "00010002"),
            "162",
                Map.of(
                    "1 d.e 10.0.0.1 alpn=dot port=853",
                    "001b00010501640165000" + "40a000001000100040364" + "6f74000300020355"),
            "domain-search", Map.of("home.arpa", "04686f6d65046172706100"),
            "captive-portal", Map.of("https://x", "68747470733a2f2f78"),
            "routes", Map.of("0.0.0.0/0 via 10.0.0.1", "000a000001"));
    cases.forEach(
        (name, pairs) ->
            pairs.forEach(
                (text, hex) ->
                    assertThat(OptionText.parse(OptionKind.parse(name), text).toString())
                        .isEqualTo(hex)));
    assertThatThrownBy(() -> OptionText.parse(OptionKind.parse("mtu"), "70000"))
        .hasMessageContaining("from 68 to 65535");
    assertThatThrownBy(() -> OptionText.parse(OptionKind.parse("43"), "1 byte=4"))
        .hasMessageContaining("is no type; there are address, addresses");
    assertThatThrownBy(() -> OptionText.parse(OptionKind.parse("captive-portal"), "portal"))
        .hasMessageContaining("expected a URI");
    assertThatThrownBy(() -> OptionKind.parse("3 number8")).hasMessageContaining("its type");
    assertThatThrownBy(() -> OptionKind.parse("255")).hasMessageContaining("1 to 254");
  }

  @Test
  void every_byte_is_explained_exactly_once() {
    var fields = Explain.explain(hex(DISCOVER));
    int at = 0;
    for (var field : fields) {
      assertThat(field.offset()).as(field.name()).isEqualTo(at);
      at += field.length();
    }
    assertThat(at).isEqualTo(DISCOVER.length() / 2);
    assertThat(fields)
        .contains(
            new Field(240, 3, "53 message-type", "DISCOVER", "RFC 2132 9.6"),
            new Field(252, 6, "50 requested-address", "10.77.0.51", "RFC 2132 9.1"),
            new Field(10, 2, "flags", "0x8000 broadcast", "RFC 2131 2"));
  }

  @Test
  void a_frame_has_both_checksums() {
    var payload = new byte[301];
    new Random(5).nextBytes(payload);
    var frame = UdpFrame.of(Ip4.parse("10.77.0.1"), 67, Ip4.parse("10.77.0.51"), 68, payload);
    // The sum over a whole that contains its checksum is all ones (RFC 1071).
    assertThat(UdpFrame.fold(UdpFrame.sum(frame, 0, 20))).isEqualTo(0xFFFF);
    long pseudo = UdpFrame.sum(frame, 12, 8) + 17 + frame.length - 20;
    assertThat(UdpFrame.fold(pseudo + UdpFrame.sum(frame, 20, frame.length - 20)))
        .isEqualTo(0xFFFF);
    assertThat(Ip4.of(frame, 16)).isEqualTo(Ip4.parse("10.77.0.51"));
    assertThat(Optional.of(frame.length)).contains(329);
  }
}
