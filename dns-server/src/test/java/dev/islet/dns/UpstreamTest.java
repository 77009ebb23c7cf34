package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.dns.resolve.Protection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {
  private static final String PIN = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @ParameterizedTest
  @CsvSource({
    "9.9.9.9, 9.9.9.9:53",
    "127.0.0.1:5301, 127.0.0.1:5301",
    "tls://9.9.9.9#dns.quad9.net, tls://9.9.9.9:853#dns.quad9.net",
    "tls://9.9.9.9:8853, tls://9.9.9.9:8853",
    "https://dns.quad9.net/dns-query, https://dns.quad9.net:443/dns-query",
    "https://9.9.9.9:8443/q#dns.quad9.net, https://9.9.9.9:8443/q#dns.quad9.net",
  })
  void is_read_as_people_write_it(String text, String shown) {
    assertThat(Upstream.parse(text)).hasToString(shown);
  }

  @Test
  void a_name_stays_a_name_and_pins_are_kept() {
    var named = Upstream.parse("https://dns.quad9.net/dns-query");
    assertThat(named.address().isUnresolved()).isTrue();
    var pinned = Upstream.parse("tls://[2620:fe::fe]#dns.quad9.net;pin-sha256=" + PIN);
    assertThat(pinned.address().isUnresolved()).isFalse();
    var protection = pinned.protection().orElseThrow();
    assertThat(protection.kind()).isEqualTo(Protection.Kind.TLS);
    assertThat(protection.name()).isEqualTo("dns.quad9.net");
    assertThat(protection.pins()).containsExactly(PIN);
    assertThat(Upstream.parse("tls://9.9.9.9#pin-sha256=" + PIN).protection().orElseThrow().name())
        .isEqualTo("9.9.9.9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tls://9.9.9.9/dns-query",
        "https://9.9.9.9",
        "https://user@9.9.9.9/q",
        "https://9.9.9.9/q?x=y",
        "tls://9.9.9.9#name;pin-sha256=AAAA",
        "tls://9.9.9.9#name;other",
        "tls://",
        "dns.quad9.net"
      })
  void what_cannot_be_meant_is_refused(String text) {
    assertThatThrownBy(() -> Upstream.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
