package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.service.StartException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Secondaries hear of a start when they can be answered, not before (RFC 1996 section 4.7). */
class NotifyAtStartTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static DatagramSocket socket() throws Exception {
    return new DatagramSocket(new InetSocketAddress(HERE, 0));
  }

  private static DnsServer server(int port, DatagramSocket secondary) {
    return DnsServer.create(
        c ->
            c.listen("127.0.0.1", port)
                .zone(
                    "home.arpa",
                    z ->
                        z.a("nas", "192.0.2.1").notifyTo("127.0.0.1:" + secondary.getLocalPort())));
  }

  @Test
  void a_secondary_that_asks_at_once_is_answered() throws Exception {
    try (var secondary = socket();
        var server = server(0, secondary)) {
      server.start();
      secondary.setSoTimeout((int) PeerServer.PATIENCE.toMillis());
      var notice = new DatagramPacket(new byte[512], 512);
      secondary.receive(notice);
      var said = new Message(Arrays.copyOf(notice.getData(), notice.getLength()));
      assertThat(said.getHeader().getOpcode()).isEqualTo(Opcode.NOTIFY);
      var question = Record.newRecord(Name.fromString("home.arpa."), Type.SOA, DClass.IN);
      var bytes = Message.newQuery(question).toWire();
      secondary.send(
          new DatagramPacket(bytes, bytes.length, server.endpoints().getFirst().address()));
      secondary.receive(notice);
      var answer = new Message(Arrays.copyOf(notice.getData(), notice.getLength()));
      assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
      assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
    }
  }

  @Test
  void a_start_that_fails_for_a_taken_port_tells_nobody() throws Exception {
    try (var secondary = socket();
        var taken = new ServerSocket(0, 1, HERE);
        var server = server(taken.getLocalPort(), secondary)) {
      assertThatThrownBy(server::start).isInstanceOf(StartException.class);
      secondary.setSoTimeout(1); // what was sent over loopback is here already
      var nothing = new DatagramPacket(new byte[512], 512);
      assertThatThrownBy(() -> secondary.receive(nothing))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }
}
