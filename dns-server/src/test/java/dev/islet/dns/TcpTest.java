package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

class TcpTest {
  private static DnsServer serve(int connections, int perClient, Duration idle, String... forward) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .tcp(new DnsConfig.TcpConfig(connections, perClient, 8, idle))
                    .forward(forward)
                    .zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
        .start();
  }

  private static byte[] query(int id, String name) {
    var query = Asker.query(name, "A");
    query.getHeader().setID(id);
    return query.toWire();
  }

  @Test
  void many_questions_go_down_one_connection_without_waiting() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(5));
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      for (int i = 0; i < 500; i++) {
        stream.send(query(i, "nas.home.arpa."));
      }
      var ids = new HashSet<Integer>();
      for (int i = 0; i < 500; i++) {
        ids.add(new Message(stream.receive()).getHeader().getID());
      }
      assertThat(ids).hasSize(500);
    }
  }

  @Test
  void a_slow_answer_does_not_hold_up_the_others() throws IOException {
    try (var upstream = new FakeUpstream();
        var dns = serve(10, 10, Duration.ofSeconds(5), upstream.address());
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      stream.send(query(1, "silent.far.example."));
      stream.send(query(2, "nas.home.arpa."));
      assertThat(new Message(stream.receive()).getHeader().getID()).isEqualTo(2);
      stream.socket.setSoTimeout(8_000);
      assertThat(new Message(stream.receive()).getHeader().getID()).isEqualTo(1);
    }
  }

  @Test
  void a_message_may_come_byte_by_byte() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(5));
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      var message = query(77, "nas.home.arpa.");
      stream.raw(new byte[] {0});
      stream.raw(new byte[] {(byte) message.length});
      for (var b : message) {
        stream.raw(new byte[] {b});
      }
      assertThat(new Message(stream.receive()).getHeader().getID()).isEqualTo(77);
    }
  }

  @Test
  void all_is_answered_after_the_client_has_said_all() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(5));
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      for (int i = 0; i < 20; i++) {
        stream.send(query(i, "nas.home.arpa."));
      }
      stream.socket.shutdownOutput();
      for (int i = 0; i < 20; i++) {
        assertThat(new Message(stream.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
      }
      assertThat(stream.ended()).isTrue();
    }
  }

  @Test
  void idle_and_dribbling_connections_are_closed() throws IOException {
    try (var dns = serve(10, 10, Duration.ofMillis(300));
        var asker = Asker.of(dns);
        var idle = asker.stream();
        var half = asker.stream()) {
      half.raw(new byte[] {0, 40, 1, 2, 3});
      assertThat(idle.ended()).isTrue();
      assertThat(half.ended()).isTrue();
    }
  }

  @Test
  void a_client_and_all_clients_have_a_limit() throws IOException {
    try (var dns = serve(3, 2, Duration.ofSeconds(5));
        var asker = Asker.of(dns);
        var one = asker.stream();
        var two = asker.stream()) {
      for (var stream : new Asker.Stream[] {one, two}) {
        stream.send(query(1, "nas.home.arpa."));
        stream.receive();
      }
      try (var three = asker.stream()) {
        assertThat(closed(three)).isTrue();
      }
      one.send(query(2, "nas.home.arpa."));
      assertThat(new Message(one.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  private static boolean closed(Asker.Stream stream) {
    try {
      return stream.ended();
    } catch (IOException e) {
      return true; // a reset is an end as well
    }
  }

  /** Whether the other side closes, orderly or not, after whatever it still says. */
  static boolean ended(java.net.Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true; // a reset is an end as well
    }
  }

  @Test
  void silence_keeps_the_connection() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(5));
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      for (int i = 0; i < 50; i++) {
        stream.send(new byte[] {1, 2, 3}); // no header, no answer, and no place in the pipeline
      }
      stream.send(query(9, "nas.home.arpa."));
      assertThat(new Message(stream.receive()).getHeader().getID()).isEqualTo(9);
    }
  }

  /** For either lane, small and larger than what is read at a time, cut anywhere. */
  @Test
  void messages_may_come_together_and_be_cut_anywhere() throws IOException {
    try (var upstream = new FakeUpstream();
        var dns = serve(10, 10, Duration.ofSeconds(5), upstream.address());
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      var all = new ByteArrayOutputStream();
      var bytes = new DataOutputStream(all);
      for (int i = 0; i < 40; i++) {
        var query = Asker.query(i % 3 == 0 ? "www.far.example." : "nas.home.arpa.", "A");
        query.getHeader().setID(i);
        int padding = i % 7 == 0 ? 900 * i : 0;
        query.addRecord(
            new OPTRecord(1232, 0, 0, 0, List.of(new GenericEDNSOption(12, new byte[padding]))),
            Section.ADDITIONAL);
        bytes.writeShort(query.toWire().length);
        bytes.write(query.toWire());
      }
      var out = stream.socket.getOutputStream();
      var whole = all.toByteArray();
      for (int at = 0, piece = 1; at < whole.length; at += piece, piece = piece * 7 % 3_001) {
        out.write(whole, at, Math.min(piece, whole.length - at));
        out.flush();
      }
      var ids = new HashSet<Integer>();
      for (int i = 0; i < 40; i++) {
        var reply = new Message(stream.receive());
        assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
        ids.add(reply.getHeader().getID());
      }
      assertThat(ids).hasSize(40);
    }
  }
}
