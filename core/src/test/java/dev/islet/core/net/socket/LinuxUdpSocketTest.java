package dev.islet.core.net.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledOnOs(OS.LINUX)
class LinuxUdpSocketTest extends UdpSocketContract {
  @Override
  UdpSocket open(UdpOptions options) throws IOException {
    return LinuxUdpSocket.open(options);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0,127.0.0.3", "::,127.0.0.3", "::,127.0.0.1", "::,::1"})
  void theAnswerLeavesFromTheAddressThatWasAsked(String bind, String asked) throws Exception {
    try (var server = open(UdpOptions.on(at(bind, 0)));
        var client = new DatagramSocket(at(asked.contains(":") ? "::1" : "127.0.0.9", 0))) {
      client.setSoTimeout(10_000);
      var to = at(asked, server.local().getPort());
      client.send(new DatagramPacket(new byte[] {1}, 1, to));
      var batch = new DatagramBatch(1, 64);
      assertThat(server.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.local(0)).isEqualTo(to);
      assertThat(batch.nic(0)).isEqualTo(Nics.loopback().orElseThrow().index());
      assertThat(server.send(batch, 1)).isEqualTo(1);
      assertThat(from(client)).isEqualTo(to);

      server.send(
          new byte[] {2}, (InetSocketAddress) client.getLocalSocketAddress(), to.getAddress());
      assertThat(from(client)).isEqualTo(to);
    }
  }

  @Test
  void theSourceOfAnUnaskedDatagramCanBeSet() throws Exception {
    try (var server = open(UdpOptions.on(at("::", 0)));
        var client = new DatagramSocket(at("127.0.0.1", 0))) {
      client.setSoTimeout(10_000);
      var batch = new DatagramBatch(2, 64);
      batch.clear(0);
      batch.bytes(0, new byte[] {1});
      batch.remote(0, (InetSocketAddress) client.getLocalSocketAddress());
      batch.local(0, InetAddress.getByName("127.0.0.44"));
      assertThat(server.send(batch, 1)).isEqualTo(1);
      assertThat(from(client)).isEqualTo(at("127.0.0.44", server.local().getPort()));
      batch.local(0, null);
      assertThat(server.send(batch, 1)).isEqualTo(1);
      assertThat(from(client)).isEqualTo(at("127.0.0.1", server.local().getPort()));
      assertThatThrownBy(
              () -> server.send(new byte[1], at("127.0.0.1", 9), InetAddress.getByName("::1")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  server.send(new byte[1], at("127.0.0.1", 9), InetAddress.getByName("192.0.2.1")))
          .isInstanceOf(IOException.class);
    }
  }

  private static InetSocketAddress from(DatagramSocket client) throws IOException {
    var answer = new DatagramPacket(new byte[64], 64);
    client.receive(answer);
    return (InetSocketAddress) answer.getSocketAddress();
  }

  @Test
  void aDatagramLongerThanASlotIsCutAndSaysSo() throws Exception {
    try (var server = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      server.send(new byte[100], server.local(), null);
      server.send(new byte[64], server.local(), null);
      var batch = new DatagramBatch(2, 64);
      assertThat(server.receive(batch, LONG)).isEqualTo(2);
      assertThat(batch.truncated(0)).isTrue();
      assertThat(batch.length(0)).isEqualTo(64);
      assertThat(batch.truncated(1)).isFalse();
    }
  }

  @Test
  void optionsReachTheKernel() throws Exception {
    var lo = Nics.loopback().orElseThrow();
    var options =
        UdpOptions.on(at("127.0.0.1", 0))
            .withDevice("lo")
            .withTtl(77)
            .withMulticastTtl(5)
            .withMulticastLoop(false)
            .withMulticastNic(lo)
            .withTos(0xB8)
            .withBroadcast(true)
            .withReceiveBuffer(1 << 18)
            .withSendBuffer(1 << 18)
            .withReceiveTtl(true);
    try (var socket = open(options);
        var six = open(options.withBind(at("::", 0)).withIpv6Only(true).withReuseAddress(true));
        var other = open(UdpOptions.on(at("0.0.0.0", six.local().getPort())))) {
      socket.send(new byte[] {1}, socket.local(), null);
      var batch = new DatagramBatch(1, 64);
      assertThat(socket.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.ttl(0)).isEqualTo(77);
      six.send(new byte[] {1}, at("::1", six.local().getPort()), null);
      assertThat(six.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.ttl(0)).isEqualTo(77);
      assertThat(other.local().getPort()).isEqualTo(six.local().getPort());
    }
  }

  @Test
  void freebindTakesAnAddressThatIsNotThereYet() throws Exception {
    for (var ip : new String[] {"192.0.2.1", "2001:db8::1"}) {
      try (var socket = open(UdpOptions.on(at(ip, 0)).withFreebind(true))) {
        assertThat(socket.local().getAddress()).isEqualTo(InetAddress.getByName(ip));
      }
    }
  }

  @Test
  void anUnknownInterfaceIsNamedInTheError() {
    assertThatThrownBy(() -> open(UdpOptions.on(at("127.0.0.1", 0)).withDevice("nosuch0")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nosuch0")
        .hasMessageContaining("No such device");
  }

  @Test
  void aPrivilegedPortWithoutPrivilegeReadsAsPermissionDenied() {
    assertThat(Libc.exception("bind", Libc.EACCES))
        .isInstanceOf(java.net.BindException.class)
        .hasMessageContaining("Permission denied");
  }

  @Test
  void receivingAndAnsweringAllocatesNothingPerPacket() throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var server = open(UdpOptions.on(at("127.0.0.1", 0)))) {
      var batch = new DatagramBatch(8, 128);
      server.send(new byte[100], server.local(), null);
      // Warm enough for the compiler to have taken the boxes away, then measure.
      long spent = 0;
      for (int round = 0; round < 20 && (round < 3 || spent > 20_000); round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 5_000; i++) {
          int n = server.receive(batch, LONG);
          batch.payload(0).putInt(0, i);
          server.send(batch, n);
        }
        spent = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(spent).as("bytes for 5000 packets").isLessThan(20_000);
    }
  }
}
