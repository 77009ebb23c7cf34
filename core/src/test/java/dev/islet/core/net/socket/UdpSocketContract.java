package dev.islet.core.net.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.HashSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link UdpSocket} does, whatever it stands on. */
abstract class UdpSocketContract {
  static final Duration LONG = Duration.ofSeconds(10);

  abstract UdpSocket open(UdpOptions options) throws IOException;

  static InetSocketAddress at(String ip, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(ip), port);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void aDatagramArrivesWithItsSenderAndAnAnswerReachesIt(String ip) throws Exception {
    try (var server = open(UdpOptions.on(at(ip, 0)));
        var client = open(UdpOptions.on(at(ip, 0)))) {
      assertThat(server.local().getPort()).isPositive();
      client.send("hello".getBytes(UTF_8), server.local(), null);

      var batch = new DatagramBatch(4, 512);
      assertThat(server.receive(batch, LONG)).isEqualTo(1);
      assertThat(new String(batch.bytes(0), UTF_8)).isEqualTo("hello");
      assertThat(batch.remote(0)).isEqualTo(client.local());
      assertThat(batch.local(0)).isEqualTo(server.local());
      assertThat(batch.remotePort(0)).isEqualTo(client.local().getPort());
      var address = new byte[16];
      int length = batch.remoteAddress(0, address);
      assertThat(InetAddress.getByAddress(java.util.Arrays.copyOf(address, length)))
          .isEqualTo(InetAddress.getByName(ip));

      batch.payload(0).clear().put("HELLO, YOU".getBytes(UTF_8));
      batch.length(0, 10);
      assertThat(server.send(batch, 1)).isEqualTo(1);
      var answer = new DatagramBatch(1, 512);
      assertThat(client.receive(answer, LONG)).isEqualTo(1);
      assertThat(new String(answer.bytes(0), UTF_8)).isEqualTo("HELLO, YOU");
      assertThat(answer.remote(0)).isEqualTo(server.local());
    }
  }

  @Test
  void aDualStackSocketAnswersBothFamiliesAndShowsPlainIpv4Addresses() throws Exception {
    try (var server = open(UdpOptions.on(at("::", 0)))) {
      for (var ip : new String[] {"127.0.0.1", "::1"}) {
        try (var client = new DatagramSocket(at(ip, 0))) {
          client.setSoTimeout(10_000);
          client.send(new DatagramPacket(new byte[] {7}, 1, at(ip, server.local().getPort())));
          var batch = new DatagramBatch(2, 64);
          assertThat(server.receive(batch, LONG)).isEqualTo(1);
          assertThat(batch.remote(0)).isEqualTo(at(ip, client.getLocalPort()));
          assertThat(server.send(batch, 1)).isEqualTo(1);
          var answer = new DatagramPacket(new byte[10], 10);
          client.receive(answer);
          assertThat(answer.getSocketAddress()).isEqualTo(at(ip, server.local().getPort()));
        }
      }
    }
  }

  @Test
  void aWholeBatchIsSentAndReceivedInOrderAndEmptySlotsAreLeftOut() throws Exception {
    try (var server = open(UdpOptions.on(at("127.0.0.1", 0)));
        var client = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      var out = new DatagramBatch(10, 100);
      for (int i = 0; i < 10; i++) {
        out.clear(i);
        out.remote(i, server.local());
        out.bytes(i, i % 3 == 0 ? new byte[0] : new byte[] {(byte) i, 1, 2});
      }
      assertThat(client.send(out, 10)).isEqualTo(6);
      var in = new DatagramBatch(16, 100);
      var seen = new java.util.ArrayList<Integer>();
      while (seen.size() < 6) {
        int n = server.receive(in, LONG);
        for (int i = 0; i < n; i++) {
          assertThat(in.length(i)).isEqualTo(3);
          seen.add((int) in.payload(i).get());
        }
      }
      assertThat(seen).containsExactly(1, 2, 4, 5, 7, 8);
    }
  }

  @Test
  void aBatchServesManyRoundsOfGrowingAndShrinkingDatagrams() throws Exception {
    try (var server = open(UdpOptions.on(at("127.0.0.1", 0)));
        var client = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      var in = new DatagramBatch(3, 600);
      for (int round = 0; round < 500; round++) {
        int size = 1 + round * 37 % 600;
        client.send(new byte[size], server.local(), null);
        assertThat(server.receive(in, LONG)).isEqualTo(1);
        assertThat(in.length(0)).isEqualTo(size);
        in.length(0, 1 + size / 2);
        server.send(in, 1);
        assertThat(client.receive(in, LONG)).isEqualTo(1);
        assertThat(in.length(0)).isEqualTo(1 + size / 2);
      }
    }
  }

  @Test
  void oneRefusedDatagramDoesNotHoldUpTheOthers() throws Exception {
    try (var server = open(UdpOptions.on(at("127.0.0.1", 0)));
        var client = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      var out = new DatagramBatch(3, 100);
      for (int i = 0; i < 3; i++) {
        out.clear(i);
        out.remote(i, server.local());
        out.bytes(i, new byte[] {(byte) i});
      }
      out.remote(0, at("255.255.255.255", 9)); // without SO_BROADCAST: refused
      out.remote(1, at("::1", 9)); // of a family that the socket does not speak
      assertThat(client.send(out, 3)).isEqualTo(1);
      var in = new DatagramBatch(4, 100);
      assertThat(server.receive(in, LONG)).isEqualTo(1);
      assertThat(in.bytes(0)).containsExactly(2);
    }
  }

  @Test
  void aTimeOutGivesZeroAfterAboutThatTime() throws Exception {
    try (var server = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      var batch = new DatagramBatch(1, 64);
      assertThat(server.receive(batch, Duration.ZERO)).isZero();
      long before = System.nanoTime();
      assertThat(server.receive(batch, Duration.ofMillis(60))).isZero();
      assertThat(System.nanoTime() - before).isBetween(50_000_000L, 5_000_000_000L);
      assertThat(server.receive(batch, Duration.ofNanos(1))).isZero();
    }
  }

  @Test
  void closingWakesAReceiverThatWaitsAndFreesThePort() throws Exception {
    var server = open(UdpOptions.on(at("127.0.0.1", 0)));
    var address = server.local();
    var receiver =
        new FutureTask<>(() -> server.receive(new DatagramBatch(1, 64), LONG.plus(LONG)));
    var thread = Thread.ofPlatform().name("wait-udp").start(receiver);
    NativeThreads.awaitAsleep("wait-udp");
    long before = System.nanoTime();
    server.close();
    assertThat(receiver.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    assertThat(System.nanoTime() - before).isLessThan(5_000_000_000L);
    thread.join();
    open(UdpOptions.on(address)).close();
    server.close();
    assertThat(server.receive(new DatagramBatch(1, 64), LONG)).isEqualTo(-1);
    assertThatThrownBy(() -> server.send(new byte[1], address, null))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> server.send(new DatagramBatch(1, 1), 1))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void closingRacesWithReceivingAndSendingWithoutHarm() throws Exception {
    for (int round = 0; round < 100; round++) {
      var server = open(UdpOptions.on(at("127.0.0.1", 0)));
      var started = new CountDownLatch(2);
      var receiver =
          new FutureTask<>(
              () -> {
                var batch = new DatagramBatch(2, 64);
                started.countDown();
                int n;
                do {
                  n = server.receive(batch, LONG);
                } while (n >= 0);
                return n;
              });
      var sender =
          new FutureTask<>(
              () -> {
                started.countDown();
                try {
                  while (true) {
                    server.send(new byte[] {1}, server.local(), null);
                  }
                } catch (ClosedChannelException e) {
                  return true;
                }
              });
      Thread.ofPlatform().start(receiver);
      Thread.ofPlatform().start(sender);
      started.await();
      server.close();
      assertThat(receiver.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
      assertThat(sender.get(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aTakenPortIsABindException() throws Exception {
    try (var first = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      assertThatThrownBy(() -> open(UdpOptions.on(first.local())))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void anAddressThatIsNotOursIsABindException() {
    assertThatThrownBy(() -> open(UdpOptions.on(at("192.0.2.1", 0))))
        .isInstanceOf(BindException.class)
        .hasMessageContaining("annot assign requested address");
  }

  @Test
  void twoSocketsWithReusePortShareAPortAndEachFlowStaysWithOne() throws Exception {
    var options = UdpOptions.on(at("127.0.0.1", 0)).withReusePort(true);
    try (var first = open(options);
        var second = open(options.withBind(first.local()))) {
      int clients = 64;
      int each = 20;
      var counted = new FutureTask[2];
      var total = new CountDownLatch(clients * each);
      var sockets = new UdpSocket[] {first, second};
      for (int s = 0; s < 2; s++) {
        var socket = sockets[s];
        counted[s] =
            new FutureTask<>(
                () -> {
                  var ports = new HashSet<Integer>();
                  var batch = new DatagramBatch(8, 64);
                  for (int n; (n = socket.receive(batch, LONG)) >= 0; ) {
                    for (int i = 0; i < n; i++) {
                      ports.add(batch.remotePort(i));
                      total.countDown();
                    }
                    socket.send(batch, n);
                  }
                  return ports;
                });
        Thread.ofPlatform().start(counted[s]);
      }
      var answer = new DatagramBatch(8, 64);
      for (int c = 0; c < clients; c++) {
        try (var client = open(UdpOptions.on(at("127.0.0.1", 0)))) {
          for (int i = 0; i < each; i++) {
            client.send(new byte[] {1}, first.local(), null);
            assertThat(client.receive(answer, LONG)).isEqualTo(1);
          }
        }
      }
      assertThat(total.await(10, TimeUnit.SECONDS)).isTrue();
      first.close();
      second.close();
      for (var each2 : counted) {
        assertThat((HashSet<?>) each2.get(10, TimeUnit.SECONDS)).isNotEmpty();
      }
    }
  }

  @Test
  void multicastReachesWhoJoinedUntilTheyLeave() throws Exception {
    var lo = Nics.loopback().orElseThrow();
    var group = InetAddress.getByName("239.77.1.2");
    try (var member = open(UdpOptions.on(at("0.0.0.0", 0)).withReuseAddress(true));
        var sender =
            open(UdpOptions.on(at("127.0.0.1", 0)).withMulticastNic(lo).withMulticastTtl(1))) {
      member.join(group, lo);
      var to = new InetSocketAddress(group, member.local().getPort());
      sender.send(new byte[] {42}, to, null, lo);
      var batch = new DatagramBatch(1, 64);
      assertThat(member.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.bytes(0)).containsExactly(42);
      member.leave(group, lo);
      sender.send(new byte[] {43}, to, null, lo);
      sender.send(new byte[] {44}, at("127.0.0.1", member.local().getPort()), null);
      assertThat(member.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.bytes(0)).containsExactly(44);
      assertThatThrownBy(() -> member.join(InetAddress.getByName("10.0.0.1"), lo))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
