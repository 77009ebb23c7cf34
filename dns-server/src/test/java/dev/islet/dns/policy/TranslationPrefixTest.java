package dev.islet.dns.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranslationPrefixTest {
  @ParameterizedTest
  @CsvSource({ // RFC 6052 section 2.4
    "2001:db8::/32,            2001:db8:c000:221::",
    "2001:db8:100::/40,        2001:db8:1c0:2:21::",
    "2001:db8:122::/48,        2001:db8:122:c000:2:2100::",
    "2001:db8:122:300::/56,    2001:db8:122:3c0:0:221::",
    "2001:db8:122:344::/64,    2001:db8:122:344:c0:2:2100::",
    "2001:db8:122:344::/96,    2001:db8:122:344::192.0.2.33",
    "64:ff9b::/96,             64:ff9b::192.0.2.33"
  })
  void an_address_is_put_where_the_table_says(String text, String expected) {
    var prefix = TranslationPrefix.parse(text);
    var four = new byte[] {(byte) 192, 0, 2, 33};
    assertThat(prefix.embed(four)).isEqualTo(InetAddress.ofLiteral(expected).getAddress());
    var random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      random.nextBytes(four);
      var six = prefix.embed(four);
      assertThat(prefix.extract(six)).hasValueSatisfying(v -> assertThat(v).isEqualTo(four));
      int bit = random.nextInt(128);
      six[bit / 8] ^= (byte) (0x80 >> bit % 8);
      prefix.extract(six).ifPresent(v -> assertThat(v).isNotEqualTo(four));
    }
  }

  @Test
  void other_lengths_and_bits_are_refused() {
    for (var bad :
        new String[] {
          "64:ff9b::/95",
          "64:ff9b::/128",
          "64:ff9b::1/96",
          "2001:db8:0:0:100::/96",
          "10.0.0.0/8",
          "64:ff9b::"
        }) {
      assertThatThrownBy(() -> TranslationPrefix.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void mapped_addresses_are_a_network_too() {
    var mapped = Ipv6Network.parse("::ffff:0:0/96");
    var inside = new byte[16];
    inside[10] = inside[11] = (byte) 0xFF;
    inside[15] = 7;
    assertThat(mapped.contains(inside)).isTrue();
    inside[0] = 1;
    assertThat(mapped.contains(inside)).isFalse();
  }
}
