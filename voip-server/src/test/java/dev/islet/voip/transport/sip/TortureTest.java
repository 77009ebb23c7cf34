package dev.islet.voip.transport.sip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.wire.Parsed;
import dev.islet.voip.wire.SipExplain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The torture tests of RFC 4475, each with what is to become of it; none is known to fail. */
class TortureTest {
  record Case(String name, String section, String expected, byte[] message) {
    @Override
    public String toString() {
      return section + " " + name + ": " + expected;
    }
  }

  static List<Case> cases() throws IOException {
    try (var in = Objects.requireNonNull(TortureTest.class.getResourceAsStream("/torture.txt"))) {
      var cases = new ArrayList<Case>();
      for (var part : new String(in.readAllBytes(), ISO_8859_1).split("(?m)^== ")) {
        int line = part.indexOf('\n');
        var words = part.substring(0, line).split(" ");
        if (words.length == 3) {
          var text = part.substring(line + 1).replace("~\n", " \n").replace("~\n", " \n");
          text = text.replace("\\0", "\0").replace("...\n", "").replace("\n", "\r\n");
          cases.add(new Case(words[0], words[1], words[2], text.getBytes(ISO_8859_1)));
        }
      }
      return cases;
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void torture(Case one) {
    var parsed = new SipCodec(100).datagram(one.message());
    var got =
        switch (parsed) {
          case Parsed.Good _ -> "good";
          case Parsed.KeepAlive _ -> "keep-alive";
          case Parsed.Malformed m ->
              m.request().isPresent() ? Integer.toString(m.status()) : "dropped";
        };
    assertThat(got).as(parsed.toString()).isEqualTo(one.expected());
    assertThat(SipExplain.explain(one.message())).isNotEmpty();
  }
}
