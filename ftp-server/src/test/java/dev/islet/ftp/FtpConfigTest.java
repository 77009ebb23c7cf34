package dev.islet.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.ftp.model.Right;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FtpConfigTest {
  @TempDir Path folder;

  private FtpConfig parse(String text) {
    return ConfigFile.parse(text, folder.resolve("ftp.yaml"), FtpConfig.class, Map.of("PW", "pw"));
  }

  @Test
  void defaults_are_careful() {
    var config = parse("listen: 127.0.0.1:2121");
    assertThat(config.passive().ports()).isEqualTo(new FtpConfig.PortRange(50_000, 50_100));
    assertThat(config.limits().line()).isEqualTo(4096);
    assertThat(config.uploads().durable()).isTrue();
    assertThat(config.tls().mode()).isEmpty();
    assertThat(config.users()).isEmpty();
    assertThat(config.admin()).isEmpty();
  }

  @Test
  void a_user_may_have_a_password_from_elsewhere_and_a_home_beside_the_file() {
    var user =
        parse(
                """
                listen: 127.0.0.1:2121
                users:
                  - name: camera
                    password: ${PW}
                    home: pictures
                    rights: [upload]
                """)
            .users()
            .getFirst();
    assertThat(user.password()).contains("pw");
    assertThat(user.home()).contains(folder.resolve("pictures"));
    assertThat(user.rights()).containsExactly(Right.UPLOAD);
    assertThat(user.toString()).doesNotContain("pw");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          listen: 127.0.0.1:2121\\npasive: {}                             | 2 | did you mean "passive"
          listen: 127.0.0.1:2121\\npassive: {ports: 20-30}                | 2 | range of ports
          listen: 127.0.0.1:2121\\npassive: {ports: 50100-50000}          | 2 | range of ports
          listen: 127.0.0.1:2121\\ntls: {mode: requird}                   | 2 | did you mean "required"
          listen: 127.0.0.1:2121\\ntls: {certificate: a.pem}              | 2 | go together
          listen: 127.0.0.1:2121\\nlimits: {line: 10}                     | 2 | from 256
          listen: 127.0.0.1:2121\\nusers: [{name: a, password: ''}]       | 2 | empty password
          listen: 127.0.0.1:2121\\nusers: [{name: a/b}]                   | 2 | no user name
          listen: 127.0.0.1:2121\\nusers: [{name: a}, {name: a}]          | 2 | twice
          listen: 127.0.0.1:2121\\nusers: [{name: a, password-hash: x}]   | 2 | pbkdf2
          listen: 127.0.0.1:2121\\nusers: [{name: a, rights: [writ]}]     | 2 | did you mean "write"
          greeting: hello                                                | 1 | at least one address
          implicit: 127.0.0.1:990\\ntls: {mode: off}                      | 1 | implicit FTPS is TLS
          """)
  void a_mistake_is_told_with_its_line(String text, int line, String message) {
    assertThatThrownBy(() -> parse(text.replace("\\n", "\n")))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e -> {
              assertThat(e.problems().getFirst().line()).isEqualTo(line);
              assertThat(e).hasMessageContaining(message);
            });
  }

  @Test
  void the_files_that_ship_are_right() {
    for (var name : new String[] {"local", "pi"}) {
      var path = Path.of("..", "config", name, "ftp.yaml");
      var config = new ConfigFile<>(path, FtpConfig.class).read();
      assertThat(config.users())
          .singleElement()
          .extracting(FtpConfig.User::name)
          .isEqualTo("islet");
      assertThat(config.admin()).isPresent();
    }
  }

  @Test
  void a_service_from_a_file_makes_a_password_logs_transfers_and_reloads() throws Exception {
    var file = folder.resolve("ftp.yaml");
    var first =
        """
        listen: 127.0.0.1:0
        passive: {ports: 0}
        users: [{name: islet}, {name: camera, password: pw}]
        admin: {listen: 127.0.0.1:0, token: t}
        """;
    Files.writeString(file, first);
    var home = new Home(folder.resolve("data"), folder.resolve("logs"));
    try (var ftp = FtpService.create(new ConfigFile<>(file, FtpConfig.class), home)) {
      ftp.start();
      int port = FtpServiceTest.port(ftp);
      var secret = home.data("ftp").resolve("islet.password");
      assertThat(Files.getPosixFilePermissions(secret))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      try (var raw = Raw.login(port, "islet", Files.readString(secret).strip())) {
        raw.stor("STOR a b", new byte[7]);
        assertThat(raw.retr("a b")).hasSize(7);
      }
      assertThat(home.data("ftp").resolve("home/islet/a b")).hasSize(7);
      var json = home.logs("ftp").resolve("transfers.jsonl");
      FtpServiceTest.await(() -> lines(json) == 2);
      var log = Files.readString(home.logs("ftp").resolve("xferlog"));
      assertThat(log.lines())
          .hasSize(2)
          .allMatch(
              l ->
                  l.matches(
                      "\\w{3} \\w{3} \\d\\d [\\d:]{8} \\d{4} 1 127\\.0\\.0\\.1 7 /a_b b _ [io] r"
                          + " islet ftp 0 \\* c"));
      assertThat(Files.readString(json).lines())
          .hasSize(2)
          .allMatch(l -> l.contains("\"file\":\"/a b\",\"bytes\":7"));

      try (var stays = Raw.login(port, "islet", Files.readString(secret).strip());
          var goes = Raw.login(port, "camera", "pw")) {
        Files.writeString(file, first.replace("password: pw", "password: other"));
        assertThat(ftp.reload())
            .isInstanceOfSatisfying(
                Reload.Applied.class, r -> assertThat(r.changed()).containsExactly("users"));
        goes.expect(421);
        stays.ask("NOOP", 200);
        Raw.login(port, "camera", "other").close();
      }
      Files.writeString(file, first + "greetin: x\n");
      assertThat(ftp.reload())
          .isInstanceOfSatisfying(
              Reload.Refused.class, r -> assertThat(r.why()).contains("greeting"));
      Raw.login(port, "camera", "other").close();
    }
  }

  private static long lines(Path file) {
    try {
      return Files.readString(file).lines().count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void the_admin_endpoint_shows_sessions_and_numbers() throws Exception {
    int admin;
    try (var probe = new java.net.ServerSocket(0)) {
      admin = probe.getLocalPort();
    }
    var file = folder.resolve("ftp.yaml");
    Files.writeString(
        file,
        """
        listen: 127.0.0.1:0
        implicit: 127.0.0.1:0
        passive: {ports: 0}
        users: [{name: camera, password: pw}]
        admin: {listen: 127.0.0.1:%d, token: t}
        """
            .formatted(admin));
    var home = new Home(folder.resolve("data"), folder.resolve("logs"));
    try (var ftp = FtpService.create(new ConfigFile<>(file, FtpConfig.class), home)) {
      ftp.start();
      try (var raw = Raw.login(FtpServiceTest.port(ftp), "camera", "pw")) {
        raw.stor("STOR f", new byte[11]);
        assertThat(get(admin, "/ready")).contains("\"ready\":true");
        assertThat(get(admin, "/state"))
            .contains("\"user\":\"camera\"", "\"command\":\"STOR f\"")
            .doesNotContain("pw");
        assertThat(get(admin, "/metrics"))
            .contains(
                "islet_ftp_logins_total{result=\"ok\"} 1",
                "islet_ftp_transfer_bytes_total{way=\"in\"} 11",
                "islet_ftp_sessions 1");
      }
    }
  }

  private static String get(int port, String path) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Authorization", "Bearer t")
              .build();
      return http.send(request, BodyHandlers.ofString()).body();
    }
  }

  @Test
  void a_hash_made_for_the_file_lets_in() throws Exception {
    var hash = HashPassword.of("secret");
    try (var ftp =
        FtpService.create(
            c -> c.listen("127.0.0.1", 0).userHashed("a", hash, folder, Right.READ))) {
      ftp.start();
      Raw.login(FtpServiceTest.port(ftp), "a", "secret").close();
      assertThat(ftp.fingerprint()).map(String::length).isEqualTo(Optional.of(64));
    }
  }
}
