package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.testkit.ChildJvm;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListStoreTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("ads.txt");
  }

  private Path compiled() {
    return folder.resolve("kept/ads.set");
  }

  private ListStore store() {
    return new ListStore(Optional.of(folder.resolve("kept")));
  }

  private ListStore.Source source() {
    return new ListStore.Source("ads", file(), Optional.empty());
  }

  @Test
  void a_list_is_read_again_only_when_its_file_changed() throws Exception {
    Files.writeString(file(), "\uFEFFa.example\nb.example\n");
    assertThat(store().load(source()).entries()).isEqualTo(2);
    var then = Files.getLastModifiedTime(compiled());
    var moment = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    Files.setLastModifiedTime(compiled(), moment);
    assertThat(store().load(source()).entries()).isEqualTo(2);
    assertThat(Files.getLastModifiedTime(compiled())).as("not written again").isEqualTo(moment);
    Files.writeString(file(), "a.example\nb.example\nc.example\n");
    assertThat(store().load(source()).entries()).isEqualTo(3);
    assertThat(Files.getLastModifiedTime(compiled())).isGreaterThanOrEqualTo(then);
  }

  @Test
  void a_compiled_list_that_is_broken_is_made_again() throws Exception {
    Files.writeString(file(), "a.example\n");
    store().load(source());
    var bytes = Files.readAllBytes(compiled());
    bytes[bytes.length / 2] ^= 1;
    Files.write(compiled(), bytes);
    assertThat(store().load(source()).entries()).isEqualTo(1);
    Files.write(compiled(), new byte[0]);
    assertThat(store().load(source()).entries()).isEqualTo(1);
  }

  @Test
  void the_last_good_copy_is_used_while_the_file_is_away() throws Exception {
    assertThatThrownBy(() -> store().load(source())).hasMessageContaining("no such file");
    Files.writeString(file(), "a.example\n");
    store().load(source());
    Files.delete(file());
    assertThat(store().load(source()).entries()).isEqualTo(1);
  }

  @Test
  void a_file_of_absurd_size_is_no_list() throws Exception {
    try (var huge = new java.io.RandomAccessFile(file().toFile(), "rw")) {
      huge.setLength(ListStore.MAX_BYTES + 1); // all hole, no disk
    }
    assertThatThrownBy(() -> store().load(source())).hasMessageContaining("more than");
  }

  /** Compiles a list over and over, until it is killed. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      var file = Path.of(args[0], "ads.txt");
      var store = new ListStore(Optional.of(Path.of(args[0], "kept")));
      var source = new ListStore.Source("ads", file, Optional.empty());
      for (int i = 0; ; i++) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000L * i));
        System.out.println("entries " + store.load(source).entries());
      }
    }
  }

  @Test
  void kill_nine_in_the_middle_leaves_a_good_list() throws Exception {
    var text = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      text.append("host-").append(i).append(".example\n");
    }
    Files.writeString(file(), text);
    for (int round = 0; round < 3; round++) {
      var output = folder.resolve("out" + round);
      var process =
          ChildJvm.of(Child.class, folder.toString()).redirectOutput(output.toFile()).start();
      try {
        int wanted = round + 1;
        Wait.until(
            Duration.ofSeconds(30),
            () -> lines(output) >= wanted ? "" : "compiled " + lines(output) + " times");
      } finally {
        process.destroyForcibly().waitFor();
      }
      // Without its source only what is on disk can be used: it must be whole.
      var away = folder.resolve("away.txt");
      Files.move(file(), away);
      assertThat(store().load(source()).entries()).isEqualTo(100_000);
      Files.move(away, file());
      assertThat(store().load(source()).entries()).isEqualTo(100_000);
    }
  }

  private static int lines(Path file) {
    try {
      return (int) Files.readString(file).lines().filter(l -> l.startsWith("entries")).count();
    } catch (IOException e) {
      return 0;
    }
  }
}
