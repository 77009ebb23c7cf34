package dev.islet.voip.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.wire.StreamFramer.Piece;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamFramerTest {
  private static final String ONE = "OPTIONS sip:a SIP/2.0\r\nContent-Length: 3\r\n\r\nabc";
  private static final String TWO = "SIP/2.0 200 OK\r\nl : 0\r\n\r\n";
  private static final String THREE = "BYE sip:a SIP/2.0\nX: y\n\n";

  private static List<String> cut(StreamFramer framer) {
    var pieces = new ArrayList<String>();
    while (true) {
      switch (framer.next()) {
        case Piece.Message(var bytes) -> pieces.add(new String(bytes, US_ASCII));
        case Piece.Ping() -> pieces.add("ping");
        case Piece.Broken(var reason, _) -> {
          pieces.add("broken: " + reason);
          return pieces;
        }
        case Piece.None() -> {
          return pieces;
        }
      }
    }
  }

  @Test
  void any_cutting_of_the_stream_gives_the_same_messages() {
    var random = new Random(7);
    for (int round = 0; round < 500; round++) {
      var stream = new ByteArrayOutputStream();
      var expected = new ArrayList<String>();
      for (int n = 0; n < 20; n++) {
        var piece = List.of(ONE, TWO, THREE, "\r\n\r\n", "\r\n" + ONE).get(random.nextInt(5));
        stream.writeBytes(piece.getBytes(US_ASCII));
        expected.add(
            piece.isBlank()
                ? "ping"
                : piece.strip().equals(piece) || !piece.startsWith("\r\n") ? piece : ONE);
      }
      var framer = new StreamFramer(1000);
      var bytes = stream.toByteArray();
      var got = new ArrayList<String>();
      for (int at = 0; at < bytes.length; ) {
        int count = Math.min(bytes.length - at, 1 + random.nextInt(60));
        framer.feed(bytes, at, count);
        at += count;
        got.addAll(cut(framer));
      }
      assertThat(got).isEqualTo(expected);
      assertThat(framer.partial()).isFalse();
    }
  }

  private static List<String> all(String stream, int max) {
    var framer = new StreamFramer(max);
    framer.feed(stream.getBytes(US_ASCII), 0, stream.length());
    return cut(framer);
  }

  @Test
  void what_is_too_long_breaks_the_stream() {
    assertThat(all("X".repeat(300), 200))
        .containsExactly("broken: a header of more than 200 bytes");
    assertThat(all("A sip:a SIP/2.0\r\nContent-Length: 999999\r\n\r\n", 200))
        .containsExactly("broken: a message of more than 200 bytes");
  }

  @Test
  void a_length_that_is_none_breaks_the_stream() {
    for (var length : List.of("-1", "1 2", "abc", "", "99999999999")) {
      assertThat(all("A sip:a SIP/2.0\r\nContent-Length: " + length + "\r\n\r\n", 200))
          .containsExactly("broken: no usable Content-Length on a stream");
    }
    assertThat(all("A sip:a SIP/2.0\r\nl: 1\r\nl: 1\r\n\r\n", 200))
        .first()
        .asString()
        .startsWith("broken");
  }
}
