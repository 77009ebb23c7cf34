package dev.islet.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms,500",
    "30s,30000",
    "8h,28800000",
    "1d12h,129600000",
    "2w,1209600000",
    "0s,0",
    "1m30s,90000",
    "' 5s ',5000"
  })
  void theyReadAsPeopleWriteThem(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "5s x", "1.5h", "5sec", "5S", "ms5"})
  void anythingElseSaysWhatWasExpected(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a duration")
        .hasMessageContaining("30s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999999s", "9223372036854775807w", "9223372036854775807d"})
  void tooLongSaysSo(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void formattedTheyReadBackTheSame() {
    var random = new Random(3);
    for (int i = 0; i < 2000; i++) {
      var duration = Duration.ofMillis(random.nextLong(1L << 1 + random.nextInt(45)));
      assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
    }
    assertThat(Durations.format(Duration.ofSeconds(90_061))).isEqualTo("1d1h1m1s");
    assertThat(Durations.format(Duration.ZERO)).isEqualTo("0s");
  }

  @Test
  void theSystemsClocksAgreeAndOneNeverGoesBack() {
    var time = TimeSource.system();
    long last = time.now();
    for (int i = 0; i < 1000; i++) {
      long now = time.now();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
    assertThat(Duration.between(TimeSource.instant(time.now()), time.wall()).abs())
        .isLessThan(Duration.ofSeconds(5));
    assertThat(TimeSource.instant(-1)).isEqualTo(Instant.EPOCH.minusNanos(1));
  }
}
