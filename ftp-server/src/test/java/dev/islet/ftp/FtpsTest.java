package dev.islet.ftp;

import static dev.islet.ftp.model.Right.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.TlsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FtpsTest {
  @TempDir Path home;
  private final List<FtpEvent> events = new CopyOnWriteArrayList<>();
  private FtpService ftp;
  private int explicit;
  private int implicit;

  @BeforeEach
  void start() {
    ftp =
        FtpService.create(
                c ->
                    c.listen("127.0.0.1", 0)
                        .implicit("127.0.0.1", 0)
                        .passivePorts(0, 0)
                        .tls(TlsMode.REQUIRED)
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

  private boolean told(java.util.function.Predicate<FtpEvent> which) {
    synchronized (events) {
      return events.stream().anyMatch(which);
    }
  }

  @Test
  void where_tls_is_required_no_password_is_taken_in_the_clear() throws Exception {
    try (var raw = Raw.connect(explicit)) {
      raw.ask("USER t", 530);
      raw.ask("PASS secret", 530);
      raw.ask("PROT P", 503);
      raw.ask("PBSZ 0", 503);
      raw.ask("AUTH GSSAPI", 504);
      raw.ask("AUTH", 501);
      raw.ask("AUTH TLS", 234);
      raw.secure(Raw.trusting());
      raw.ask("AUTH TLS", 503);
      raw.ask("PROT P", 503);
      raw.ask("PBSZ 0", 200);
      raw.ask("PROT C", 534);
      raw.ask("PROT S", 536);
      raw.ask("USER t", 331);
      raw.ask("PASS secret", 230);
      raw.pasv();
      raw.ask("LIST", 521);
      raw.ask("PROT P", 200);
      raw.ask("CCC", 533);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void data_resumes_the_session_of_the_control_connection(String version) throws Exception {
    var bytes = new byte[3_000_000];
    new Random(9).nextBytes(bytes);
    var full = new AtomicInteger();
    var context = Raw.trusting(full::incrementAndGet);
    try (var raw = Raw.connect(explicit)) {
      raw.ask("AUTH TLS", 234);
      var control = raw.secure(context, version);
      assertThat(control.getSession().getProtocol()).isEqualTo(version);
      login(raw);
      raw.ask("PBSZ 0", 200);
      raw.ask("PROT P", 200);

      // A ticket of TLS 1.3 is good for one resumption, and the next comes with what is read.
      Files.write(home.resolve("f"), bytes);
      int port = raw.epsv();
      try (var plain = Raw.data(port)) {
        raw.ask("RETR f", 150);
        // The same peer name and port make JSSE offer the session of the control connection.
        try (var data = Raw.secure(plain, explicit, context, version)) {
          assertThat(data.getInputStream().readAllBytes()).isEqualTo(bytes);
          assertThat(data.getSession().getProtocol()).isEqualTo(version);
        }
        raw.expect(226);
      }

      port = raw.pasv();
      try (var plain = Raw.data(port)) {
        raw.ask("STOR g", 150);
        try (var data = Raw.secure(plain, explicit, context, version)) {
          data.getOutputStream().write(bytes);
        }
        raw.expect(226);
        assertThat(Files.readAllBytes(home.resolve("g"))).isEqualTo(bytes);
      }
    }
    assertThat(full).as("full handshakes").hasValue(1);
    FtpServiceTest.await(
        () -> told(e -> e instanceof FtpEvent.TlsStarted t && t.protocol().equals(version)));
  }

  private static void login(Raw raw) throws IOException {
    raw.ask("USER t", 331);
    raw.ask("PASS secret", 230);
    raw.ask("TYPE I", 200);
  }

  @Test
  void implicit_tls_begins_at_once_and_protects_data_unasked() throws Exception {
    var context = Raw.trusting();
    try (var raw = Raw.silent(implicit)) {
      raw.secure(context);
      raw.expect(220);
      login(raw);
      Files.writeString(home.resolve("f"), "hello");
      try (var plain = Raw.data(raw.pasv())) {
        raw.ask("RETR f", 150);
        try (var data = Raw.secure(plain, implicit, context)) {
          assertThat(data.getInputStream().readAllBytes())
              .isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
        }
        raw.expect(226);
      }
    }
  }

  @Test
  void data_in_the_clear_after_prot_p_is_522() throws Exception {
    Files.writeString(home.resolve("f"), "hello");
    try (var raw = Raw.silent(implicit)) {
      raw.secure(Raw.trusting());
      raw.expect(220);
      login(raw);
      try (var plain = Raw.data(raw.pasv())) {
        raw.ask("STOR f", 150);
        plain.getOutputStream().write("these bytes are in the clear, no TLS".getBytes());
        plain.getOutputStream().flush();
        raw.expect(522);
      }
      assertThat(home.resolve("f")).hasContent("hello");
      raw.ask("NOOP", 200);
    }
  }

  @Test
  void bytes_in_the_clear_behind_auth_end_the_connection() throws Exception {
    try (var raw = Raw.connect(explicit)) {
      raw.send("AUTH TLS\r\nUSER t\r\n");
      assertThat(raw.ended()).isTrue();
    }
    FtpServiceTest.await(
        () -> told(e -> e instanceof FtpEvent.InjectionStopped i && i.bytes() == 8));
  }

  @Test
  void bytes_in_the_clear_in_a_packet_of_their_own_spoil_the_handshake() throws Exception {
    try (var raw = Raw.connect(explicit)) {
      raw.ask("AUTH TLS", 234);
      raw.send("USER t\r\n");
      try {
        raw.secure(Raw.trusting());
        throw new AssertionError("TLS began behind bytes in the clear");
      } catch (SSLException | java.net.SocketException | java.io.EOFException e) {
        assertThat(raw.ended()).isTrue();
      }
    }
  }

  @Test
  void commands_behind_an_auth_that_is_refused_are_answered() throws Exception {
    try (var raw = Raw.connect(explicit)) {
      raw.send("AUTH KERBEROS\r\nSYST\r\nNOOP\r\nAUTH X\r\nAUTH Y\r\nFE");
      raw.expect(504);
      raw.expect(215);
      raw.expect(200);
      raw.expect(504);
      raw.expect(504);
      raw.ask("AT", 211);
    }
  }

  /**
   * Each line in a packet of its own, sent while the server is answering the one before: wherever
   * AUTH falls, what follows it in the clear is never answered, and the connection ends.
   */
  @Test
  void bytes_in_the_clear_racing_with_auth_are_never_commands() throws Exception {
    for (int i = 0; i < 1500; i++) {
      try (var raw = Raw.connect(explicit)) {
        raw.socket.setTcpNoDelay(true);
        for (int n = i % 4; n >= 0; n--) {
          raw.send("SYST\r\n");
        }
        raw.send("AUTH TLS\r\n");
        try {
          for (int n = 0; n < 6; n++) {
            raw.send("NOOP\r\n");
          }
          while (true) {
            assertThat(raw.answer().code()).as("round " + i).isIn(215, 234);
          }
        } catch (java.net.SocketTimeoutException e) {
          throw new AssertionError("the connection was not ended in round " + i, e);
        } catch (IOException | RuntimeException e) {
          // ended, or answered by TLS with an alert, which is no text
        }
      }
    }
    assertThat(told(e -> e instanceof FtpEvent.CommandSeen c && c.command().equals("NOOP")))
        .isFalse();
  }

  /** Reading is stopped and taken up again with each; it must never stay stopped. */
  @Test
  void thousands_of_refused_auths_leave_the_connection_hearing() throws Exception {
    try (var raw = Raw.connect(explicit)) {
      for (int i = 0; i < 3_000; i++) {
        raw.ask("AUTH GSSAPI", 504);
      }
      raw.ask("AUTH TLS", 234);
      raw.secure(Raw.trusting());
      login(raw);
    }
  }

  @Test
  void commands_before_auth_in_the_same_packet_are_answered_and_auth_works() throws Exception {
    try (var raw = Raw.connect(explicit)) {
      raw.send("NOOP\r\nSYST\r\nAUTH TLS\r\n");
      raw.expect(200);
      raw.expect(215);
      raw.expect(234);
      raw.secure(Raw.trusting());
      login(raw);
    }
  }

  @Test
  void abor_and_big_files_work_under_tls() throws Exception {
    Files.write(home.resolve("big"), new byte[20_000_000]);
    var context = Raw.trusting();
    try (var raw = Raw.silent(implicit)) {
      raw.secure(context);
      raw.expect(220);
      login(raw);
      try (var plain = Raw.data(raw.pasv())) {
        raw.ask("RETR big", 150);
        var data = Raw.secure(plain, implicit, context);
        assertThat(data.getInputStream().readNBytes(5000)).hasSize(5000);
        raw.send("ABOR\r\n");
        raw.expect(426);
        raw.expect(226);
      }
      raw.ask("NOOP", 200);
    }
  }

  @Test
  void what_is_no_tls_does_no_harm_to_others() throws Exception {
    for (int i = 0; i < 10; i++) {
      var raw = Raw.silent(implicit);
      raw.send("GET / HTTP/1.0\r\n\r\n");
      raw.close();
    }
    try (var raw = Raw.silent(implicit)) {
      raw.secure(Raw.trusting());
      raw.expect(220);
    }
  }
}
