package dev.islet.dhcp;

import static dev.islet.dhcp.model.MessageType.ACK;
import static dev.islet.dhcp.model.MessageType.OFFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.model.DhcpEvent;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Message;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayModeTest {
  private static final String MAC = "02:00:00:00:00:01";

  static DhcpServer server(Consumer<Setup> more) {
    return DhcpServer.create(
        c -> {
          c.listen("127.0.0.1", 0)
              .subnet(
                  "192.168.7.0/24",
                  s ->
                      s.pool("192.168.7.100", "192.168.7.200")
                          .router("192.168.7.1")
                          .lease(Duration.ofHours(8))
                          .reserve("b8:27:eb:00:00:01", "192.168.7.10"));
          more.accept(c);
        });
  }

  static InetSocketAddress port(DhcpServer server) {
    return server.endpoints().getFirst().address();
  }

  static Optional<Message> ask(DatagramSocket socket, InetSocketAddress server, byte[] bytes)
      throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, server));
    return hear(socket);
  }

  static Optional<Message> hear(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[2000], 2000);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
    var answer = Decoder.decode(Arrays.copyOf(packet.getData(), packet.getLength()));
    assertThat(answer).isInstanceOf(Decoded.Ok.class);
    return Optional.of(((Decoded.Ok) answer).message());
  }

  static DatagramSocket client() throws IOException {
    var socket = new DatagramSocket();
    socket.setSoTimeout(3_000);
    return socket;
  }

  @Test
  void a_relayed_client_gets_its_address_and_keeps_it_over_a_restart(@TempDir Path folder)
      throws Exception {
    var file = folder.resolve("leases.log");
    var events = new LinkedBlockingQueue<DhcpEvent>();
    Message ack;
    try (var server = server(c -> c.leases(file).onTrace(events::add)).start();
        var socket = client()) {
      var offer =
          ask(socket, port(server), Ask.discover(MAC).relay("192.168.7.1").wants(1, 3, 6).bytes())
              .orElseThrow();
      assertThat(offer.options().type()).contains(OFFER);
      assertThat(offer.yiaddr().toString()).isEqualTo("192.168.7.100");
      ack =
          ask(
                  socket,
                  port(server),
                  Ask.request(MAC)
                      .relay("192.168.7.1")
                      .wish(offer.yiaddr())
                      .server("127.0.0.1")
                      .option(Code.RELAY_INFO, Octets.parse("0104aabbccdd"))
                      .bytes())
              .orElseThrow();
      assertThat(ack.options().type()).contains(ACK);
      assertThat(ack.options().get(Code.RELAY_INFO)).contains(Octets.parse("0104aabbccdd"));
      assertThat(ack.options().number32(Code.LEASE_TIME)).contains(28_800L);
      assertThat(events.poll(5, TimeUnit.SECONDS)).isInstanceOf(DhcpEvent.Granted.class);
    }
    try (var server = server(c -> c.leases(file)).start();
        var socket = client()) {
      var again =
          ask(
                  socket,
                  port(server),
                  Ask.request(MAC).relay("192.168.7.1").wish(ack.yiaddr()).bytes())
              .orElseThrow();
      assertThat(again.options().type()).as("INIT-REBOOT").contains(ACK);
      assertThat(again.yiaddr()).isEqualTo(ack.yiaddr());
      var other =
          ask(socket, port(server), Ask.discover("02:00:00:00:00:02").relay("192.168.7.1").bytes());
      assertThat(other.orElseThrow().yiaddr()).isNotEqualTo(ack.yiaddr());
    }
  }

  @Test
  void leases_of_another_server_are_taken_over_once(@TempDir Path folder) throws Exception {
    var foreign = folder.resolve("dnsmasq.leases");
    java.nio.file.Files.writeString(foreign, "0 " + MAC + " 192.168.7.150 nas *\n");
    var file = folder.resolve("leases.log");
    try (var server = server(c -> c.leases(file).importLeases(foreign)).start();
        var socket = client()) {
      var ack =
          ask(
                  socket,
                  port(server),
                  Ask.request(MAC).relay("192.168.7.1").wish("192.168.7.150").bytes())
              .orElseThrow();
      assertThat(ack.options().type()).as("INIT-REBOOT").contains(ACK);
    }
    java.nio.file.Files.writeString(foreign, "0 02:00:00:00:00:09 192.168.7.150 x *\n");
    try (var server = server(c -> c.leases(file).importLeases(foreign)).start();
        var socket = client()) {
      var ack =
          ask(
                  socket,
                  port(server),
                  Ask.request(MAC).relay("192.168.7.1").wish("192.168.7.150").bytes())
              .orElseThrow();
      assertThat(ack.options().type()).as("ours counts").contains(ACK);
    }
  }

  @Test
  void ten_thousand_mutations_leave_it_answering() throws Exception {
    var random = new Random(20261124);
    try (var server =
            server(c -> c.subnet("10.0.0.0/16", s -> s.pool("10.0.0.1", "10.0.255.254"))).start();
        var socket = client()) {
      for (int i = 0; i < 10_000; i++) {
        var type = MessageType.values()[random.nextInt(MessageType.values().length)];
        var bytes =
            Ask.of(type, "02:00:00:00:%02x:%02x".formatted(random.nextInt(256), random.nextInt(8)))
                .relay(random.nextBoolean() ? "192.168.7.1" : "10.0.0.1")
                .wish("10.0.0." + random.nextInt(256))
                .name("x".repeat(random.nextInt(200)))
                .option(Code.FQDN, Octets.parse("0500000378797a00"))
                .option(Code.RELAY_INFO, Octets.parse("0104aabbccdd0504c0a80700"))
                .wants(1, 3, 6, 15, 51, 121, 81, 12)
                .bytes();
        for (int n = random.nextInt(6); n >= 0; n--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        var cut =
            random.nextInt(10) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
        socket.send(new DatagramPacket(cut, cut.length, port(server)));
      }
      // The answers to the above are still coming: only this one has this transaction id.
      int xid = 0x7777_7777;
      var answer = Optional.<Message>empty();
      for (int tries = 0; tries < 5 && answer.isEmpty(); tries++) {
        var bytes = Ask.discover(MAC).relay("10.0.0.1").xid(xid).bytes();
        socket.send(new DatagramPacket(bytes, bytes.length, port(server)));
        for (int i = 0; i < 20_000 && answer.isEmpty(); i++) {
          var heard = hear(socket);
          if (heard.isEmpty()) {
            break;
          }
          answer = heard.filter(m -> m.xid() == xid);
        }
      }
      assertThat(answer).as("an answer after the storm").isPresent();
      assertThat(server.failures()).as("exceptions in the engine's loop").isZero();
    }
  }
}
