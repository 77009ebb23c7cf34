package dev.islet.dns.netns;

import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Two hosts with a cable between them. The server's side has two addresses of each family,
 * 10.78.0.1 and .2, fd78::1 and ::2; the client's side {@code dnc0} is 10.78.0.9 and fd78::9. Needs
 * root.
 */
final class Street implements AutoCloseable {
  static final String SERVER = "srv";
  static final String CLIENT = "cli";

  private final Path folder;
  private final Namespaces hosts;

  private Street(Path folder, Namespaces hosts) {
    this.folder = folder;
    this.hosts = hosts;
  }

  static Street build(Path folder) throws Exception {
    var hosts = Namespaces.create("dns");
    try {
      hosts.host(SERVER);
      hosts.host(CLIENT);
      hosts.cable(SERVER, "dns0", CLIENT, "dnc0");
      hosts.up(SERVER, "dns0", "10.78.0.1/24", "10.78.0.2/24", "fd78::1/64", "fd78::2/64");
      hosts.up(CLIENT, "dnc0", "10.78.0.9/24", "fd78::9/64");
      return new Street(folder, hosts);
    } catch (Exception e) {
      hosts.close();
      throw e;
    }
  }

  /** A server with this configuration, once it runs. */
  final class Serving {
    private final Process process;
    private final Path log;
    private int reloads;

    private Serving(Process process, Path log) {
      this.process = process;
      this.log = log;
    }

    String log() {
      return Namespaces.read(log);
    }

    /** Has it read its zones anew, and waits until it has. */
    void reload() throws IOException {
      reloads++;
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
      Wait.until(
          Duration.ofSeconds(30),
          () -> log().lines().filter(l -> l.startsWith("reload ")).count() >= reloads ? "" : log());
    }
  }

  Serving server(Path config) {
    var log = folder.resolve("server.log");
    var process =
        hosts.spawn(
            SERVER,
            log,
            ChildJvm.of(RunServer.class, config.toString(), folder.toString()).command());
    Wait.until(
        Duration.ofSeconds(30),
        () -> {
          var said = Namespaces.read(log);
          if (!process.isAlive()) {
            throw new AssertionError("the server has ended: " + said);
          }
          return said.contains("running ") ? "" : "the server says only: " + said;
        });
    return new Serving(process, log);
  }

  /** Starts something on the client. */
  Process client(Path log, String... command) {
    return hosts.spawn(CLIENT, log, List.of(command));
  }

  /** Runs something on the client to its end; what it says, whatever its exit code. */
  String ask(String input, List<String> command) throws InterruptedException {
    return hosts.ask(CLIENT, folder.resolve("client.log"), input, command);
  }

  /** {@code ip} on one of the hosts. */
  void ip(String host, String arguments) {
    hosts.ip(host, arguments.split(" "));
  }

  @Override
  public void close() throws InterruptedException {
    hosts.close();
  }
}
