package dev.islet.ftp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.ftp.wire.LineDecoder.Cut;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineDecoderTest {
  private static List<Cut> all(LineDecoder decoder, byte[] bytes) {
    var cuts = new ArrayList<Cut>();
    var in = ByteBuffer.wrap(bytes);
    for (Cut cut; (cut = decoder.next(in)) != null; ) {
      cuts.add(cut);
    }
    return cuts;
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          4e4f4f500d0a,                   NOOP
          4e4f4f500a,                     NOOP
          fff4fff241424f520d0a,           ABOR
          fff4ff41424f520d0a,             ABOR
          fffb06424f0d0a,                 BO
          fffd01fffe0341424f520d0a,       ABOR
          ffff410d0a,                     A
          4d4b4420c3a90d0a,               MKD é
          5354 4f5220612020620d0a,        STOR a  b
          """)
  void lines_are_cut_and_telnet_is_skipped(String hex, String line) {
    var cuts = all(new LineDecoder(100), HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThat(cuts).containsExactly(new Cut.Line(line));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          410042 0d0a, 1, NUL
          41c3280d0a,  1, UTF-8
          c0af0d0a,    0, UTF-8
          eda0800d0a,  0, UTF-8
          """)
  void what_is_no_text_is_told_with_its_offset(String hex, int offset, String why) {
    var cuts = all(new LineDecoder(100), HexFormat.of().parseHex(hex.replace(" ", "")));
    assertThat(cuts).hasSize(1);
    assertThat(cuts.getFirst())
        .isInstanceOfSatisfying(
            Cut.Bad.class,
            bad -> {
              assertThat(bad.tooLong()).isFalse();
              assertThat(bad.offset()).isEqualTo(offset);
              assertThat(bad.why()).contains(why);
            });
  }

  @Test
  void a_line_of_the_limit_is_taken_and_one_byte_more_is_not() {
    var decoder = new LineDecoder(10);
    assertThat(all(decoder, "0123456789\r\n".getBytes(StandardCharsets.US_ASCII)))
        .containsExactly(new Cut.Line("0123456789"));
    assertThat(all(decoder, "0123456789A\n".getBytes(StandardCharsets.US_ASCII)))
        .singleElement()
        .isInstanceOfSatisfying(Cut.Bad.class, bad -> assertThat(bad.tooLong()).isTrue());
    assertThat(decoder.next(ByteBuffer.wrap(new byte[1]))).isNull();
    assertThat(decoder.next(ByteBuffer.wrap(new byte[100])))
        .isInstanceOfSatisfying(Cut.Bad.class, bad -> assertThat(bad.tooLong()).isTrue());
  }

  @Test
  void where_packets_begin_makes_no_difference() {
    var bytes =
        HexFormat.of()
            .parseHex(
                "555345522061 0d0a fff4fff241424f520d0a fffb01 4d4b4420c3a9e6bca20d0a"
                    .replace(" ", ""));
    var whole = all(new LineDecoder(64), bytes);
    var random = new Random(1);
    for (int round = 0; round < 500; round++) {
      var decoder = new LineDecoder(64);
      var cuts = new ArrayList<Cut>();
      for (int at = 0; at < bytes.length; ) {
        int n = Math.min(bytes.length - at, 1 + random.nextInt(5));
        var part = java.util.Arrays.copyOfRange(bytes, at, at + n);
        cuts.addAll(all(decoder, part));
        at += n;
      }
      assertThat(cuts).isEqualTo(whole);
    }
  }
}
