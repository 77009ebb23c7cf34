package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Ten thousand spoiled messages and frames inside TLS on each port; questions get answers. */
class SecureMutationTest {
  private static final int MUTATIONS = 10_000;

  @TempDir Path home;
  private final Random random = new Random(20_261_124);
  private DnsServer server;
  private Secure secure;

  @BeforeEach
  void serve() throws IOException {
    server =
        DnsServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .dot("127.0.0.1", 0)
                        .doh("127.0.0.1", 0)
                        .home(home)
                        .tls(
                            new TlsConfig(
                                Optional.empty(),
                                Optional.empty(),
                                List.of("localhost"),
                                List.of(),
                                Duration.ofSeconds(30)))
                        .zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
            .start();
    secure = Secure.of(home);
  }

  @AfterEach
  void end() {
    server.close();
  }

  private byte[] spoiled(byte[] bytes) {
    return MutationTest.mutated(bytes, random);
  }

  @Test
  void over_tls() throws Exception {
    var valid = Asker.withEdns(Asker.query("nas.home.arpa.", "A"), 1232).toWire();
    for (int sent = 0; sent < MUTATIONS; ) {
      try (var stream = secure.stream(server)) {
        var burst = new ByteArrayOutputStream();
        for (int i = 0; i < 250; i++, sent++) {
          var message = spoiled(valid);
          boolean lie = random.nextInt(1_000) == 0;
          burst.write(
              ByteBuffer.allocate(message.length + 2)
                  .putShort((short) (lie ? random.nextInt(65_536) : message.length))
                  .put(message)
                  .array());
        }
        throwAt(stream.socket, burst.toByteArray());
      }
    }
    try (var stream = secure.stream(server)) {
      stream.send(valid);
      assertThat(new Message(stream.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  @Test
  void over_http_2() throws Exception {
    for (int sent = 0; sent < MUTATIONS; ) {
      try (var socket = secure.connect(Secure.doh(server), "h2")) {
        var burst = new ByteArrayOutputStream();
        burst.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        burst.write(DohTest.frame(4, 0, 0, new byte[0]));
        for (int i = 0; i < 50; i++, sent++) {
          var frame =
              switch (random.nextInt(4)) {
                case 0 -> DohTest.frame(4, 0, 0, new byte[] {0, 3, 0, 0, 0, 9});
                case 1 -> DohTest.frame(8, 0, 0, new byte[] {0, 0, 1, 0});
                default -> DohTest.headers(2 * i + 1);
              };
          burst.write(random.nextInt(8) == 0 ? spoiled(frame) : inside(frame));
        }
        throwAt(socket, burst.toByteArray());
      }
    }
    stillAnswers();
  }

  /** Spoils the payload alone, so that the connection gets further than its first frame. */
  private byte[] inside(byte[] frame) {
    var bytes = frame.clone();
    for (int i = random.nextInt(3); i > 0; i--) {
      bytes[9 + random.nextInt(bytes.length - 9)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  @Test
  void over_http_1_1() throws Exception {
    var query = Asker.query("nas.home.arpa.", "A").toWire();
    var head = "POST /dns-query HTTP/1.1\r\nHost: localhost\r\nContent-Type: ";
    var request = new ByteArrayOutputStream();
    request.write(head.getBytes(StandardCharsets.US_ASCII));
    request.write("application/dns-message\r\nContent-Length: ".getBytes());
    request.write((query.length + "\r\n\r\n").getBytes());
    request.write(query);
    var valid = request.toByteArray();
    for (int sent = 0; sent < MUTATIONS; ) {
      try (var socket = secure.connect(Secure.doh(server), "http/1.1")) {
        var burst = new ByteArrayOutputStream();
        for (int i = 0; i < 50; i++, sent++) {
          burst.write(random.nextInt(4) == 0 ? spoiled(valid) : valid);
        }
        throwAt(socket, burst.toByteArray());
      }
    }
    stillAnswers();
  }

  /** Sends all, ends its side, and reads until the server closes: it has then seen everything. */
  private static void throwAt(java.net.Socket socket, byte[] bytes) throws InterruptedException {
    var writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    socket.getOutputStream().write(bytes);
                    socket.shutdownOutput();
                  } catch (IOException e) {
                    // it closed before it had read all
                  }
                });
    try {
      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // a reset is an end as well
    }
    writer.join();
  }

  private void stillAnswers() throws Exception {
    var query = Asker.query("nas.home.arpa.", "A");
    query.getHeader().setID(0);
    var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(query.toWire());
    var url = "https://localhost:" + Secure.doh(server).getPort() + "/dns-query?dns=" + encoded;
    try (var client = HttpClient.newBuilder().sslContext(secure.context()).build()) {
      var reply =
          client.send(
              HttpRequest.newBuilder(java.net.URI.create(url)).build(), BodyHandlers.ofByteArray());
      assertThat(new Message(reply.body()).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }
}
