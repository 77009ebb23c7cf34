package dev.islet.core.net.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** rtnetlink bytes as strace(1) shows them on a little-endian machine. */
class NetlinkCodecTest {
  private final ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());

  @BeforeEach
  void little_endian() {
    assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
  }

  private static InetAddress ip(String text) {
    return InetAddress.ofLiteral(text);
  }

  private String written() {
    return HexFormat.of().formatHex(out.array(), 0, out.position());
  }

  private static NetlinkCodec.Message message(String hex) {
    var bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    var messages = NetlinkCodec.messages(ByteBuffer.wrap(bytes));
    assertThat(messages).hasSize(1);
    return messages.getFirst();
  }

  private static NetlinkRoute route(String prefix, NetlinkRoute.Hop... hops) {
    return new NetlinkRoute(
        Prefix.parse(prefix), 254, 114, 20, NetlinkRoute.Kind.UNICAST, List.of(hops));
  }

  @Test
  void a_route_over_a_gateway() {
    var route = route("10.9.0.0/16", NetlinkRoute.Hop.via(ip("192.168.7.2"), 3));
    NetlinkRequests.change(out, 5, true, new NetlinkChange.Add(route));
    var hex =
        """
        44000000 1800 0506 05000000 00000000
        02 10 00 00 fe 72 00 01 00000000
        0800 0100 0a090000
        0800 0f00 fe000000
        0800 0600 14000000
        0800 0500 c0a80702
        0800 0400 03000000
        """;
    assertThat(written()).isEqualTo(hex.replaceAll("\\s", ""));
    assertThat(NetlinkCodec.route(message(hex))).contains(route);
  }

  @Test
  void routes_of_every_form_are_read_as_they_were_written() {
    var forms =
        List.of(
            route("10.9.0.0/16", NetlinkRoute.Hop.on(3)),
            route("0.0.0.0/0", NetlinkRoute.Hop.via(ip("192.168.7.2"), 3)),
            route(
                "10.9.0.0/16",
                NetlinkRoute.Hop.via(ip("192.168.7.2"), 3),
                new NetlinkRoute.Hop(java.util.Optional.of(ip("192.168.8.2")), 4, 10)),
            route("10.9.0.0/16", NetlinkRoute.Hop.via(ip("fe80::1"), 3)),
            route("2001:db8::/32", NetlinkRoute.Hop.via(ip("fe80::1"), 3)),
            new NetlinkRoute(
                Prefix.parse("10.9.0.0/16"), 1000, 114, 20, NetlinkRoute.Kind.PROHIBIT, List.of()));
    for (var form : forms) {
      out.clear();
      NetlinkRequests.change(out, 1, false, new NetlinkChange.Replace(form));
      assertThat(out.position() % 4).isZero();
      assertThat(NetlinkCodec.route(message(written()))).contains(form);
    }
  }

  @Test
  void a_deletion_names_the_maker_and_not_the_hops() {
    NetlinkRequests.change(
        out,
        6,
        false,
        new NetlinkChange.Delete(route("10.9.0.0/16", NetlinkRoute.Hop.via(ip("1.2.3.4"), 3))));
    assertThat(written())
        .isEqualTo(
            """
            34000000 1900 0100 06000000 00000000
            02 10 00 00 fe 72 ff 00 00000000
            0800 0100 0a090000
            0800 0f00 fe000000
            0800 0600 14000000
            """
                .replaceAll("\\s", ""));
  }

  @Test
  void links_and_addresses_are_read() {
    assertThat(
            NetlinkCodec.link(
                message(
                    """
                    40000000 1000 0000 00000000 00000000
                    00 00 0100 03000000 43100100 00000000
                    0900 0300 65746830 00 000000
                    0800 0400 dc050000
                    0a00 0100 b827eb000001 0000
                    """)))
        .contains(
            new NetlinkLink(
                3, "eth0", true, true, false, 1500, MacAddress.parse("b8:27:eb:00:00:01")));
    assertThat(
            NetlinkCodec.address(
                message(
                    """
                    28000000 1400 0000 00000000 00000000
                    02 18 80 00 03000000
                    0800 0100 c0a80701
                    0800 0200 c0a80701
                    """)))
        .contains(new NetlinkAddress(3, ip("192.168.7.1"), Prefix.parse("192.168.7.0/24")));
  }

  @Test
  void a_refusal_is_read_with_the_kernels_own_words() {
    var ack =
        NetlinkCodec.ack(
            message(
                """
                30000000 0200 0003 05000000 00000000
                efffffff
                44000000 1800 0506 05000000 00000000
                0b00 0100 6e6f2077 617900 00
                """));
    assertThat(ack).isEqualTo(new NetlinkCodec.Ack(17, "no way"));
    assertThat(
            NetlinkCodec.ack(
                message("24000000 0200 0000 05000000 00000000 00000000" + "00".repeat(16))))
        .isEqualTo(new NetlinkCodec.Ack(0, ""));
  }

  @Test
  void cut_and_broken_messages_never_throw() {
    NetlinkRequests.change(
        out,
        1,
        true,
        new NetlinkChange.Add(
            route(
                "10.9.0.0/16",
                NetlinkRoute.Hop.via(ip("192.168.7.2"), 3),
                NetlinkRoute.Hop.via(ip("192.168.7.3"), 3))));
    var valid = HexFormat.of().parseHex(written());
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      var bytes = valid.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      for (var message : NetlinkCodec.messages(ByteBuffer.wrap(bytes))) {
        NetlinkCodec.route(message);
        NetlinkCodec.link(message);
        NetlinkCodec.address(message);
        NetlinkCodec.ack(message);
      }
    }
  }
}
