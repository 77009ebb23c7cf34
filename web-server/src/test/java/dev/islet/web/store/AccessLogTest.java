package dev.islet.web.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.web.log.AccessEntry;
import dev.islet.web.log.AccessFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  @TempDir Path folder;

  private static AccessEntry entry(long id, String target, String agent) {
    return new AccessEntry(
        id,
        Instant.parse("2026-11-24T09:03:10Z"),
        "127.0.0.1",
        "www",
        "www.home.arpa",
        "GET",
        target,
        "HTTP/1.1",
        200,
        5,
        1234,
        "",
        agent,
        "files");
  }

  @Test
  void lines_have_the_form_log_readers_know() {
    assertThat(AccessFormat.COMBINED.line(entry(1, "/a?b", "curl/8")))
        .isEqualTo(
            "127.0.0.1 - - [24/Nov/2026:09:03:10 +0000] \"GET /a?b HTTP/1.1\" 200 5 \"-\" \"curl/8\"");
    assertThat(AccessFormat.JSON.line(entry(1, "/a?b", "curl/8")))
        .startsWith("{\"id\":1,\"at\":\"2026-11-24T09:03:10Z\",\"client\":\"127.0.0.1\"");
  }

  @Test
  void a_client_cannot_write_lines_of_its_own() {
    assertThat(AccessFormat.COMBINED.line(entry(1, "/", "a\" 200 \\ \n127.0.0.1 é")))
        .endsWith("\"a\\\" 200 \\\\ \\x0A127.0.0.1 \\xE9\"")
        .doesNotContain("\n");
    assertThat(AccessFormat.JSON.line(entry(1, "/", "a\n\""))).doesNotContain("\n");
  }

  @Test
  void files_are_rotated_by_size_and_no_line_is_lost() throws Exception {
    try (var log =
        AccessLog.open(folder, List.of(AccessFormat.COMBINED, AccessFormat.JSON), 20_000, 50)) {
      for (int i = 0; i < 2_000; i++) {
        log.add(entry(i, "/" + i, "x"));
      }
    }
    long lines = 0;
    try (var files = Files.list(folder)) {
      for (var file :
          files.filter(f -> f.getFileName().toString().startsWith("access.log")).toList()) {
        lines += Files.readAllLines(file).size();
        assertThat(Files.size(file)).isLessThan(100_000);
      }
    }
    assertThat(lines).isEqualTo(2_000);
    assertThat(folder.resolve("access.log.1")).exists();
    assertThat(folder.resolve("access.jsonl.1")).exists();
  }

  @Test
  void old_files_make_room() throws Exception {
    try (var log = AccessLog.open(folder, List.of(AccessFormat.COMBINED), 1_000, 2)) {
      for (int i = 0; i < 20_000; i++) {
        log.add(entry(i, "/" + i, "x"));
        if (i % 500 == 0) {
          Thread.onSpinWait();
        }
      }
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()).toList())
          .isSubsetOf("access.log", "access.log.1", "access.log.2");
    }
  }
}
