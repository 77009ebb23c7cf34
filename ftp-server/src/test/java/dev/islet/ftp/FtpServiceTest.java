package dev.islet.ftp;

import static dev.islet.ftp.model.Right.READ;
import static dev.islet.ftp.model.Right.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.service.StartException;
import dev.islet.core.service.State;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.FtpEvent.Stored;
import dev.islet.ftp.model.TlsMode;
import dev.islet.testkit.VirtualTime;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FtpServiceTest {
  @TempDir Path home;
  private final List<FtpService> open = new ArrayList<>();
  private final List<FtpEvent> events = new CopyOnWriteArrayList<>();

  private FtpService start(Consumer<Setup> more) {
    var ftp =
        FtpService.create(
            c -> {
              c.passivePorts(0, 0).user("t", "secret", home, WRITE).onTrace(events::add);
              more.accept(c);
            });
    open.add(ftp);
    return ftp.start();
  }

  private FtpService start() {
    return start(c -> c.listen("127.0.0.1", 0));
  }

  @AfterEach
  void close() {
    open.forEach(FtpService::close);
  }

  static int port(FtpService ftp) {
    return ftp.endpoints().getFirst().address().getPort();
  }

  private static Raw login(FtpService ftp) throws IOException {
    return Raw.login(port(ftp), "t", "secret");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Waits for what the other side does in its own time. */
  static void await(java.util.function.BooleanSupplier what) {
    await(what, Duration.ofSeconds(10));
  }

  static void await(java.util.function.BooleanSupplier what, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (!what.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not happen in time");
      }
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  @Test
  void the_sketch_of_an_embedded_server_works() throws Exception {
    var told = new CountDownLatch(1);
    var text = new StringBuffer();
    try (var ftp =
        FtpService.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .passivePorts(50_000, 50_100)
                    .user("camera", "pw", home, WRITE)
                    .onTrace(
                        e -> {
                          if (e instanceof Stored(_, var file, var bytes)) {
                            text.append(file).append(' ').append(bytes);
                            told.countDown();
                          }
                        }))) {
      ftp.start();
      assertThat(ftp.state()).isEqualTo(State.RUNNING);
      try (var raw = Raw.login(port(ftp), "camera", "pw")) {
        raw.stor("STOR a.jpg", new byte[1234]);
      }
      assertThat(told.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(text.toString()).isEqualTo("/a.jpg 1234");
      assertThat(home.resolve("a.jpg")).hasSize(1234);
    }
  }

  @Test
  void the_commands_of_rfc_959_are_answered() throws Exception {
    try (var raw = login(start())) {
      raw.ask("SYST", 215);
      raw.ask("NOOP", 200);
      raw.ask("PWD", 257);
      assertThat(raw.ask("MKD a \"b\"", 257).text()).startsWith("257 \"/a \"\"b\"\"\"");
      raw.ask("CWD a \"b\"", 250);
      raw.ask("CDUP", 250);
      raw.ask("RMD a \"b\"", 250);
      raw.ask("TYPE A", 200);
      raw.ask("TYPE E", 504);
      raw.ask("STRU F", 200);
      raw.ask("STRU P", 504);
      raw.ask("MODE S", 200);
      raw.ask("MODE Z", 504);
      raw.ask("ALLO 100", 202);
      raw.ask("ACCT x", 202);
      raw.ask("SMNT x", 502);
      raw.ask("SITE CHMOD 777 x", 504);
      raw.ask("HELP", 214);
      raw.ask("HELP STOR", 214);
      raw.ask("STAT", 211);
      raw.ask("ABOR", 226);
      raw.ask("RNTO x", 503);
      raw.ask("RETR x", 425);
      raw.ask("STOR x", 425);
      raw.ask("LIST", 425);
      raw.ask("XYZZY", 502);
      raw.ask("", 500);
      raw.ask("OPTS UTF8 ON", 200);
      raw.ask("OPTS MLST size;type;", 200);
      assertThat(raw.ask("MLST /", 250).text()).contains(" type=dir; /\r\n");
      raw.ask("REIN", 220);
      raw.ask("PWD", 530);
      raw.ask("QUIT", 221);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void feat_syst_and_help_are_answered_before_login_and_files_are_not() throws Exception {
    try (var raw = Raw.connect(port(start()))) {
      raw.ask("FEAT", 211);
      raw.ask("SYST", 215);
      raw.ask("HELP", 214);
      raw.ask("OPTS UTF8 ON", 200);
      raw.ask("PASS x", 503);
      for (var command : new String[] {"LIST", "PASV", "CWD /", "RETR f", "DELE f", "TYPE I"}) {
        raw.ask(command, 530);
      }
    }
  }

  @Test
  void files_are_renamed_timed_sized_and_listed() throws Exception {
    try (var raw = login(start())) {
      raw.stor("STOR f", utf8("hello"));
      raw.ask("RNFR f", 350);
      raw.ask("RNTO \u00e9\u6f22", 250);
      raw.ask("SIZE \u00e9\u6f22", 213);
      raw.ask("MFMT 20200102030405 \u00e9\u6f22", 213);
      assertThat(raw.ask("MDTM \u00e9\u6f22", 213).text()).isEqualTo("213 20200102030405\r\n");
      raw.ask("MKD sub", 257);
      raw.stor("STOR sub/x.txt", utf8("x"));
      raw.stor("STOR sub/y.bin", utf8("y"));
      assertThat(raw.list("MLSD"))
          .contains("type=file;size=5;modify=20200102030405;", "; \u00e9\u6f22\r\n", "type=dir;");
      assertThat(raw.list("NLST").split("\r\n")).containsExactlyInAnyOrder("\u00e9\u6f22", "sub");
      assertThat(raw.list("NLST sub/*.txt")).isEqualTo("sub/x.txt\r\n");
      assertThat(raw.list("LIST -la sub")).contains(" x.txt\r\n", " y.bin\r\n");
      assertThat(raw.list("LIST sub/x.txt")).contains(" x.txt\r\n").doesNotContain("y.bin");
      assertThat(raw.ask("STAT sub", 212).text()).contains(" x.txt\r\n");
      raw.pasv();
      raw.ask("MLSD sub/x.txt", 501);
      raw.pasv();
      raw.ask("LIST nothing", 550);
      raw.ask("DELE sub/x.txt", 250);
      raw.ask("RMD sub", 550);
    }
  }

  @Test
  void text_has_its_line_ends_changed_on_the_way() throws Exception {
    try (var raw = login(start())) {
      raw.ask("TYPE A", 200);
      raw.stor("STOR t", utf8("a\r\nb\rc\r\n\r"));
      assertThat(Files.readAllBytes(home.resolve("t"))).isEqualTo(utf8("a\nb\rc\n\r"));
      Files.write(home.resolve("t"), utf8("a\nb\r\nc"));
      assertThat(raw.retr("t")).isEqualTo(utf8("a\r\nb\r\nc"));
      raw.ask("SIZE t", 550);
      raw.ask("REST 2", 350);
      raw.pasv();
      raw.ask("RETR t", 554);
    }
  }

  @Test
  void uploads_go_on_with_rest_and_with_appe() throws Exception {
    var ftp = start();
    try (var raw = login(ftp)) {
      var data = Raw.data(raw.pasv());
      raw.ask("STOR big", 150);
      data.getOutputStream().write(utf8("01234"));
      data.setSoLinger(true, 0);
      await(() -> told(FtpEvent.CommandSeen.class, e -> e.command().equals("STOR big")));
      // The bytes must have arrived before the reset takes them away.
      await(() -> home.resolve(".islet-part-big").toFile().length() == 5);
      data.close();
      raw.expect(426);
      assertThat(home.resolve("big")).doesNotExist();
      assertThat(raw.list("NLST")).isEmpty();
      assertThat(raw.ask("SIZE big", 213).text()).isEqualTo("213 5\r\n");
      raw.ask("DELE .islet-part-big", 553);

      raw.ask("REST 6", 350);
      raw.pasv();
      raw.ask("STOR big", 554);

      raw.ask("REST 5", 350);
      raw.stor("STOR big", utf8("56789"));
      assertThat(home.resolve("big")).hasContent("0123456789");
      raw.stor("APPE big", utf8("ab"));
      assertThat(home.resolve("big")).hasContent("0123456789ab");
      raw.stor("APPE fresh", utf8("new"));
      assertThat(home.resolve("fresh")).hasContent("new");
      assertThat(raw.retr("big")).isEqualTo(utf8("0123456789ab"));
    }
  }

  private <E extends FtpEvent> boolean told(
      Class<E> type, java.util.function.Predicate<? super E> which) {
    synchronized (events) {
      return events.stream().filter(type::isInstance).map(type::cast).anyMatch(which);
    }
  }

  @Test
  void a_client_that_dies_leaves_no_short_file() throws Exception {
    var ftp = start();
    var raw = login(ftp);
    var data = Raw.data(raw.pasv());
    raw.ask("STOR f", 150);
    data.getOutputStream().write(utf8("half"));
    await(() -> home.resolve(".islet-part-f").toFile().length() == 4);
    // What the kernel does for a killed process: orderly ends, the older socket first.
    raw.close();
    data.close();
    await(() -> told(FtpEvent.Disconnected.class, e -> true));
    await(() -> told(FtpEvent.Broken.class, e -> e.bytes() == 4));
    assertThat(home.resolve("f")).doesNotExist();
    try (var again = login(ftp)) {
      assertThat(again.ask("SIZE f", 213).text()).isEqualTo("213 4\r\n");
    }
  }

  @Test
  void a_client_whose_data_connection_dies_first_leaves_no_short_file_after_a_long_upload()
      throws Exception {
    var time = new VirtualTime();
    var ftp = start(c -> c.listen("127.0.0.1", 0).time(time));
    var raw = login(ftp);
    var data = Raw.data(raw.pasv());
    raw.ask("STOR f", 150);
    data.getOutputStream().write(utf8("half"));
    await(() -> home.resolve(".islet-part-f").toFile().length() == 4);
    time.advance(Duration.ofMinutes(1));
    data.close();
    raw.close();
    await(() -> told(FtpEvent.Disconnected.class, e -> true));
    await(() -> told(FtpEvent.Broken.class, e -> e.bytes() == 4));
    assertThat(home.resolve("f")).doesNotExist();
  }

  @Test
  void stou_finds_a_free_name_and_tells_it() throws Exception {
    try (var raw = login(start())) {
      for (var name : new String[] {"upload", "upload.1", "upload.2"}) {
        try (var data = Raw.data(raw.pasv())) {
          assertThat(raw.ask("STOU", 150).text()).isEqualTo("150 FILE: " + name + "\r\n");
          data.shutdownOutput();
          raw.expect(226);
        }
        assertThat(home.resolve(name)).exists();
      }
    }
  }

  @Test
  void abor_breaks_off_a_download() throws Exception {
    Files.write(home.resolve("big"), new byte[20_000_000]);
    try (var raw = login(start())) {
      try (var data = Raw.data(raw.pasv())) {
        raw.ask("RETR big", 150);
        assertThat(data.getInputStream().readNBytes(1000)).hasSize(1000);
        raw.send("STAT\r\n");
        assertThat(raw.expect(211).text()).contains("RETR /big: ");
        raw.socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xf4});
        raw.socket.sendUrgentData(0xf2);
        raw.send("ABOR\r\n");
        raw.expect(426);
        raw.expect(226);
      }
      raw.ask("NOOP", 200);
      raw.pasv();
      raw.ask("ABOR", 225);
    }
  }

  @Test
  void active_mode_reaches_the_client_and_nobody_else() throws Exception {
    Files.writeString(home.resolve("f"), "hello");
    try (var raw = login(start());
        var listening = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      int port = listening.getLocalPort();
      raw.ask("PORT 127,0,0,1," + (port >> 8) + "," + (port & 255), 200);
      raw.send("RETR f\r\n");
      try (var data = listening.accept()) {
        raw.expect(150);
        assertThat(data.getInputStream().readAllBytes()).isEqualTo(utf8("hello"));
      }
      raw.expect(226);
      raw.ask("EPRT |1|127.0.0.1|" + port + "|", 200);
      raw.send("NLST\r\n");
      try (var data = listening.accept()) {
        assertThat(data.getInputStream().readAllBytes()).isEqualTo(utf8("f\r\n"));
      }
      raw.expect(150);
      raw.expect(226);
      raw.ask("EPRT |3|127.0.0.1|5000|", 522);
      raw.ask("EPSV 2", 522);
      raw.ask("PORT 127,0,0,2,200,1", 504);
      raw.ask("RETR f", 425);
      await(() -> told(FtpEvent.DataRefused.class, e -> e.address().equals("127.0.0.2:51201")));
    }
  }

  @Test
  void ipv6_works_with_epsv_and_eprt() throws Exception {
    Files.writeString(home.resolve("f"), "hello");
    var ftp = start(c -> c.listen("::1", 0));
    var address = java.net.InetAddress.getByName("::1");
    try (var control = new Socket(address, port(ftp))) {
      var in = new java.io.BufferedReader(new java.io.InputStreamReader(control.getInputStream()));
      var out = control.getOutputStream();
      in.readLine();
      out.write(utf8("USER t\r\nPASS secret\r\nPASV\r\nEPSV 2\r\n"));
      in.readLine();
      in.readLine();
      assertThat(in.readLine()).startsWith("425");
      var epsv = in.readLine();
      int port = Integer.parseInt(epsv.replaceAll(".*\\|\\|\\|(\\d+)\\|.*", "$1"));
      try (var data = new Socket(address, port)) {
        out.write(utf8("RETR f\r\n"));
        assertThat(data.getInputStream().readAllBytes()).isEqualTo(utf8("hello"));
      }
    }
  }

  @Test
  void a_taken_range_of_ports_is_said_at_once() throws Exception {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      var ftp =
          start(
              c ->
                  c.listen("127.0.0.1", 0)
                      .passivePorts(taken.getLocalPort(), taken.getLocalPort()));
      try (var raw = login(ftp)) {
        raw.ask("PASV", 425);
        raw.ask("EPSV", 425);
        taken.close();
        raw.ask("EPSV", 229);
        try (var other = login(ftp)) {
          other.ask("PASV", 425);
          raw.ask("ABOR", 225);
          other.ask("PASV", 227);
        }
      }
    }
  }

  @Test
  void nobody_coming_for_the_data_is_425_and_the_dialog_goes_on() throws Exception {
    var ftp =
        start(c -> c.listen("127.0.0.1", 0).limits(l -> limits(l, 20, Duration.ofMillis(200))));
    try (var raw = login(ftp)) {
      raw.pasv();
      raw.ask("LIST", 425);
      raw.ask("NOOP", 200);
    }
  }

  private static FtpConfig.Limits limits(FtpConfig.Limits l, int perAddress, Duration connect) {
    return new FtpConfig.Limits(
        l.connections(), perAddress, l.idle(), connect, l.line(), l.tries(), 2, l.longestWait());
  }

  @Test
  void too_many_connections_of_an_address_are_turned_away() throws Exception {
    var ftp = start(c -> c.listen("127.0.0.1", 0).limits(l -> limits(l, 2, Duration.ofSeconds(5))));
    try (var one = Raw.connect(port(ftp));
        var two = Raw.connect(port(ftp))) {
      try (var three = Raw.silent(port(ftp))) {
        three.expect(421);
        assertThat(three.ended()).isTrue();
      }
      one.ask("QUIT", 221);
      assertThat(one.ended()).isTrue();
      two.ask("NOOP", 200);
      await(
          () -> {
            try (var again = Raw.silent(port(ftp))) {
              return again.answer().code() == 220;
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Test
  void failed_logins_are_remembered_over_connections() throws Exception {
    var ftp =
        start(c -> c.listen("127.0.0.1", 0).limits(l -> limits(l, 20, Duration.ofSeconds(5))));
    for (int i = 0; i < 3; i++) {
      try (var raw = Raw.connect(port(ftp))) {
        raw.ask("USER t", 331);
        raw.ask("PASS wrong", 530);
      }
    }
    try (var raw = Raw.connect(port(ftp))) {
      raw.ask("USER t", 331);
      assertThat(raw.ask("PASS secret", 530).text()).contains("wait");
    }
    await(() -> told(FtpEvent.LoginRefused.class, e -> e.why() == FtpEvent.Why.BACK_OFF));
    await(
        () -> {
          try (var raw = Raw.connect(port(ftp))) {
            raw.ask("USER t", 331);
            return raw.ask("PASS secret").code() == 230;
          } catch (IOException e) {
            return false;
          }
        });
  }

  @Test
  void the_third_wrong_password_ends_the_connection() throws Exception {
    try (var raw = Raw.connect(port(start()))) {
      for (var name : new String[] {"t", "nobody", "t"}) {
        raw.ask("USER " + name, 331);
        assertThat(raw.ask("PASS wrong", 530).text())
            .isEqualTo("530 Name or password is wrong.\r\n");
      }
      raw.expect(421);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void a_line_too_long_is_500_and_the_end() throws Exception {
    try (var raw = Raw.connect(port(start()))) {
      raw.send("STOR " + "x".repeat(4091) + "\r\n"); // 4096 bytes are taken
      raw.expect(530);
      raw.send("STOR " + "x".repeat(2_000_000));
      raw.expect(500);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void bytes_that_are_no_text_are_501_and_the_dialog_goes_on() throws Exception {
    try (var raw = Raw.connect(port(start()))) {
      raw.socket.getOutputStream().write(new byte[] {'A', (byte) 0xc3, 'B', '\r', '\n'});
      raw.expect(501);
      raw.socket.getOutputStream().write(new byte[] {'A', 0, 'B', '\r', '\n'});
      raw.expect(501);
      raw.ask("NOOP", 200);
    }
  }

  @Test
  void commands_sent_all_at_once_are_answered_in_order() throws Exception {
    try (var raw = login(start())) {
      raw.send("NOOP\r\nPWD\r\n".repeat(2000));
      for (int i = 0; i < 2000; i++) {
        raw.expect(200);
        raw.expect(257);
      }
    }
  }

  @Test
  void a_silent_client_is_sent_away() throws Exception {
    var ftp = start(c -> c.listen("127.0.0.1", 0).limits(l -> idle(l, Duration.ofSeconds(1))));
    try (var raw = login(ftp)) {
      raw.expect(421);
      assertThat(raw.ended()).isTrue();
    }
  }

  @Test
  void a_client_that_reads_nothing_of_its_file_is_broken_off() throws Exception {
    Files.write(home.resolve("big"), new byte[50_000_000]);
    var ftp = start(c -> c.listen("127.0.0.1", 0).limits(l -> idle(l, Duration.ofSeconds(1))));
    try (var raw = login(ftp);
        var data = Raw.data(raw.pasv())) {
      raw.ask("RETR big", 150);
      raw.expect(426);
      raw.ask("NOOP", 200);
      assertThat(data.isConnected()).isTrue();
    }
  }

  private static FtpConfig.Limits idle(FtpConfig.Limits l, Duration idle) {
    return new FtpConfig.Limits(
        10, 10, idle, l.connect(), l.line(), l.tries(), l.freeFailures(), l.longestWait());
  }

  @Test
  void a_slow_transfer_is_not_silence() throws Exception {
    var ftp = start(c -> c.listen("127.0.0.1", 0).limits(l -> idle(l, Duration.ofSeconds(1))));
    try (var raw = login(ftp);
        var data = Raw.data(raw.pasv())) {
      raw.ask("STOR slow", 150);
      long end = System.nanoTime() + 2_500_000_000L;
      int sent = 0;
      while (System.nanoTime() < end) {
        data.getOutputStream().write('x');
        sent++;
        java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
      }
      data.shutdownOutput();
      raw.expect(226);
      assertThat(home.resolve("slow")).hasSize(sent);
    }
  }

  @Test
  void offsets_beyond_4_gib_are_offsets() throws Exception {
    try (var file = new java.io.RandomAccessFile(home.resolve("huge").toFile(), "rw")) {
      file.seek(5_000_000_000L);
      file.write(utf8("the end"));
    }
    try (var raw = login(start())) {
      assertThat(raw.ask("SIZE huge", 213).text()).isEqualTo("213 5000000007\r\n");
      raw.ask("REST 5000000004", 350);
      assertThat(raw.retr("huge")).isEqualTo(utf8("end"));
      raw.ask("REST 5000000008", 350);
      raw.pasv();
      raw.ask("RETR huge", 554);
      // The point was used up by the refusal.
      raw.stor("STOR small", utf8("x"));
      assertThat(home.resolve("small")).hasContent("x");
    }
  }

  @Test
  void a_user_who_may_only_read_changes_nothing() throws Exception {
    Files.writeString(home.resolve("f"), "hello");
    var ftp = start(c -> c.listen("127.0.0.1", 0).user("guest", "pw", home, READ));
    try (var raw = Raw.login(port(ftp), "guest", "pw")) {
      assertThat(raw.retr("f")).isEqualTo(utf8("hello"));
      raw.ask("DELE f", 550);
      raw.ask("MKD d", 550);
      raw.pasv();
      raw.ask("STOR g", 550);
      raw.ask("RNFR f", 350);
      raw.ask("RNTO g", 550);
      assertThat(raw.ask("MLST f", 250).text()).contains("perm=r;");
    }
    assertThat(home.toFile().list()).containsExactly("f");
  }

  @Test
  void no_password_appears_in_the_trace() throws Exception {
    var ftp = start();
    try (var raw = Raw.connect(port(ftp))) {
      raw.ask("USER t", 331);
      raw.ask("PASS hunter2hunter2", 530);
      raw.ask("PASShunter2hunter2", 502);
      raw.ask("USER t", 331);
      raw.ask("PASS secret", 230);
    }
    await(() -> told(FtpEvent.Disconnected.class, e -> true));
    synchronized (events) {
      var all = events.stream().map(FtpServiceTest::whole).collect(Collectors.joining("\n"));
      assertThat(all).contains("PASS ***").doesNotContain("hunter2", "secret");
    }
  }

  private static String whole(FtpEvent event) {
    return event
        + event.note()
        + event.packet().map(p -> new String(p.payload(), StandardCharsets.UTF_8)).orElse("");
  }

  @Test
  void a_port_in_use_is_told_with_what_to_do() throws Exception {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> start(c -> c.listen("127.0.0.1", taken.getLocalPort())))
          .isInstanceOfSatisfying(
              StartException.class,
              e -> {
                assertThat(e.id()).isEqualTo("NET-BIND-001");
                assertThat(e).hasMessageContaining(String.valueOf(taken.getLocalPort()));
              });
      assertThat(open.getLast().state()).isEqualTo(State.FAILED);
    }
  }

  @Test
  void a_closed_service_leaves_no_thread_and_another_can_start_there() throws Exception {
    var before = threads();
    var ftp = start(c -> c.listen("127.0.0.1", 0).tls(TlsMode.OPTIONAL));
    int port = port(ftp);
    var raw = login(ftp);
    raw.pasv();
    ftp.close();
    ftp.close();
    assertThat(raw.ended()).isTrue();
    assertThat(ftp.state()).isEqualTo(State.STOPPED);
    var left = new java.util.concurrent.atomic.AtomicReference<java.util.Set<String>>();
    try {
      await(
          () -> {
            var after = threads();
            after.removeAll(before);
            left.set(after);
            return after.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError("left: " + left.get(), e);
    }
    var again = start(c -> c.listen("127.0.0.1", port));
    login(again).close();
    assertThatThrownBy(ftp::start).isInstanceOf(IllegalStateException.class);
  }

  /** Threads that libraries share in the process stay: MINA's for TLS, one of the metrics. */
  private static java.util.Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(t -> t.getName() + "#" + t.threadId())
        .filter(name -> !name.startsWith("ssl-exec"))
        .filter(name -> !name.startsWith("ForkJoinPool"))
        .filter(name -> !name.startsWith("prometheus-metrics"))
        .filter(name -> !name.startsWith("VirtualThread") && !name.startsWith("Read-Poller"))
        .filter(name -> !name.contains("Poller") && !name.contains("Cleaner"))
        .collect(Collectors.toSet());
  }
}
