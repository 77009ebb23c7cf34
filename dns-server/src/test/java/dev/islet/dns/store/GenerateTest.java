package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.TextParseException;

class GenerateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host-$ | 10 | host-10",
        "$-$ | 3 | 3-3",
        "${5} | 3 | 8",
        "${-3,4} | 10 | 0007",
        "${-3,4,d} | 1 | -002",
        "${0,3,o} | 9 | 011",
        "${0,4,x} | 255 | 00ff",
        "${0,0,X} | 255 | FF",
        "${0,7,n} | 291 | 3.2.1.0",
        "${0,1,n} | 291 | 3.2.1",
        "${0,0,N} | 171 | B.A",
        "a$$b | 3 | a$b",
        "a\\$b$ | 3 | a\\$b3",
        "x\\\\$ | 3 | x\\\\3",
      })
  void patterns_become_text(String pattern, long number, String text) throws Exception {
    assertThat(Generate.expand(pattern, number)).isEqualTo(text);
  }

  @Test
  void what_is_no_pattern_says_so() {
    for (var pattern : new String[] {"${", "${a}", "${1,2,z}", "${1,2", "${-9,1,x}"}) {
      assertThatThrownBy(() -> Generate.expand(pattern, 1)).isInstanceOf(TextParseException.class);
    }
  }
}
