package dev.islet.voip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.model.Param;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarTest {
  @Test
  void without_brackets_parameters_belong_to_the_header() {
    var bare = Grammar.nameAddress("sip:100@home.arpa;expires=60").orElseThrow();
    assertThat(bare.uri()).isEqualTo("sip:100@home.arpa");
    assertThat(Param.value(bare.params(), "expires")).contains("60");
    var bracketed = Grammar.nameAddress("<sip:100@home.arpa;transport=tcp>;q=0.5").orElseThrow();
    assertThat(bracketed.uri()).isEqualTo("sip:100@home.arpa;transport=tcp");
    assertThat(Param.value(bracketed.params(), "q")).contains("0.5");
  }

  @Test
  void display_names_may_be_words_or_quoted() {
    assertThat(Grammar.nameAddress("Bob Builder <sip:b@c>").orElseThrow().display())
        .isEqualTo("Bob Builder");
    assertThat(Grammar.nameAddress("\"a \\\" , < b\" <sip:b@c>").orElseThrow().display())
        .isEqualTo("\"a \\\" , < b\"");
  }

  @Test
  void commas_in_quotes_and_brackets_do_not_cut() {
    assertThat(Grammar.split("\"a, b\" <sip:x@y>, <sip:c,d@e>,f"))
        .containsExactly("\"a, b\" <sip:x@y>", "<sip:c,d@e>", "f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sip:home.arpa",
        "sips:100@[2001:db8::1]:5061;transport=tls",
        "sip:a%20b:secret@Home.ARPA:5070?subject=x",
        "SIP:+43-1-23@192.168.7.1;lr;maddr=239.255.255.1"
      })
  void uris(String text) {
    assertThat(Grammar.uri(text)).isPresent();
  }

  @Test
  void a_uri_is_taken_apart() {
    var uri = Grammar.uri("sip:a%20b:secret@Home.ARPA:5070;lr?subject=x").orElseThrow();
    assertThat(uri.user()).contains("a b");
    assertThat(uri.host()).isEqualTo("home.arpa");
    assertThat(uri.port()).isEqualTo(5070);
    assertThat(Param.has(uri.params(), "lr")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sip:",
        "sip:@home",
        "tel:100",
        "sip:a@b:99999",
        "sip:a@b c",
        "sip:a%zz@b",
        "sip:a@b;;x",
        "sip:a@[::1",
        "http://x",
        ""
      })
  void no_sip_uris(String text) {
    assertThat(Grammar.uri(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<sip:a@b",
        "\"open <sip:a@b>",
        "<>",
        "sip:a@b,sip:c@d",
        "<sip:a@b> junk",
        "a\"b <sip:a@b>",
        "<sip:a@b>;=x",
        "<sip:a@b>;x=",
        "bad,name <sip:a@b>"
      })
  void no_addresses(String text) {
    assertThat(Grammar.nameAddress(text)).isEmpty();
  }

  @Test
  void numbers_are_bounded() {
    assertThat(Grammar.number("4294967295")).contains(4_294_967_295L);
    assertThat(Grammar.number("4294967296")).isEmpty();
    assertThat(Grammar.number("99999999999999999999")).isEmpty();
    assertThat(Grammar.number("-1")).isEmpty();
    assertThat(Grammar.number("")).isEmpty();
    assertThat(Grammar.cseq("2147483648 INVITE")).isEmpty();
    assertThat(Grammar.cseq("7  INVITE").orElseThrow().number()).isEqualTo(7);
  }

  @Test
  void digest_parameters_are_read_in_any_case_and_order() {
    var read =
        Grammar.digest(
                "digest Realm=\"home.arpa\", username=\"a\\\"b\" ,nc=00000001,qop=auth, uri=\"sip:x\"")
            .orElseThrow();
    assertThat(read).containsEntry("realm", "home.arpa").containsEntry("username", "a\"b");
    assertThat(read).containsEntry("nc", "00000001").containsEntry("uri", "sip:x");
    assertThat(Grammar.digest("Basic abc=")).isEmpty();
    assertThat(Grammar.digest("Digest nc=1, nc=2")).isEmpty();
    assertThat(Grammar.digest("Digest realm=\"open")).isEmpty();
  }

  @Test
  void vias() {
    var via =
        Grammar.via("SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;branch=z9hG4bKx.1").get();
    assertThat(via.host()).isEqualTo("first.example.com");
    assertThat(via.port()).isEqualTo(4000);
    assertThat(via.branch()).contains("z9hG4bKx.1");
    assertThat(Grammar.via("SIP/2.0/UDP [::1]:5060;branch=z9hG4bK1").get().host())
        .isEqualTo("[::1]");
    assertThat(Grammar.via("SIP/1.0/UDP a")).isEmpty();
    assertThat(Grammar.via("SIP/2.0/UDP a;branch=\"x")).isEmpty();
  }

  @Test
  void received_and_rport_are_filled_in() {
    var via = Grammar.via("SIP/2.0/UDP 10.0.0.1:5070;rport;branch=z9hG4bK1").orElseThrow();
    assertThat(via.seenFrom("192.0.2.1", 9988))
        .hasToString("SIP/2.0/UDP 10.0.0.1:5070;rport=9988;branch=z9hG4bK1;received=192.0.2.1");
  }

  @Test
  void tokens_of_lists() {
    assertThat(Grammar.tokens(List.of("100rel, Timer", " ,replaces")))
        .containsExactly("100rel", "timer", "replaces");
  }
}
