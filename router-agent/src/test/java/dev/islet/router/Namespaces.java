package dev.islet.router;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Network namespaces of one test, their cables and processes; closing removes all of them. */
final class Namespaces implements AutoCloseable {
  private static final Pattern OBJECT = Pattern.compile("\\{([^{}]*)}");

  private final String prefix = "router-" + ProcessHandle.current().pid() + "-";
  private final List<String> names = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  /** Whether this machine lets us make namespaces: root, Linux, iproute2. */
  static boolean possible() {
    try {
      var probe = "router-" + ProcessHandle.current().pid() + "-probe";
      boolean made = run("ip", "netns", "add", probe).code() == 0;
      run("ip", "netns", "del", probe);
      return made;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  record Result(int code, String output) {}

  String name(String name) {
    return prefix + name;
  }

  void make(String name) throws IOException, InterruptedException {
    must("ip", "netns", "add", name(name));
    names.add(name);
    must("ip", "-n", name(name), "link", "set", "lo", "up");
  }

  /** A cable between two namespaces, with an address at each end. */
  void cable(String a, String nicA, String addressA, String b, String nicB, String addressB)
      throws IOException, InterruptedException {
    must(
        "ip", "-n", name(a), "link", "add", nicA, "type", "veth", "peer", "name", nicB, "netns",
        name(b));
    up(a, nicA, addressA);
    up(b, nicB, addressB);
  }

  private void up(String ns, String nic, String address) throws IOException, InterruptedException {
    must("ip", "-n", name(ns), "addr", "add", address, "dev", nic);
    must("ip", "-n", name(ns), "link", "set", nic, "up");
  }

  /** {@code ip} in a namespace; must succeed. */
  String ip(String ns, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("ip", "-n", name(ns)));
    command.addAll(Arrays.asList(arguments));
    return must(command.toArray(String[]::new));
  }

  /** Routes as {@code ip -j route} tells them: destination, gateway, device, metric. */
  TreeSet<String> routes(String ns, String protocol) {
    try {
      var json = ip(ns, "-j", "route", "show", "table", "all", "proto", protocol);
      var routes = new TreeSet<String>();
      var matcher = OBJECT.matcher(json);
      while (matcher.find()) {
        var object = matcher.group(1);
        routes.add(
            (field(object, "type")
                    + " "
                    + field(object, "dst")
                    + " via "
                    + field(object, "gateway")
                    + " dev "
                    + field(object, "dev")
                    + " metric "
                    + field(object, "metric"))
                .strip());
      }
      return routes;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String field(String object, String name) {
    var matcher = Pattern.compile("\"" + name + "\":\"?([^\",]*)").matcher(object);
    return matcher.find() ? matcher.group(1) : "-";
  }

  /** A process in a namespace, its output in a file. */
  Process spawn(String ns, Path log, String... command) throws IOException {
    var full = new ArrayList<>(List.of("ip", "netns", "exec", name(ns)));
    full.addAll(Arrays.asList(command));
    var process =
        new ProcessBuilder(full).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    processes.add(process);
    return process;
  }

  /** A class with a main method, on this test's class path. */
  static String[] java(String main, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main));
    command.addAll(Arrays.asList(arguments));
    return command.toArray(String[]::new);
  }

  static String must(String... command) throws IOException, InterruptedException {
    var result = run(command);
    if (result.code() != 0) {
      throw new IOException(String.join(" ", command) + ": " + result.output());
    }
    return result.output();
  }

  static Result run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  /** FRR's zebra and ripd in a namespace. */
  void frr(String ns, Path folder, String ripd) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("zebra.conf"), "hostname peer\n");
    Files.writeString(folder.resolve("ripd.conf"), ripd);
    for (var at = folder; at != null && at.getNameCount() > 1; at = at.getParent()) {
      run("chmod", "a+rx", at.toString());
    }
    must("chown", "-R", "frr:frr", folder.toString());
    for (var daemon : List.of("zebra", "ripd")) {
      spawn(
          ns,
          folder.resolveSibling(daemon + ".log"),
          "/usr/lib/frr/" + daemon,
          "-f",
          folder.resolve(daemon + ".conf").toString(),
          "-i",
          folder.resolve(daemon + ".pid").toString(),
          "-z",
          folder.resolve("zserv.api").toString(),
          "--vty_socket",
          folder.toString(),
          "-A",
          "127.0.0.1",
          "-u",
          "frr",
          "-g",
          "frr");
      var socket = folder.resolve("zserv.api");
      dev.islet.testkit.Wait.until(
          java.time.Duration.ofSeconds(10),
          () -> Files.exists(socket) ? "" : "zebra has not made its socket");
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (var process : processes.reversed()) {
      process.destroy();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
    for (var name : names) {
      run("ip", "netns", "del", name(name));
    }
  }
}
