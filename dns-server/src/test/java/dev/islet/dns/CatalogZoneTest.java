package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** Catalog zones (RFC 9432): ours followed by BIND, Knot and us, BIND's followed by us. */
class CatalogZoneTest {
  @TempDir Path folder;

  private DnsServer producer(int secondary) throws IOException {
    zones(secondary, "one.example");
    return DnsServer.create(
            new ConfigFile<>(folder.resolve("dns.yaml"), DnsConfig.class),
            new Home(folder.resolve("data"), folder.resolve("logs")))
        .start();
  }

  private void zones(int secondary, String... names) throws IOException {
    var text =
        new StringBuilder("listen: ['127.0.0.1:0']\nkeys: {xfer: {secret: '")
            .append(PeerServer.SECRET)
            .append("'}}\nzones:\n  cat.test: {catalog: produce, transfer: {keys: [xfer]}")
            .append(", notify-to: {targets: ['127.0.0.1:")
            .append(secondary)
            .append("'], key: xfer}}\n  secret.example: {records: ['nas A 10.0.0.9']}\n");
    for (var name : names) {
      text.append("  ")
          .append(name)
          .append(": {records: ['nas A 10.0.0.1'], transfer: {keys: [xfer]}}\n");
    }
    Files.writeString(folder.resolve("dns.yaml"), text);
  }

  private static InetSocketAddress address(DnsServer server) {
    return server.endpoints().getFirst().address();
  }

  /** What a server says of a zone's host: its address, or a code. */
  private static String nas(InetSocketAddress server, String zone) {
    try (var stream = new Asker.Stream(server)) {
      var query = Asker.query("nas." + zone + ".", "A");
      query.getHeader().unsetFlag(Flags.RD);
      stream.send(query.toWire());
      var reply = new Message(stream.receive());
      var answer = reply.getSection(Section.ANSWER);
      return answer.isEmpty() ? Rcode.string(reply.getRcode()) : answer.getFirst().rdataToString();
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void await(InetSocketAddress server, String zone, String what, Path log) {
    Wait.until(
        PeerServer.PATIENCE,
        () -> {
          var said = nas(server, zone);
          try {
            return said.equals(what) ? "" : zone + ": " + said + "\n" + Files.readString(log);
          } catch (IOException e) {
            return zone + ": " + said;
          }
        });
  }

  /** The zones of the catalog come, one more, and one goes. */
  private void follow(DnsServer ours, InetSocketAddress consumer, int port, Path log)
      throws IOException {
    await(consumer, "one.example", "10.0.0.1", log);
    zones(port, "one.example", "two.example");
    assertThat(ours.reload()).isInstanceOf(Reload.Applied.class);
    await(consumer, "two.example", "10.0.0.1", log);
    zones(port, "two.example");
    assertThat(ours.reload()).isInstanceOf(Reload.Applied.class);
    await(consumer, "one.example", "REFUSED", log);
    assertThat(nas(consumer, "two.example")).isEqualTo("10.0.0.1");
    assertThat(nas(consumer, "secret.example")).isEqualTo("REFUSED");
  }

  private DnsServer consumer(int port, int primary) {
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", port)
                    .home(folder.resolve("consumer"))
                    .key(PeerServer.KEY, PeerServer.SECRET)
                    .zone(
                        "cat.test",
                        z ->
                            z.catalog(CatalogRole.CONSUME)
                                .secondaryBy(PeerServer.KEY, "127.0.0.1:" + primary)))
        .start();
  }

  @Test
  void ours_is_followed_by_us() throws Exception {
    int port = PeerServer.freePort();
    try (var ours = producer(port)) {
      try (var second = consumer(port, address(ours).getPort())) {
        follow(ours, address(second), port, folder.resolve("none"));
      }
      ours.close();
      try (var again = consumer(port, 1)) {
        assertThat(nas(address(again), "two.example")).as("from the disk").isEqualTo("10.0.0.1");
        assertThat(nas(address(again), "one.example")).isEqualTo("REFUSED");
      }
    }
  }

  @Test
  void ours_is_followed_by_bind() throws Exception {
    assumeTrue(PeerServer.Kind.NAMED.installed());
    int port = PeerServer.freePort();
    try (var ours = producer(port);
        var named =
            PeerServer.with(
                PeerServer.Kind.NAMED,
                folder,
                port,
                PeerServer.named(
                        folder,
                        port,
                        "catalog-zones { zone \"cat.test\" default-primaries { 127.0.0.1 port %d key xfer; }; };"
                            .formatted(address(ours).getPort()))
                    + """
                    zone "cat.test" { type secondary; file "cat"; allow-notify { 127.0.0.1; };
                      primaries { 127.0.0.1 port %d key xfer; }; };
                    """
                        .formatted(address(ours).getPort()))) {
      follow(ours, named.address(), port, folder.resolve("log"));
    }
  }

  @Test
  void ours_is_followed_by_knot() throws Exception {
    assumeTrue(PeerServer.Kind.KNOT.installed());
    int port = PeerServer.freePort();
    try (var ours = producer(port);
        var knot =
            PeerServer.with(
                PeerServer.Kind.KNOT,
                folder,
                port,
                PeerServer.knot(folder, port, address(ours).getPort())
                    + """
                    template:
                      - id: member
                        storage: "%s"
                        master: other
                        acl: other
                    zone:
                      - domain: cat.test
                        master: other
                        acl: other
                        catalog-role: interpret
                        catalog-template: member
                    """
                        .formatted(folder))) {
      follow(ours, knot.address(), port, folder.resolve("log"));
    }
  }

  @Test
  void binds_is_followed_by_us() throws Exception {
    assumeTrue(PeerServer.Kind.NAMED.installed());
    int port = PeerServer.freePort();
    int primary = PeerServer.freePort();
    Files.writeString(
        folder.resolve("cat"),
        """
        $TTL 0
        @ SOA invalid. invalid. 1 3600 600 2147483646 0
        @ NS invalid.
        version TXT "2"
        first.zones PTR one.example.
        """);
    Files.writeString(
        folder.resolve("one"),
        "$TTL 60\n@ SOA ns h 1 60 60 60 60\n@ NS ns\nns A 10.0.0.3\nnas A 10.0.0.1\n");
    var zone = "zone \"%s\" { type primary; file \"%s\"; allow-transfer { key xfer; }; };\n";
    try (var named =
            PeerServer.with(
                PeerServer.Kind.NAMED,
                folder,
                primary,
                PeerServer.named(folder, primary, "notify no;")
                    + zone.formatted("cat.test", "cat")
                    + zone.formatted("one.example", "one"));
        var ours = consumer(port, primary)) {
      assertThat(named.port).isEqualTo(primary);
      await(address(ours), "one.example", "10.0.0.1", folder.resolve("log"));
    }
  }
}
