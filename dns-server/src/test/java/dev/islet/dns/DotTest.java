package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** DNS over TLS (RFC 7858) seen by a client of our own. */
class DotTest {
  @TempDir Path home;

  private static final Duration ENOUGH = Duration.ofSeconds(30);

  private DnsServer serve(int connections, int perClient, Duration idle, String... forward) {
    return serve(connections, perClient, idle, ENOUGH, forward);
  }

  private DnsServer serve(
      int connections, int perClient, Duration idle, Duration handshake, String... forward) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .dot("127.0.0.1", 0)
                    .home(home)
                    .tls(
                        new TlsConfig(
                            Optional.empty(),
                            Optional.empty(),
                            List.of("localhost"),
                            List.of(),
                            handshake))
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

  private static int id(Asker.Stream stream) throws IOException {
    return new Message(stream.receive()).getHeader().getID();
  }

  @Test
  void many_questions_go_down_one_connection_without_waiting() throws IOException {
    try (var dns = serve(10, 10, ENOUGH);
        var stream = Secure.of(home).stream(dns)) {
      for (int i = 0; i < 500; i++) {
        stream.send(query(i, "nas.home.arpa."));
      }
      var ids = new HashSet<Integer>();
      for (int i = 0; i < 500; i++) {
        ids.add(id(stream));
      }
      assertThat(ids).hasSize(500);
    }
  }

  @Test
  void a_slow_answer_does_not_hold_up_the_others() throws IOException {
    try (var upstream = new FakeUpstream();
        var dns = serve(10, 10, ENOUGH, upstream.address());
        var stream = Secure.of(home).stream(dns)) {
      stream.send(query(1, "silent.far.example."));
      stream.send(query(2, "nas.home.arpa."));
      assertThat(id(stream)).isEqualTo(2);
      stream.socket.setSoTimeout(8_000);
      assertThat(id(stream)).isEqualTo(1);
    }
  }

  @Test
  void more_than_the_pipeline_takes_waits_and_is_answered() throws IOException {
    try (var upstream = new FakeUpstream();
        var dns = serve(10, 10, ENOUGH, upstream.address());
        var stream = Secure.of(home).stream(dns)) {
      for (int i = 0; i < 40; i++) {
        stream.send(query(i, "n" + i + ".far.example."));
      }
      var ids = new HashSet<Integer>();
      for (int i = 0; i < 40; i++) {
        ids.add(id(stream));
      }
      assertThat(ids).hasSize(40);
    }
  }

  @Test
  void a_message_may_come_byte_by_byte() throws IOException {
    try (var dns = serve(10, 10, ENOUGH);
        var stream = Secure.of(home).stream(dns)) {
      var message = query(77, "nas.home.arpa.");
      stream.raw(new byte[] {0});
      stream.raw(new byte[] {(byte) message.length});
      for (var b : message) {
        stream.raw(new byte[] {b});
      }
      assertThat(id(stream)).isEqualTo(77);
    }
  }

  @Test
  void a_message_of_the_greatest_length_is_read_whole() throws IOException {
    try (var dns = serve(10, 10, ENOUGH);
        var stream = Secure.of(home).stream(dns)) {
      var long64k = java.util.Arrays.copyOf(query(5, "nas.home.arpa."), 65_535);
      stream.send(long64k);
      stream.send(query(6, "nas.home.arpa."));
      var first = new Message(stream.receive());
      assertThat(first.getHeader().getID()).isEqualTo(5);
      assertThat(first.getRcode()).isEqualTo(Rcode.FORMERR); // bytes behind the end
      assertThat(id(stream)).isEqualTo(6);
    }
  }

  @Test
  void idle_and_dribbling_connections_are_closed() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(2))) {
      var secure = Secure.of(home);
      try (var idle = secure.stream(dns);
          var half = secure.stream(dns)) {
        half.raw(new byte[] {0, 40, 1, 2, 3});
        assertThat(TcpTest.ended(idle.socket)).isTrue();
        assertThat(TcpTest.ended(half.socket)).isTrue();
      }
    }
  }

  @Test
  void a_handshake_has_to_end_in_time() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(60), Duration.ofMillis(500));
        var mute = new Socket();
        var slow = new Socket()) {
      var address = new InetSocketAddress("127.0.0.1", Secure.dot(dns).getPort());
      mute.connect(address);
      slow.connect(address);
      slow.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1});
      for (var socket : List.of(mute, slow)) {
        socket.setSoTimeout(10_000);
        assertThat(TcpTest.ended(socket)).isTrue();
      }
    }
  }

  @Test
  void clear_text_is_turned_away() throws IOException {
    try (var dns = serve(10, 10, Duration.ofSeconds(60));
        var clear = new Asker.Stream(Secure.dot(dns))) {
      clear.send(query(1, "nas.home.arpa."));
      clear.socket.setSoTimeout(10_000);
      var heard = clear.socket.getInputStream().readNBytes(7); // at most an alert
      assertThat(heard.length == 0 || heard[0] == 0x15).isTrue();
    }
  }

  @Test
  void another_protocol_is_refused_by_alpn() throws IOException {
    try (var dns = serve(10, 10, ENOUGH)) {
      var secure = Secure.of(home);
      assertThatThrownBy(() -> secure.connect(Secure.dot(dns), "h2").close())
          .isInstanceOf(SSLException.class);
      try (var without = new Asker.Stream(secure.connect(Secure.dot(dns)))) {
        without.send(query(3, "nas.home.arpa."));
        assertThat(id(without)).isEqualTo(3);
      }
    }
  }

  @Test
  void a_client_and_all_clients_have_a_limit() throws IOException {
    try (var dns = serve(3, 2, ENOUGH)) {
      var secure = Secure.of(home);
      try (var one = secure.stream(dns);
          var two = secure.stream(dns)) {
        for (var stream : List.of(one, two)) {
          stream.send(query(1, "nas.home.arpa."));
          assertThat(id(stream)).isEqualTo(1);
        }
        assertThatThrownBy(() -> secure.stream(dns).close()).isInstanceOf(IOException.class);
        one.send(query(2, "nas.home.arpa."));
        assertThat(id(one)).isEqualTo(2);
      }
    }
  }

  @Test
  void strangers_may_not_ask() throws IOException {
    try (var dns =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .dot("127.0.0.1", 0)
                            .home(home)
                            .allowQuery("192.0.2.0/24")
                            .zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
                .start();
        var stream = Secure.of(home).stream(dns)) {
      stream.send(query(1, "nas.home.arpa."));
      assertThat(new Message(stream.receive()).getRcode()).isEqualTo(Rcode.REFUSED);
    }
  }
}
