package dev.islet.voip.transport.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.time.TimeSource;
import dev.islet.testkit.Wait;
import dev.islet.voip.media.Relay;
import dev.islet.voip.media.RelayCall;
import dev.islet.voip.media.RelayOptions;
import dev.islet.voip.model.MediaDirection;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.MediaTarget;
import java.io.File;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UdpRelayTest {
  static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static UdpRelay relay(RelayOptions options) throws IOException {
    return UdpRelay.start(options, TimeSource.system(), new Random(1));
  }

  private static RelayOptions anyPorts() {
    return new RelayOptions(0, 0, Duration.ZERO, Duration.ofMinutes(2), 1_000);
  }

  static RelayCall open(Relay relay) {
    return open(relay, "call");
  }

  private static RelayCall open(Relay relay, String id) {
    return switch (relay.open(id, HERE, HERE, _ -> {})) {
      case Relay.Opened(var call) -> call;
      case Relay.Exhausted(var reason) -> throw new AssertionError(reason);
    };
  }

  @Test
  void two_phones_hear_each_other_and_are_measured() throws Exception {
    try (var relay = relay(anyPorts());
        var a = new FakePhone();
        var b = new FakePhone()) {
      var call = open(relay);
      assertThat(call.portA() % 2).isZero();
      assertThat(call.portB() % 2).isZero();
      call.expectA(a.rtp());
      call.expectB(b.rtp());
      call.answered();
      for (int i = 0; i < 200; i++) {
        if (i % 10 != 5) {
          a.voice(call.portA(), i);
          assertThat(b.hear()).isEqualTo(FakePhone.packet(a.ssrc(), i));
        }
        b.voice(call.portB(), i);
        assertThat(a.hear()).isEqualTo(FakePhone.packet(b.ssrc(), i));
      }
      var quality = call.end();
      var fromA = quality.main(MediaLeg.A).orElseThrow();
      assertThat(fromA.packets()).isEqualTo(180);
      assertThat(fromA.loss().lost()).isEqualTo(20);
      assertThat(fromA.ssrc()).isEqualTo(a.ssrc());
      assertThat(fromA.mos().orElseThrow()).isLessThan(4);
      var fromB = quality.main(MediaLeg.B).orElseThrow();
      assertThat(fromB.packets()).isEqualTo(200);
      assertThat(fromB.loss().lost()).isZero();
      assertThat(quality.a().source()).contains(a.rtp());
      // Counted when it has left, which is a moment after the phone hears it.
      Wait.until(
          Duration.ofSeconds(5),
          () -> relay.counts().forwarded() == 380 ? "" : "forwarded " + relay.counts().forwarded());
      assertThat(call.end()).isEqualTo(quality);
      assertThat(relay.calls()).isZero();
    }
  }

  @Test
  void where_there_is_no_epoll_the_selector_relays() throws Exception {
    System.setProperty("islet.net", "nio");
    try (var relay = relay(anyPorts());
        var a = new FakePhone();
        var b = new FakePhone()) {
      var call = open(relay);
      call.expectA(a.rtp());
      call.expectB(b.rtp());
      call.answered();
      for (int i = 0; i < 50; i++) {
        a.voice(call.portA(), i);
        assertThat(b.hear()).isEqualTo(FakePhone.packet(a.ssrc(), i));
        b.senderReport(call.portB() + 1, i);
        assertThat(a.hearReport()).hasSize(28);
      }
      assertThat(call.end().main(MediaLeg.A).orElseThrow().packets()).isEqualTo(50);
      assertThat(relay.counts().forwarded()).isEqualTo(100);
    } finally {
      System.clearProperty("islet.net");
    }
  }

  @Test
  void reports_pass_and_tell_the_round_trip() throws Exception {
    try (var relay = relay(anyPorts());
        var a = new FakePhone();
        var b = new FakePhone()) {
      var call = open(relay);
      call.expectA(a.rtp());
      call.expectB(b.rtp());
      call.answered();
      a.voice(call.portA(), 1);
      b.voice(call.portB(), 1);
      a.hear();
      b.hear();
      a.senderReport(call.portA() + 1, 0x11112222);
      assertThat(b.hearReport()).hasSize(28);
      b.receiverReport(call.portB() + 1, a.ssrc(), 0x11112222, 0);
      assertThat(a.hearReport()).hasSize(32);
      assertThat(call.snapshot().b().roundTripMs().orElseThrow()).isBetween(0.0, 5_000.0);
      assertThat(call.snapshot().a().roundTripMs()).isEmpty();
      assertThat(call.snapshot().main(MediaLeg.A).orElseThrow().delayMs()).isEmpty();
      b.senderReport(call.portB() + 1, 0x33334444);
      a.hearReport();
      a.receiverReport(call.portA() + 1, b.ssrc(), 0x33334444, 0);
      b.hearReport();
      assertThat(call.snapshot().main(MediaLeg.A).orElseThrow().delayMs()).isPresent();
    }
  }

  @Test
  void a_phone_behind_a_translator_is_found_and_strangers_are_dropped() throws Exception {
    try (var relay = relay(anyPorts());
        var a = new FakePhone();
        var b = new FakePhone();
        var stranger = new FakePhone()) {
      var call = open(relay);
      call.expectA(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 4_000));
      call.expectB(b.rtp());
      a.voice(call.portA(), 0);
      b.voice(call.portB(), 0);
      FakePhone.until(() -> call.snapshot().a().strangers() == 1);
      call.answered();
      for (int i = 1; i < 7; i++) {
        a.voice(call.portA(), i);
        b.hear();
      }
      b.voice(call.portB(), 1);
      assertThat(a.hear()).isEqualTo(FakePhone.packet(b.ssrc(), 1));
      for (int i = 0; i < 5; i++) {
        stranger.voice(call.portA(), i);
        stranger.senderReport(call.portA(), 1);
      }
      FakePhone.until(() -> call.snapshot().a().strangers() == 11);
      a.voice(call.portA(), 7);
      assertThat(b.hear()).isEqualTo(FakePhone.packet(a.ssrc(), 7));
      assertThat(call.end().streams()).hasSize(2);
    }
  }

  @Test
  void after_a_hold_the_phone_is_learned_again() throws Exception {
    try (var relay = relay(anyPorts());
        var a = new FakePhone();
        var moved = new FakePhone();
        var b = new FakePhone()) {
      var call = open(relay);
      call.expectA(a.rtp());
      call.expectB(b.rtp());
      call.answered();
      for (int i = 0; i < 6; i++) {
        a.voice(call.portA(), i);
        b.hear();
      }
      moved.voice(call.portA(), 0);
      FakePhone.until(() -> call.snapshot().a().strangers() == 1);
      var held = MediaTarget.at(a.rtp());
      call.expect(
          MediaLeg.A, new MediaTarget(held.rtp(), held.rtcp(), MediaDirection.SENDONLY, List.of()));
      call.expectA(moved.rtp());
      moved.voice(call.portA(), 1);
      assertThat(b.hear()).isEqualTo(FakePhone.packet(moved.ssrc(), 1));
      b.voice(call.portB(), 1);
      assertThat(moved.hear()).isEqualTo(FakePhone.packet(b.ssrc(), 1));
      assertThat(call.snapshot().a().source()).contains(moved.rtp());
    }
  }

  @Test
  void silence_is_told_once() throws Exception {
    var options = new RelayOptions(0, 0, Duration.ZERO, Duration.ofMillis(300), 10);
    try (var relay = relay(options)) {
      var told = new CompletableFuture<MediaSilence>();
      var opened = (Relay.Opened) relay.open("quiet", HERE, HERE, told::complete);
      opened.call().answered();
      assertThat(told.get(20, TimeUnit.SECONDS).callId()).isEqualTo("quiet");
      assertThat(told.join().silent()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }
  }

  @Test
  void a_full_range_says_so_and_ports_come_back_after_their_rest() throws Exception {
    int first = freeRange(8);
    var options = new RelayOptions(first, first + 7, Duration.ofMillis(50), Duration.ZERO, 1_000);
    try (var relay = relay(options)) {
      assertThat(relay.room()).isEqualTo(2);
      var one = open(relay);
      open(relay);
      assertThat(relay.open("third", HERE, HERE, _ -> {}))
          .isInstanceOfSatisfying(
              Relay.Exhausted.class,
              e -> assertThat(e.reason()).contains(first + "-" + (first + 7)));
      assertThat(relay.calls()).isEqualTo(2);
      assertThat(relay.room()).isZero();
      one.end();
      FakePhone.until(() -> relay.room() == 1);
      open(relay);
    }
  }

  @Test
  void a_port_held_by_another_program_is_stepped_over() throws Exception {
    int first = freeRange(8);
    try (var other = new DatagramSocket(new InetSocketAddress(HERE, first + 1));
        var relay = relay(new RelayOptions(first, first + 7, Duration.ZERO, Duration.ZERO, 10))) {
      var call = open(relay);
      assertThat(List.of(call.portA(), call.portB())).doesNotContain(first);
      assertThat(other.isClosed()).isFalse();
    }
  }

  @Test
  void two_hundred_calls_leave_no_socket_and_no_thread() throws Exception {
    int threads = Thread.getAllStackTraces().size();
    // Warm: libraries open files of their own at first use.
    try (var relay = relay(anyPorts())) {
      open(relay);
    }
    int before = descriptors();
    var relay = relay(anyPorts());
    for (int round = 0; round < 3; round++) {
      var calls = new ArrayList<RelayCall>();
      for (int i = 0; i < 200; i++) {
        calls.add(open(relay, "call " + i));
      }
      assertThat(relay.calls()).isEqualTo(200);
      assertThat(descriptors() - before).isGreaterThanOrEqualTo(800);
      calls.parallelStream().forEach(RelayCall::end);
      assertThat(relay.calls()).isZero();
      // Descriptors are closed by the relay's thread, soon.
      FakePhone.until(() -> descriptors() - before < 20);
    }
    open(relay);
    relay.close();
    relay.close();
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    FakePhone.until(() -> Thread.getAllStackTraces().size() <= threads + 1);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().equals("voip-relay"));
    assertThat(relay.open("late", HERE, HERE, _ -> {})).isInstanceOf(Relay.Exhausted.class);
  }

  @Test
  void ten_thousand_mutations_harm_nobody() throws Exception {
    var random = new Random(10_000);
    try (var relay = relay(anyPorts());
        var a = new FakePhone();
        var b = new FakePhone()) {
      var call = open(relay);
      call.expectA(a.rtp());
      call.expectB(b.rtp());
      call.answered();
      a.voice(call.portA(), 0);
      b.hear();
      for (int i = 0; i < 10_000; i++) {
        boolean report = random.nextBoolean();
        var bytes = report ? FakePhone.report(a.ssrc(), i) : FakePhone.packet(a.ssrc(), i);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
        a.send(report ? call.portA() + 1 : call.portA(), bytes, length);
      }
      long sent = 10_001;
      FakePhone.until(
          () -> {
            var c = relay.counts();
            // The kernel may drop some when the queue is full.
            return c.forwarded() + c.malformed() + c.strangers() + c.throttled() > sent / 20;
          });
      assertThat(call.snapshot().streams().size()).isLessThanOrEqualTo(32);
      // What is over the budget was dropped; a second later the phone is heard again.
      FakePhone.until(
          () -> {
            a.voice(call.portA(), 7);
            return b.heard(FakePhone.packet(a.ssrc(), 7));
          });
      assertThat(relay.counts().malformed()).isPositive();
    }
  }

  @Test
  void two_descriptions_that_point_at_the_relay_do_not_go_round_for_ever() throws Exception {
    try (var relay = relay(anyPorts());
        var a = new FakePhone()) {
      var call = open(relay);
      call.expectA(new InetSocketAddress(HERE, call.portB()));
      call.expectB(new InetSocketAddress(HERE, call.portA()));
      call.answered();
      a.voice(call.portA(), 1);
      long begun = System.nanoTime();
      FakePhone.until(() -> relay.counts().throttled() > 0 || relay.counts().forwarded() <= 1);
      call.end();
      double seconds = (System.nanoTime() - begun) / 1e9 + 1;
      assertThat(relay.counts().forwarded()).isLessThanOrEqualTo((long) (2 * 1_000 * seconds) + 2);
    }
  }

  private static int descriptors() {
    return Optional.ofNullable(new File("/proc/self/fd").list()).map(l -> l.length).orElse(0);
  }

  /** The first port of a run that nobody holds now. */
  private static int freeRange(int ports) throws IOException {
    var random = new Random();
    for (int tries = 0; tries < 100; tries++) {
      int first = 20_000 + 2 * random.nextInt(5_000);
      boolean free = true;
      for (int p = first; p < first + ports && free; p++) {
        try (var socket = new DatagramSocket(new InetSocketAddress(HERE, p))) {
          free = socket.isBound();
        } catch (IOException e) {
          free = false;
        }
      }
      if (free) {
        return first;
      }
    }
    throw new IOException("no free range");
  }
}
