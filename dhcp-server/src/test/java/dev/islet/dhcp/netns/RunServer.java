package dev.islet.dhcp.netns;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.StartException;
import dev.islet.dhcp.DhcpConfig;
import dev.islet.dhcp.DhcpServer;
import java.nio.file.Path;

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
}
