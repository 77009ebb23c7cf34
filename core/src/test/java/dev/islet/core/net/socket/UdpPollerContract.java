package dev.islet.core.net.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link UdpPoller} does, whatever it stands on. */
abstract class UdpPollerContract {
  static final Duration LONG = Duration.ofSeconds(10);

  abstract UdpPoller open() throws IOException;

  static InetSocketAddress at(String ip) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(ip), 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aDatagramIsSentOnFromAnotherPort(String ip) throws Exception {
    try (var poller = open();
        var from = new DatagramSocket(at(ip));
        var to = new DatagramSocket(at(ip))) {
      var in = poller.bind(at(ip), 0, "in");
      var out = poller.bind(at(ip), 0xB8, "out");
      assertThat(poller.ports()).isEqualTo(2);
      to.setSoTimeout(10_000);
      from.send(new DatagramPacket("voice".getBytes(US_ASCII), 5, in.local()));
      var owners = new ArrayList<Object>();
      int got =
          poller.poll(
              (port, packet) -> {
                owners.add(port.owner());
                assertThat(packet.length()).isEqualTo(5);
                assertThat(packet.port()).isEqualTo(from.getLocalPort());
                assertThat(packet.buffer().get(packet.offset())).isEqualTo((byte) 'v');
                assertThat(out.send(packet, packet.high(), packet.low(), to.getLocalPort()))
                    .isTrue();
              },
              LONG);
      assertThat(got).isEqualTo(1);
      assertThat(owners).containsExactly("in");
      var received = new DatagramPacket(new byte[100], 100);
      to.receive(received);
      assertThat(new String(received.getData(), 0, received.getLength(), US_ASCII))
          .isEqualTo("voice");
      assertThat(received.getSocketAddress()).isEqualTo(out.local());
    }
  }

  @Test
  void anAddressOfAnotherFamilyIsRefused() throws Exception {
    try (var poller = open();
        var from = new DatagramSocket(at("127.0.0.1"))) {
      var in = poller.bind(at("127.0.0.1"), 0, "in");
      from.send(new DatagramPacket(new byte[] {1}, 1, in.local()));
      var sent = new ArrayList<Boolean>();
      poller.poll((port, packet) -> sent.add(port.send(packet, 0x2001L << 48, 1, 9)), LONG);
      assertThat(sent).containsExactly(false);
    }
  }

  @Test
  void manyPortsAreServedAndATooLongDatagramIsDropped() throws Exception {
    try (var poller = open();
        var from = new DatagramSocket(at("127.0.0.1"))) {
      var ports = new ArrayList<UdpPort>();
      for (int i = 0; i < 300; i++) {
        ports.add(poller.bind(at("127.0.0.1"), 0, i));
      }
      var tooLong = UdpPoller.MAX_DATAGRAM + 1;
      from.send(new DatagramPacket(new byte[tooLong], tooLong, ports.getFirst().local()));
      for (var port : ports) {
        from.send(new DatagramPacket(new byte[] {1}, 1, port.local()));
      }
      List<Object> owners = new ArrayList<>();
      while (owners.size() < 300) {
        assertThat(poller.poll((port, _) -> owners.add(port.owner()), LONG)).isPositive();
      }
      assertThat(owners).doesNotHaveDuplicates();
      ports.forEach(UdpPort::close);
      poller.poll((_, _) -> {}, Duration.ZERO);
      assertThat(poller.ports()).isZero();
      poller.bind(ports.getFirst().local(), 0, "again");
    }
  }

  @Test
  void aTakenAddressIsABindException() throws Exception {
    try (var poller = open()) {
      var port = poller.bind(at("127.0.0.1"), 0, "first");
      assertThatThrownBy(() -> poller.bind(port.local(), 0, "second"))
          .isInstanceOf(BindException.class);
      assertThat(poller.ports()).isEqualTo(1);
    }
  }

  @Test
  void aWakeEndsTheWaitingAndACloseEndsItForGood() throws Exception {
    var poller = open();
    var port = poller.bind(at("127.0.0.1"), 0, "port");
    poller.wake();
    assertThat(poller.poll((_, _) -> {}, LONG)).isZero();
    // A signal may end one round early, as it may for the loops that poll.
    var waiting =
        new FutureTask<>(
            () -> {
              int packets = 0;
              while (packets == 0) {
                packets = poller.poll((_, _) -> {}, Duration.ofHours(1));
              }
              return packets;
            });
    Thread.ofPlatform().start(waiting);
    poller.close();
    poller.close();
    port.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    assertThat(poller.poll((_, _) -> {}, LONG)).isEqualTo(-1);
    assertThatThrownBy(() -> poller.bind(at("127.0.0.1"), 0, "late"))
        .isInstanceOf(IOException.class);
    new DatagramSocket(port.local()).close();
  }

  @Test
  void aCloseIsNeverMissed() throws Exception {
    for (int i = 0; i < 300; i++) {
      var poller = open();
      var waiting =
          new FutureTask<>(
              () -> {
                int packets = 0;
                while (packets == 0) {
                  packets = poller.poll((_, _) -> {}, Duration.ofHours(1));
                }
                return packets;
              });
      Thread.ofPlatform().start(waiting);
      if (i % 2 == 0) {
        Thread.yield();
      }
      var closing = new FutureTask<>(poller::close, null);
      Thread.ofPlatform().daemon().start(closing);
      assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
      closing.get(10, TimeUnit.SECONDS);
    }
  }
}
