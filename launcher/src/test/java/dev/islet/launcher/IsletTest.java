package dev.islet.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.admin.AdminConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a user meets it: exit codes and what is said. */
class IsletTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  private record Outcome(int code, String out, String err) {}

  private static Outcome islet(String... args) throws Exception {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var realOut = System.out;
    var realErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int code = Islet.run(args);
      return new Outcome(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  @Test
  void help_tells_every_command_and_every_option() throws Exception {
    var usage = islet("--help");
    assertThat(usage.code()).isZero();
    assertThat(usage.out()).contains("up ", "run ", "check ", "status ", "reload ", "trace ");
    var run = islet("run", "--help");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("Usage: islet run SERVICE --config FILE [OPTIONS]")
        .contains("--data DIR", "--logs DIR", "its YAML file");
    assertThat(islet("--version").out()).startsWith("islet ");
  }

  @Test
  void a_line_that_cannot_be_understood_is_bad_usage_and_tells_the_right_one() throws Exception {
    for (var words :
        new String[][] {
          {},
          {"upp"},
          {"run", "dns"},
          {"run", "--config", "x"},
          {"run", "dns", "ftp", "--config", "x"},
          {"up", "--conf", "config/local"},
          {"up", "--config"},
          {"trace"},
          {"check", "a", "b"}
        }) {
      var outcome = islet(words);
      assertThat(outcome.code()).as(String.join(" ", words)).isEqualTo(2);
      assertThat(outcome.err()).contains("Usage: islet");
      assertThat(outcome.out()).isEmpty();
    }
  }

  @Test
  void the_configuration_that_ships_is_good() throws Exception {
    for (var folder : new String[] {"config/local", "config/pi"}) {
      var outcome = islet("check", PROJECT.resolve(folder).toString());
      assertThat(outcome.err()).isEmpty();
      assertThat(outcome.code()).isZero();
      assertThat(outcome.out().lines()).hasSize(Kind.values().length);
    }
  }

  @Test
  void the_configuration_of_a_second_board_is_good() throws Exception {
    var outcome = islet("check", PROJECT.resolve("config/second").toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().strip()).endsWith("router.yaml: good");
  }

  @Test
  void a_fault_is_told_with_file_line_column_key_and_the_nearest_key(@TempDir Path folder)
      throws Exception {
    Files.writeString(folder.resolve("router.yaml"), "# a comment\nadmn: 127.0.0.1:9179\n");
    var outcome = islet("check", folder.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("router.yaml:2:1: admn: unknown key; did you mean \"admin\"?");
  }

  @Test
  void a_misspelt_file_is_told(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("dsn.yaml"), "{}\n");
    var outcome = islet("check", folder.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("dsn.yaml").contains("dns.yaml");
  }

  @Test
  void bad_configuration_starts_nothing(@TempDir Path folder) throws Exception {
    Files.copy(PROJECT.resolve("config/local/router.yaml"), folder.resolve("router.yaml"));
    Files.writeString(folder.resolve("dhcp.yaml"), "subnets: 7\n");
    var data = folder.resolve("data");
    var outcome =
        islet(
            "up", "--config", folder.toString(), "--data", data.toString(), "--logs", data + "/l");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("dhcp.yaml:1:").contains("nothing started");
    assertThat(data).doesNotExist();
  }

  @Test
  void a_taken_port_is_told_with_its_holder_and_exit_1(@TempDir Path folder) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          folder.resolve("router.yaml"), "admin: 127.0.0.1:" + taken.getLocalPort() + "\n");
      var outcome =
          islet(
              "run",
              "router",
              "--config",
              folder.resolve("router.yaml").toString(),
              "--data",
              folder.resolve("data").toString(),
              "--logs",
              folder.resolve("logs").toString());
      assertThat(outcome.code()).isEqualTo(1);
      assertThat(outcome.err())
          .contains("NET-BIND-001")
          .contains("127.0.0.1:" + taken.getLocalPort())
          .contains("java (pid " + ProcessHandle.current().pid() + ")");
    }
  }

  @Test
  void an_unknown_service_is_bad_usage(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("dns.yaml"), "{}\n");
    var outcome = islet("up", "dnss", "--config", folder.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("dnss")
        .contains("dns, dhcp, ftp, web, voip, router, monitor");
  }

  @Test
  void status_of_nothing_says_so(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("router.yaml"), "admin: 127.0.0.1:1\n");
    assertThat(Kind.ROUTER.admin(folder.resolve("router.yaml"))).contains(AdminConfig.loopback(1));
    var outcome = islet("status", "--config", folder.toString(), "--data", folder.toString());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("router").contains("nobody listens");
  }
}
