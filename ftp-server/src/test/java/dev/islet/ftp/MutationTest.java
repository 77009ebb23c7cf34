package dev.islet.ftp;

import static dev.islet.ftp.model.Right.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.ftp.model.FtpEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand command lines that were valid before something happened to them. */
class MutationTest {
  private static final List<String> LINES =
      List.of(
          "USER t",
          "PASS secret",
          "CWD a",
          "CDUP",
          "PWD",
          "MKD a",
          "RMD a",
          "DELE f",
          "RNFR f",
          "RNTO g",
          "SIZE f",
          "MDTM f",
          "MFMT 20200101000000 f",
          "MLST f",
          "MLSD",
          "LIST -la a*b?",
          "NLST",
          "STAT",
          "STAT f",
          "TYPE I",
          "TYPE A N",
          "STRU F",
          "MODE S",
          "REST 100",
          "ALLO 5",
          "PASV",
          "EPSV",
          "EPSV 1",
          "EPSV ALL",
          "PORT 127,0,0,1,4,1",
          "EPRT |1|127.0.0.1|1025|",
          "RETR f",
          "STOR f",
          "APPE f",
          "STOU",
          "ABOR",
          "NOOP",
          "FEAT",
          "HELP",
          "SYST",
          "OPTS MLST type;size;",
          "OPTS UTF8 ON",
          "AUTH TLS",
          "PBSZ 0",
          "PROT P",
          "SITE X",
          "ACCT x",
          "REIN",
          "QUIT");

  @TempDir Path folder;

  @Test
  void ten_thousand_mutated_lines_leave_the_server_answering() throws Exception {
    var random = new Random(20_261_124);
    var home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("outside"), "untouched");
    Files.createSymbolicLink(home.resolve("link"), folder);
    var last = new LastEvents();
    try (var ftp =
        FtpService.create(
            c ->
                c.onTrace(last::add)
                    .listen("127.0.0.1", 0)
                    .passivePorts(0, 0)
                    .user("t", "secret", home, WRITE)
                    .durable(false)
                    .limits(
                        l ->
                            new FtpConfig.Limits(
                                50,
                                50,
                                l.idle(),
                                Duration.ofMillis(10),
                                l.line(),
                                1000,
                                1_000_000,
                                l.longestWait())))) {
      ftp.start();
      int port = FtpServiceTest.port(ftp);
      int connections = 0;
      int sent = 0;
      while (sent < 10_000) {
        try (var raw = Raw.login(port, "t", "secret")) {
          raw.socket.setSoTimeout(20_000);
          connections++;
          for (int i = 0; i < 500 && sent < 10_000; i++) {
            raw.socket.getOutputStream().write(mutated(random));
            sent++;
            // Not every mutation is a whole line or only one: a line that is, brings an answer.
            if (i % 20 == 19) {
              raw.send("\r\nSYST\r\n");
              while (raw.answer().code() != 215) {
                // answers to what was sent before
              }
            }
          }
        } catch (java.net.SocketTimeoutException e) {
          throw new AssertionError("no answer after " + sent + " lines; before that: " + last, e);
        } catch (IOException e) {
          // QUIT, TLS, a line too long: the next connection must do
          assertThat(connections).isLessThan(9_000);
        }
      }
      try (var raw = Raw.login(port, "t", "secret")) {
        raw.stor("STOR after", "all".getBytes(StandardCharsets.US_ASCII));
        assertThat(raw.retr("after")).hasSize(3);
      }
      System.gc();
      var runtime = Runtime.getRuntime();
      assertThat(runtime.totalMemory() - runtime.freeMemory()).isLessThan(200L << 20);
    }
    assertThat(folder.resolve("outside")).hasContent("untouched");
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("home", "outside");
  }

  /** What the server told last, for the message of a failure. */
  private static final class LastEvents {
    private final ArrayDeque<String> notes = new ArrayDeque<>();

    synchronized void add(FtpEvent event) {
      notes.add(event.getClass().getSimpleName() + " " + event.note());
      if (notes.size() > 60) {
        notes.poll();
      }
    }

    @Override
    public synchronized String toString() {
      return String.join("\n", notes);
    }
  }

  private static byte[] mutated(Random random) {
    var line =
        (LINES.get(random.nextInt(LINES.size())) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(line.length);
      switch (random.nextInt(7)) {
        case 0 -> line[at] = (byte) random.nextInt(256);
        case 1 -> line[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> line = insert(line, at, new byte[] {(byte) random.nextInt(256)});
        case 3 -> line = insert(line, at, new byte[] {(byte) 0xff, (byte) (0xf0 + at % 16)});
        case 4 -> line = remove(line, at);
        case 5 -> line = insert(line, at, "../".repeat(random.nextInt(10)).getBytes());
        default -> line = insert(line, at, "9".repeat(random.nextInt(40)).getBytes());
      }
      if (line.length == 0) {
        line = new byte[] {'\n'};
      }
    }
    return line;
  }

  private static byte[] insert(byte[] line, int at, byte[] more) {
    var longer = new byte[line.length + more.length];
    System.arraycopy(line, 0, longer, 0, at);
    System.arraycopy(more, 0, longer, at, more.length);
    System.arraycopy(line, at, longer, at + more.length, line.length - at);
    return longer;
  }

  private static byte[] remove(byte[] line, int at) {
    var shorter = new byte[line.length - 1];
    System.arraycopy(line, 0, shorter, 0, at);
    System.arraycopy(line, at + 1, shorter, at, line.length - at - 1);
    return shorter;
  }
}
