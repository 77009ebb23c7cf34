package dev.islet.voip.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EModelTest {
  @Test
  void the_default_connection_is_93_2_and_4_41() {
    assertThat(EModel.rating("PCMU", 0, Optional.empty())).contains(93.2);
    assertThat(EModel.mos("PCMA", 0, Optional.empty())).contains(4.41);
  }

  @ParameterizedTest
  @CsvSource({
    "0,1",
    "-5,1",
    "5,1",
    "50,2.575",
    "60,3.1",
    "70,3.597",
    "80,4.024",
    "90,4.339",
    "100,4.5"
  })
  void mos_follows_annex_b(double rating, double mos) {
    assertThat(EModel.mos(rating)).isCloseTo(mos, within(0.001));
  }

  @ParameterizedTest
  // Ie,eff = Ie + (95 - Ie) Ppl / (Ppl + Bpl), worked out by hand.
  @CsvSource({
    "PCMU,1,3.640",
    "PCMA,5,15.781",
    "pcmu,20,42.129",
    "G729,0,11",
    "G729,2,19",
    "GSM-EFR,10,50"
  })
  void loss_hurts_as_the_codec_bears_it(String codec, double loss, double effective) {
    assertThat(EModel.rating(codec, loss, Optional.empty()).orElseThrow())
        .isCloseTo(93.2 - effective, within(0.001));
  }

  @Test
  void codecs_without_published_figures_have_no_estimate() {
    assertThat(EModel.mos("opus", 0, Optional.empty())).isEmpty();
    assertThat(EModel.mos("G722", 0, Optional.empty())).isEmpty();
  }

  @Test
  void delay_hurts_little_up_to_150_ms_and_then_much() {
    assertThat(EModel.delayImpairment(0)).isLessThan(0.2);
    double before = 0;
    for (int ms = 10; ms <= 1_000; ms += 10) {
      double now = EModel.delayImpairment(ms);
      assertThat(now).as(ms + " ms").isGreaterThan(before);
      before = now;
    }
    // The well-known straight-line simplification of the same curve.
    for (int ms : new int[] {50, 100, 150, 200, 300, 400}) {
      double line = 0.024 * ms + (ms > 177.3 ? 0.11 * (ms - 177.3) : 0);
      assertThat(EModel.delayImpairment(ms)).as(ms + " ms").isCloseTo(line, within(3.0));
    }
  }

  @Test
  void a_negative_loss_counts_as_none() {
    assertThat(EModel.rating("PCMU", -1, Optional.empty())).contains(93.2);
  }
}
