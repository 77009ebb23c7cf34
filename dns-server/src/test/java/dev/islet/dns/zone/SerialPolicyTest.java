package dev.islet.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SerialPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-24T15:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "KEEP, 7, 8",
    "INCREMENT, 4294967295, 1",
    "UNIXTIME, 7, 1795532400",
    "UNIXTIME, 1795532400, 1795532401",
    "UNIXTIME, 2026112400, 2026112401",
    "DATE, 7, 2026112400",
    "DATE, 2026112400, 2026112401",
    "DATE, 2026112499, 2026112500",
    "DATE, 4294967290, 2026112400",
  })
  void the_next_one_is_always_later(SerialPolicy policy, long serial, long next) {
    assertThat(policy.next(serial, NOW)).isEqualTo(next);
    assertThat(Serial.isAfter(next, serial)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "KEEP, 5, 9, 10",
    "KEEP, 20, 9, 20",
    "INCREMENT, 5, 9, 10",
    "INCREMENT, 20, 9, 20",
    "DATE, 5, 9, 2026112400",
    "DATE, 2026112405, 9, 2026112406",
  })
  void an_edited_file_gets_one_that_others_do_not_have(
      SerialPolicy policy, long written, long told, long next) {
    assertThat(policy.edited(written, told, NOW)).isEqualTo(next);
  }
}
