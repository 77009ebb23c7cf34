package dev.islet.voip.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import org.junit.jupiter.api.Test;

class SipParserTest {
  private static final String REQUEST =
      """
      MESSAGE sip:101@home.arpa SIP/2.0
      v: SIP/2.0/UDP 192.168.7.20:5070;branch=z9hG4bK1;rport, SIP/2.0/TCP [2001:db8::1]
      f: "A, B" <sip:100@home.arpa>;tag=1
      t: sip:101@home.arpa;tag=2
      i: abc@192.168.7.20
      CSeq:
       7
       MESSAGE
      Max-Forwards: 70
      X-Own-Header : as it came
      l: 5

      hello and more""";

  private final SipParser parser = new SipParser(100);

  private static byte[] wire(String text) {
    return text.replace("\n", "\r\n").getBytes(ISO_8859_1);
  }

  private SipRequest request(String text) {
    var parsed = parser.datagram(wire(text));
    assertThat(parsed).isInstanceOf(Parsed.Good.class);
    return (SipRequest) ((Parsed.Good) parsed).message();
  }

  private Parsed.Malformed malformed(String text) {
    var parsed = parser.datagram(wire(text));
    assertThat(parsed).isInstanceOf(Parsed.Malformed.class);
    return (Parsed.Malformed) parsed;
  }

  @Test
  void short_names_folds_and_lists_are_read() {
    var request = request(REQUEST);
    assertThat(request.method()).isEqualTo("MESSAGE");
    assertThat(request.vitals().via().transport()).isEqualTo("UDP");
    assertThat(request.vitals().via().host()).isEqualTo("192.168.7.20");
    assertThat(request.vitals().via().port()).isEqualTo(5070);
    assertThat(request.vitals().via().branch()).contains("z9hG4bK1");
    assertThat(request.vitals().via().asksRport()).isTrue();
    assertThat(request.vitals().from().display()).isEqualTo("\"A, B\"");
    assertThat(request.vitals().from().tag()).contains("1");
    assertThat(request.vitals().to().tag()).contains("2");
    assertThat(request.vitals().callId()).isEqualTo("abc@192.168.7.20");
    assertThat(request.vitals().cseq().number()).isEqualTo(7);
    assertThat(request.headers().first("x-own-header")).contains("as it came");
    assertThat(request.body()).asString(ISO_8859_1).isEqualTo("hello");
  }

  @Test
  void what_is_written_reads_back_the_same() {
    var request = request(REQUEST);
    var again = (Parsed.Good) parser.datagram(SipWriter.write(request));
    assertThat(again.message()).usingRecursiveComparison().isEqualTo(withLength(request));
  }

  /** The writer moves Content-Length to the end and gives it its long name. */
  private static SipRequest withLength(SipRequest r) {
    var fields = new java.util.ArrayList<>(r.headers().all());
    fields.removeIf(h -> h.is("Content-Length"));
    fields.add(new dev.islet.voip.model.SipHeader("Content-Length", "5"));
    return new SipRequest(
        r.method(), r.uri(), r.vitals(), new dev.islet.voip.model.SipHeaders(fields), r.body());
  }

  @Test
  void bytes_that_are_no_text_pass_through() {
    var request = request(REQUEST.replace("as it came", "\u00e9\u00ff\u0080"));
    assertThat(SipWriter.write(request)).contains(0xE9, 0xFF, 0x80);
  }

  @Test
  void a_response_is_read_also_without_a_phrase() {
    var text =
        """
        SIP/2.0 180\s
        Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK2
        From: <sip:a@b>;tag=1
        To: <sip:c@d>;tag=2
        Call-ID: x
        CSeq: 1 INVITE

        """;
    var response = (SipResponse) ((Parsed.Good) parser.datagram(wire(text))).message();
    assertThat(response.status()).isEqualTo(180);
    assertThat(response.reason()).isEmpty();
  }

  @Test
  void line_ends_alone_keep_a_path_open() {
    assertThat(parser.datagram(wire("\n\n"))).isEqualTo(new Parsed.KeepAlive(true));
    assertThat(parser.datagram(wire("\n"))).isEqualTo(new Parsed.KeepAlive(false));
    assertThat(parser.datagram(new byte[4])).isInstanceOf(Parsed.KeepAlive.class);
    assertThat(parser.datagram(new byte[0])).isInstanceOf(Parsed.KeepAlive.class);
  }

  @Test
  void a_fault_that_can_be_answered_keeps_the_request() {
    assertThat(malformed(REQUEST.replace("l: 5", "l: 500")).request()).isPresent();
    assertThat(malformed(REQUEST.replace("l: 5", "l: -1")).request()).isPresent();
    assertThat(malformed(REQUEST.replace(" MESSAGE\nMax", " INVITE\nMax")).request()).isPresent();
    assertThat(malformed(REQUEST.replace("Max-Forwards: 70", "Max-Forwards: 300")).status())
        .isEqualTo(400);
    assertThat(
            malformed(
                    REQUEST
                        .replace("0 SIP/2.0\nv", "0 SIP/2.0\nv")
                        .replace("arpa SIP/2.0", "arpa SIP/3.0"))
                .status())
        .isEqualTo(505);
    assertThat(malformed(REQUEST.replace("l: 5", "l: 5\nCall-ID: y")).reason())
        .contains("Call-ID stands more than once");
    assertThat(malformed(REQUEST.replace("l: 5", "l: 5\nnonsense")).request()).isPresent();
  }

  @Test
  void a_fault_that_cannot_be_answered_is_only_counted() {
    assertThat(malformed("hello\n\n").request()).isEmpty();
    assertThat(malformed(REQUEST.replace("v: ", "w: ")).request()).isEmpty();
    assertThat(malformed(REQUEST.replace("\n\nhello and more", "")).request()).isEmpty();
    assertThat(malformed("GET / HTTP/1.1\nHost: x\n\n").request()).isEmpty();
  }

  @Test
  void the_number_of_fields_is_bounded() {
    assertThat(malformed(REQUEST.replace("l: 5", "X: y\n".repeat(100) + "l: 5")).request())
        .isEmpty();
  }

  @Test
  void explain_names_every_byte() {
    var bytes = wire(REQUEST);
    var fields = SipExplain.explain(bytes);
    assertThat(fields)
        .extracting(RtpExplain.Field::name)
        .startsWith("Method", "Request-URI", "SIP-Version", "Via", "From", "To", "Call-ID", "CSeq")
        .endsWith("empty line", "body");
    int covered = fields.stream().skip(3).mapToInt(RtpExplain.Field::length).sum();
    assertThat(covered).isEqualTo(bytes.length - "MESSAGE sip:101@home.arpa SIP/2.0\r\n".length());
    assertThat(fields)
        .filteredOn(f -> f.name().equals("CSeq"))
        .singleElement()
        .satisfies(f -> assertThat(f.value()).isEqualTo("7 MESSAGE"));
  }
}
