package dev.islet.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process while it writes, and fills a file system. */
class JournalCrashTest {
  @TempDir Path folder;

  /**
   * Counts on from what the journal holds, with four threads: appends the next number, commits,
   * prints it. Now and then it compacts to the one number that stands for all before it.
   */
  static final class Writer {
    private static long next;

    public static void main(String[] args) throws Exception {
      var journal =
          Journal.open(
              Path.of(args[0]),
              r -> {
                var text = UTF_8.decode(r).toString();
                next = Long.parseLong(text.substring(text.indexOf('-') + 1)) + 1;
              });
      for (int t = 0; t < 4; t++) {
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    while (true) {
                      count(journal);
                    }
                  } catch (IOException e) {
                    e.printStackTrace();
                    System.exit(1);
                  }
                });
      }
    }

    private static void count(Journal journal) throws IOException {
      long mine;
      synchronized (Writer.class) {
        mine = next++;
        journal.append(Long.toString(mine).getBytes(UTF_8));
        if (mine % 97 == 96) {
          journal.compact(out -> out.accept(("0-" + mine).getBytes(UTF_8)));
        }
      }
      journal.commit();
      synchronized (System.out) {
        System.out.println(mine);
        System.out.flush();
      }
    }
  }

  @Test
  void killingTheProcessLosesNothingConfirmedAndLeavesNoGap() throws Exception {
    var file = folder.resolve("numbers");
    var random = new Random(11);
    long confirmed = -1;
    for (int round = 0; round < 15; round++) {
      var child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  file.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
        int until = 1 + random.nextInt(300);
        String line;
        for (int n = 0; (line = lines.readLine()) != null; n++) {
          if (n == until) {
            child.toHandle().destroyForcibly(); // SIGKILL; what was printed is still read
          }
          if (!line.isEmpty()) {
            confirmed = Math.max(confirmed, whole(line, confirmed));
          }
        }
      }
      assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(child.exitValue()).isEqualTo(128 + 9);
      confirmedAreThere(file, confirmed);
    }
    assertThat(confirmed).isGreaterThan(500);
  }

  /** The kill may cut the last line short; a cut number is smaller and says nothing wrong. */
  private static long whole(String line, long before) {
    return line.matches("\\d+") ? Long.parseLong(line) : before;
  }

  private static void confirmedAreThere(Path file, long confirmed) throws IOException {
    long expected = 0;
    for (var text : JournalTest.read(file)) {
      int dash = text.indexOf('-');
      if (dash >= 0) {
        assertThat(text).startsWith("0-");
        expected = Long.parseLong(text.substring(dash + 1)) + 1;
      } else {
        assertThat(Long.parseLong(text)).as("no gap, no doublet").isEqualTo(expected);
        expected++;
      }
    }
    assertThat(expected).as("numbers in the file").isGreaterThan(confirmed);
    assertThat(file.resolveSibling("numbers.damaged")).doesNotExist();
  }

  @Test
  void aFullFileSystemIsAnExceptionAndNothingConfirmedIsLost() throws Exception {
    var mount = Files.createDirectories(folder.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=64k", "islet-test", mount.toString()) == 0,
        "needs root to mount a small file system");
    try {
      fill(mount);
    } finally {
      assertThat(run("umount", mount.toString())).isZero();
    }
  }

  private static void fill(Path mount) throws IOException {
    var file = mount.resolve("journal");
    var ballast = mount.resolve("ballast");
    Files.write(ballast, new byte[20_000]);
    var confirmed = new ArrayList<String>();
    var refused = new ArrayList<String>();
    try (var journal = Journal.open(file, _ -> {})) {
      for (int i = 0; refused.size() < 3; i++) {
        var text = i + "-" + "x".repeat(700);
        journal.append(text.getBytes(UTF_8));
        try {
          journal.commit();
          confirmed.add(text);
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("cannot write").hasMessageContaining("journal");
          refused.add(text);
        }
      }
      assertThat(confirmed).hasSizeGreaterThan(10);
      assertThat(Files.size(file)).isEqualTo(journal.size());
      assertThatThrownBy(
              () -> journal.compact(out -> confirmed.forEach(c -> out.accept(c.getBytes(UTF_8)))))
          .isInstanceOf(IOException.class);
      assertThat(mount.resolve("journal.compacting")).doesNotExist();

      // Room again: what waited is written in its order.
      Files.delete(ballast);
      journal.append("last".getBytes(UTF_8));
      journal.commit();
    }
    List<String> all = new ArrayList<>(confirmed);
    all.addAll(refused);
    all.add("last");
    assertThat(JournalTest.read(file)).isEqualTo(all);
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start().waitFor();
  }
}
