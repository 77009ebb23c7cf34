package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.config.BadValue;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ValidationMode;
import dev.islet.testkit.Wait;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** Forwarding inside TLS: to servers of ours, to one made for the test, and to unbound. */
class SecureForwardingTest {
  private static final Duration ENOUGH = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final ConcurrentLinkedQueue<Integer> ports = new ConcurrentLinkedQueue<>();
  private TlsIdentity identity;

  @BeforeEach
  void identity() throws IOException {
    identity = TlsIdentity.selfSigned(folder, List.of("dns.up.example", "127.0.0.1"));
  }

  private TlsConfig tls(Path... authorities) {
    return new TlsConfig(
        Optional.of(folder.resolve("cert.pem")),
        Optional.of(folder.resolve("key.pem")),
        List.of("dns.up.example"),
        List.of(authorities),
        ENOUGH);
  }

  /** One who knows {@code www.far.example} and where {@code dns.up.example} is. */
  private DnsServer upstream() {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .dot("127.0.0.1", 0)
                    .doh("127.0.0.1", 0)
                    .tls(tls())
                    .onTrace(
                        e -> {
                          if (e instanceof DnsEvent.Asked asked) {
                            ports.add(asked.datagram().source().getPort());
                          }
                        })
                    .zone("far.example", z -> z.a("*", "192.0.2.1"))
                    .zone("up.example", z -> z.a("dns", "127.0.0.1")))
        .start();
  }

  private DnsServer forwarder(String... servers) {
    return forwarder(List.of(), servers);
  }

  private DnsServer forwarder(List<String> bootstrap, String... servers) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .dnssecValidation(ValidationMode.OFF) // connections and messages are counted
                    .tls(tls(folder.resolve("cert.pem")))
                    .bootstrap(bootstrap.toArray(String[]::new))
                    .forward(servers))
        .start();
  }

  private String tlsUrl(DnsServer server, String fragment) {
    return "tls://127.0.0.1:" + Secure.dot(server).getPort() + fragment;
  }

  private String httpsUrl(DnsServer server, String fragment) {
    return "https://127.0.0.1:" + Secure.doh(server).getPort() + "/dns-query" + fragment;
  }

  private String pin() throws Exception {
    var key = identity.certificate().getPublicKey().getEncoded();
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
  }

  private static int rcode(DnsServer server, String name) throws IOException {
    try (var asker = Asker.of(server);
        var stream = asker.stream()) {
      stream.socket.setSoTimeout(20_000);
      stream.send(Asker.query(name, "A").toWire());
      return new Message(stream.receive()).getRcode();
    }
  }

  @Test
  void answers_come_over_tls_and_over_https() throws Exception {
    try (var up = upstream()) {
      for (var url :
          List.of(
              tlsUrl(up, "#dns.up.example"),
              tlsUrl(up, ""), // the certificate shows the address as well
              tlsUrl(up, "#pin-sha256=" + pin()),
              httpsUrl(up, "#dns.up.example"),
              httpsUrl(up, "#whatever.example;pin-sha256=" + pin()))) {
        try (var dns = forwarder(url)) {
          assertThat(rcode(dns, "www.far.example.")).as(url).isEqualTo(Rcode.NOERROR);
        }
      }
    }
  }

  @Test
  void who_cannot_show_the_right_certificate_is_not_asked() throws Exception {
    var wrong = Base64.getEncoder().encodeToString(new byte[32]);
    try (var up = new TlsUpstream(identity)) {
      for (var fragment : List.of("#other.example", "#dns.up.example;pin-sha256=" + wrong)) {
        try (var dns = forwarder(up.url() + fragment)) {
          assertThat(rcode(dns, "www.far.example.")).isEqualTo(Rcode.SERVFAIL);
        }
      }
      try (var dns =
          DnsServer.create(
                  c ->
                      c.listen("127.0.0.1", 0)
                          .forward(up.url() + "#dns.up.example")) // no authority
              .start()) {
        assertThat(rcode(dns, "www.far.example.")).isEqualTo(Rcode.SERVFAIL);
      }
      assertThat(up.asked).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void one_connection_carries_many_questions(boolean https) throws Exception {
    try (var up = upstream();
        var dns =
            forwarder(https ? httpsUrl(up, "#dns.up.example") : tlsUrl(up, "#dns.up.example"));
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      stream.socket.setSoTimeout(20_000);
      for (int i = 0; i < 300; i++) {
        stream.send(Asker.query("n" + i + ".far.example.", "A").toWire());
        if (i % 50 == 49) {
          for (int n = 0; n < 50; n++) {
            assertThat(new Message(stream.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
          }
        }
      }
      Wait.until(ENOUGH, () -> ports.size() == 300 ? "" : ports.size() + " of 300 seen");
      assertThat(ports).as("ports they came from").containsOnly(ports.peek());
    }
  }

  @Test
  void questions_are_padded_and_replies_may_come_in_any_order() throws Exception {
    try (var up = new TlsUpstream(identity);
        var dns = forwarder(up.url() + "#dns.up.example");
        var asker = Asker.of(dns);
        var stream = asker.stream()) {
      up.hold = 4;
      stream.socket.setSoTimeout(20_000);
      for (int i = 0; i < 4; i++) {
        stream.send(Asker.query("n" + i + ".far.example.", "A").toWire());
      }
      for (int i = 0; i < 4; i++) {
        assertThat(new Message(stream.receive()).getRcode()).isEqualTo(Rcode.NOERROR);
      }
      assertThat(up.connections).hasValue(1);
      assertThat(up.asked).hasSize(4).allMatch(size -> size % 128 == 0);
    }
  }

  @Test
  void a_connection_that_the_server_has_closed_is_opened_again() throws Exception {
    try (var up = new TlsUpstream(identity);
        var dns = forwarder(up.url() + "#dns.up.example")) {
      assertThat(rcode(dns, "one.far.example.")).isEqualTo(Rcode.NOERROR);
      for (int i = 0; i < 5; i++) {
        up.hangUp();
        assertThat(rcode(dns, "n" + i + ".far.example.")).isEqualTo(Rcode.NOERROR);
      }
      assertThat(up.connections.get()).isGreaterThan(1);
    }
  }

  @Test
  void the_next_server_is_asked_when_one_is_down() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0)) {
      nobody = socket.getLocalPort();
    }
    var down = "tls://127.0.0.1:" + nobody + "#dns.up.example";
    try (var dns = forwarder(down)) {
      assertThat(rcode(dns, "www.far.example.")).isEqualTo(Rcode.SERVFAIL);
    }
    try (var up = upstream();
        var dns = forwarder(down, httpsUrl(up, "#dns.up.example"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(rcode(dns, "n" + i + ".far.example.")).isEqualTo(Rcode.NOERROR);
      }
    }
  }

  @Test
  void one_address_cannot_be_asked_in_two_ways() {
    assertThatThrownBy(() -> forwarder("127.0.0.1:853", "tls://127.0.0.1#dns.up.example"))
        .isInstanceOf(BadValue.class)
        .hasMessageContaining("two ways");
  }

  @Test
  void a_name_is_looked_up_by_the_bootstrap_servers() throws Exception {
    try (var up = upstream()) {
      var plain = "127.0.0.1:" + up.endpoints().getFirst().address().getPort();
      var https = "https://dns.up.example:" + Secure.doh(up).getPort() + "/dns-query";
      var tls = "tls://dns.up.example:" + Secure.dot(up).getPort();
      for (var url : List.of(https, tls)) {
        try (var dns = forwarder(List.of(plain), url)) {
          assertThat(rcode(dns, "www.far.example.")).isEqualTo(Rcode.NOERROR);
          assertThat(rcode(dns, "dns.up.example.")).isEqualTo(Rcode.NOERROR);
        }
      }
      assertThatThrownBy(() -> forwarder(https))
          .isInstanceOf(BadValue.class)
          .hasMessageContaining("bootstrap");
    }
  }

  @Test
  void unbound_answers_us_over_tls_and_over_https() throws Exception {
    var unbound = Path.of("/usr/sbin/unbound");
    assumeTrue(Files.isExecutable(unbound), "unbound is not installed");
    int tls;
    int https;
    try (var one = new ServerSocket(0);
        var two = new ServerSocket(0)) {
      tls = one.getLocalPort();
      https = two.getLocalPort();
    }
    var conf = folder.resolve("unbound.conf");
    Files.writeString(
        conf,
        """
        server:
          directory: "%1$s"
          username: ""
          chroot: ""
          pidfile: ""
          use-syslog: no
          logfile: "%1$s/unbound.log"
          do-daemonize: no
          interface: 127.0.0.1@%2$d
          interface: 127.0.0.1@%3$d
          tls-port: %2$d
          https-port: %3$d
          tls-service-pem: "%1$s/cert.pem"
          tls-service-key: "%1$s/key.pem"
          local-zone: "far.example." redirect
          local-data: "far.example. A 192.0.2.1"
        remote-control:
          control-enable: no
        """
            .formatted(folder, tls, https));
    var process =
        new ProcessBuilder(unbound.toString(), "-d", "-c", conf.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("unbound.out").toFile())
            .start();
    try {
      for (int port : new int[] {tls, https}) {
        Wait.until(ENOUGH, () -> listens(port) ? "" : "unbound does not listen yet");
      }
      for (var url :
          List.of(
              "tls://127.0.0.1:" + tls + "#dns.up.example",
              "https://127.0.0.1:" + https + "/dns-query#dns.up.example")) {
        try (var dns = forwarder(url)) {
          for (int i = 0; i < 20; i++) {
            assertThat(rcode(dns, "n" + i + ".far.example.")).as(url).isEqualTo(Rcode.NOERROR);
          }
        }
      }
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A server of DNS over TLS that counts, and keeps replies back to turn their order round. */
  private static final class TlsUpstream implements AutoCloseable {
    final ConcurrentLinkedQueue<Integer> asked = new ConcurrentLinkedQueue<>();
    final AtomicInteger connections = new AtomicInteger();
    volatile int hold = 1;
    private final ServerSocket listener;
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();

    TlsUpstream(TlsIdentity identity) throws IOException {
      listener =
          identity
              .context()
              .getServerSocketFactory()
              .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
      Thread.ofVirtual().start(this::accept);
    }

    String url() {
      return "tls://127.0.0.1:" + listener.getLocalPort();
    }

    void hangUp() throws IOException {
      for (var socket = open.poll(); socket != null; socket = open.poll()) {
        socket.close();
      }
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          var socket = listener.accept();
          connections.incrementAndGet();
          open.add(socket);
          Thread.ofVirtual().start(() -> serve(socket));
        } catch (IOException e) {
          return;
        }
      }
    }

    private void serve(Socket socket) {
      try {
        var in = new DataInputStream(socket.getInputStream());
        var out = new DataOutputStream(socket.getOutputStream());
        var kept = new ArrayList<byte[]>();
        while (true) {
          var message = new byte[in.readUnsignedShort()];
          in.readFully(message);
          asked.add(message.length);
          kept.addFirst(FakeUpstream.answer(new Message(message), true).toWire());
          if (kept.size() >= hold) {
            for (var reply : kept) {
              out.writeShort(reply.length);
              out.write(reply);
            }
            kept.clear();
          }
        }
      } catch (IOException e) {
        // the client has gone, or did not like us
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      hangUp();
    }
  }
}
