package dev.islet.dhcp.netns;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.DhcpConfig;
import dev.islet.dhcp.DhcpServer;
import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Namespaces;
import dev.islet.testkit.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs a server in the foreground, for tests that start it inside a network namespace. */
public final class RunServer {
  private RunServer() {}

  /** Takes the configuration file and a folder for data. */
  public static void main(String[] args) throws Exception {
    var home = new Home(Path.of(args[1], "data"), Path.of(args[1], "logs"));
    try (var server =
        DhcpServer.create(new ConfigFile<>(Path.of(args[0]), DhcpConfig.class), home)) {
      server.start();
      // As the launcher does: whoever ends us lets us say farewell.
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      System.out.println("running " + server.endpoints());
      server.awaitStop();
    } catch (StartException e) {
      System.out.println("failed " + e.getMessage());
      System.exit(1);
    }
  }

  /**
   * Starts it on a host of a test, and waits until it runs, says why it cannot, or is gone.
   *
   * @param before a command that runs it, like {@code setpriv} with options
   */
  static Process spawn(Namespaces hosts, String host, Path log, Path config, List<String> before) {
    var command = new ArrayList<>(before);
    command.addAll(
        ChildJvm.of(RunServer.class, config.toString(), config.getParent().toString()).command());
    var process = hosts.spawn(host, log, command);
    Wait.until(
        Duration.ofSeconds(30),
        () -> {
          var text = Namespaces.read(log);
          return text.contains("running ") || text.contains("failed ") || !process.isAlive()
              ? ""
              : "the server says only: " + text;
        });
    return process;
  }
}
