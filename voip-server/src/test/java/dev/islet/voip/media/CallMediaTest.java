package dev.islet.voip.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.islet.voip.media.CallMedia.Verdict;
import dev.islet.voip.model.MediaDirection;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaTarget;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CallMediaTest {
  private static final long MS = 1_000_000;
  private static final InetSocketAddress PHONE_A = at("192.168.7.20", 4_000);
  private static final InetSocketAddress PHONE_B = at("192.168.7.21", 5_000);

  private final CallMedia call = new CallMedia("call", Duration.ofMinutes(2));
  private final MediaSource to = new MediaSource();
  private long now = 1_000_000 * MS;

  CallMediaTest() {
    call.expect(MediaLeg.A, MediaTarget.at(PHONE_A), now);
    call.expect(MediaLeg.B, MediaTarget.at(PHONE_B), now);
    call.answered(now);
  }

  private static InetSocketAddress at(String ip, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }

  private static MediaSource source(InetSocketAddress address) {
    var source = new MediaSource();
    source.set(address);
    return source;
  }

  private static byte[] voice(int ssrc, int number) {
    return ByteBuffer.allocate(172)
        .putInt(0x80080000 | number)
        .putInt(160 * number)
        .putInt(ssrc)
        .array();
  }

  private Verdict rtp(MediaLeg from, InetSocketAddress source, byte[] packet) {
    now += 20 * MS;
    return call.onRtpPort(from, ByteBuffer.wrap(packet), 0, packet.length, source(source), now, to);
  }

  private Verdict rtcp(MediaLeg from, InetSocketAddress source, byte[] packet) {
    return call.onRtcpPort(
        from, ByteBuffer.wrap(packet), 0, packet.length, source(source), now, to);
  }

  /** A sender report, with one block if something is reported on. */
  private static byte[] report(int ssrc, int middle, int about, int last, int delay) {
    var bytes = ByteBuffer.allocate(about == 0 ? 28 : 52);
    bytes.putInt(about == 0 ? 0x80c80006 : 0x81c8000c).putInt(ssrc);
    bytes.putInt(middle >>> 16).putInt(middle << 16).putInt(0).putInt(0).putInt(0);
    if (about != 0) {
      bytes.putInt(about).putInt(0).putInt(0).putInt(0).putInt(last).putInt(delay);
    }
    return bytes.array();
  }

  @Test
  void voice_goes_to_the_other_phone() {
    assertThat(rtp(MediaLeg.A, PHONE_A, voice(1, 1))).isEqualTo(Verdict.FORWARD);
    assertThat(to.toAddress()).isEqualTo(PHONE_B);
    assertThat(rtp(MediaLeg.B, PHONE_B, voice(2, 1))).isEqualTo(Verdict.FORWARD);
    assertThat(to.toAddress()).isEqualTo(PHONE_A);
  }

  @Test
  void what_is_no_media_is_dropped_and_counted() {
    assertThat(rtp(MediaLeg.A, PHONE_A, new byte[0])).isEqualTo(Verdict.MALFORMED);
    assertThat(rtp(MediaLeg.A, PHONE_A, new byte[] {(byte) 0x80, 8, 0}))
        .isEqualTo(Verdict.MALFORMED);
    assertThat(rtp(MediaLeg.A, PHONE_A, "INVITE sip:".getBytes())).isEqualTo(Verdict.MALFORMED);
    assertThat(rtcp(MediaLeg.A, at("192.168.7.20", 4_001), voice(1, 1)))
        .isEqualTo(Verdict.MALFORMED);
    assertThat(call.quality().a().malformed()).isEqualTo(4);
    assertThat(call.quality().streams()).isEmpty();
  }

  @Test
  void encryption_handshakes_pass_unopened() {
    var hello = new byte[] {22, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0};
    assertThat(rtp(MediaLeg.A, PHONE_A, hello)).isEqualTo(Verdict.FORWARD);
    assertThat(to.toAddress()).isEqualTo(PHONE_B);
    assertThat(call.quality().streams()).isEmpty();
  }

  @Test
  void rtcp_follows_where_rtp_was_learned() {
    var outside = at("198.51.100.9", 31_000);
    rtp(MediaLeg.A, outside, voice(1, 1));
    assertThat(rtcp(MediaLeg.B, at("192.168.7.21", 5_001), report(2, 7, 0, 0, 0)))
        .isEqualTo(Verdict.FORWARD);
    assertThat(to.toAddress()).isEqualTo(at("198.51.100.9", 31_001));
    // Once its RTCP is seen, that is where RTCP goes.
    assertThat(rtcp(MediaLeg.A, at("198.51.100.9", 44_444), report(1, 7, 0, 0, 0)))
        .isEqualTo(Verdict.FORWARD);
    assertThat(to.toAddress()).isEqualTo(at("192.168.7.21", 5_001));
    rtcp(MediaLeg.B, at("192.168.7.21", 5_001), report(2, 8, 0, 0, 0));
    assertThat(to.toAddress()).isEqualTo(at("198.51.100.9", 44_444));
    assertThat(rtcp(MediaLeg.A, at("203.0.113.1", 4_001), report(1, 7, 0, 0, 0)))
        .isEqualTo(Verdict.STRANGER);
  }

  @Test
  void rtcp_on_the_rtp_port_stays_on_the_rtp_port() {
    rtp(MediaLeg.A, PHONE_A, voice(1, 1));
    assertThat(rtp(MediaLeg.A, PHONE_A, report(1, 7, 0, 0, 0))).isEqualTo(Verdict.FORWARD);
    assertThat(to.toAddress()).isEqualTo(PHONE_B);
    assertThat(rtp(MediaLeg.A, at("203.0.113.1", 9), report(1, 7, 0, 0, 0)))
        .isEqualTo(Verdict.STRANGER);
  }

  @Test
  void the_round_trip_of_both_sides_gives_the_delay() {
    var rtcpA = at("192.168.7.20", 4_001);
    var rtcpB = at("192.168.7.21", 5_001);
    rtp(MediaLeg.A, PHONE_A, voice(1, 1));
    rtp(MediaLeg.B, PHONE_B, voice(2, 1));
    rtcp(MediaLeg.A, rtcpA, report(1, 0xaaaa, 0, 0, 0));
    // B gets it, keeps it 500 ms, and its report is here 540 ms later: 40 ms there and back.
    now += 540 * MS;
    rtcp(MediaLeg.B, rtcpB, report(2, 0xbbbb, 1, 0xaaaa, 65_536 / 2));
    assertThat(call.quality().b().roundTripMs().orElseThrow()).isCloseTo(40, within(0.1));
    assertThat(call.quality().streams().getFirst().delayMs()).isEmpty();
    now += 270 * MS;
    rtcp(MediaLeg.A, rtcpA, report(1, 0xcccc, 2, 0xbbbb, 65_536 / 4));
    assertThat(call.quality().a().roundTripMs().orElseThrow()).isCloseTo(20, within(0.1));
    assertThat(call.quality().streams().getFirst().delayMs().orElseThrow())
        .isCloseTo(30, within(0.1));
    // A report on what never passed here tells nothing.
    rtcp(MediaLeg.A, rtcpA, report(1, 0xcccd, 2, 0x1234, 0));
    assertThat(call.quality().a().roundTripMs().orElseThrow()).isCloseTo(20, within(0.1));
  }

  @Test
  void encrypted_reports_pass_and_tell_nothing() {
    var encrypted = new byte[60];
    new Random(1).nextBytes(encrypted);
    ByteBuffer.wrap(encrypted).putInt(0x81c8000c).putInt(1);
    assertThat(rtcp(MediaLeg.A, at("192.168.7.20", 4_001), encrypted)).isEqualTo(Verdict.FORWARD);
    assertThat(call.quality().b().roundTripMs()).isEmpty();
  }

  @Test
  void a_flood_is_cut_to_a_thousand_packets_a_second() {
    int forwarded = 0;
    for (int i = 0; i < 50_000; i++) {
      var packet = voice(1, i & 0xFFFF);
      now += MS / 10; // 10 000 a second for 5 s
      var verdict =
          call.onRtpPort(MediaLeg.A, ByteBuffer.wrap(packet), 0, 172, source(PHONE_A), now, to);
      forwarded += verdict == Verdict.FORWARD ? 1 : 0;
    }
    assertThat(forwarded).isBetween(5_000, 6_010);
    assertThat(call.quality().a().throttled()).isEqualTo(50_000 - forwarded);
  }

  @Test
  void silence_is_told_once_and_not_while_somebody_holds() {
    rtp(MediaLeg.A, PHONE_A, voice(1, 1));
    now += Duration.ofSeconds(119).toNanos();
    assertThat(call.silence(now)).isEmpty();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(call.silence(now).orElseThrow().silent()).isEqualTo(Duration.ofMinutes(2));
    assertThat(call.silence(now)).isEmpty();
    var target = MediaTarget.at(PHONE_A);
    call.expect(
        MediaLeg.A,
        new MediaTarget(target.rtp(), target.rtcp(), MediaDirection.SENDONLY, List.of()),
        now);
    now += Duration.ofHours(1).toNanos();
    assertThat(call.silence(now)).isEmpty();
    call.expect(MediaLeg.A, target, now);
    assertThat(call.silence(now)).isEmpty();
    now += Duration.ofMinutes(2).toNanos();
    assertThat(call.silence(now)).isPresent();
  }

  @Test
  void an_old_style_hold_sends_nothing_there() {
    var held = new CallMedia("held", Duration.ZERO);
    held.expect(MediaLeg.A, MediaTarget.at(at("0.0.0.0", 4_000)), now);
    held.expect(MediaLeg.B, MediaTarget.at(PHONE_B), now);
    var packet = voice(2, 1);
    assertThat(
            held.onRtpPort(MediaLeg.B, ByteBuffer.wrap(packet), 0, 172, source(PHONE_B), now, to))
        .isEqualTo(Verdict.UNDELIVERED);
    assertThat(held.quality().a().undelivered()).isEqualTo(1);
  }

  @Test
  void ever_new_streams_stay_bounded_and_the_longest_is_kept() {
    for (int i = 0; i < 100; i++) {
      rtp(MediaLeg.A, PHONE_A, voice(1, i));
    }
    for (int ssrc = 2; ssrc < 500; ssrc++) {
      rtp(MediaLeg.A, PHONE_A, voice(ssrc, 1));
    }
    assertThat(call.quality().streams()).hasSize(LegMedia.MAX_STREAMS);
    assertThat(call.quality().main(MediaLeg.A).orElseThrow().ssrc()).isEqualTo(1);
  }

  @Test
  void a_packet_allocates_nothing() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var packet = ByteBuffer.wrap(voice(1, 0));
    var source = source(PHONE_A);
    int packets = 40_000;
    long before = 0;
    for (int i = 0; i < 3 * packets; i++) {
      if (i == 2 * packets) {
        // By now the compiler spares what the interpreter allocates.
        before = threads.getCurrentThreadAllocatedBytes();
      }
      packet.putShort(2, (short) i).putInt(4, 160 * i);
      now += 20 * MS;
      call.onRtpPort(MediaLeg.A, packet, 0, 172, source, now, to);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(packets); // less than a byte each: none
  }
}
