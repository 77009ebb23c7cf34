package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/** Ten thousand clients who connect and say nothing, each from an address of its own. */
class IdleClientsTest {
  private static final int CLIENTS = 10_000;

  private static boolean enoughFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        && unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() > CLIENTS + 2_000;
  }

  @Test
  void they_stop_nobody_who_asks_and_cost_no_more_than_the_limit() throws IOException {
    assumeTrue(enoughFiles(), "not so many files may be open here");
    var clients = new ArrayList<SocketChannel>(CLIENTS);
    try (var dns =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0).zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
                .start();
        var asker = Asker.of(dns)) {
      var server = dns.endpoints().getFirst().address();
      answered(asker);
      long before = used();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(connected(server, i));
        if (i % 500 == 0) {
          answered(asker);
        }
      }
      // The memory of clients in this process counts too: a few hundred bytes each.
      assertThat(used() - before).as("heap grown, in bytes").isLessThan(48L << 20);
      answered(asker);
      // And over TCP: a newcomer gets the place of whoever has been idle for longest.
      var query = Asker.query("nas.home.arpa.", "A");
      assertThat(asker.tcp(query).getSection(Section.ANSWER)).hasSize(1);
    } finally {
      close(clients);
    }
  }

  @Test
  void those_who_never_finish_a_handshake_keep_nobody_out(@TempDir Path home) throws IOException {
    assumeTrue(enoughFiles(), "not so many files may be open here");
    var clients = new ArrayList<SocketChannel>(CLIENTS);
    var patient =
        new TlsConfig(
            Optional.empty(),
            Optional.empty(),
            List.of("localhost"),
            List.of(),
            Duration.ofMinutes(10));
    try (var dns =
            DnsServer.create(
                    c ->
                        c.listen("127.0.0.1", 0)
                            .dot("127.0.0.1", 0)
                            .home(home)
                            .tls(patient)
                            .zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
                .start();
        var asker = Asker.of(dns)) {
      var secure = Secure.of(home);
      long before = used();
      for (int i = 0; i < CLIENTS; i++) {
        var client = connected(Secure.dot(dns), i);
        client.write(ByteBuffer.wrap(new byte[] {22, 3, 1, 1, 0, 1}));
        clients.add(client);
        if (i % 500 == 0) {
          answered(asker);
        }
      }
      assertThat(used() - before).as("heap grown, in bytes").isLessThan(64L << 20);
      answered(asker);
      try (var stream = secure.stream(dns)) {
        stream.send(Asker.query("nas.home.arpa.", "A").toWire());
        assertThat(new Message(stream.receive()).getSection(Section.ANSWER)).hasSize(1);
      }
    } finally {
      close(clients);
    }
  }

  private static SocketChannel connected(InetSocketAddress server, int i) throws IOException {
    var channel = SocketChannel.open();
    var own = new byte[] {127, 1, (byte) (i >> 8), (byte) i};
    channel.bind(new InetSocketAddress(InetAddress.getByAddress(own), 0));
    channel.connect(server);
    return channel;
  }

  private static void answered(Asker asker) throws IOException {
    assertThat(asker.ask("nas.home.arpa.", "A").getSection(Section.ANSWER)).hasSize(1);
  }

  private static long used() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static void close(List<SocketChannel> clients) throws IOException {
    for (var client : clients) {
      client.close();
    }
  }
}
