package dev.islet.dns.peer;

import dev.islet.testkit.Wait;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Another name server, of other people, on a port of loopback, with zones of master files. */
final class Peer implements AutoCloseable {
  /** Which one. */
  enum Make {
    NAMED("/usr/sbin/named"),
    NSD("/usr/sbin/nsd"),
    KNOT("/usr/sbin/knotd");

    private final Path program;

    Make(String program) {
      this.program = Path.of(program);
    }

    boolean installed() {
      return Files.isExecutable(program);
    }
  }

  private final Make make;
  private final Process process;
  private final InetSocketAddress address;

  private Peer(Make make, Process process, InetSocketAddress address) {
    this.make = make;
    this.process = process;
    this.address = address;
  }

  Make make() {
    return make;
  }

  InetSocketAddress address() {
    return address;
  }

  /**
   * Starts one.
   *
   * @param folder for its files, of its own
   * @param zones master files by origin; it is there when it serves all of them
   */
  static Peer start(Make make, Path folder, Map<String, Path> zones) throws IOException {
    Files.createDirectories(folder);
    int port = freePort();
    var config = folder.resolve("server.conf");
    Files.writeString(
        config,
        switch (make) {
          case NAMED -> named(folder, port, zones);
          case NSD -> nsd(folder, port, zones);
          case KNOT -> knot(folder, port, zones);
        });
    var program = make.program.toString();
    var command =
        switch (make) {
          case NAMED -> List.of(program, "-g", "-n", "1", "-c", config.toString());
          case NSD -> List.of(program, "-d", "-c", config.toString());
          case KNOT -> List.of(program, "-c", config.toString());
        };
    var log = folder.resolve("server.log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var peer = new Peer(make, process, new InetSocketAddress("127.0.0.1", port));
    try {
      zones.keySet().forEach(origin -> peer.await(origin, log));
    } catch (AssertionError e) {
      peer.close();
      throw e;
    }
    return peer;
  }

  private void await(String origin, Path log) {
    var query = Queries.plain(origin, "SOA");
    Wait.until(
        Duration.ofSeconds(20),
        () -> {
          try {
            var reply = Volley.tcp(address, List.of(query)).getFirst();
            return (reply[3] & 0xF) == 0 ? "" : make + " says " + (reply[3] & 0xF) + text(log);
          } catch (IOException e) {
            return make + " " + e + text(log);
          }
        });
  }

  private static String text(Path log) {
    try {
      var text = Files.readString(log);
      return "\n" + text.substring(Math.max(0, text.length() - 3_000));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String named(Path folder, int port, Map<String, Path> zones) {
    var text = new StringBuilder();
    text.append("options { directory \"")
        .append(folder)
        .append("\"; recursion no; listen-on port ")
        .append(port)
        .append(
            """
             { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none;
            minimal-responses no-auth; minimal-any no; check-integrity no; notify no;
            tcp-clients 500; dnssec-validation no; empty-zones-enable no; zero-no-soa-ttl no;
            max-query-restarts 16; rrset-order { order none; }; max-udp-size 1232;
            edns-udp-size 1232; server-id "peer"; };
            controls { };
            """);
    zones.forEach(
        (origin, file) ->
            text.append("zone \"")
                .append(origin)
                .append("\" { type primary; file \"")
                .append(file)
                .append("\"; check-names ignore; };\n"));
    return text.toString();
  }

  private static String nsd(Path folder, int port, Map<String, Path> zones) {
    var text = new StringBuilder("server:\n");
    var options =
        Map.ofEntries(
            Map.entry("ip-address", "127.0.0.1@" + port),
            Map.entry("port", "" + port),
            Map.entry("server-count", "1"),
            Map.entry("tcp-count", "100"),
            Map.entry("username", "\"\""),
            Map.entry("database", "\"\""),
            Map.entry("zonesdir", "\"" + folder + "\""),
            Map.entry("pidfile", "\"" + folder.resolve("nsd.pid") + "\""),
            Map.entry("xfrdfile", "\"" + folder.resolve("xfrd.state") + "\""),
            Map.entry("xfrdir", "\"" + folder + "\""),
            Map.entry("zonelistfile", "\"" + folder.resolve("zone.list") + "\""),
            Map.entry("ipv4-edns-size", "1232"),
            Map.entry("rrl-ratelimit", "0"),
            Map.entry("minimal-responses", "yes"),
            Map.entry("refuse-any", "no"),
            Map.entry("round-robin", "no"),
            Map.entry("nsid", "\"ascii_peer\""));
    options.forEach((k, v) -> text.append("  ").append(k).append(": ").append(v).append('\n'));
    text.append("remote-control:\n  control-enable: no\n");
    zones.forEach(
        (origin, file) ->
            text.append("zone:\n  name: \"")
                .append(origin)
                .append("\"\n  zonefile: \"")
                .append(file)
                .append("\"\n"));
    return text.toString();
  }

  private static String knot(Path folder, int port, Map<String, Path> zones) {
    var text = new StringBuilder();
    text.append("server:\n  rundir: \"")
        .append(folder)
        .append("\"\n  listen: 127.0.0.1@")
        .append(port)
        .append("\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n")
        .append("  udp-max-payload: 1232\n  nsid: \"peer\"\n")
        .append("log:\n  - target: stderr\n    any: info\n")
        .append("database:\n  storage: \"")
        .append(folder)
        .append("\"\ntemplate:\n  - id: default\n    semantic-checks: off\n")
        .append("    zonefile-load: whole\n    journal-content: none\nzone:\n");
    zones.forEach(
        (origin, file) ->
            text.append("  - domain: ")
                .append(origin)
                .append("\n    file: \"")
                .append(file)
                .append("\"\n"));
    return text.toString();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
