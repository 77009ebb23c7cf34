package dev.islet.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.web.model.Reply;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each of these is answered with an error and the connection closed, on the socket itself. */
class SmugglingTest {
  private static WebServer web;

  @BeforeAll
  static void start() {
    web =
        WebServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .site(
                            "x",
                            s -> s.handle("/*", Set.of(), r -> Reply.text("served " + r.text()))))
            .start();
  }

  @AfterAll
  static void stop() {
    web.close();
  }

  /** %r CR, %n LF, %t tab, %0 NUL, %s space, %H the Host line. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "unknown coding | POST / HTTP/1.1%r%n%HTransfer-Encoding: xchunked%r%n%r%n0%r%n%r%n | 501",
        "chunked then identity | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked, identity%r%n%r%n0%r%n%r%n | 501",
        "identity | POST / HTTP/1.1%r%n%HTransfer-Encoding: identity%r%n%r%n | 501",
        "two codings | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%nTransfer-Encoding: identity%r%n%r%n | 501",
        "coding with VT | POST / HTTP/1.1%r%n%HTransfer-Encoding: %vchunked%r%n%r%n | 400",
        "coding in HTTP/1.0 | POST / HTTP/1.0%r%n%HTransfer-Encoding: chunked%r%n%r%n0%r%n%r%n | 400",
        "coding and length | POST / HTTP/1.1%r%n%HContent-Length: 5%r%nTransfer-Encoding: chunked%r%n%r%n0%r%n%r%n | 400",
        "two lengths | POST / HTTP/1.1%r%n%HContent-Length: 5%r%nContent-Length: 6%r%n%r%nhello | 400",
        "the same length twice | POST / HTTP/1.1%r%n%HContent-Length: 5%r%nContent-Length: 5%r%n%r%nhello | 400",
        "list of lengths | POST / HTTP/1.1%r%n%HContent-Length: 5, 5%r%n%r%nhello | 400",
        "signed length | POST / HTTP/1.1%r%n%HContent-Length: +5%r%n%r%nhello | 400",
        "hexadecimal length | POST / HTTP/1.1%r%n%HContent-Length: 0x5%r%n%r%nhello | 400",
        "length with letters | POST / HTTP/1.1%r%n%HContent-Length: 5a%r%n%r%nhello | 400",
        "huge length | POST / HTTP/1.1%r%n%HContent-Length: 99999999999999999%r%n%r%n | 413",
        "space before colon | GET / HTTP/1.1%r%n%HTransfer-Encoding : chunked%r%n%r%n | 400",
        "space in name | GET / HTTP/1.1%r%n%HX Y: z%r%n%r%n | 400",
        "no name | GET / HTTP/1.1%r%n%H: z%r%n%r%n | 400",
        "folded line | GET / HTTP/1.1%r%n%HX: a%r%n%sTransfer-Encoding: chunked%r%n%r%n | 400",
        "folded with tab | GET / HTTP/1.1%r%n%HX: a%r%n%tb%r%n%r%n | 400",
        "first line folded | GET / HTTP/1.1%r%n%sX: a%r%n%H%r%n | 400",
        "bare LF | GET / HTTP/1.1%n%H%n | 400",
        "bare LF in a field | GET / HTTP/1.1%r%n%HX: a%nY: b%r%n%r%n | 400",
        "bare CR in a value | GET / HTTP/1.1%r%n%HX: a%rY: b%r%n%r%n | 400",
        "NUL in a value | GET / HTTP/1.1%r%n%HX: a%0%r%n%r%n | 400",
        "no Host | GET / HTTP/1.1%r%n%r%n | 400",
        "two Hosts | GET / HTTP/1.1%r%n%H%H%r%n | 400",
        "empty Host | GET / HTTP/1.1%r%nHost:%r%n%r%n | 400",
        "Host with a path | GET / HTTP/1.1%r%nHost: x/y%r%n%r%n | 400",
        "Host with a user | GET / HTTP/1.1%r%nHost: u@x%r%n%r%n | 400",
        "other host in the target | GET http://y/ HTTP/1.1%r%n%H%r%n | 400",
        "version 9.9 | GET / HTTP/9.9%r%n%H%r%n | 505",
        "version 2.0 | GET / HTTP/2.0%r%n%H%r%n | 505",
        "no version | GET /%r%n%H%r%n | 400",
        "method with a bracket | G(T / HTTP/1.1%r%n%H%r%n | 400",
        "CONNECT | CONNECT x:443 HTTP/1.1%r%n%H%r%n | 405",
        "TRACE | TRACE / HTTP/1.1%r%n%H%r%n | 405",
        "expectation | POST / HTTP/1.1%r%n%HExpect: 200-ok%r%nContent-Length: 1%r%n%r%na | 417",
        "HTTP/2 without TLS | PRI * HTTP/2.0%r%n%r%nSM%r%n%r%n | 505",
        "space after chunk size | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%n%r%n5 %r%nhello%r%n0%r%n%r%n | 400",
        "chunk with bare LF | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%n%r%n5%nhello%r%n0%r%n%r%n | 400",
        "chunk longer than told | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%n%r%n3%r%nhello%r%n0%r%n%r%n | 400",
        "chunk size 0x | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%n%r%n0x3%r%nabc%r%n0%r%n%r%n | 400",
        "chunk size too long | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%n%r%nFFFFFFFFFFFFFFFFF%r%n | 400",
        "trailer folded | POST / HTTP/1.1%r%n%HTransfer-Encoding: chunked%r%n%r%n0%r%n a: b%r%n%r%n | 400",
      })
  void is_refused(String name, String request, int status) throws Exception {
    try (var raw = Raw.to(web)) {
      // A request behind it must never be answered.
      raw.send(unquote(request) + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
      var answer = raw.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(raw.answer().status()).isZero();
    }
  }

  @Test
  void sizes_are_refused_too() throws Exception {
    try (var raw = Raw.to(web)) {
      assertThat(
              raw.send("GET / HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(40_000) + "\r\n\r\n")
                  .answer()
                  .status())
          .isEqualTo(431);
      assertThat(raw.answer().status()).isZero();
    }
    try (var raw = Raw.to(web)) {
      assertThat(
              raw.send("GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(101) + "\r\n")
                  .answer()
                  .status())
          .isEqualTo(431);
    }
    try (var raw = Raw.to(web)) {
      assertThat(
              raw.send("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
                  .answer()
                  .status())
          .isEqualTo(414);
    }
  }

  @Test
  void what_is_well_formed_is_served() throws Exception {
    for (var request :
        new String[] {
          "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
          "\r\nGET / HTTP/1.1\r\nhost:x\r\n\r\n",
          "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: 1\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
        }) {
      assertThat(Raw.once(web, request).text()).as(request).startsWith("served");
    }
  }

  private static String unquote(String text) {
    return text.replace("%H", "Host: x%r%n")
        .replace("%r", "\r")
        .replace("%n", "\n")
        .replace("%t", "\t")
        .replace("%s", " ")
        .replace("%v", "\u000B")
        .replace("%0", "\0");
  }
}
