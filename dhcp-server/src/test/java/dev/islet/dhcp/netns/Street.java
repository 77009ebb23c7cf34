package dev.islet.dhcp.netns;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Two network namespaces with a cable between them: the server's side {@code dhs0} is 10.77.0.1,
 * the client's side {@code dhc0} has nothing. Needs root.
 */
final class Street implements AutoCloseable {
  static final String SERVER = "dhcp-srv";
  static final String CLIENT = "dhcp-cli";
  static final String NIC = "dhc0";

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
      street.run("ip link add dhs0 netns " + SERVER + " type veth peer name dhc0 netns " + CLIENT);
      street.run("ip -n " + SERVER + " link set lo up");
      street.run("ip -n " + CLIENT + " link set lo up");
      street.run("ip -n " + SERVER + " addr add 10.77.0.1/24 dev dhs0");
      street.run("ip -n " + SERVER + " link set dhs0 up");
      street.run("ip -n " + CLIENT + " link set dhc0 up");
      return street;
    } catch (Exception e) {
      street.close();
      throw e;
    }
  }

  static boolean have(String program) {
    return List.of("/bin", "/sbin", "/usr/bin", "/usr/sbin").stream()
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }

  /** Starts a server with this configuration and waits until it runs or says why not. */
  Process server(String yaml, String... before) throws Exception {
    var config = folder.resolve("dhcp.yaml");
    Files.writeString(config, yaml);
    var log = folder.resolve("server-" + started.size() + ".log");
    var command = new ArrayList<>(List.of("ip", "netns", "exec", SERVER));
    command.addAll(List.of(before));
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            RunServer.class.getName(),
            config.toString(),
            folder.toString()));
    var process = start(command, log);
    Wait.until(
        Duration.ofSeconds(30),
        () -> {
          var text = read(log);
          return text.contains("running ") || text.contains("failed ") || !process.isAlive()
              ? ""
              : "the server says only: " + text;
        });
    return process;
  }

  /** What the server started last has said. */
  String serverLog(int index) {
    return read(folder.resolve("server-" + index + ".log"));
  }

  /** Starts something in the client's namespace. */
  Process client(Path log, String... command) throws IOException {
    var whole = new ArrayList<>(List.of("ip", "netns", "exec", CLIENT));
    whole.addAll(List.of(command));
    return start(whole, log);
  }

  private Process start(List<String> command, Path log) throws IOException {
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    started.add(process);
    return process;
  }

  /** The client's hardware address. */
  String mac() throws Exception {
    return run("ip netns exec " + CLIENT + " cat /sys/class/net/" + NIC + "/address").strip();
  }

  /** Gives the client other hardware. */
  void mac(String address) throws Exception {
    run("ip -n " + CLIENT + " link set " + NIC + " down");
    run("ip -n " + CLIENT + " link set " + NIC + " address " + address);
    run("ip -n " + CLIENT + " link set " + NIC + " up");
  }

  static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }

  String run(String command) throws Exception {
    var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    var out = new String(process.getInputStream().readAllBytes(), "UTF-8");
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
