package dev.islet.voip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtpViewTest {
  private final RtpView view = new RtpView();

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("[\\s|]", ""));
  }

  private RtpView.Check wrap(String text) {
    var bytes = hex(text);
    return view.wrap(ByteBuffer.wrap(bytes), 0, bytes.length);
  }

  @Test
  void a_plain_packet_is_read() {
    assertThat(wrap("80 88 | fffe | 80000001 | deadbeef | 0102030405")).isEqualTo(RtpView.Check.OK);
    assertThat(view.marker()).isTrue();
    assertThat(view.payloadType()).isEqualTo(8);
    assertThat(view.sequence()).isEqualTo(65_534);
    assertThat(view.timestamp()).isEqualTo(0x80000001);
    assertThat(view.ssrc()).isEqualTo(0xdeadbeef);
    assertThat(view.csrcCount()).isZero();
    assertThat(view.payloadOffset()).isEqualTo(12);
    assertThat(view.payloadLength()).isEqualTo(5);
    assertThat(view.length()).isEqualTo(17);
  }

  @Test
  void sources_extension_and_padding_are_left_out_of_the_payload() {
    var packet =
        "b2 00 | 0001 | 00000002 | 00000003 | 0000000a 0000000b | bede 0001 01020304 | aabb |"
            + " 00 00 03";
    assertThat(wrap(packet)).isEqualTo(RtpView.Check.OK);
    assertThat(view.csrcCount()).isEqualTo(2);
    assertThat(view.payloadOffset()).isEqualTo(28);
    assertThat(view.payloadLength()).isEqualTo(2);
  }

  @Test
  void a_packet_is_read_where_it_lies() {
    var bytes = hex("ffffff 8000 0007 00000002 00000003 01 ffff");
    assertThat(view.wrap(ByteBuffer.wrap(bytes), 3, 13)).isEqualTo(RtpView.Check.OK);
    assertThat(view.sequence()).isEqualTo(7);
    assertThat(view.payloadLength()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "80000001000000020000000, SHORT",
    "400000010000000200000003, VERSION",
    "c00000010000000200000003, VERSION",
    "810000010000000200000003, CSRC",
    "8f00000100000002000000030000000a, CSRC",
    "900000010000000200000003, EXTENSION",
    "900000010000000200000003bede, EXTENSION",
    "900000010000000200000003bede0001, EXTENSION",
    "900000010000000200000003bedeffff00000000, EXTENSION",
    "a00000010000000200000003, PADDING",
    "a0000001000000020000000300, PADDING",
    "a0000001000000020000000302, PADDING"
  })
  void a_packet_whose_lengths_lie_is_refused(String packet, RtpView.Check check) {
    var text = packet.length() % 2 == 0 ? packet : packet.substring(0, packet.length() - 1);
    assertThat(wrap(text)).isEqualTo(check);
  }

  @Test
  void padding_may_fill_the_whole_payload() {
    assertThat(wrap("a00000010000000200000003 01")).isEqualTo(RtpView.Check.OK);
    assertThat(view.payloadLength()).isZero();
  }

  @Test
  void no_bytes_make_it_read_beyond_the_packet() {
    var random = new Random(3550);
    for (int i = 0; i < 10_000; i++) {
      var bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 0 && random.nextBoolean()) {
        bytes[0] = (byte) (0x80 | bytes[0] & 0x3f);
      }
      // Exactly as long as the packet: reading beyond it would throw.
      var buffer = ByteBuffer.wrap(bytes);
      if (view.wrap(buffer, 0, bytes.length) == RtpView.Check.OK) {
        assertThat(view.payloadLength()).isBetween(0, bytes.length - 12);
        assertThat(view.payloadOffset() + view.payloadLength()).isLessThanOrEqualTo(bytes.length);
      }
      RtpExplain.explain(bytes);
    }
  }
}
