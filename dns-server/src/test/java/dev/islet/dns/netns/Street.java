package dev.islet.dns.netns;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces with a cable between them. The server's side has two addresses of each
 * family, 10.78.0.1 and .2, fd78::1 and ::2; the client's side is 10.78.0.9 and fd78::9. Needs
 * root.
 */
final class Street implements AutoCloseable {
  static final String SERVER = "dns-srv";
  static final String CLIENT = "dns-cli";

  private final Path folder;
  private final List<Process> started = new ArrayList<>();

  private Street(Path folder) {
    this.folder = folder;
  }

  static Street build(Path folder) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")) && have("ip"),
        "needs root and iproute2 to make network namespaces");
    var street = new Street(folder);
    street.tearDown();
    try {
      street.run("ip netns add " + SERVER);
      street.run("ip netns add " + CLIENT);
      street.run("ip link add dns0 netns " + SERVER + " type veth peer name dnc0 netns " + CLIENT);
      street.up(SERVER, "dns0", "10.78.0.1/24", "10.78.0.2/24", "fd78::1/64", "fd78::2/64");
      street.up(CLIENT, "dnc0", "10.78.0.9/24", "fd78::9/64");
      return street;
    } catch (Exception e) {
      street.close();
      throw e;
    }
  }

  private void up(String namespace, String nic, String... addresses) throws Exception {
    run("ip -n " + namespace + " link set lo up");
    for (var address : addresses) {
      var more = address.contains(":") ? " nodad" : "";
      run("ip -n " + namespace + " addr add " + address + " dev " + nic + more);
    }
    run("ip -n " + namespace + " link set " + nic + " up");
  }

  static boolean have(String program) {
    return List.of("/bin", "/sbin", "/usr/bin", "/usr/sbin").stream()
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
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
      return read(log);
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

  Serving server(Path config) throws Exception {
    var log = folder.resolve("server.log");
    var command = new ArrayList<>(List.of("ip", "netns", "exec", SERVER));
    command.addAll(ChildJvm.of(RunServer.class, config.toString(), folder.toString()).command());
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);
    Wait.until(
        Duration.ofSeconds(30),
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the server has ended: " + read(log));
          }
          return read(log).contains("running ") ? "" : "the server says only: " + read(log);
        });
    return new Serving(process, log);
  }

  /** Starts something in the client's namespace. */
  Process client(Path log, String... command) throws IOException {
    var whole = new ArrayList<>(List.of("ip", "netns", "exec", CLIENT));
    whole.addAll(List.of(command));
    var process =
        new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);
    return process;
  }

  /** Runs something in the client's namespace to its end; what it says, whatever its exit code. */
  String ask(String input, List<String> command) throws Exception {
    var log = folder.resolve("client.log");
    var process = client(log, command.toArray(String[]::new));
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError(command + " does not end: " + read(log));
    }
    started.remove(process);
    return read(log);
  }

  static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      return "";
    }
  }

  String run(String command) throws Exception {
    var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(command + ": " + out);
    }
    return out;
  }

  private void tearDown() throws Exception {
    for (var name : List.of(SERVER, CLIENT)) {
      if (Files.exists(Path.of("/run/netns", name))) {
        run("ip netns del " + name);
      }
    }
  }

  @Override
  public void close() throws Exception {
    for (var process : started) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    tearDown();
  }
}
