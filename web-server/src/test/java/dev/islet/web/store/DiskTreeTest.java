package dev.islet.web.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.testkit.VirtualTime;
import dev.islet.web.route.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskTreeTest {
  @TempDir Path folder;
  private Path root;
  private final VirtualTime time = new VirtualTime();

  @BeforeEach
  void files() throws Exception {
    root = Files.createDirectories(folder.resolve("root"));
    Files.writeString(folder.resolve("secret.txt"), "secret");
    Files.writeString(root.resolve("a.txt"), "a");
    Files.createDirectories(root.resolve("sub/.git"));
    Files.writeString(root.resolve(".htpasswd"), "x");
    Files.writeString(root.resolve("sub/.git/config"), "x");
    Files.createDirectories(root.resolve(".well-known"));
    Files.writeString(root.resolve(".well-known/security.txt"), "x");
    Files.createSymbolicLink(root.resolve("out"), folder.resolve("secret.txt"));
    Files.createSymbolicLink(root.resolve("up"), folder);
    Files.createSymbolicLink(root.resolve("in"), root.resolve("a.txt"));
    Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
  }

  private DiskTree tree() {
    return new DiskTree(root, time, Duration.ofSeconds(1));
  }

  @Test
  void links_are_followed_only_within() throws Exception {
    assertThat(tree().find(List.of("in"))).isPresent();
    assertThat(tree().find(List.of("out"))).isEmpty();
    assertThat(tree().find(List.of("up", "secret.txt"))).isEmpty();
    assertThat(tree().find(List.of("loop"))).isEmpty();
    assertThat(tree().find(List.of("..", "secret.txt"))).isEmpty();
    assertThat(tree().list(tree().find(List.of()).orElseThrow().entry()))
        .extracting(Entry::name)
        .containsExactly(".well-known", "sub", "a.txt", "in");
  }

  @Test
  void hidden_names_are_not_there() {
    assertThat(tree().find(List.of(".htpasswd"))).isEmpty();
    assertThat(tree().find(List.of("sub", ".git", "config"))).isEmpty();
    assertThat(tree().find(List.of(".well-known", "security.txt"))).isPresent();
    assertThat(tree().find(List.of("sub", ".well-known"))).isEmpty();
  }

  @Test
  void names_no_file_system_has_are_not_there() {
    assertThat(tree().find(List.of("a\0b"))).isEmpty();
    assertThat(tree().find(List.of("x".repeat(5000)))).isEmpty();
  }

  @Test
  void a_look_up_is_believed_for_a_moment() throws Exception {
    var tree = tree();
    var before = tree.find(List.of("a.txt")).orElseThrow();
    assertThat(tree.isWarm(List.of("a.txt"))).isTrue();
    assertThat(tree.inMemory(before.entry()))
        .hasValueSatisfying(b -> assertThat(b).asString().isEqualTo("a"));
    Files.writeString(root.resolve("a.txt"), "longer");
    assertThat(tree.find(List.of("a.txt"))).contains(before);
    time.advance(Duration.ofSeconds(1));
    assertThat(tree.isWarm(List.of("a.txt"))).isFalse();
    var after = tree.find(List.of("a.txt")).orElseThrow();
    assertThat(after.entry().size()).isEqualTo(6);
    assertThat(tree.read(after.entry())).asString().isEqualTo("longer");
  }

  @Test
  void what_was_not_there_is_asked_for_again() throws Exception {
    var tree = tree();
    assertThat(tree.find(List.of("new.txt"))).isEmpty();
    Files.writeString(root.resolve("new.txt"), "x");
    assertThat(tree.find(List.of("new.txt"))).isPresent();
  }

  @Test
  void compressed_copies_count_unless_they_are_older() throws Exception {
    Files.writeString(root.resolve("a.txt.gz"), "gz");
    Files.writeString(root.resolve("a.txt.br"), "br");
    Files.setLastModifiedTime(
        root.resolve("a.txt.br"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    var found = tree().find(List.of("a.txt")).orElseThrow();
    assertThat(found.gzip()).isPresent();
    assertThat(found.brotli()).isEmpty();
  }

  @Test
  void a_link_that_took_the_place_of_a_file_is_not_opened() throws Exception {
    var found = tree().find(List.of("a.txt")).orElseThrow();
    Files.delete(root.resolve("a.txt"));
    Files.createSymbolicLink(root.resolve("a.txt"), folder.resolve("secret.txt"));
    assertThatThrownBy(() -> DiskTree.open(found.entry()).close())
        .isInstanceOf(java.io.IOException.class);
  }

  @Test
  void a_folder_need_not_be_there_yet() throws Exception {
    var tree = new DiskTree(folder.resolve("later"), time, Duration.ZERO);
    assertThat(tree.find(List.of())).isEmpty();
    Files.createDirectory(folder.resolve("later"));
    assertThat(tree.find(List.of())).isPresent();
  }
}
