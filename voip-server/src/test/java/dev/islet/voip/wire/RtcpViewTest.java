package dev.islet.voip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtcpViewTest {
  /** A sender report with one block, then a source description. */
  static final String COMPOUND =
      "81c8000c 11111111 e0000000 80000000 00001f40 00000064 00003e80"
          + " 22222222 40fffffe 00010200 00000010 b44db705 00054000"
          + " 81ca0003 11111111 01036140 62000000";

  private final RtcpView view = new RtcpView();

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  private RtcpView.Check wrap(String text) {
    var bytes = hex(text);
    return view.wrap(ByteBuffer.wrap(bytes), 0, bytes.length);
  }

  @Test
  void a_compound_packet_is_gone_through() {
    assertThat(wrap(COMPOUND)).isEqualTo(RtcpView.Check.OK);
    assertThat(view.next()).isTrue();
    assertThat(view.type()).isEqualTo(RtcpView.SR);
    assertThat(view.senderReport()).isTrue();
    assertThat(view.ssrc()).isEqualTo(0x11111111);
    assertThat(view.middleNtp()).isEqualTo(0x00008000);
    assertThat(view.blocks()).isEqualTo(1);
    assertThat(view.blockSsrc(0)).isEqualTo(0x22222222);
    assertThat(view.lastReport(0)).isEqualTo(0xb44db705);
    assertThat(view.delaySinceLastReport(0)).isEqualTo(0x00054000);
    assertThat(view.next()).isTrue();
    assertThat(view.type()).isEqualTo(202);
    assertThat(view.senderReport()).isFalse();
    assertThat(view.blocks()).isZero();
    assertThat(view.next()).isFalse();
  }

  @Test
  void more_blocks_claimed_than_there_is_room_for_are_not_read() {
    // A receiver report that claims 31 blocks and has one.
    assertThat(wrap("9fc90007 11111111 22222222 00000000 00000000 00000000 00000001 00000002"))
        .isEqualTo(RtcpView.Check.OK);
    view.next();
    assertThat(view.blocks()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "80c90000, SHORT",
    "80c9000111111111 80, LENGTH",
    "80c9000211111111, LENGTH",
    "80c9ffff11111111, LENGTH",
    "40c9000111111111, VERSION",
    "80c9000111111111 00000000, VERSION",
    "80000001 11111111, TYPE",
    "80c9000111111111 80e00000, TYPE"
  })
  void lengths_that_do_not_add_up_are_refused(String packet, RtcpView.Check check) {
    assertThat(wrap(packet)).isEqualTo(check);
    assertThat(view.next()).isFalse();
  }

  @Test
  void feedback_may_come_alone() {
    assertThat(wrap("81cd0002 11111111 22222222")).isEqualTo(RtcpView.Check.OK);
  }

  @Test
  void no_mutation_makes_it_read_beyond_the_packet() {
    var random = new Random(5761);
    var good = hex(COMPOUND);
    for (int i = 0; i < 10_000; i++) {
      var bytes = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int n = random.nextInt(4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (view.wrap(ByteBuffer.wrap(bytes), 0, bytes.length) == RtcpView.Check.OK) {
        while (view.next()) {
          view.ssrc();
          if (view.senderReport()) {
            view.middleNtp();
          }
          for (int b = 0; b < view.blocks(); b++) {
            view.blockSsrc(b);
            view.lastReport(b);
            view.delaySinceLastReport(b);
          }
        }
      }
      RtpExplain.explain(bytes);
    }
  }

  @Test
  void every_field_is_explained_without_gap_or_overlap() {
    var bytes = hex(COMPOUND);
    var fields = RtpExplain.explain(bytes);
    var covered = new ArrayList<Integer>();
    int end = 0;
    for (var field : fields) {
      assertThat(field.section()).startsWith("RFC ");
      assertThat(field.offset()).isLessThanOrEqualTo(end);
      end = Math.max(end, field.offset() + field.length());
      covered.add(end);
    }
    assertThat(end).isEqualTo(bytes.length);
    assertThat(fields)
        .extracting(f -> f.name() + "=" + f.value())
        .contains(
            "packet type=200 sender report",
            "SSRC=0x11111111",
            "fraction lost=25.0 %",
            "cumulative lost=-2",
            "delay since last SR=5250.000 ms",
            "packet type=202 source description");
    assertThat(RtpExplain.explain(hex("8008 0001 00000002 00000003 ffff")))
        .extracting(f -> f.name() + "@" + f.offset() + "=" + f.value())
        .contains("payload type@1=8 PCMA", "sequence number@2=1", "payload@12=2 bytes");
  }

  @Test
  void packets_on_one_port_are_told_apart() {
    assertThat(kind("8008")).isEqualTo(MediaKind.RTP);
    assertThat(kind("80e0")).isEqualTo(MediaKind.RTP);
    assertThat(kind("80c8")).isEqualTo(MediaKind.RTCP);
    assertThat(kind("16fe")).isEqualTo(MediaKind.DTLS);
    assertThat(kind("0001")).isEqualTo(MediaKind.STUN);
    assertThat(kind("1000")).isEqualTo(MediaKind.OTHER);
    assertThat(kind("c000")).isEqualTo(MediaKind.OTHER);
    assertThat(kind("80")).isEqualTo(MediaKind.OTHER);
  }

  private static MediaKind kind(String text) {
    var bytes = hex(text);
    return MediaKind.of(ByteBuffer.wrap(bytes), 0, bytes.length);
  }
}
