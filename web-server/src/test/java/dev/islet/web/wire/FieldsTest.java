package dev.islet.web.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  @Test
  void dates_are_written_in_one_form_and_read_in_three() {
    var moment = Instant.parse("1994-11-06T08:49:37Z");
    assertThat(HttpDate.format(moment)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
    for (var text :
        List.of(
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994")) {
      assertThat(HttpDate.parse(text)).as(text).contains(moment);
    }
    assertThat(HttpDate.parse("yesterday")).isEmpty();
    assertThat(HttpDate.parse("Sun, 06 Nov 1994 08:49:37 CET")).isEmpty();
    assertThat(HttpDate.parse("x".repeat(10_000))).isEmpty();
  }

  @Test
  void entity_tags_compare_by_bytes_or_by_meaning() {
    var list = EntityTag.parseList("\"a\", W/\"b,c\" ,\"d\"");
    assertThat(list).extracting(EntityTag::toString).containsExactly("\"a\"", "W/\"b,c\"", "\"d\"");
    assertThat(list.get(1).sameMeaning(EntityTag.strong("b,c"))).isTrue();
    assertThat(list.get(1).sameBytes(EntityTag.strong("b,c"))).isFalse();
    assertThat(EntityTag.parse("\"a\"")).contains(EntityTag.strong("a"));
    assertThat(EntityTag.parse("a")).isEmpty();
    assertThat(EntityTag.parse("W/")).isEmpty();
    assertThat(EntityTag.parseList("\"open")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bytes=0-4 | 0-4",
        "bytes=5- | 5-9",
        "bytes=-3 | 7-9",
        "bytes=-30 | 0-9",
        "bytes=0-100 | 0-9",
        "bytes=0-1,3-4 | 0-1 3-4",
        "bytes=3-4,0-1 | 0-1 3-4",
        "bytes=0-4,5-9 | 0-9",
        "bytes=0-6,2-3 | 0-6",
        "bytes=0-0, ,9-9,20-30 | 0-0 9-9",
        "BYTES = 1-2 | 1-2",
        "bytes=10- | none",
        "bytes=-0 | none",
        "bytes=4-2 | whole",
        "bytes=a-b | whole",
        "bytes=- | whole",
        "bytes= | whole",
        "lines=1-2 | whole",
        "bytes=1 | whole",
        "bytes=99999999999999999999- | whole",
        "bytes=0-0,2-2,4-4,6-6,8-8,0-0,2-2,4-4,6-6,8-8,0-0,2-2,4-4,6-6,8-8,0-0,2-2 | whole",
      })
  void ranges_are_read_ordered_and_joined(String value, String expected) {
    var read =
        switch (ByteRanges.parse(value, 10)) {
          case ByteRanges.Whole() -> "whole";
          case ByteRanges.Unsatisfiable() -> "none";
          case ByteRanges.Parts(var parts) ->
              String.join(" ", parts.stream().map(p -> p.first() + "-" + p.last()).toList());
        };
    assertThat(read).isEqualTo(expected);
  }

  @Test
  void parts_never_overlap_and_never_leave_the_content() {
    var random = new Random(3);
    for (int i = 0; i < 5_000; i++) {
      var spec = new StringBuilder("bytes=");
      for (int n = random.nextInt(5); n >= 0; n--) {
        spec.append(random.nextInt(30)).append('-').append(random.nextInt(40)).append(',');
      }
      if (ByteRanges.parse(spec.toString(), 25) instanceof ByteRanges.Parts(var parts)) {
        long before = -2;
        for (var part : parts) {
          assertThat(part.first()).isGreaterThan(before + 1);
          assertThat(part.last()).isBetween(part.first(), 24L);
          before = part.last();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | gzip",
        "gzip, br | br",
        "br;q=0.5, gzip;q=0.8 | gzip",
        "gzip;q=0 | identity",
        "gzip;q=0, br;q=0 | identity",
        "* | br",
        "*;q=0 | none",
        "*;q=0, gzip | gzip",
        "identity;q=0 | none",
        "identity, gzip;q=0.5 | identity",
        "x-gzip | gzip",
        "deflate, zstd | identity",
        "GZIP ; Q=1.000 | gzip",
        "gzip;q=1.5 | identity",
        "'' | identity",
        ";;;,,, | identity",
      })
  void codings_are_chosen_by_weight(String accept, String expected) {
    assertThat(Accepts.parse(accept).bestEncoding(List.of("br", "gzip", "identity")).orElse("none"))
        .isEqualTo(expected);
  }

  @Test
  void media_types_are_weighed_by_the_most_specific_range() {
    var accepts = Accepts.parse("text/html, application/xml;q=0.9, text/*;q=0.3, */*;q=0.1");
    assertThat(accepts.typeWeight("text/html")).isEqualTo(1000);
    assertThat(accepts.typeWeight("text/css")).isEqualTo(300);
    assertThat(accepts.typeWeight("image/png")).isEqualTo(100);
    assertThat(Accepts.parse("").typeWeight("text/html")).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "WWW.Home.Arpa | www.home.arpa",
        "www.home.arpa.:8080 | www.home.arpa:8080",
        "[::1]:80 | [::1]:80",
        "a_b-c | a_b-c",
        "a: | a",
      })
  void authorities_are_read(String text, String expected) {
    assertThat(Authority.parse(text).map(Authority::toString)).isEqualTo(Optional.of(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":80", "a:b", "a:99999", "a:1:2", "u@a", "a b", "a/b", "[::1", "[x]", "[::1]x", "a..b",
        ".a", "a%2f", "é"
      })
  void what_is_no_authority_is_not_read(String text) {
    assertThat(Authority.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/,/",
    "/a/b,/a/b",
    "/a/,/a/",
    "/%41%20b,/A b",
    "/%C3%A9,/é",
    "/a;b=c,/a;b=c",
    "/...,/..."
  })
  void paths_are_decoded_once(String raw, String expected) {
    assertThat(TargetPath.parse(raw))
        .isInstanceOfSatisfying(
            TargetPath.Parsed.Good.class, good -> assertThat(good.path()).hasToString(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "//",
        "/a//b",
        "/..",
        "/../a",
        "/a/..",
        "/a/./b",
        "/%2e%2e/a",
        "/%2E/",
        "/a%2Fb",
        "/a%5Cb",
        "/a\\b",
        "/a%00",
        "/%0a",
        "/%",
        "/%4",
        "/%zz",
        "/%c3",
        "/%ff",
        "/%c0%af",
        "/.%2e/",
        "/%7f"
      })
  void paths_that_could_mean_something_else_are_none(String raw) {
    assertThat(TargetPath.parse(raw)).isInstanceOf(TargetPath.Parsed.Bad.class);
  }

  @Test
  void encoding_a_segment_and_decoding_it_gives_the_same() {
    var random = new Random(11);
    for (int i = 0; i < 2_000; i++) {
      var name = new StringBuilder("x");
      for (int n = random.nextInt(12); n > 0; n--) {
        int c = 0x20 + random.nextInt(0x3000);
        if (c != '/' && c != '\\' && c != 0x7F && !Character.isSurrogate((char) c)) {
          name.append((char) c);
        }
      }
      assertThat(TargetPath.parse("/" + TargetPath.encode(name.toString())))
          .isEqualTo(new TargetPath.Parsed.Good(new TargetPath(List.of(name.toString()), false)));
    }
  }

  @Test
  void a_head_is_explained_with_its_secrets_hidden() {
    var parts =
        Explain.bytes(
            "GET /a HTTP/1.1\r\nHost: x\r\nCookie: s=1\r\n\r\nbody"
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(parts)
        .extracting(p -> p.offset() + " " + p.length() + " " + p.name() + "=" + p.value())
        .containsExactly(
            "0 3 method=GET",
            "4 2 target=/a",
            "7 8 version=HTTP/1.1",
            "17 9 Host=x",
            "26 13 Cookie=[3 characters hidden]",
            "39 2 end of head=",
            "41 4 content=4 bytes");
    assertThat(parts.get(3).section()).isEqualTo("RFC 9110 section 7.2");
  }

  @Test
  void frames_are_explained() {
    var bytes =
        HexFormat.of()
            .parseHex(
                HexFormat.of()
                        .formatHex(
                            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
                    + "000006040000000000"
                    + "000300000064"
                    + "000004080000000001"
                    + "7fff0000");
    assertThat(Explain.bytes(bytes))
        .extracting(Explain.Part::name)
        .contains("connection preface", "MAX_CONCURRENT_STREAMS", "WINDOW_UPDATE payload");
  }

  @Test
  void explaining_takes_anything() {
    var random = new Random(5);
    for (int i = 0; i < 5_000; i++) {
      var bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 4 && i % 2 == 0) {
        bytes[0] = 0;
        bytes[3] = (byte) random.nextInt(10);
      }
      for (var part : Explain.bytes(bytes)) {
        assertThat(part.offset() + part.length()).isLessThanOrEqualTo(bytes.length);
      }
    }
  }

  @Test
  void masks_hide_whole_lines() {
    assertThat(
            new String(
                Masks.head(
                    "GET / HTTP/1.1\r\nauthorization: Basic eA==\r\nX: 1\r\n"
                        .getBytes(StandardCharsets.US_ASCII),
                    200),
                StandardCharsets.US_ASCII))
        .isEqualTo("GET / HTTP/1.1\r\nauthorization: [hidden]\r\nX: 1\r\n");
  }
}
