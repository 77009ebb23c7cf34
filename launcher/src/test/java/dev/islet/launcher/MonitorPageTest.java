package dev.islet.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.islet.core.config.HostPort;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.Service;
import dev.islet.testkit.BrowserSuite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The monitor's page in a real browser on the real monitor, which watches real services: a client
 * gets an address, asks for a name and opens a page, and the browser looks on.
 */
class MonitorPageTest {
  private static final int CHECKS = 9;

  private final Map<Kind, Service> running = new EnumMap<>(Kind.class);

  @Test
  void the_page_tells_what_real_services_do(@TempDir Path folder) throws Exception {
    configure(folder);
    var data = folder.resolve("data");
    try {
      for (var kind : List.of(Kind.DNS, Kind.DHCP, Kind.WEB, Kind.MONITOR)) {
        var service = kind.open(kind.file(folder), new Home(data, folder.resolve("logs")));
        running.put(kind, service);
        service.start();
      }
      var control = control();
      try {
        var settings = new LinkedHashMap<String, String>();
        settings.put("ISLET_URL", "http://" + address(Kind.MONITOR, "http/tcp"));
        settings.put("ISLET_DNS", address(Kind.DNS, "dns/udp"));
        settings.put("ISLET_DHCP", address(Kind.DHCP, "dhcp/udp"));
        settings.put("ISLET_WEB", address(Kind.WEB, "http/tcp"));
        settings.put("ISLET_CONTROL", "http://127.0.0.1:" + control.getAddress().getPort());
        settings.put("ISLET_TOKEN", Files.readString(data.resolve("admin.token")).strip());
        var sources = Path.of("../monitor/src/test/browser");
        var results = new BrowserSuite(sources, Path.of("target")).run("real.mjs", settings);
        assertThat(results)
            .hasSize(CHECKS)
            .allSatisfy(one -> assertThat(one.why()).as(one.name()).isEmpty());
      } finally {
        control.stop(0);
      }
    } finally {
      running.values().forEach(Service::close);
    }
  }

  // The files name their admin ports, and the loopback network has addresses that nobody else uses.
  private void configure(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("dns.yaml"),
        """
        listen: [127.0.0.1:0]
        admin: 127.93.7.1:9053
        zones: {home.arpa: {records: ["www A 127.0.0.1", "nas A 192.168.7.10"]}}
        """);
    // A pool on the loopback network, so that the client can use the address that it gets.
    Files.writeString(
        folder.resolve("dhcp.yaml"),
        """
        interfaces: []
        listen: 127.0.0.1:0
        admin: 127.93.7.1:9067
        subnets: [{subnet: 127.0.0.0/8, pools: [127.0.7.100-127.0.7.200], lease: 8h}]
        """);
    var site = Files.createDirectories(folder.resolve("site"));
    Files.writeString(site.resolve("index.html"), "hello");
    Files.writeString(
        folder.resolve("web.yaml"),
        """
        http: 127.0.0.1:0
        admin: 127.93.7.1:9080
        sites: {www.home.arpa: {fallback: true, routes: [{files: {folder: site}}]}}
        """);
    // It finds the others by the files beside its own.
    Files.writeString(folder.resolve("monitor.yaml"), "{listen: 127.0.0.1:0, ask-every: 1s}\n");
  }

  private String address(Kind kind, String protocol) {
    return running.get(kind).endpoints().stream()
        .filter(one -> one.protocol().equals(protocol))
        .map(Endpoint::address)
        .map(HostPort::format)
        .findFirst()
        .orElseThrow(() -> new AssertionError(kind + " has " + running.get(kind).endpoints()));
  }

  /** Lets the script end a service: {@code /stop/dns}. */
  private HttpServer control() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/stop/",
        exchange -> {
          var word = exchange.getRequestURI().getPath().substring("/stop/".length());
          running.get(Kind.of(word).orElseThrow()).close();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
