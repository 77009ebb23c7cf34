package dev.islet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ExplainTest {
  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  @Test
  void every_byte_of_a_reply_belongs_to_a_field() {
    var reply =
        hex(
            "abcd85000001000100000001 03777777 04686f6d65 04617270 6100 0001 0001"
                + " c00c 0001 0001 00000e10 0004 7f000001"
                + " 00 0029 04d0 00 00 0000 0006 000f0002 0014");
    var fields = Explain.explain(reply);
    int at = 0;
    for (var field : fields) {
      if (field.length() > 0) {
        assertThat(field.offset()).as(field.name()).isEqualTo(at);
        at += field.length();
      }
    }
    assertThat(at).isEqualTo(reply.length);
    assertThat(fields)
        .contains(new Field(0, 2, "ID", "43981 (0xabcd)", "RFC 1035 section 4.1.1"))
        .anyMatch(f -> f.name().equals("answer data") && f.value().equals("127.0.0.1"))
        .anyMatch(f -> f.value().equals("www.home.arpa. (pointer at 31 to 12)"))
        .anyMatch(f -> f.name().equals("option") && f.value().startsWith("15 extended error"));
  }

  @Test
  void a_fault_is_the_last_field() {
    var fields = Explain.explain(hex("abcd01000001000000000000 c00c 0001 0001"));
    assertThat(fields.getLast().name()).isEqualTo("malformed");
    assertThat(fields.getLast().offset()).isEqualTo(12);
    assertThat(Explain.explain(new byte[0])).hasSize(1);
  }

  @Test
  void a_field_ends_with_the_message_whatever_its_length_says() {
    var message = hex("fd01 0000 0000 0000 008a 8001 00 0000 0000 00000000 5252 520000 52");
    for (var field : Explain.explain(message)) {
      assertThat(field.offset() + field.length()).as("" + field).isBetween(0, message.length);
    }
  }

  @Test
  void a_pointer_into_its_own_name_is_not_followed() {
    // the second question's name begins inside the first one's and leads back to it
    var message = hex("abcd01000002000000000000 0161 00 0001 0001 0162 c013 0001 0001");
    assertThat(Explain.explain(message).getLast().name()).isEqualTo("malformed");
  }

  @Test
  void the_sections_of_an_update_have_their_own_names() {
    var fields = Explain.explain(hex("abcd28000001000000000000 04686f6d65 00 0006 0001"));
    assertThat(fields).anyMatch(f -> f.name().equals("ZOCOUNT"));
    assertThat(fields).anyMatch(f -> f.name().equals("zone name") && f.value().equals("home."));
  }
}
