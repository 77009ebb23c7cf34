package dev.islet.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same probe at Apache FtpServer 1.2.1 as it comes, which has the fault, and at ours, which has
 * not. When a probe at the stock server turns red, upstream has mended it.
 */
class StockFaultsTest {
  @TempDir Path home;
  @TempDir Path scratch;

  /** A probe tells whether the server behaves. */
  private interface Probe {
    boolean behaves(Target target) throws Exception;
  }

  private void check(Target.Kind kind, Probe probe) throws Exception {
    try (var target = Target.start(kind, home, scratch)) {
      assertThat(probe.behaves(target)).as(kind + " behaves").isEqualTo(kind == Target.Kind.OURS);
    }
  }

  private Raw login(Target target) throws IOException {
    return Raw.login(target.port(), "t", "secret");
  }

  @ParameterizedTest
  @EnumSource
  void commands_in_the_clear_do_not_survive_auth(Target.Kind kind) throws Exception {
    check(
        kind,
        target -> {
          try (var raw = Raw.connect(target.port())) {
            raw.send("AUTH TLS\r\nUSER t\r\n");
            raw.expect(234);
            raw.secure(Raw.trusting());
            return raw.ask("NOOP").code() != 331;
          } catch (IOException e) {
            return true; // no TLS after an injection
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_half_line_in_the_clear_does_not_survive_auth(Target.Kind kind) throws Exception {
    check(
        kind,
        target -> {
          try (var raw = Raw.connect(target.port())) {
            raw.send("AUTH TLS\r\nUSER ");
            raw.expect(234);
            raw.secure(Raw.trusting());
            return raw.ask("t").code() != 331; // "USER " + "t" would be a command
          } catch (IOException e) {
            return true;
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void port_to_another_address_is_refused(Target.Kind kind) throws Exception {
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            return raw.ask("PORT 127,0,0,2,200,1").code() >= 500
                && raw.ask("EPRT |1|127.0.0.2|51201|").code() >= 500;
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void port_below_1024_is_refused(Target.Kind kind) throws Exception {
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            return raw.ask("PORT 127,0,0,1,0,25").code() >= 500
                && raw.ask("EPRT |1|127.0.0.1|25|").code() >= 500;
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void data_goes_to_the_client_and_not_to_who_comes_first(Target.Kind kind) throws Exception {
    Files.writeString(home.resolve("secret.txt"), "secret");
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            int port = raw.pasv();
            try (var thief = Raw.dataFrom("127.0.0.2", port);
                var data = Raw.data(port)) {
              raw.send("RETR secret.txt\r\n");
              var stolen = readable(thief);
              var got = stolen.isEmpty() ? readable(data) : "";
              return stolen.isEmpty() && got.equals("secret");
            }
          }
        });
  }

  private static String readable(java.net.Socket socket) {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  @ParameterizedTest
  @EnumSource
  void an_upload_goes_on_where_rest_before_pasv_said(Target.Kind kind) throws Exception {
    var old = bytes(1000);
    Files.write(home.resolve("f"), old);
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            raw.ask("REST 500", 350);
            raw.stor("STOR f", "0123456789".getBytes(StandardCharsets.US_ASCII));
          }
          var now = Files.readAllBytes(home.resolve("f"));
          var wanted = old.clone();
          System.arraycopy("0123456789".getBytes(StandardCharsets.US_ASCII), 0, wanted, 500, 10);
          return Arrays.equals(now, wanted);
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_download_goes_on_where_rest_before_epsv_said(Target.Kind kind) throws Exception {
    var all = bytes(100_000);
    Files.write(home.resolve("f"), all);
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            raw.ask("REST 99990", 350);
            try (var data = Raw.data(raw.epsv())) {
              raw.ask("RETR f", 150);
              return Arrays.equals(
                  data.getInputStream().readAllBytes(), Arrays.copyOfRange(all, 99_990, 100_000));
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void mlst_has_one_space_before_the_facts_and_no_stray_line(Target.Kind kind) throws Exception {
    Files.writeString(home.resolve("f"), "x");
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            var lines = raw.ask("MLST f", 250).text().split("\r\n", -1);
            return lines.length == 4
                && lines[1].matches(" (?i)([a-z.]+=[^;]*;)+ /f")
                && lines[2].startsWith("250 ");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void feat_tells_all_that_is_understood(Target.Kind kind) throws Exception {
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            var feat = raw.ask("FEAT", 211).text();
            return Arrays.asList(feat.split("\r\n"))
                    .containsAll(
                        java.util.List.of(
                            " AUTH TLS",
                            " EPRT",
                            " EPSV",
                            " MDTM",
                            " PBSZ",
                            " PROT",
                            " REST STREAM",
                            " SIZE",
                            " TVFS",
                            " UTF8"))
                && feat.matches("(?s).*\r\n MLST type\\*;size\\*;modify\\*;.*");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void after_epsv_all_nothing_else_opens_a_port(Target.Kind kind) throws Exception {
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            return raw.ask("EPSV ALL").code() == 200
                && raw.ask("PASV").code() >= 500
                && raw.ask("PORT 127,0,0,1,200,1").code() >= 500
                && raw.ask("EPRT |1|127.0.0.1|51201|").code() >= 500
                && raw.ask("EPSV").code() == 229;
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void links_do_not_lead_out_of_the_home(Target.Kind kind) throws Exception {
    var outside = Files.createDirectories(scratch.resolve("outside"));
    Files.writeString(outside.resolve("passwd"), "root");
    Files.createSymbolicLink(home.resolve("etc"), outside);
    Files.createSymbolicLink(home.resolve("pw"), outside.resolve("passwd"));
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            return raw.ask("CWD etc").code() == 550
                && raw.ask("SIZE etc/passwd").code() == 550
                && raw.ask("SIZE pw").code() == 550
                && raw.ask("DELE etc/passwd").code() == 550
                && raw.ask("MKD etc/new").code() == 550
                && Files.exists(outside.resolve("passwd"));
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_broken_off_upload_is_not_seen(Target.Kind kind) throws Exception {
    Files.writeString(home.resolve("f"), "the old content");
    check(
        kind,
        target -> {
          try (var raw = login(target)) {
            var data = Raw.data(raw.pasv());
            raw.ask("STOR f", 150);
            data.getOutputStream().write(new byte[5]);
            data.setSoLinger(true, 0);
            data.close(); // a reset
            raw.answer();
          }
          return Files.readString(home.resolve("f")).equals("the old content");
        });
  }

  private static byte[] bytes(int n) {
    var bytes = new byte[n];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
