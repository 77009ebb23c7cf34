package dev.islet.dhcp.netns;

import dev.islet.testkit.Namespaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Two hosts with a cable between them: the server's side {@code dhs0} is 10.77.0.1, the client's
 * side {@code dhc0} has nothing. Needs root.
 */
final class Street implements AutoCloseable {
  static final String SERVER = "srv";
  static final String CLIENT = "cli";
  static final String NIC = "dhc0";

  private final Path folder;
  private final Namespaces hosts;
  private int servers;

  private Street(Path folder, Namespaces hosts) {
    this.folder = folder;
    this.hosts = hosts;
  }

  static Street build(Path folder) throws InterruptedException {
    var hosts = Namespaces.create("dhcp");
    try {
      hosts.host(SERVER);
      hosts.host(CLIENT);
      hosts.cable(SERVER, "dhs0", CLIENT, NIC);
      hosts.up(SERVER, "dhs0", "10.77.0.1/24");
      hosts.up(CLIENT, NIC);
      return new Street(folder, hosts);
    } catch (RuntimeException e) {
      hosts.close();
      throw e;
    }
  }

  /** Starts a server with this configuration and waits until it runs or says why not. */
  Process server(String yaml, String... before) throws IOException {
    var config = Files.writeString(folder.resolve("dhcp.yaml"), yaml);
    var log = folder.resolve("server-" + servers++ + ".log");
    return RunServer.spawn(hosts, SERVER, log, config, List.of(before));
  }

  /** Another cable between the two. */
  void cable(String server, String client) {
    hosts.cable(SERVER, server, CLIENT, client);
  }

  /** What a server has said, by the order in which they were started. */
  String serverLog(int index) {
    return Namespaces.read(folder.resolve("server-" + index + ".log"));
  }

  /** Starts something on the client. */
  Process client(Path log, String... command) {
    return hosts.spawn(CLIENT, log, List.of(command));
  }

  /** {@code ip} on one of the hosts. */
  void ip(String host, String arguments) {
    hosts.ip(host, arguments.split(" "));
  }

  /** Sets a value of the client's kernel. */
  void sysctl(String setting) throws InterruptedException {
    hosts.ask(CLIENT, folder.resolve("sysctl.log"), "", List.of("sysctl", "-qw", setting));
  }

  /** The client's hardware address. */
  String mac() throws InterruptedException {
    var file = "/sys/class/net/" + NIC + "/address";
    return hosts.ask(CLIENT, folder.resolve("mac.log"), "", List.of("cat", file)).strip();
  }

  /** Gives the client other hardware. */
  void mac(String address) {
    ip(CLIENT, "link set " + NIC + " down");
    ip(CLIENT, "link set " + NIC + " address " + address);
    ip(CLIENT, "link set " + NIC + " up");
  }

  @Override
  public void close() throws InterruptedException {
    hosts.close();
  }
}
