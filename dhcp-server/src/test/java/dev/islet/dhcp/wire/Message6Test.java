package dev.islet.dhcp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Octets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Message6Test {
  /** A Solicit in two relays, as dhcrelay and a switch would make it. */
  private static byte[] relayed() {
    var solicit =
        new Message6(
            List.of(),
            MessageType6.SOLICIT,
            0xABCDEF,
            List.of(
                new Option6(Code6.CLIENT_ID, Octets.parse("00030001020000000001")),
                Option6.association(Code6.IA_NA, 7, 0, 0, List.of())));
    var relays =
        List.of(
            new Message6.Relay(1, Ip6.NONE, Ip6.parse("fe80::2"), List.of()),
            new Message6.Relay(
                0,
                Ip6.parse("2001:db8::1"),
                Ip6.parse("fe80::3"),
                List.of(new Option6(Code6.INTERFACE_ID, Octets.parse("01")))));
    var bytes =
        new Message6(relays, solicit.type(), solicit.transaction(), solicit.options()).write();
    // What goes to the server is RELAY-FORW (12), not RELAY-REPL (13).
    bytes[0] = 12;
    bytes[38] = 12;
    return bytes;
  }

  @Test
  void a_message_in_relays_is_read_as_it_was_written() {
    var read = Message6.read(relayed());
    assertThat(read).isInstanceOf(Message6.Read.Ok.class);
    var message = ((Message6.Read.Ok) read).message();
    assertThat(message.type()).isEqualTo(MessageType6.SOLICIT);
    assertThat(message.transaction()).isEqualTo(0xABCDEF);
    assertThat(message.relays()).hasSize(2);
    assertThat(message.relays().getLast().link()).isEqualTo(Ip6.parse("2001:db8::1"));
    assertThat(message.relays().getLast().options()).hasSize(1);
    assertThat(message.get(Code6.IA_NA).orElseThrow().int32(0)).isEqualTo(7);
  }

  @Test
  void whatever_comes_nothing_is_thrown() {
    var random = new SplittableRandom(6);
    var good = relayed();
    int malformed = 0;
    for (int run = 0; run < 200_000; run++) {
      var bytes = java.util.Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Explain6.explain(bytes);
      malformed += Message6.read(bytes) instanceof Message6.Read.Malformed ? 1 : 0;
    }
    assertThat(malformed).isBetween(1, 199_999);
  }

  @Test
  void every_byte_is_explained() {
    var bytes = relayed();
    var fields = Explain6.explain(bytes);
    int at = 0;
    for (var field : fields) {
      assertThat(field.offset()).as(field.name()).isEqualTo(at);
      at += field.length();
    }
    assertThat(at).isEqualTo(bytes.length);
    assertThat(fields)
        .anySatisfy(f -> assertThat(f.value()).isEqualTo("12 RELAY_FORWARD"))
        .anySatisfy(f -> assertThat(f.value()).isEqualTo("iaid 7, t1 0 s, t2 0 s"));
  }

  @Test
  void relays_in_relays_end_somewhere() {
    var deep = new java.io.ByteArrayOutputStream();
    int depth = 30;
    for (int i = 0; i < depth; i++) {
      var head = new byte[38];
      int rest = (depth - 1 - i) * 38 + 4;
      head[0] = 12;
      head[35] = 9;
      head[36] = (byte) (rest >> 8);
      head[37] = (byte) rest;
      deep.writeBytes(head);
    }
    deep.writeBytes(new byte[] {1, 0, 0, 1});
    assertThat(Message6.read(deep.toByteArray())).isInstanceOf(Message6.Read.Malformed.class);
  }

  @Test
  void addresses_are_written_in_their_short_form() {
    for (var text :
        List.of("::", "::1", "2001:db8::1", "fe80::1:0:0:1", "2001:db8:0:1:1:1:1:1", "1::")) {
      assertThat(Ip6.parse(text)).hasToString(text);
    }
  }
}
