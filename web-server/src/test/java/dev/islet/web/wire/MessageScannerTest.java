package dev.islet.web.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageScannerTest {
  private static final HeadLimits LIMITS = new HeadLimits(2048, 20, 512, 1000);

  /** What came of a stream of bytes: the heads, the content of each, and the refusal. */
  private record Read(List<String> heads, List<String> contents, int refused) {}

  private static Read read(byte[] bytes, Random cuts) {
    var scanner = new MessageScanner(LIMITS);
    var heads = new ArrayList<String>();
    var contents = new ArrayList<String>();
    var content = new ByteArrayOutputStream();
    int at = 0;
    while (at < bytes.length && scanner.refusal().isEmpty()) {
      int end = cuts == null ? bytes.length : Math.min(bytes.length, at + 1 + cuts.nextInt(7));
      while (at < end && scanner.refusal().isEmpty()) {
        if (scanner.inHead()) {
          at += scanner.head(bytes, at, end - at);
          if (scanner.headComplete() && scanner.refusal().isEmpty()) {
            heads.add(
                scanner.current().orElseThrow().method() + " " + scanner.current().get().target());
            scanner.forgetHead();
            if (scanner.inHead()) {
              contents.add("");
            }
          }
        } else {
          int n = scanner.content(bytes, at, end - at);
          content.write(bytes, at, n);
          at += n;
          if (scanner.inHead()) {
            contents.add(content.toString(StandardCharsets.ISO_8859_1));
            content.reset();
          }
        }
      }
    }
    return new Read(heads, contents, scanner.refusal().map(Refusal::status).orElse(0));
  }

  private static Read read(String text) {
    return read(text.getBytes(StandardCharsets.ISO_8859_1), null);
  }

  private static final String PIPELINE =
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
          + "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
          + "\r\nPOST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "5\r\nhello\r\nA;name=v\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n"
          + "GET http://x/d HTTP/1.0\r\nHost: x\r\n\r\n";

  @Test
  void requests_one_behind_the_other_are_taken_apart_exactly() {
    var read = read(PIPELINE);
    assertThat(read.heads()).containsExactly("GET /a", "POST /b", "POST /c", "GET http://x/d");
    assertThat(read.contents())
        .containsExactly(
            "", "hello", "5\r\nhello\r\nA;name=v\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n", "");
    assertThat(read.refused()).isZero();
  }

  @Test
  void it_does_not_matter_how_the_bytes_are_cut() {
    var bytes = PIPELINE.getBytes(StandardCharsets.ISO_8859_1);
    var whole = read(bytes, null);
    for (int seed = 0; seed < 500; seed++) {
      assertThat(read(bytes, new Random(seed))).isEqualTo(whole);
    }
  }

  @Test
  void cuts_do_not_change_what_is_refused_either() {
    var random = new Random(7);
    for (int i = 0; i < 3_000; i++) {
      var bytes = PIPELINE.getBytes(StandardCharsets.ISO_8859_1);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(read(bytes, new Random(i))).isEqualTo(read(bytes, null));
    }
  }

  /** %r is CR, %n is LF; every request begins with a good request line and Host. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Transfer-Encoding: xchunked%r%n | 501",
        "Transfer-Encoding: chunked, identity%r%n | 501",
        "Transfer-Encoding: identity%r%n | 501",
        "Transfer-Encoding: gzip, chunked%r%n | 501",
        "Transfer-Encoding: chunked%r%nTransfer-Encoding: chunked%r%n | 501",
        "Transfer-Encoding: chunked%r%nContent-Length: 3%r%n | 400",
        "Content-Length: 3%r%nContent-Length: 3%r%n | 400",
        "Content-Length: 3, 3%r%n | 400",
        "Content-Length: +3%r%n | 400",
        "Content-Length: 0x3%r%n | 400",
        "Content-Length: -1%r%n | 400",
        "Content-Length: 9999999999999999999%r%n | 400",
        "Content-Length: 1001%r%n | 413",
        "Host: y%r%n | 400",
        "X: a%r%n b%r%n | 400",
        "X: a%r%n%tb%r%n | 400",
        "X : a%r%n | 400",
        "X Y: a%r%n | 400",
        ": a%r%n | 400",
        "X%r%n | 400",
        "X: a%n | 400",
        "X: a%rb%r%n | 400",
        "%rX: a%r%n | 400",
        "X: a%0b%r%n | 400",
        "Expect: something%r%n | 417",
      })
  void a_head_that_could_be_read_in_two_ways_is_refused(String lines, int status) {
    assertThat(read("GET / HTTP/1.1\r\nHost: x\r\n" + unquote(lines) + "\r\n").refused())
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET / HTTP/9.9%r%nHost: x%r%n%r%n | 505",
        "GET / HTTP/2.0%r%nHost: x%r%n%r%n | 505",
        "GET / http/1.1%r%nHost: x%r%n%r%n | 400",
        "GET /%r%n%r%n | 400",
        "GET  / HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "GET / HTTP/1.1 %r%nHost: x%r%n%r%n | 400",
        "GET%t/ HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "G@T / HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "CONNECT x:1 HTTP/1.1%r%nHost: x%r%n%r%n | 405",
        "TRACE / HTTP/1.1%r%nHost: x%r%n%r%n | 405",
        "GET * HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "GET x HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "GET /#a HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "GET http://y/ HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "GET http://u@x/ HTTP/1.1%r%nHost: x%r%n%r%n | 400",
        "GET / HTTP/1.1%r%n%r%n | 400",
        "GET / HTTP/1.1%r%nHost:%r%n%r%n | 400",
        "GET / HTTP/1.1%r%nHost: a b%r%n%r%n | 400",
        "GET / HTTP/1.1%r%nHost: a/b%r%n%r%n | 400",
        "GET / HTTP/1.1%nHost: x%n%n | 400",
        "POST / HTTP/1.0%r%nHost: x%r%nTransfer-Encoding: chunked%r%n%r%n | 400",
        "%n%n%n | 400",
      })
  void a_request_line_that_is_not_exact_is_refused(String request, int status) {
    assertThat(read(unquote(request)).refused()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 %r%nhello%r%n0%r%n%r%n | 400",
        "%s5%r%nhello%r%n0%r%n%r%n | 400",
        "5;a b%r%nhello%r%n0%r%n%r%n | 400",
        "5%nhello%r%n0%r%n%r%n | 400",
        "0x5%r%nhello%r%n0%r%n%r%n | 400",
        "5%r%nhelloX%r%n0%r%n%r%n | 400",
        "5%r%nhello%n0%r%n%r%n | 400",
        "-5%r%nhello%r%n0%r%n%r%n | 400",
        "FFFFFFFFFFFFFFFFF%r%n | 400",
        "3E9%r%n | 413",
        "0%r%nno colon%r%n%r%n | 400",
        "0%r%n fold: x%r%n%r%n | 400",
        "%r%n | 400",
        "g%r%n | 400",
      })
  void chunks_that_are_not_exact_are_refused(String chunks, int status) {
    assertThat(
            read("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + unquote(chunks))
                .refused())
        .isEqualTo(status);
  }

  @Test
  void sizes_have_limits() {
    assertThat(read("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(3000)).refused())
        .isEqualTo(431);
    assertThat(read("GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(20) + "\r\n").refused())
        .isEqualTo(431);
    assertThat(read("GET /" + "a".repeat(600) + " HTTP/1.1\r\nHost: x\r\n\r\n").refused())
        .isEqualTo(414);
    assertThat(read("A".repeat(40) + " / HTTP/1.1\r\nHost: x\r\n\r\n").refused()).isEqualTo(501);
    assertThat(
            read("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + ("64\r\n" + "a".repeat(100) + "\r\n").repeat(11))
                .refused())
        .isEqualTo(413);
    assertThat(
            read("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "
                    + "a".repeat(5000))
                .refused())
        .isEqualTo(431);
  }

  @Test
  void what_is_allowed_though_rare_is_taken() {
    assertThat(read("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").refused()).isZero();
    assertThat(read("GET /?q={a|b}^` HTTP/1.1\r\nhOsT:x:80 \t\r\nX:\r\n\r\n").refused()).isZero();
    assertThat(read("OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n").refused()).isZero();
    assertThat(read("GET / HTTP/1.0\r\n\r\n").refused()).isZero();
    assertThat(
            read("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n")
                .refused())
        .isZero();
  }

  @Test
  void the_preface_of_http2_is_known() {
    var scanner = new MessageScanner(LIMITS);
    var bytes = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(scanner.head(bytes, 0, bytes.length)).isEqualTo(18);
    assertThat(scanner.isHttp2()).isTrue();
  }

  private static String unquote(String text) {
    return text.replace("%r", "\r")
        .replace("%n", "\n")
        .replace("%t", "\t")
        .replace("%s", " ")
        .replace("%0", "\0");
  }
}
