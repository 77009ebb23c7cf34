package dev.islet.voip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.testkit.Wait;
import dev.islet.voip.model.CallState;
import dev.islet.voip.model.VoipEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SIPp, a stranger's SIP, as the phones; skipped where it is not installed. */
class SippTest {
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(31_000);

  private static final Path SCENARIOS = Path.of("src/test/resources/sipp").toAbsolutePath();
  private static final String PASSWORD = "a-long-password";

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> ends = new ConcurrentLinkedQueue<>();
  private VoipServer server;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(installed(), "sipp is not installed");
    server =
        VoipServer.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .rtpPorts(10_300, 10_400)
                        .extension("100", PASSWORD)
                        .extension("101", PASSWORD)
                        .onTrace(
                            e -> {
                              if (e instanceof VoipEvent.CallChanged(_, _, _, var state, var why)
                                  && state == CallState.ENDED) {
                                ends.add(why);
                              }
                            }))
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    for (var process : processes) {
      process.destroy();
      process.waitFor(2, TimeUnit.SECONDS);
    }
    if (server != null) {
      server.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"u1", "t1"})
  void registers(String transport) throws Exception {
    var phone = sipp("register", "100", String.valueOf(port()), transport, port());
    ends(phone);
  }

  @ParameterizedTest
  @CsvSource({
    "caller,          callee,           caller hung up",
    "caller-waits,    callee-hangs-up,  callee hung up",
    "caller-cancels,  callee-cancelled, the caller gave up (RFC 3261 §9.2)",
    "caller-refused,  callee-busy,      Busy Here"
  })
  void calls(String caller, String callee, String end) throws Exception {
    int port = port();
    ends(sipp("register", "101", String.valueOf(port), "u1", port));
    var called = sipp(callee, "101", "", "u1", port);
    awaitBound(called, port);
    var calling = sipp(caller, "100", "101", "u1", port());
    ends(calling);
    ends(called);
    Wait.until(Duration.ofSeconds(5), () -> ends.contains(end) ? "" : "ended with " + ends);
  }

  @Test
  void a_number_that_is_not_registered_is_not_reached() throws Exception {
    var calling = sipp("caller", "100", "101", "u1", port());
    assertThat(calling.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(calling.exitValue()).isEqualTo(1);
    assertThat(ends).containsExactly("no phone of 101 is registered");
  }

  private Process sipp(String scenario, String extension, String third, String transport, int port)
      throws IOException {
    var fields = Files.createTempFile(folder, scenario, ".csv");
    Files.writeString(
        fields,
        "SEQUENTIAL\n%s;[authentication username=%s password=%s];%s\n"
            .formatted(extension, extension, PASSWORD, third));
    var protocol = transport.equals("u1") ? "sip/udp" : "sip/tcp";
    InetSocketAddress at =
        server.endpoints().stream()
            .filter(e -> e.protocol().equals(protocol))
            .findFirst()
            .orElseThrow()
            .address();
    var process =
        new ProcessBuilder(
                "sipp",
                "127.0.0.1:" + at.getPort(),
                "-sf",
                SCENARIOS.resolve(scenario + ".xml").toString(),
                "-inf",
                fields.toString(),
                "-i",
                "127.0.0.1",
                "-p",
                String.valueOf(port),
                "-t",
                transport,
                "-m",
                "1",
                "-timeout",
                "15s",
                "-timeout_error",
                "-nostdin",
                "-mi",
                "127.0.0.1",
                "-mp",
                String.valueOf(20_000 + port % 10_000 * 2),
                "-trace_err",
                "-error_file",
                folder.resolve(scenario + port + ".err").toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(scenario + port + ".log").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private void ends(Process process) throws Exception {
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> errors()).isZero();
  }

  private String errors() {
    var text = new StringBuilder();
    try (var files = Files.newDirectoryStream(folder, "*.err")) {
      for (var file : files) {
        text.append(Files.readString(file));
      }
    } catch (IOException e) {
      text.append(e);
    }
    return text.toString();
  }

  private static boolean installed() {
    try {
      return new ProcessBuilder("sipp", "-v")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(5, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /**
   * A port that is free for both transports, ten from the last one (SIPp takes several ports for
   * media, counted from this one), and below those that the system gives to connections, so that it
   * is still free when SIPp comes to bind it.
   */
  private static int port() {
    while (true) {
      int port = NEXT_PORT.getAndAdd(10);
      try (var udp = new DatagramSocket(port, InetAddress.getLoopbackAddress());
          var tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(tcp.getLocalPort()).isEqualTo(udp.getLocalPort());
        return port;
      } catch (IOException e) {
        assertThat(port).as("every port so far was taken").isLessThan(32_000);
      }
    }
  }

  /**
   * Until SIPp listens. The kernel's table is read; a trial bind could take the port from SIPp in
   * the very moment it comes to bind it.
   */
  private void awaitBound(Process phone, int port) {
    var local = " 0100007F:%04X ".formatted(port); // 127.0.0.1 as the kernel prints it
    Wait.until(
        Duration.ofSeconds(20),
        () -> {
          assertThat(phone.isAlive()).as(() -> "SIPp has ended: " + errors()).isTrue();
          try (var sockets = Files.lines(Path.of("/proc/net/udp"))) {
            return sockets.anyMatch(line -> line.contains(local)) ? "" : "no socket at " + port;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
