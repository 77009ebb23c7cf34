package dev.islet.voip.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaPayload;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.model.StreamSpread;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamMeterTest {
  private static final long MS = 1_000_000;
  private static final int PCMU = 0;
  private static final int CN = 13;
  private static final int DTMF = 101;

  private final PayloadTable payloads = new PayloadTable();
  private final StreamMeter meter = new StreamMeter(MediaLeg.A, 0x1234, payloads);
  private int number = 100;
  private int timestamp = 1_000;
  private long at = 1_000 * MS;

  StreamMeterTest() {
    payloads.learn(List.of(new MediaPayload(DTMF, "telephone-event", 8000, 1)));
  }

  /** The next packet, so many milliseconds after the one before, with 20 ms of voice. */
  private void packet(double after, int type, boolean marker) {
    at += Math.round(after * MS);
    meter.on(at, number++ & 0xFFFF, timestamp, type, marker, 172);
    timestamp += 160;
  }

  private void voice(double... after) {
    for (double a : after) {
      packet(a, PCMU, false);
    }
  }

  private StreamQuality quality() {
    return meter.quality(Optional.empty());
  }

  private StreamSpread jitter() {
    return quality().jitter().orElseThrow();
  }

  @Test
  void a_steady_stream_has_no_jitter() {
    voice(0, 20, 20, 20);
    var quality = quality();
    assertThat(quality.packets()).isEqualTo(4);
    assertThat(quality.bytes()).isEqualTo(4 * 172);
    assertThat(quality.ssrc()).isEqualTo(0x1234);
    assertThat(quality.payload().orElseThrow().codec()).isEqualTo("PCMU");
    assertThat(quality.first()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(quality.last()).isEqualTo(Instant.ofEpochSecond(1).plusMillis(60));
    assertThat(quality.delta()).isEqualTo(new StreamSpread(20, 20, 20, 20));
    assertThat(jitter()).isEqualTo(StreamSpread.NONE);
    assertThat(quality.mos()).contains(4.41);
  }

  @Test
  void jitter_is_that_of_the_rfc() {
    // D is 8, then 8 (early again): J = 8/16, then J += (8 - J)/16.
    voice(0, 28, 12, 20);
    double first = 8 / 16.0;
    double second = first + (8 - first) / 16;
    double third = second - second / 16;
    assertThat(jitter().max()).isCloseTo(second, within(0.0006));
    assertThat(jitter().last()).isCloseTo(third, within(0.0006));
    assertThat(jitter().min()).isCloseTo(first, within(0.0006));
    assertThat(jitter().mean()).isCloseTo((first + second + third) / 3, within(0.0006));
  }

  @Test
  void reordered_packets_count_as_they_arrive() {
    voice(0, 20);
    long second = at;
    meter.on(second + 20 * MS, number + 1, timestamp + 160, PCMU, false, 172);
    meter.on(second + 40 * MS, number, timestamp, PCMU, false, 172);
    // |20 - 40| / 16, then |20 - (-20)|.
    double first = 20 / 16.0;
    assertThat(jitter().max()).isCloseTo(first + (40 - first) / 16, within(0.0006));
    assertThat(quality().loss().reordered()).isEqualTo(1);
  }

  @Test
  void the_timestamp_wraps_without_jitter() {
    timestamp = -320;
    voice(0, 20, 20, 20, 20);
    assertThat(jitter().max()).isZero();
  }

  @Test
  void keys_pressed_are_left_out_and_voice_goes_on_where_it_was() {
    voice(0, 20, 20);
    int down = timestamp;
    for (int i = 0; i < 8; i++) {
      at += 20 * MS;
      meter.on(at, number++, down, DTMF, i == 0, 16);
      timestamp += 160;
    }
    voice(20, 20);
    assertThat(jitter().max()).isZero();
    assertThat(quality().loss().lost()).isZero();
    assertThat(quality().packets()).isEqualTo(13);
    assertThat(quality().payloadType()).isEqualTo(PCMU);
  }

  @Test
  void a_stream_that_begins_with_a_key_is_named_by_its_voice() {
    meter.on(at, number++, timestamp, DTMF, true, 16);
    voice(20, 20);
    assertThat(quality().payload().orElseThrow().codec()).isEqualTo("PCMU");
  }

  @Test
  void silence_after_comfort_noise_is_no_delta_and_a_late_begin_no_jitter() {
    voice(0, 20);
    packet(27, CN, false);
    timestamp += 8_000;
    voice(1_013);
    assertThat(jitter().max()).isZero();
    assertThat(quality().delta().max()).isEqualTo(20);
    // J itself went on: 7/16, then 7 again, and a steady packet shows 15/16 of that.
    voice(20);
    double second = 7 / 16.0 + (7 - 7 / 16.0) / 16;
    assertThat(jitter().max()).isCloseTo(second * 15 / 16, within(0.0006));
  }

  @Test
  void a_marker_begins_a_talk_spurt() {
    voice(0, 20);
    timestamp += 8_000;
    packet(1_020, PCMU, true);
    voice(20);
    assertThat(quality().delta().max()).isEqualTo(20);
    assertThat(jitter().max()).isZero();
  }

  @Test
  void jitter_does_not_reach_across_a_change_of_clock_rate() {
    payloads.learn(List.of(new MediaPayload(111, "opus", 48_000, 2)));
    voice(0, 20);
    for (int i = 0; i < 3; i++) {
      at += 20 * MS;
      meter.on(at, number++, 77_000 + 960 * i, 111, false, 90);
    }
    assertThat(jitter().max()).isZero();
  }

  @Test
  void without_a_clock_rate_jitter_is_unknown_and_stays_so() {
    for (int i = 0; i < 5; i++) {
      meter.on(at += 25 * MS, number++, 1_000 * i, 97, false, 90);
    }
    assertThat(quality().jitter()).isEmpty();
    assertThat(quality().payload()).isEmpty();
    assertThat(quality().mos()).isEmpty();
    assertThat(quality().delta().max()).isEqualTo(25);
  }

  @Test
  void a_stray_packet_and_a_restart_are_no_jitter() {
    voice(0, 20);
    meter.on(at + MS, 40_000, 999_999, PCMU, false, 172);
    voice(20, 20);
    assertThat(jitter().max()).isZero();
    assertThat(quality().loss().lost()).isZero();
    number = 9_000;
    timestamp = 5;
    voice(20, 20, 20);
    assertThat(jitter().max()).isZero();
    assertThat(quality().loss().lost()).isZero();
  }

  @Test
  void duplicates_do_not_hide_losses_from_the_mos() {
    voice(0, 20, 20, 20);
    number++;
    meter.on(at, number - 2, timestamp, PCMU, false, 172);
    voice(20, 20);
    assertThat(quality().loss().lost()).isZero();
    assertThat(quality().loss().missing()).isEqualTo(1);
    assertThat(quality().mos().orElseThrow()).isLessThan(3.5);
  }

  @Test
  void the_delay_estimate_lowers_the_mos() {
    voice(0, 20);
    assertThat(meter.quality(Optional.of(300.0)).mos().orElseThrow())
        .isLessThan(quality().mos().orElseThrow());
    assertThat(meter.quality(Optional.of(12.34567)).delayMs()).contains(12.346);
  }
}
