package dev.islet.ftp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.ftp.account.Account;
import dev.islet.ftp.account.Credential;
import dev.islet.ftp.model.Entry;
import dev.islet.ftp.model.Right;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.FileRefused.Reason;
import dev.islet.ftp.view.FileView;
import dev.islet.ftp.view.FileView.Start;
import dev.islet.ftp.view.RightsView;
import dev.islet.ftp.view.VirtualPath;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskViewTest {
  @TempDir Path folder;
  private Path home;
  private Path outside;
  private DiskHomes homes;
  private FileView view;
  private final Account account = new Account("a", new Credential.Plain("x"), Set.of(Right.WRITE));

  @BeforeEach
  void open() throws Exception {
    home = folder.resolve("home");
    outside = Files.createDirectories(folder.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    homes = new DiskHomes(Map.of("a", home), true);
    view = homes.open(account);
  }

  private static VirtualPath at(String path) {
    try {
      return VirtualPath.ROOT.resolve(path);
    } catch (FileRefused e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void store(String path, Start start, String text) throws Exception {
    try (var upload = view.write(at(path), start)) {
      upload.write(utf8(text), 0, utf8(text).length);
      upload.finish();
    }
  }

  private void breakOff(String path, Start start, String text) throws Exception {
    try (var upload = view.write(at(path), start)) {
      upload.write(utf8(text), 0, utf8(text).length);
    }
  }

  private static void refused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FileRefused.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  private java.util.List<String> names(String path) throws Exception {
    var names = new ArrayList<String>();
    view.list(at(path), entry -> names.add(entry.name()));
    return names.stream().sorted().toList();
  }

  @Test
  void a_file_is_stored_listed_fetched_renamed_and_removed() throws Exception {
    view.makeFolder(at("/d"));
    store("/d/f", new Start.Fresh(), "hello");
    assertThat(view.stat(at("/d/f"))).extracting(Entry::size, Entry::folder).contains(5L, false);
    assertThat(names("/d")).containsExactly("f");
    try (var in = view.read(at("/d/f"), 2)) {
      assertThat(in.readAllBytes()).isEqualTo(utf8("llo"));
    }
    view.touch(at("/d/f"), Instant.parse("2020-01-01T00:00:00Z"));
    assertThat(view.stat(at("/d/f")).modified()).isEqualTo("2020-01-01T00:00:00Z");
    view.rename(at("/d/f"), at("/g"));
    assertThat(names("/")).containsExactly("d", "g");
    view.remove(at("/g"));
    view.removeFolder(at("/d"));
    assertThat(names("/")).isEmpty();
    refused(Reason.MISSING, () -> view.stat(at("/g")));
  }

  @Test
  void what_does_not_fit_is_refused_with_its_reason() throws Exception {
    view.makeFolder(at("/d"));
    store("/d/f", new Start.Fresh(), "x");
    refused(Reason.EXISTS, () -> view.makeFolder(at("/d")));
    refused(Reason.NOT_EMPTY, () -> view.removeFolder(at("/d")));
    refused(Reason.KIND, () -> view.remove(at("/d")));
    refused(Reason.KIND, () -> view.read(at("/d"), 0));
    refused(Reason.KIND, () -> view.write(at("/d"), new Start.Fresh()));
    refused(Reason.MISSING, () -> view.write(at("/no/f"), new Start.Fresh()));
    refused(Reason.MISSING, () -> view.stat(at("/d/f/x")));
    refused(Reason.OFFSET, () -> view.read(at("/d/f"), 2));
    refused(Reason.EXISTS, () -> view.rename(at("/d/f"), at("/d")));
    refused(Reason.NAME, () -> view.rename(at("/d"), at("/d/e")));
    refused(Reason.DENIED, () -> view.removeFolder(at("/")));
    refused(Reason.DENIED, () -> view.write(at("/"), new Start.Fresh()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void links_are_not_there_whoever_walks(boolean secure) throws Exception {
    Files.createSymbolicLink(home.resolve("out"), outside);
    Files.createSymbolicLink(home.resolve("file"), outside.resolve("secret"));
    Files.createDirectories(home.resolve("real"));
    Files.createSymbolicLink(home.resolve("within"), home.resolve("real"));
    var real = home.toRealPath();
    try (var root = secure ? SecureFolder.root(real) : CheckedFolder.root(real)) {
      for (var link : new String[] {"out", "within", "file"}) {
        assertThatThrownBy(() -> root.open(link)).isInstanceOf(java.io.IOException.class);
        assertThatThrownBy(() -> root.file(link, Set.of(java.nio.file.StandardOpenOption.READ)))
            .isInstanceOf(java.io.IOException.class);
        assertThat(root.attributes(link).isSymbolicLink()).isTrue();
      }
    }
    assertThat(names("/")).containsExactly("real");
    refused(Reason.MISSING, () -> view.stat(at("/out")));
    refused(Reason.MISSING, () -> view.stat(at("/out/secret")));
    refused(Reason.MISSING, () -> view.read(at("/file"), 0));
    refused(Reason.MISSING, () -> view.remove(at("/file")));
    refused(Reason.MISSING, () -> view.remove(at("/out/secret")));
    refused(Reason.DENIED, () -> view.write(at("/file"), new Start.Fresh()));
    refused(Reason.DENIED, () -> view.write(at("/file"), new Start.AtEnd()));
    refused(Reason.MISSING, () -> view.write(at("/out/new"), new Start.Fresh()));
    refused(Reason.MISSING, () -> view.makeFolder(at("/out/new")));
    refused(Reason.MISSING, () -> view.rename(at("/out"), at("/x")));
    refused(Reason.MISSING, () -> view.list(at("/within"), e -> {}));
    store("/f", new Start.Fresh(), "x");
    refused(Reason.MISSING, () -> view.rename(at("/f"), at("/out/f")));
    refused(Reason.DENIED, () -> view.rename(at("/f"), at("/file")));
    assertThat(outside).isDirectoryNotContaining("glob:**new");
    assertThat(outside.resolve("secret")).hasContent("secret");
  }

  @Test
  void a_folder_held_open_is_not_fooled_by_a_link_put_in_its_place() throws Exception {
    Files.createDirectories(home.resolve("d"));
    try (var root = Folder.root(home);
        var d = root.open("d")) {
      Files.move(home.resolve("d"), home.resolve("moved"));
      Files.createSymbolicLink(home.resolve("d"), outside);
      try (var file =
          d.file(
              "f",
              Set.of(
                  java.nio.file.StandardOpenOption.WRITE,
                  java.nio.file.StandardOpenOption.CREATE_NEW))) {
        assertThat(file.isOpen()).isTrue();
      }
      assertThatThrownBy(() -> d.make("sub")).isInstanceOf(java.io.IOException.class);
    }
    assertThat(home.resolve("moved/f")).exists();
    assertThat(outside.resolve("f")).doesNotExist();
    assertThat(outside.resolve("sub")).doesNotExist();
  }

  @Test
  void a_pipe_is_no_file() throws Exception {
    var made = new ProcessBuilder("mkfifo", home.resolve("pipe").toString()).start().waitFor();
    org.junit.jupiter.api.Assumptions.assumeTrue(made == 0);
    refused(Reason.MISSING, () -> view.read(at("/pipe"), 0));
    assertThat(names("/")).isEmpty();
  }

  @Test
  void until_it_is_finished_an_upload_is_not_seen() throws Exception {
    store("/f", new Start.Fresh(), "old");
    try (var upload = view.write(at("/f"), new Start.Fresh())) {
      upload.write(utf8("new content"), 0, 11);
      assertThat(home.resolve("f")).hasContent("old");
      assertThat(names("/")).containsExactly("f");
      refused(Reason.BUSY, () -> homes.open(account).write(at("/f"), new Start.Fresh()));
      upload.finish();
    }
    assertThat(home.resolve("f")).hasContent("new content");
    assertThat(home.toFile().list()).containsExactly("f");
  }

  @Test
  void an_upload_that_was_broken_off_goes_on_later() throws Exception {
    breakOff("/f", new Start.Fresh(), "hello ");
    assertThat(home.resolve("f")).doesNotExist();
    refused(Reason.MISSING, () -> view.stat(at("/f")));
    assertThat(view.unfinished(at("/f"))).isEqualTo(6);
    refused(Reason.OFFSET, () -> view.write(at("/f"), new Start.Keep(7)));

    breakOff("/f", new Start.Keep(6), "wo");
    assertThat(view.unfinished(at("/f"))).isEqualTo(8);
    breakOff("/f", new Start.AtEnd(), "rld");
    assertThat(view.unfinished(at("/f"))).isEqualTo(11);
    store("/f", new Start.Keep(5), ", you");
    assertThat(home.resolve("f")).hasContent("hello, you");
    assertThat(view.unfinished(at("/f"))).isZero();
  }

  @Test
  void a_new_upload_drops_what_was_left_of_another() throws Exception {
    breakOff("/f", new Start.Fresh(), "a long beginning");
    store("/f", new Start.Fresh(), "short");
    assertThat(home.resolve("f")).hasContent("short");
    assertThat(home.toFile().list()).containsExactly("f");
  }

  @Test
  void going_on_in_a_file_that_exists_changes_it_in_one_step() throws Exception {
    store("/f", new Start.Fresh(), "0123456789");
    breakOff("/f", new Start.Keep(4), "abc");
    assertThat(home.resolve("f")).hasContent("0123456789");
    store("/f", new Start.Keep(4), "abc");
    assertThat(home.resolve("f")).hasContent("0123abc789");
    store("/f", new Start.Keep(10), "!");
    assertThat(home.resolve("f")).hasContent("0123abc789!");
    refused(Reason.OFFSET, () -> view.write(at("/f"), new Start.Keep(12)));
  }

  @Test
  void appending_to_a_file_that_exists_is_done_in_place() throws Exception {
    store("/log", new Start.Fresh(), "one\n");
    breakOff("/log", new Start.AtEnd(), "two\n");
    store("/log", new Start.AtEnd(), "three\n");
    assertThat(home.resolve("log")).hasContent("one\ntwo\nthree\n");
  }

  @Test
  void a_replaced_file_keeps_its_mode() throws Exception {
    store("/f", new Start.Fresh(), "x");
    Files.setPosixFilePermissions(home.resolve("f"), PosixFilePermissions.fromString("rw-rw----"));
    store("/f", new Start.Fresh(), "y");
    assertThat(Files.getPosixFilePermissions(home.resolve("f")))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
  }

  @Test
  void a_name_of_full_length_can_be_stored_and_gone_on_with() throws Exception {
    var name = "n".repeat(255);
    breakOff("/" + name, new Start.Fresh(), "ab");
    store("/" + name, new Start.Keep(2), "c");
    assertThat(home.resolve(name)).hasContent("abc");
    assertThat(home.toFile().list()).containsExactly(name);
  }

  @Test
  void what_was_left_of_uploads_does_not_keep_a_folder_from_being_removed() throws Exception {
    view.makeFolder(at("/d"));
    breakOff("/d/f", new Start.Fresh(), "x");
    assertThat(names("/d")).isEmpty();
    view.removeFolder(at("/d"));
    assertThat(names("/")).isEmpty();
  }

  @Test
  void old_leftovers_are_swept_and_nothing_else() throws Exception {
    view.makeFolder(at("/d"));
    breakOff("/d/old", new Start.Fresh(), "x");
    breakOff("/d/new", new Start.Fresh(), "x");
    store("/d/whole", new Start.Fresh(), "x");
    var outsideOld = Files.writeString(outside.resolve(".islet-part-x"), "x");
    Files.createSymbolicLink(home.resolve("d/link"), outside);
    var longAgo = java.nio.file.attribute.FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    for (var file :
        new Path[] {home.resolve("d/.islet-part-old"), home.resolve("d/whole"), outsideOld}) {
      Files.setLastModifiedTime(file, longAgo);
    }
    homes.sweep(Instant.parse("2021-01-01T00:00:00Z"));
    assertThat(home.resolve("d").toFile().list())
        .containsExactlyInAnyOrder(".islet-part-new", "whole", "link");
    assertThat(outsideOld).exists();
  }

  @Test
  void rights_are_asked_for_each_deed() throws Exception {
    store("/f", new Start.Fresh(), "x");
    breakOff("/g", new Start.Fresh(), "x");
    var none = new RightsView(view, Set.of());
    refused(Reason.DENIED, () -> none.list(at("/"), e -> {}));
    refused(Reason.DENIED, () -> none.stat(at("/f")));
    refused(Reason.DENIED, () -> none.read(at("/f"), 0));
    refused(Reason.DENIED, () -> none.write(at("/f"), new Start.Fresh()));
    refused(Reason.DENIED, () -> none.remove(at("/f")));
    refused(Reason.DENIED, () -> none.removeFolder(at("/f")));
    refused(Reason.DENIED, () -> none.rename(at("/f"), at("/h")));
    refused(Reason.DENIED, () -> none.makeFolder(at("/h")));
    refused(Reason.DENIED, () -> none.touch(at("/f"), Instant.EPOCH));
    assertThat(none.unfinished(at("/g"))).isZero();
    var drop = new RightsView(view, Set.of(Right.UPLOAD));
    try (var upload = drop.write(at("/h"), new Start.Fresh())) {
      upload.finish();
    }
    refused(Reason.DENIED, () -> drop.read(at("/h"), 0));
  }
}
