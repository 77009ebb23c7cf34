package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.Source;
import dev.islet.dns.queries.Noted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Type;

class QueryLogTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Noted NOTED =
      new Noted("192.168.7.40", "a.example.", Type.A, 0, Source.CACHE);
  @TempDir Path folder;

  private QueryLog log(long maxDay, long maxTotal, Instant wall) throws IOException {
    return new QueryLog(
        folder, new QueryLog.Limits(Duration.ofMinutes(10), maxDay, maxTotal), wall);
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  private static String text(Path file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void batches_are_written_when_their_time_has_come() throws IOException {
    var log = log(1 << 20, 1 << 20, NOON);
    log.add(NOON, NOTED);
    log.tick(NOON.plusSeconds(599));
    assertThat(files()).isEmpty();
    log.tick(NOON.plusSeconds(600));
    log.add(NOON.plusSeconds(700), NOTED);
    log.flush();
    assertThat(files()).hasSize(1);
    assertThat(text(files().getFirst()))
        .isEqualTo(
            "2026-11-24T12:00:00Z\t192.168.7.40\ta.example.\tA\tNOERROR\tCACHE\n"
                + "2026-11-24T12:11:40Z\t192.168.7.40\ta.example.\tA\tNOERROR\tCACHE\n");
    assertThat(log.total()).isEqualTo(Files.size(files().getFirst()));
  }

  @Test
  void a_member_that_was_cut_spoils_nothing_after_it() throws IOException {
    var log = log(1 << 20, 1 << 20, NOON);
    log.add(NOON, NOTED);
    log.flush();
    var first = files().getFirst();
    Files.write(first, new byte[] {0x1f, (byte) 0x8b, 8, 0}, StandardOpenOption.APPEND);
    var again = log(1 << 20, 1 << 20, NOON.plusSeconds(60));
    again.add(NOON.plusSeconds(60), NOTED);
    again.flush();
    assertThat(files()).hasSize(2);
    assertThat(text(files().getLast())).startsWith("2026-11-24T12:01:00Z");
    assertThat(again.today()).isEqualTo(Files.size(files().get(0)) + Files.size(files().get(1)));
  }

  @Test
  void a_day_and_all_days_have_their_limit() throws IOException {
    var random = new Random(8);
    var log = log(20_000, 50_000, NOON);
    for (int day = 0; day < 6; day++) {
      for (int minute = 0; minute < 600; minute++) {
        var wall = NOON.plus(Duration.ofDays(day)).plus(Duration.ofMinutes(minute));
        for (int i = 0; i < 5; i++) {
          var name = Long.toHexString(random.nextLong()) + ".example.";
          log.add(wall, new Noted("192.168.7.40", name, Type.A, 0, Source.CACHE));
        }
        log.tick(wall);
        assertThat(log.today()).isLessThan(21_500);
      }
    }
    log.flush();
    assertThat(log.lost()).isPositive();
    long all = 0;
    for (var file : files()) {
      all += Files.size(file);
    }
    assertThat(all).isEqualTo(log.total()).isLessThanOrEqualTo(50_000);
    assertThat(files().getLast().getFileName().toString()).startsWith("queries-2026-11-29.");
    assertThat(files().getFirst().getFileName().toString()).isGreaterThan("queries-2026-11-26");
  }
}
