package dev.islet.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Hosts of one test on one machine: Linux network namespaces with cables between them and processes
 * inside. Closing ends the processes and removes the hosts. The names of the namespaces carry the
 * process id, so that tests beside each other do not meet.
 */
public final class Namespaces implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String prefix;
  private final List<String> hosts = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  private Namespaces(String prefix) {
    this.prefix = prefix;
  }

  /** Skips the test where namespaces cannot be made: they need root, Linux and iproute2. */
  public static Namespaces create(String test) {
    var all = new Namespaces(test + "-" + ProcessHandle.current().pid() + "-");
    assumeTrue(
        have("ip") && "root".equals(System.getProperty("user.name")) && all.possible(),
        "needs root and iproute2 to make network namespaces");
    return all;
  }

  private boolean possible() {
    try {
      host("probe");
      command("ip", "netns", "del", hosts.removeLast());
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  /** Whether this machine has a program. */
  public static boolean have(String program) {
    return List.of("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/lib/frr").stream()
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }

  /** Makes a host; its loopback interface is up. */
  public void host(String host) {
    command("ip", "netns", "add", name(host));
    hosts.add(name(host));
    ip(host, "link", "set", "lo", "up");
  }

  /** The namespace of a host, as {@code ip netns} knows it. */
  public String name(String host) {
    return prefix + host;
  }

  /** A cable between two hosts. Its ends are down and have no address. */
  public void cable(String host, String nic, String otherHost, String otherNic) {
    ip(
        host,
        "link",
        "add",
        nic,
        "type",
        "veth",
        "peer",
        "name",
        otherNic,
        "netns",
        name(otherHost));
  }

  /**
   * Gives an interface addresses, usable at once, and switches it on.
   *
   * @param addresses with prefix length, like {@code 10.0.0.1/24} or {@code fd00::1/64}
   */
  public void up(String host, String nic, String... addresses) {
    for (var address : addresses) {
      if (address.contains(":")) {
        ip(host, "addr", "add", address, "dev", nic, "nodad");
      } else {
        ip(host, "addr", "add", address, "dev", nic);
      }
    }
    ip(host, "link", "set", nic, "up");
  }

  /** {@code ip -n HOST …}, which must succeed; what it says. */
  public String ip(String host, String... arguments) {
    var command = new ArrayList<>(List.of("ip", "-n", name(host)));
    command.addAll(List.of(arguments));
    return command(command.toArray(String[]::new));
  }

  /** Starts a process on a host; all it says goes into the log. */
  public Process spawn(String host, Path log, List<String> command) {
    var inside = new ArrayList<>(List.of("ip", "netns", "exec", name(host)));
    inside.addAll(command);
    try {
      var process =
          new ProcessBuilder(inside).redirectErrorStream(true).redirectOutput(log.toFile()).start();
      processes.add(process);
      return process;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs something on a host to its end; what it says, whatever its exit code.
   *
   * @param input for its standard input
   * @throws AssertionError if it does not end within a minute
   */
  public String ask(String host, Path log, String input, List<String> command)
      throws InterruptedException {
    var process = spawn(host, log, command);
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It has ended without reading; what it said tells why.
    }
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(command + " does not end: " + read(log));
    }
    processes.remove(process);
    return read(log);
  }

  /** What is in a log so far; nothing if there is none. */
  public static String read(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a command of the machine itself; what it says.
   *
   * @throws IllegalStateException if it fails
   */
  public static String command(String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (var process : processes.reversed()) {
      process.destroy();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    hosts.forEach(name -> command("ip", "netns", "del", name));
    hosts.clear();
  }
}
