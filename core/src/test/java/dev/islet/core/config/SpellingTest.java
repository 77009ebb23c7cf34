package dev.islet.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
  record Inner(int a, Optional<String> b) {}

  record Outer(Inner inner, List<Integer> numbers, String passivePorts) {}

  @Test
  void changesNameTheKeysThatDiffer() {
    var before = new Outer(new Inner(1, Optional.of("x")), List.of(1), "p");
    assertThat(Changes.between(before, before)).isEmpty();
    assertThat(Changes.between(before, new Outer(new Inner(1, Optional.of("x")), List.of(1), "p")))
        .isEmpty();
    assertThat(
            Changes.between(before, new Outer(new Inner(2, Optional.empty()), List.of(1, 2), "q")))
        .containsExactly("inner.a", "inner.b", "numbers", "passive-ports");
  }

  @ParameterizedTest
  @CsvSource({"passivePorts,passive-ports", "listen,listen", "tsigKey2,tsig-key2", "a1B,a1-b"})
  void keysAreInKebabCase(String camel, String kebab) {
    assertThat(Names.kebab(camel)).isEqualTo(kebab);
  }

  @Test
  void theNearestWordIsFound() {
    var known = List.of("listen", "zones", "forward", "cache");
    assertThat(Names.nearest("lsiten", known)).contains("listen");
    assertThat(Names.nearest("zone", known)).contains("zones");
    assertThat(Names.nearest("FORWARDS", known)).contains("forward");
    assertThat(Names.nearest("completely-else", known)).isEmpty();
    assertThat(Names.distance("ab", "ba")).isEqualTo(1);
  }

  @Test
  void addressesReadAsPeopleWriteThem() throws Exception {
    assertThat(HostPort.parse("127.0.0.1:53")).isEqualTo(new InetSocketAddress("127.0.0.1", 53));
    assertThat(HostPort.parse("[::1]:53").getAddress()).isEqualTo(InetAddress.getByName("::1"));
    assertThat(HostPort.parse("localhost:1").getAddress().isLoopbackAddress()).isTrue();
    assertThat(HostPort.parse(":53").getAddress().isAnyLocalAddress()).isTrue();
    assertThat(HostPort.parse("*:0").getPort()).isZero();
    assertThat(HostPort.parse("0.0.0.0:53").getAddress().getAddress()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1:53",
        "127.0.0.1:x",
        "127.0.0.1:65536",
        "127.0.0.1:-1",
        "nas.home.arpa:53",
        "999.1.1.1:53",
        "[::g]:53",
        "",
        "bad.cafe:1",
        "1.2.3:5"
      })
  void otherAddressesAreRefusedWithoutAskingAnyNameServer(String text) {
    assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
