package dev.islet.core.net.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Two network namespaces, core-a and core-b, with a cable between their interfaces {@code left} and
 * {@code right}. A thread can enter one and open sockets there; they can be used from anywhere.
 */
final class NetworkNamespaces implements AutoCloseable {
  static final String A = "core-a";
  static final String B = "core-b";

  private NetworkNamespaces() {}

  static NetworkNamespaces create() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name"))
            && Files.exists(Path.of("/proc/self/ns/net")),
        "needs root to make network namespaces");
    assumeTrue(
        Files.isExecutable(Path.of("/sbin/ip")) || Files.isExecutable(Path.of("/usr/sbin/ip")));
    var both = new NetworkNamespaces();
    both.close();
    try {
      for (var name : new String[] {A, B}) {
        run("ip netns add " + name);
        // Link-local addresses are to be usable at once.
        run("ip netns exec " + name + " sysctl -q -w net.ipv6.conf.default.accept_dad=0");
        run("ip -n " + name + " link set lo up");
      }
      run("ip link add left netns " + A + " type veth peer name right netns " + B);
      run("ip -n " + A + " link set left address 02:00:00:00:00:0a up");
      run("ip -n " + B + " link set right address 02:00:00:00:00:0b up");
      awaitRoutes(A, "left");
      awaitRoutes(B, "right");
      return both;
    } catch (Exception e) {
      both.close();
      throw e;
    }
  }

  /** A link that has just come up drops IPv6 until the kernel has made its own routes. */
  private static void awaitRoutes(String namespace, String nic) throws Exception {
    long end = System.nanoTime() + 10_000_000_000L;
    String routes;
    do {
      routes = run("ip -n " + namespace + " -6 route show table local dev " + nic);
      if (routes.contains("multicast ff00::/8") && routes.contains("local fe80::")) {
        return;
      }
    } while (System.nanoTime() < end);
    throw new IOException(nic + " in " + namespace + " does not come up: " + routes);
  }

  static String run(String command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + output);
    }
    return output.strip();
  }

  /** Computes something on a thread inside a namespace. */
  static <T> T in(String namespace, Callable<T> work) throws Exception {
    var task =
        new FutureTask<>(
            () -> {
              try {
                enter(namespace);
              } catch (Throwable e) {
                throw new IOException("cannot enter " + namespace, e);
              }
              return work.call();
            });
    Thread.ofPlatform().start(task);
    return task.get();
  }

  private static void enter(String namespace) throws Throwable {
    var linker = Linker.nativeLinker();
    var open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    var setns =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setns"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int fd =
          (int) open.invokeExact((MemorySegment) arena.allocateFrom("/run/netns/" + namespace), 0);
      int rc = (int) setns.invokeExact(fd, 0x4000_0000);
      Libc.close(fd);
      if (fd < 0 || rc != 0) {
        throw new IOException("cannot enter " + namespace);
      }
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (var name : new String[] {A, B}) {
      if (Files.exists(Path.of("/run/netns/" + name))) {
        run("ip netns del " + name);
      }
    }
  }
}
