package dev.islet.dns.netns;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.StartException;
import dev.islet.dns.DnsConfig;
import dev.islet.dns.DnsServer;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Runs a server in the foreground, for tests that start it inside a network namespace. Each line on
 * standard input is a reload.
 */
public final class RunServer {
  private RunServer() {}

  /** Takes the configuration file and a folder for data. */
  public static void main(String[] args) throws Exception {
    var home = new Home(Path.of(args[1], "data"), Path.of(args[1], "logs"));
    try (var server = DnsServer.create(new ConfigFile<>(Path.of(args[0]), DnsConfig.class), home);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      server.start();
      System.out.println("running " + server.endpoints());
      while (in.readLine() != null) {
        System.out.println("reload " + server.reload());
      }
    } catch (StartException e) {
      System.out.println("failed " + e.getMessage());
      System.exit(1);
    }
  }
}
