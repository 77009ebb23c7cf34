package dev.islet.ftp;

import static dev.islet.ftp.model.Right.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The programs people use. Each test is skipped where its program is not installed. */
class ClientsTest {
  @TempDir Path folder;
  private final List<FtpEvent> events = new CopyOnWriteArrayList<>();
  private Path home;
  private Path big;
  private byte[] content;
  private FtpService ftp;
  private int explicit;
  private int implicit;

  @BeforeEach
  void start() throws IOException {
    home = Files.createDirectories(folder.resolve("home"));
    content = new byte[3_333_333];
    new Random(4).nextBytes(content);
    big = Files.write(folder.resolve("big"), content);
    ftp =
        FtpService.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .implicit("127.0.0.1", 0)
                        .passivePorts(0, 0)
                        .tls(TlsMode.OPTIONAL)
                        .user("t", "secret", home, WRITE)
                        .onTrace(events::add))
            .start();
    explicit = ftp.endpoints().get(0).address().getPort();
    implicit = ftp.endpoints().get(1).address().getPort();
  }

  @AfterEach
  void close() {
    ftp.close();
  }

  private static void need(String program) {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin", program)), program + " is not installed here");
  }

  private record Run(int exit, String output) {}

  private Run run(String... command) throws Exception {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = builder.start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), output);
  }

  private Run curl(String... more) throws Exception {
    need("curl");
    var command =
        new ArrayList<>(
            List.of("/usr/bin/curl", "-sS", "-k", "--max-time", "50", "-u", "t:secret"));
    command.addAll(List.of(more));
    return run(command.toArray(String[]::new));
  }

  private String url(boolean implicitly) {
    return implicitly ? "ftps://127.0.0.1:" + implicit + "/" : "ftp://127.0.0.1:" + explicit + "/";
  }

  private byte[] stored(String name) throws IOException {
    return Files.readAllBytes(home.resolve(name));
  }

  @ParameterizedTest
  @CsvSource({
    "false, --ftp-pasv",
    "false, --disable-epsv",
    "false, --ftp-port=127.0.0.1",
    "false, --ssl-reqd",
    "false, --ssl-reqd --tls-max=1.2",
    "false, --ssl-reqd --disable-epsv",
    "true, --ftp-pasv",
    "true, --tls-max=1.2"
  })
  void curl_uploads_downloads_and_lists(boolean implicitly, String options) throws Exception {
    var words = new ArrayList<String>();
    for (var option : options.split(" ")) {
      words.addAll(List.of(option.split("=")));
    }
    var up = new ArrayList<>(words);
    up.addAll(List.of("--ftp-create-dirs", "-T", big.toString(), url(implicitly) + "d/\u00e9/up"));
    var run = curl(up.toArray(String[]::new));
    assertThat(run.output()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(stored("d/\u00e9/up")).isEqualTo(content);

    var down = new ArrayList<>(words);
    down.addAll(List.of("-o", folder + "/got", url(implicitly) + "d/%C3%A9/up"));
    assertThat(curl(down.toArray(String[]::new))).isEqualTo(new Run(0, ""));
    assertThat(Files.readAllBytes(folder.resolve("got"))).isEqualTo(content);

    var list = new ArrayList<>(words);
    list.add(url(implicitly) + "d/%C3%A9/");
    assertThat(curl(list.toArray(String[]::new)).output()).contains(" 3333333 ", " up");
  }

  @Test
  void curl_resumes_a_download_and_fetches_a_range() throws Exception {
    Files.write(home.resolve("f"), content);
    Files.write(folder.resolve("part"), java.util.Arrays.copyOf(content, 1_000_000));
    var part = folder.resolve("part").toString();
    assertThat(curl("-C", "-", "-o", part, url(false) + "f")).isEqualTo(new Run(0, ""));
    assertThat(Files.readAllBytes(folder.resolve("part"))).isEqualTo(content);
    // curl ends a range by closing the data connection: the dialog must survive it.
    assertThat(
            curl("-r", "100-199", "-o", part, url(false) + "f", "-o", part + "2", url(false) + "f")
                .exit())
        .isZero();
    assertThat(Files.readAllBytes(folder.resolve("part")))
        .isEqualTo(java.util.Arrays.copyOfRange(content, 100, 200));
  }

  /**
   * Killed in the middle, it leaves no short file, and goes on where it was cut. With TLS, since
   * that is certain there; in the clear it hangs on the moment the kernel takes to close the
   * control connection, and is tested with sockets.
   */
  @ParameterizedTest
  @CsvSource({"false, true", "true, false"})
  void curl_killed_in_the_middle_leaves_no_short_file_and_resumes(
      boolean implicitly, boolean explicitly) throws Exception {
    need("curl");
    var command =
        new ArrayList<>(
            List.of("/usr/bin/curl", "-sS", "-k", "-u", "t:secret", "--limit-rate", "1M"));
    if (explicitly) {
      command.add("--ssl-reqd");
    }
    command.addAll(List.of("-T", big.toString(), url(implicitly) + "f"));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var part = home.resolve(".islet-part-f").toFile();
    FtpServiceTest.await(() -> part.length() > 300_000);
    process.destroyForcibly();
    process.waitFor();
    FtpServiceTest.await(() -> events.stream().anyMatch(FtpEvent.Broken.class::isInstance));
    FtpServiceTest.await(() -> events.stream().anyMatch(FtpEvent.Disconnected.class::isInstance));
    assertThat(home.resolve("f")).doesNotExist();
    assertThat(part.length()).isBetween(300_000L, 3_333_332L);

    assertThat(curl("-C", "-", "-T", big.toString(), url(implicitly) + "f"))
        .isEqualTo(new Run(0, ""));
    assertThat(stored("f")).isEqualTo(content);
    assertThat(home.toFile().list()).containsExactly("f");
  }

  @Test
  void curl_sends_commands() throws Exception {
    Files.write(home.resolve("f"), content);
    assertThat(
            curl(
                    "-Q",
                    "RNFR f",
                    "-Q",
                    "RNTO g",
                    "-Q",
                    "MKD d",
                    "-Q",
                    "-DELE g",
                    "--list-only",
                    url(false))
                .output()
                .split("\r?\n"))
        .containsExactlyInAnyOrder("g", "d");
    assertThat(home.resolve("g")).doesNotExist();
    assertThat(curl("-I", url(false) + "d/../nothing").exit()).isNotZero();
  }

  private Run lftp(String url, String script) throws Exception {
    need("lftp");
    return run(
        "/usr/bin/lftp",
        "-u",
        "t,secret",
        "-e",
        "set ssl:verify-certificate no; set net:max-retries 2; set net:timeout 10;"
            + " set cmd:fail-exit yes; "
            + script
            + "; bye",
        url);
  }

  @ParameterizedTest
  @CsvSource({"plain", "explicit", "implicit"})
  void lftp_mirrors_a_tree_both_ways(String how) throws Exception {
    var tree = Files.createDirectories(folder.resolve("tree/a/b c"));
    for (int i = 0; i < 40; i++) {
      Files.write(tree.resolve("f" + i), java.util.Arrays.copyOf(content, i * 1000));
    }
    Files.write(folder.resolve("tree/\u00e9\u6f22.bin"), content);
    var set =
        switch (how) {
          case "plain" -> "set ftp:ssl-allow no; ";
          case "explicit" -> "set ftp:ssl-force yes; set ftp:ssl-protect-data yes; ";
          default -> "";
        };
    var run =
        lftp(
            url(how.equals("implicit")),
            set + "mirror -R --parallel=3 tree tree; mirror --parallel=3 tree back");
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(run("/usr/bin/diff", "-r", "tree", "home/tree")).isEqualTo(new Run(0, ""));
    assertThat(run("/usr/bin/diff", "-r", "tree", "back")).isEqualTo(new Run(0, ""));
    if (!how.equals("plain")) {
      assertThat(events).anyMatch(FtpEvent.TlsStarted.class::isInstance);
    }
  }

  @Test
  void lftp_resumes_both_ways() throws Exception {
    Files.write(home.resolve("f"), java.util.Arrays.copyOf(content, 1_234_567));
    Files.write(home.resolve("g"), content);
    Files.write(folder.resolve("g"), java.util.Arrays.copyOf(content, 1_234_567));
    var run =
        lftp(
            url(false), "set ftp:ssl-allow no; put -c big -o f; get -c g; mv g h; cat h | cat > j");
    assertThat(run.exit()).as(run.output()).isZero();
    assertThat(stored("f")).isEqualTo(content);
    assertThat(Files.readAllBytes(folder.resolve("g"))).isEqualTo(content);
    assertThat(home.resolve("h")).exists();
  }

  @Test
  void python_ftplib_works_and_resumes_tls_sessions() throws Exception {
    need("python3");
    var script = Files.writeString(folder.resolve("probe.py"), PYTHON);
    var run = run("/usr/bin/python3", script.toString(), Integer.toString(explicit));
    assertThat(run.output()).isEqualTo("fine\n");
  }

  private static final String PYTHON =
      """
      import ftplib, io, ssl, sys
      port = int(sys.argv[1])
      data = bytes(range(256)) * 5000

      class Reusing(ftplib.FTP_TLS):
          reused = []
          def ntransfercmd(self, cmd, rest=None):
              conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
              conn = self.context.wrap_socket(
                  conn, server_hostname=self.host, session=self.sock.session)
              self.reused.append(conn.session_reused)
              return conn, size

      def tls(version):
          context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
          context.check_hostname = False
          context.verify_mode = ssl.CERT_NONE
          context.minimum_version = context.maximum_version = version
          f = Reusing(context=context)
          f.connect('127.0.0.1', port, timeout=10)
          f.login('t', 'secret')
          f.prot_p()
          return f

      def plain():
          f = ftplib.FTP()
          f.connect('127.0.0.1', port, timeout=10)
          f.login('t', 'secret')
          return f

      for make in (plain, lambda: tls(ssl.TLSVersion.TLSv1_2), lambda: tls(ssl.TLSVersion.TLSv1_3)):
          f = make()
          f.storbinary('STOR py', io.BytesIO(data))
          f.voidcmd('TYPE I')
          assert f.size('py') == len(data)
          got = io.BytesIO()
          f.retrbinary('RETR py', got.write)
          assert got.getvalue() == data
          got = io.BytesIO()
          f.retrbinary('RETR py', got.write, rest=1000)
          assert got.getvalue() == data[1000:]
          f.storbinary('STOR py', io.BytesIO(b'end'), rest=len(data))
          f.voidcmd('TYPE I')
          assert f.size('py') == len(data) + 3
          f.storlines('STOR text', io.BytesIO(b'a\\r\\nb\\r\\n'))
          lines = []
          f.retrlines('RETR text', lines.append)
          assert lines == ['a', 'b'], lines
          facts = dict(f.mlsd(facts=['type', 'size']))
          assert facts['py']['size'] == str(len(data) + 3) and facts['py']['type'] == 'file'
          assert sorted(f.nlst()) == ['py', 'text']
          f.mkd('d'); f.cwd('d'); assert f.pwd() == '/d'; f.cwd('..'); f.rmd('d')
          f.rename('text', 'text2'); f.delete('text2')
          f.set_pasv(False)
          got = io.BytesIO()
          f.retrbinary('RETR py', got.write)
          assert len(got.getvalue()) == len(data) + 3
          f.quit()
      assert len(Reusing.reused) > 10 and all(Reusing.reused), Reusing.reused
      print('fine')
      """;
}
