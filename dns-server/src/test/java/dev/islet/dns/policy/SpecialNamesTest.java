package dev.islet.dns.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Question;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

class SpecialNamesTest {
  private static Question question(String name, String type) {
    return Question.in(Name.fromConstantString(name), Type.value(type));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost., A, NOERROR, 127.0.0.1",
    "a.localhost., AAAA, NOERROR, 0:0:0:0:0:0:0:1",
    "localhost., MX, NOERROR, ",
    "1.0.0.127.in-addr.arpa., PTR, NOERROR, localhost.",
    "2.0.0.127.in-addr.arpa., PTR, NXDOMAIN, ",
    "0.127.in-addr.arpa., A, NOERROR, ",
    "facebookcorewwwi.onion., A, NXDOMAIN, ",
    "x.test., A, NXDOMAIN, ",
    "test., A, NOERROR, ",
    "x.invalid., A, NXDOMAIN, ",
    "printer.local., A, NXDOMAIN, ",
    "nas.home.arpa., A, NXDOMAIN, ",
    "home.arpa., SOA, NOERROR, ",
    "5.1.168.192.in-addr.arpa., PTR, NXDOMAIN, ",
    "1.0.0.10.in-addr.arpa., PTR, NXDOMAIN, ",
    "9.9.20.172.in-addr.arpa., PTR, NXDOMAIN, ",
    "1.1.64.100.in-addr.arpa., PTR, NXDOMAIN, ",
    "x.d.f.ip6.arpa., PTR, NXDOMAIN, ",
    "a.b.alt., A, NXDOMAIN, ",
    "_dns.resolver.arpa., SVCB, NXDOMAIN, ",
  })
  void special_names_are_answered_here(String name, String type, String rcode, String data) {
    var special = new SpecialNames(Set.of()).answer(question(name, type)).orElseThrow();
    assertThat(Rcode.string(special.answer().rcode())).isEqualTo(rcode);
    assertThat(special.answer().authoritative()).isTrue();
    assertThat(special.rfc()).startsWith("RFC ");
    if (data != null) {
      assertThat(special.answer().answer().getFirst().records().getFirst().rdataToString())
          .isEqualTo(data);
    } else if (!type.equals("SOA")) {
      assertThat(special.answer().answer()).isEmpty();
      assertThat(special.answer().authority()).hasSize(1);
    }
  }

  @Test
  void all_other_names_are_not() {
    var names = new SpecialNames(Set.of());
    for (var name :
        new String[] {"example.com.", "contest.", "x.9.172.in-addr.arpa.", ".", "arpa."}) {
      assertThat(names.answer(question(name, "A"))).as(name).isEmpty();
    }
  }

  @Test
  void what_the_operator_configured_is_not_special() {
    var names =
        new SpecialNames(
            Set.of(
                Name.fromConstantString("home.arpa."),
                Name.fromConstantString("7.168.192.in-addr.arpa.")));
    assertThat(names.answer(question("nas.home.arpa.", "A"))).isEmpty();
    assertThat(names.answer(question("9.7.168.192.in-addr.arpa.", "PTR"))).isEmpty();
    assertThat(names.answer(question("9.8.168.192.in-addr.arpa.", "PTR"))).isPresent();
  }
}
