package dev.islet.dns.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.wire.Malformed.Reason;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;

class MessageViewTest {
  private static final String QUERY =
      "abcd01000001000000000001" // id, RD, one question, one additional
          + "0377777704686f6d650461727061000001 0001" // www.home.arpa A IN
          + "00 0029 04d0 00 00 8000 0008 0003 0000 fde9 0000"; // OPT 1232 DO, NSID, unknown

  private final MessageView view = new MessageView();

  private boolean read(String hex) {
    return view.read(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
  }

  @Test
  void a_question_with_edns_is_read_whole() {
    assertThat(read(QUERY)).isTrue();
    assertThat(view.id()).isEqualTo(0xabcd);
    assertThat(view.isResponse()).isFalse();
    assertThat(view.opcode()).isZero();
    assertThat(view.questionName()).isEqualTo(Name.fromConstantString("www.home.arpa."));
    assertThat(view.questionType()).isEqualTo(1);
    assertThat(view.questionClass()).isEqualTo(1);
    assertThat(view.hasOpt()).isTrue();
    assertThat(view.udpSize()).isEqualTo(1232);
    assertThat(view.ednsVersion()).isZero();
    assertThat(view.dnssecOk()).isTrue();
    assertThat(view.nsidAsked()).isTrue();
    assertThat(view.tsigAt()).isEqualTo(-1);
  }

  @Test
  void the_name_keeps_its_case_and_compares_without() {
    read("abcd01000001000000000000 0357577704686f4d650461727061000001 0001");
    assertThat(view.questionName().toString()).isEqualTo("WWw.hoMe.arpa.");
    assertThat(view.asks(Name.fromConstantString("www.home.arpa.").toWire(), 1, 1)).isTrue();
    assertThat(view.asks(Name.fromConstantString("www.home.arpa.").toWire(), 28, 1)).isFalse();
    assertThat(view.asks(Name.fromConstantString("ww.home.arpa.").toWire(), 1, 1)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "SHORT_HEADER, abcd0100000100000000, 10",
    "SHORT, abcd01000001000000000000, 12",
    "SHORT, abcd01000001000000000000 03777777, 16",
    "SHORT, abcd01000001000000000000 00 0001, 15",
    "LABEL, abcd01000001000000000000 43777777 00 0001 0001, 12",
    "LABEL, abcd01000001000000000000 83777777 00 0001 0001, 12",
    "POINTER, abcd01000001000000000000 c00c 0001 0001, 12",
    "POINTER, abcd01000001000000000000 c000 0001 0001, 12",
    "POINTER, abcd01000001000000000000 0161c00c 0001 0001, 14",
    "POINTER, abcd01000001000000000000 c0ff 0001 0001, 12",
    "TRAILING, abcd01000001000000000000 00 0001 0001 00, 17",
    "OPT_OWNER, abcd01000001000000000001 00 0001 0001 0161 00 0029 04d0 00000000 0000, 17",
    "OPT_PLACE, abcd01000001000100000000 00 0001 0001 00 0029 04d0 00000000 0000, 17",
    "OPT_TWICE, abcd01000001000000000002 00 0001 0001 00 0029 04d0 00000000 0000 00 0029 04d0"
        + " 00000000 0000, 28",
    "OPT_FORM, abcd01000001000000000001 00 0001 0001 00 0029 04d0 00000000 0003 000300, 28",
    "OPT_FORM, abcd01000001000000000001 00 0001 0001 00 0029 04d0 00000000 0004 00030001, 28",
    "TSIG_PLACE, abcd01000001000000000002 00 0001 0001 00 00fa 00ff 00000000 0000 00 0029 04d0"
        + " 00000000 0000, 17",
  })
  void faults_are_named_with_their_place(Reason reason, String hex, int offset) {
    assertThat(read(hex)).isFalse();
    assertThat(view.malformed()).isEqualTo(new Malformed(offset, reason));
  }

  @Test
  void a_name_of_256_bytes_is_too_long() {
    var longest = "3f" + "61".repeat(63);
    var name = longest.repeat(3) + "3d" + "61".repeat(61) + "00"; // 255 bytes
    assertThat(read("abcd01000001000000000000" + name + "00010001")).isTrue();
    var longer = longest.repeat(3) + "3e" + "61".repeat(62) + "00";
    assertThat(read("abcd01000001000000000000" + longer + "00010001")).isFalse();
    assertThat(view.malformed().reason()).isEqualTo(Reason.LONG_NAME);
  }

  @Test
  void no_bytes_make_it_throw() {
    var random = new Random(7);
    var valid = HexFormat.of().parseHex(QUERY.replace(" ", ""));
    for (int i = 0; i < 40_000; i++) {
      var bytes = valid.clone();
      for (int change = random.nextInt(1, 6); change > 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      var cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      if (view.read(ByteBuffer.wrap(cut)) && view.count(0) > 0) {
        assertThat(view.questionName().isAbsolute()).isTrue();
      }
      assertThat(Explain.explain(cut)).isNotNull();
    }
  }

  @Test
  void a_name_has_no_more_pointers_than_labels() {
    for (int pointers : new int[] {127, 128}) {
      // the first record's data is a chain of pointers, each to the one before it
      var chain = new StringBuilder("00");
      for (int i = 0; i < pointers - 1; i++) {
        chain.append("%04x".formatted(0xC000 | (i == 0 ? 23 : 24 + 2 * (i - 1))));
      }
      int last = 24 + 2 * (pointers - 2);
      var message =
          "abcd8000000000020000000000 0001 0001 00000000 %04x %s %04x 0001 0001 00000000 0000"
              .formatted(chain.length() / 2, chain, 0xC000 | last);
      assertThat(read(message)).as(pointers + " pointers").isEqualTo(pointers == 127);
    }
    assertThat(view.malformed().reason()).isEqualTo(Reason.POINTER);
  }
}
