package dev.islet.ftp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.ftp.model.Entry;
import dev.islet.ftp.model.Right;
import dev.islet.ftp.wire.Listing.Fact;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final Entry FILE =
      new Entry("a b.txt", false, 1234, Instant.parse("2026-11-20T08:30:59Z"), "fd01g7", 0640);
  private static final Entry FOLDER =
      new Entry("docs", true, 0, Instant.parse("2020-01-02T03:04:05Z"), "", 0755);

  @Test
  void passwords_are_never_shown() {
    assertThat(Command.of("PASS secret").shown()).isEqualTo("PASS ***");
    assertThat(Command.of("pass secret x").shown()).isEqualTo("PASS ***");
    assertThat(Command.of("PASS\tsecret").shown()).doesNotContainIgnoringCase("secret");
    assertThat(Command.of("PASSsecret").shown()).doesNotContainIgnoringCase("secret");
    assertThat(Command.of("ACCT secret").shown()).doesNotContain("secret");
    assertThat(Command.of("STOR secret").shown()).isEqualTo("STOR secret");
  }

  @Test
  void the_spaces_of_a_name_are_kept() {
    assertThat(Command.of("stor  a b ")).isEqualTo(new Command("STOR", " a b "));
    assertThat(Command.of("")).isEqualTo(new Command("", ""));
  }

  @Test
  void a_reply_of_several_lines_marks_the_first_and_the_last() {
    assertThat(new Reply(211, List.of("Features:", "UTF8", "211 no end", "End")).text())
        .isEqualTo("211-Features:\r\n UTF8\r\n 211 no end\r\n211 End\r\n");
    assertThat(Reply.of(200, "Yes.").text()).isEqualTo("200 Yes.\r\n");
  }

  @Test
  void a_name_with_a_line_break_forges_no_reply() {
    assertThat(Reply.of(257, "\"/a\r\n230 Welcome\"").text())
        .isEqualTo("257 \"/a??230 Welcome\"\r\n");
    assertThatThrownBy(() -> Reply.of(7, "x")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void port_is_read() {
    assertThat(DataAddress.port("127,0,0,1,195,80"))
        .contains(new InetSocketAddress("127.0.0.1", 50_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1,2,3,4,5", "1,2,3,4,5,256", "1,2,3,4,5,6,7", "a,b,c,d,e,f", "1.2.3.4,5,6"})
  void what_is_no_port_is_not_taken(String argument) {
    assertThat(DataAddress.port(argument)).isEmpty();
  }

  @Test
  void eprt_is_read_with_any_delimiter() throws Exception {
    assertThat(DataAddress.eprt("|1|132.235.1.2|6275|"))
        .isEqualTo(new DataAddress.Extended.At(new InetSocketAddress("132.235.1.2", 6275)));
    assertThat(DataAddress.eprt("!2!1080::8:800:200C:417A!5282!"))
        .isEqualTo(
            new DataAddress.Extended.At(
                new InetSocketAddress(InetAddress.getByName("1080::8:800:200C:417A"), 5282)));
    assertThat(DataAddress.eprt("|3|132.235.1.2|6275|"))
        .isEqualTo(new DataAddress.Extended.OtherFamily());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "|1|132.235.1.2|6275",
        "|1|132.235.1.2|65536|",
        "|1|example.com|6275|",
        "|2|132.235.1.2|6275|",
        "|1|::1|6275|",
        "|1|132.235.1.2|-5|",
        "|1|300.1.1.1|80|",
        " 1 132.235.1.2 6275 "
      })
  void what_is_no_eprt_is_not_taken(String argument) {
    assertThat(DataAddress.eprt(argument)).isInstanceOf(DataAddress.Extended.Malformed.class);
  }

  @Test
  void random_text_is_an_address_or_malformed_but_no_exception() {
    var random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(24); n >= 0; n--) {
        text.append("|1,2.:0fa9 \u00e9".charAt(random.nextInt(12)));
      }
      DataAddress.eprt(text.toString());
      DataAddress.port(text.toString());
      Listing.chosen(text.toString());
      Listing.parseTimeVal(text.toString());
      assertThat(Explain.explain(text.toString().getBytes(StandardCharsets.UTF_8))).isNotEmpty();
    }
  }

  @Test
  void passive_addresses_are_written() throws Exception {
    assertThat(DataAddress.pasv(InetAddress.getByName("192.168.7.1"), 50_001))
        .contains("(192,168,7,1,195,81)");
    assertThat(DataAddress.epsv(50_001)).contains("(|||50001|)");
  }

  @Test
  void list_lines_look_like_ls() {
    var now = Instant.parse("2026-11-24T00:00:00Z");
    assertThat(Listing.unix(FILE, now))
        .isEqualTo("-rw-r-----   1 ftp      ftp              1234 Nov 20 08:30 a b.txt");
    assertThat(Listing.unix(FOLDER, now))
        .isEqualTo("drwxr-xr-x   1 ftp      ftp                 0 Jan 02  2020 docs");
  }

  @Test
  void facts_follow_rfc_3659() {
    assertThat(Listing.facts(FILE, EnumSet.allOf(Fact.class), Right.expand(Set.of(Right.WRITE))))
        .isEqualTo(
            "type=file;size=1234;modify=20261120083059;perm=adfrw;unique=fd01g7;UNIX.mode=0640;"
                + " a b.txt");
    assertThat(Listing.facts(FOLDER, EnumSet.allOf(Fact.class), Right.expand(Set.of(Right.READ))))
        .isEqualTo("type=dir;modify=20200102030405;perm=el;UNIX.mode=0755; docs");
    assertThat(Listing.facts(FILE, Set.of(), Set.of())).isEqualTo(" a b.txt");
  }

  @Test
  void feat_stars_the_facts_that_are_told() {
    assertThat(Listing.feature(EnumSet.of(Fact.TYPE, Fact.SIZE)))
        .isEqualTo("MLST type*;size*;modify;perm;unique;UNIX.mode;");
    assertThat(Listing.chosen("TYPE;nonsense; unix.MODE;"))
        .containsExactly(Fact.TYPE, Fact.UNIX_MODE);
  }

  @ParameterizedTest
  @CsvSource({
    "20260203040506, 2026-02-03T04:05:06Z",
    "20260203040506.25, 2026-02-03T04:05:06.250Z",
    "20240229000000, 2024-02-29T00:00:00Z"
  })
  void time_values_are_read(String text, Instant time) {
    assertThat(Listing.parseTimeVal(text)).contains(time);
    assertThat(Listing.timeVal(time)).isEqualTo(text.substring(0, 14));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2026", "20261301000000", "20260203040506.", "20260203246060"})
  void what_is_no_time_value_is_not_taken(String text) {
    assertThat(Listing.parseTimeVal(text)).isEmpty();
  }

  @Test
  void every_byte_of_a_line_is_explained() {
    var fields = Explain.explain("PORT 127,0,0,1,195,80\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(fields)
        .contains(
            new Explain.Field("verb", 0, 4, "PORT", "RFC 959 section 4.1.2"),
            new Explain.Field("address", 5, 9, "127.0.0.1", "RFC 959 section 5.3.2"),
            new Explain.Field("port", 15, 6, "50000", "RFC 959 section 5.3.2"),
            new Explain.Field("end", 21, 2, "CR LF", "RFC 959 section 5.3.1"));
    assertThat(Explain.explain("PASS secret\r\n".getBytes(StandardCharsets.US_ASCII)).toString())
        .doesNotContain("secret");
    assertThat(Explain.explain("229 Ok (|||50001|)\r\n".getBytes(StandardCharsets.US_ASCII)))
        .contains(new Explain.Field("port", 11, 5, "50001", "RFC 2428 section 3"));
    assertThat(Explain.explain("EPRT |2|::1|50001|\r\n".getBytes(StandardCharsets.US_ASCII)))
        .contains(new Explain.Field("address", 8, 3, "::1", "RFC 2428 section 2"));
  }
}
