package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.NetworkNamespaces.A;
import static dev.islet.core.net.socket.NetworkNamespaces.B;
import static dev.islet.core.net.socket.NetworkNamespaces.in;
import static dev.islet.core.net.socket.NetworkNamespaces.run;
import static dev.islet.core.net.socket.UdpSocketContract.LONG;
import static dev.islet.core.net.socket.UdpSocketContract.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.net.IpPackets;
import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The sockets that need a cable of their own, between two network namespaces. */
class NamespaceTest {
  private static final MacAddress MAC_A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:0b");
  private static final Duration MOMENT = Duration.ofMillis(100);

  private static NetworkNamespaces namespaces;
  private static Nic left;
  private static Nic right;

  @BeforeAll
  static void makeCable() throws Exception {
    namespaces = NetworkNamespaces.create();
    run("ip -n " + A + " addr add 10.77.0.1/24 brd + dev left");
    left = in(A, () -> Nics.named("left").orElseThrow());
    right = in(B, () -> Nics.named("right").orElseThrow());
  }

  @AfterAll
  static void removeCable() throws Exception {
    if (namespaces != null) {
      namespaces.close();
    }
  }

  @Test
  void interfacesAreReadAsIpShowsThem() throws Exception {
    run("ip -n " + B + " link add sleeping type veth peer name dozing");
    run("ip -n " + B + " link set sleeping mtu 1300");
    try {
      assertThat(left.mac()).isEqualTo(MAC_A);
      assertThat(left.mtu()).isEqualTo(1500);
      assertThat(left.up()).isTrue();
      assertThat(left.addresses())
          .contains(new Nic.NicAddress(InetAddress.getByName("10.77.0.1"), 24))
          .anyMatch(a -> a.address().isLinkLocalAddress() && a.prefixLength() == 64);
      var all = in(B, Nics::all);
      assertThat(all)
          .extracting(Nic::name)
          .containsExactlyInAnyOrder("lo", "right", "sleeping", "dozing");
      var sleeping = in(B, () -> Nics.named("sleeping")).orElseThrow();
      assertThat(sleeping.up()).isFalse();
      assertThat(sleeping.mtu()).isEqualTo(1300);
      assertThat(sleeping.addresses()).isEmpty();
      assertThat(all.get(0).mac()).isEqualTo(new MacAddress(0));
      assertThat(in(B, () -> Nics.indexed(right.index())))
          .hasValueSatisfying(nic -> assertThat(nic.name()).isEqualTo("right"));
      assertThat(in(B, () -> Nics.named("nosuch"))).isEmpty();
    } finally {
      run("ip -n " + B + " link del sleeping");
    }
  }

  @Test
  void aMachineWithoutAddressIsHeardAndAnsweredByItsLinkLayerAddress() throws Exception {
    var discover =
        IpPackets.udp(at("0.0.0.0", 68), at("255.255.255.255", 67), 64, "DISCOVER".getBytes(UTF_8));
    var noise = IpPackets.udp(at("0.0.0.0", 68), at("255.255.255.255", 69), 64, new byte[300]);
    var offer =
        IpPackets.udp(at("10.77.0.1", 67), at("10.77.0.50", 68), 64, "OFFER".getBytes(UTF_8));
    try (var server =
            in(A, () -> PacketSocket.open(left, PacketSocket.IPV4, PacketFilter.udpPort(67)));
        var client =
            in(B, () -> PacketSocket.open(right, PacketSocket.IPV4, PacketFilter.udpPort(68)))) {
      assertThat(run("ip -n " + A + " -4 neigh")).isEmpty();
      client.send(MacAddress.BROADCAST, noise);
      client.send(MacAddress.BROADCAST, discover);
      var room = new byte[1500];
      int n = server.receive(room, LONG);
      assertThat(Arrays.copyOf(room, n)).isEqualTo(discover);
      assertThat(server.source()).isEqualTo(MAC_B);
      assertThat(server.checksumReady()).isTrue();

      server.send(server.source(), offer);
      n = client.receive(room, LONG);
      assertThat(Arrays.copyOf(room, n)).isEqualTo(offer);
      assertThat(client.source()).isEqualTo(MAC_A);
      assertThat(run("ip -n " + A + " -4 neigh")).isEmpty();
      assertThat(server.receive(room, MOMENT)).isZero();

      client.send(MAC_A, discover);
      assertThat(server.receive(new byte[20], LONG)).isEqualTo(20);
    }
  }

  @Test
  void filtersHoldForIpv6AndForFragments() throws Exception {
    try (var six =
            in(A, () -> PacketSocket.open(left, PacketSocket.IPV6, PacketFilter.udpPort(547)));
        var four =
            in(A, () -> PacketSocket.open(left, PacketSocket.IPV4, PacketFilter.udpPort(67)));
        var sender6 = in(B, () -> PacketSocket.open(right, PacketSocket.IPV6));
        var sender4 = in(B, () -> PacketSocket.open(right, PacketSocket.IPV4))) {
      var room = new byte[1500];
      sender6.send(MAC_A, IpPackets.udp(at("fe80::b", 546), at("fe80::a", 548), 1, new byte[9]));
      sender6.send(MAC_A, IpPackets.udp(at("fe80::b", 546), at("fe80::a", 547), 1, new byte[10]));
      assertThat(six.receive(room, LONG)).isEqualTo(58);
      var fragment = IpPackets.udp(at("0.0.0.0", 68), at("10.77.0.1", 67), 64, new byte[11]);
      fragment[6] = 0x20; // more fragments
      sender4.send(MAC_A, fragment);
      var tcp = IpPackets.udp(at("0.0.0.0", 68), at("10.77.0.1", 67), 64, new byte[12]);
      tcp[9] = 6;
      sender4.send(MAC_A, tcp);
      sender4.send(MAC_A, IpPackets.udp(at("0.0.0.0", 68), at("10.77.0.1", 67), 64, new byte[13]));
      assertThat(four.receive(room, LONG)).isEqualTo(41);
    }
  }

  @Test
  void closingAPacketSocketWakesItsReceiver() throws Exception {
    var socket = in(A, () -> PacketSocket.open(left, PacketSocket.IPV4, PacketFilter.udpPort(1)));
    var receiver = new FutureTask<>(() -> socket.receive(new byte[100], LONG.multipliedBy(6)));
    Thread.ofPlatform().name("wait-packet").start(receiver);
    NativeThreads.awaitAsleep("wait-packet");
    socket.close();
    assertThat(receiver.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
    assertThat(socket.isOpen()).isFalse();
    assertThatThrownBy(() -> socket.send(MAC_A, new byte[20]))
        .isInstanceOf(java.nio.channels.ClosedChannelException.class);
  }

  @Test
  void aBroadcastIsAnsweredFromAnOwnAddressOverTheInterfaceItCameBy() throws Exception {
    var options = UdpOptions.on(at("::", 5067)).withBroadcast(true);
    try (var server = in(A, () -> UdpSocket.open(options));
        var client = in(B, () -> PacketSocket.open(right, PacketSocket.IPV4))) {
      var batch = new DatagramBatch(1, 600);
      var room = new byte[1500];
      for (var asked : new String[] {"255.255.255.255", "10.77.0.255"}) {
        client.send(
            MacAddress.BROADCAST,
            IpPackets.udp(at("10.77.0.9", 5068), at(asked, 5067), 64, new byte[] {1}));
        assertThat(server.receive(batch, LONG)).isEqualTo(1);
        assertThat(batch.local(0)).isEqualTo(at(asked, 5067));
        assertThat(batch.nic(0)).isEqualTo(left.index());
        batch.remote(0, at("255.255.255.255", 5068));
        assertThat(server.send(batch, 1)).isEqualTo(1);
        int n = client.receive(room, LONG);
        assertThat(n).isEqualTo(29);
        assertThat(InetAddress.getByAddress(Arrays.copyOfRange(room, 12, 16)).getHostAddress())
            .isEqualTo("10.77.0.1");
        // The sender's card was to fill in the checksum, and a virtual cable has none.
        assertThat(client.checksumReady()).isFalse();
      }
    }
  }

  @Test
  void datagramsLeaveInOnePieceUntilALinkIsTooNarrow() throws Exception {
    run("ip -n " + A + " neigh replace 10.77.0.9 lladdr " + MAC_B + " dev left");
    try (var server = in(A, () -> UdpSocket.open(UdpOptions.on(at("10.77.0.1", 0))));
        var client = in(B, () -> PacketSocket.open(right, PacketSocket.IPV4))) {
      server.forbidFragments();
      var room = new byte[2000];
      var to = at("10.77.0.9", 9);
      server.send(new byte[1400], to, null);
      assertThat(client.receive(room, LONG)).isEqualTo(1428);
      assertThat(room[4] | room[5]).as("no number, which only fragments need").isZero();
      assertThat(room[6]).as("DF").isEqualTo((byte) 0x40);

      var batch = new DatagramBatch(2, 2000);
      batch.clear(0);
      batch.bytes(0, new byte[1900]);
      batch.remote(0, to);
      assertThat(server.send(batch, 1)).isEqualTo(1);
      assertThat(client.receive(room, LONG)).isLessThanOrEqualTo(1500);
      assertThat(room[6] & 0x60).as("MF, not DF").isEqualTo(0x20);
      assertThat(client.receive(room, LONG)).isLessThan(500);
      server.send(new byte[1900], to, null);
      assertThat(client.receive(room, LONG)).isLessThanOrEqualTo(1500);
    } finally {
      run("ip -n " + A + " neigh del 10.77.0.9 dev left");
    }
  }

  @Test
  void ipv6MulticastAndLinkLocalWorkByInterface() throws Exception {
    var group = InetAddress.getByName("ff02::1:2");
    try (var server = in(A, () -> UdpSocket.open(UdpOptions.on(at("::", 5547))));
        var client =
            in(B, () -> UdpSocket.open(UdpOptions.on(at("::", 5546)).withMulticastNic(right)))) {
      server.join(group, left);
      client.send(new byte[] {6}, new InetSocketAddress(group, 5547), null);
      var batch = new DatagramBatch(1, 600);
      assertThat(server.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.local(0).getAddress()).isEqualTo(group);
      assertThat(batch.nic(0)).isEqualTo(left.index());
      assertThat(batch.remote(0).getAddress().isLinkLocalAddress()).isTrue();
      assertThat(server.send(batch, 1)).isEqualTo(1);
      assertThat(client.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.bytes(0)).containsExactly(6);
      assertThat(batch.remote(0).getAddress().isLinkLocalAddress()).isTrue();

      // Asked on the link-local address, answered from it.
      assertThat(client.send(batch, 1)).isEqualTo(1);
      var second = new DatagramBatch(1, 600);
      assertThat(server.receive(second, LONG)).isEqualTo(1);
      assertThat(second.local(0).getAddress().isLinkLocalAddress()).isTrue();
      assertThat(server.send(second, 1)).isEqualTo(1);
      assertThat(client.receive(batch, LONG)).isEqualTo(1);
      assertThat(batch.remote(0).getAddress()).isEqualTo(second.local(0).getAddress());
    }
  }

  @Test
  void ospfPacketsTravelOneHopAsNetworkControl() throws Exception {
    var group = InetAddress.getByName("224.0.0.5");
    try (var a = in(A, () -> RawIpSocket.open(89, left));
        var b = in(B, () -> RawIpSocket.open(89, right));
        var tap = in(B, () -> PacketSocket.open(right, PacketSocket.IPV4))) {
      a.join(group);
      b.join(group);
      a.send("hello".getBytes(UTF_8), group);
      var got = b.receive(LONG).orElseThrow();
      assertThat(new String(got.payload(), UTF_8)).isEqualTo("hello");
      assertThat(got.source()).isEqualTo(InetAddress.getByName("10.77.0.1"));
      assertThat(got.destination()).isEqualTo(group);
      assertThat(got.ttl()).isEqualTo(1);
      var header = new byte[100];
      assertThat(tap.receive(header, LONG)).isEqualTo(25);
      assertThat(header[1] & 0xFF).as("traffic class").isEqualTo(0xC0);
      assertThat(header[8]).as("TTL").isEqualTo((byte) 1);
      assertThat(IpPackets.checksum(header, 0, 20)).as("header checksum").isZero();
      assertThat(a.receive(MOMENT)).as("own multicast is not seen").isEmpty();

      b.leave(group);
      a.send("gone".getBytes(UTF_8), group);
      assertThat(b.receive(MOMENT)).isEmpty();
    }
  }

  @Test
  void ospfForIpv6HasItsChecksumFilledAndChecked() throws Exception {
    var group = InetAddress.getByName("ff02::5");
    try (var a = in(A, () -> RawIpSocket.open(89, StandardProtocolFamily.INET6, left));
        var b = in(B, () -> RawIpSocket.open(89, StandardProtocolFamily.INET6, right))) {
      a.checksumAt(12);
      b.checksumAt(12);
      b.join(group);
      a.send(new byte[16], group);
      var got = b.receive(LONG).orElseThrow();
      assertThat(got.payload()).hasSize(16);
      assertThat(got.payload()[12] << 8 | got.payload()[13]).isNotZero();
      assertThat(got.destination()).isEqualTo(group);
      assertThat(got.ttl()).isEqualTo(1);
      assertThat(got.source().isLinkLocalAddress()).isTrue();
      b.send(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0}, got.source());
      assertThat(a.receive(LONG).orElseThrow().destination()).isEqualTo(got.source());
    }
  }

  @Test
  void closingARawSocketWakesItsReceiver() throws Exception {
    var socket = in(A, () -> RawIpSocket.open(89, left));
    var receiver = new FutureTask<>(() -> socket.receive(LONG.multipliedBy(6)));
    Thread.ofPlatform().name("wait-raw").start(receiver);
    NativeThreads.awaitAsleep("wait-raw");
    socket.close();
    assertThat(receiver.get(10, TimeUnit.SECONDS)).isEmpty();
    assertThat(socket.isOpen()).isFalse();
  }
}
