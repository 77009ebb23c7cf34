package dev.islet.voip.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.journal.Journal;
import dev.islet.testkit.ChildJvm;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaPayload;
import dev.islet.voip.model.QualityLeg;
import dev.islet.voip.model.StreamLoss;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.model.StreamSpread;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallRecordsTest {
  private static final Instant T = Instant.parse("2026-01-02T03:04:05.006Z");

  @TempDir Path folder;

  static CallRecord call(String id) {
    var stream =
        new StreamQuality(
            MediaLeg.A,
            0xdeadbeefL,
            8,
            Optional.of(new MediaPayload(8, "PCMA", 8_000, 1)),
            T,
            T.plusSeconds(60),
            2_990,
            514_280,
            new StreamLoss(3_000, 10, 1, 2),
            Optional.of(new StreamSpread(0.1, 0.5, 2.25, 0.4)),
            new StreamSpread(18, 20, 41.5, 20),
            Optional.of(12.5),
            Optional.of(4.38));
    var phone = new InetSocketAddress(InetAddress.ofLiteral("192.168.7.20"), 4_000);
    var quality =
        new CallQuality(
            new QualityLeg(MediaLeg.A, Optional.of(phone), Optional.of(21.0), 1, 2, 3, 4),
            new QualityLeg(MediaLeg.B, Optional.empty(), Optional.empty(), 0, 0, 0, 0),
            List.of(stream));
    return new CallRecord(
        id,
        "100",
        "101",
        T.minusSeconds(5),
        Optional.of(T),
        T.plusSeconds(60),
        200,
        "caller hung up",
        Optional.of(quality));
  }

  private static CallRecord missed(String id) {
    return new CallRecord(id, "100", "102", T, Optional.empty(), T, 486, "busy", Optional.empty());
  }

  private CallRecords open() throws IOException {
    return CallRecords.open(folder.resolve("data"), folder.resolve("logs"));
  }

  private List<String> json() throws IOException {
    return Files.readAllLines(folder.resolve("logs/calls.jsonl"));
  }

  private List<String> table() throws IOException {
    return Files.readAllLines(folder.resolve("logs/calls.csv"));
  }

  @Test
  void a_record_survives_the_journal_unchanged() throws IOException {
    for (var call : List.of(call("one"), missed("two"))) {
      var bytes = CallRecordCodec.encode(7, call);
      assertThat(CallRecordCodec.decode(new DataInputStream(new ByteArrayInputStream(bytes))))
          .isEqualTo(new NumberedCall(7, call));
    }
  }

  @Test
  void a_call_becomes_a_line_in_both_files() throws Exception {
    try (var records = open()) {
      records.add(call("one"));
      records.add(missed("two"));
      records.flush();
      assertThat(records.recent())
          .extracting(c -> c.number() + c.call().callId())
          .containsExactly("2two", "1one");
    }
    assertThat(json()).hasSize(2);
    assertThat(json().getFirst())
        .startsWith("{\"number\":1,\"callId\":\"one\",\"caller\":\"100\",")
        .contains("\"max\":2.25", "\"mos\":4.38", "\"source\":\"192.168.7.20:4000\"");
    assertThat(table())
        .containsExactly(
            CallTable.head(),
            "1,one,100,101,2026-01-02T03:04:00.006Z,2026-01-02T03:04:05.006Z,"
                + "2026-01-02T03:05:05.006Z,60,200,caller hung up,"
                + "PCMA,2990,10,0.333,1,2,0.5,2.25,41.5,12.5,4.38,21,1,,,,,,,,,,,,,0",
            "2,two,100,102,2026-01-02T03:04:05.006Z,,2026-01-02T03:04:05.006Z,0,486,busy,"
                + ",,,,,,,,,,,,,,,,,,,,,,,,,");
    int columns = CallTable.head().split(",", -1).length;
    assertThat(table()).allSatisfy(l -> assertThat(l.split(",", -1)).hasSize(columns));
  }

  @Test
  void numbers_and_recent_calls_go_on_after_a_restart() throws Exception {
    try (var records = open()) {
      records.add(call("one"));
    }
    try (var records = open()) {
      records.add(call("two"));
      records.flush();
      assertThat(records.recent()).extracting(NumberedCall::number).containsExactly(2L, 1L);
    }
    assertThat(json()).hasSize(2);
    assertThat(table()).hasSize(3);
  }

  @Test
  void lines_that_a_crash_cut_or_kept_out_are_put_in_from_the_journal() throws Exception {
    try (var records = open()) {
      records.add(call("one"));
      records.add(call("two"));
      records.add(call("three"));
    }
    var whole = json();
    Files.writeString(
        folder.resolve("logs/calls.jsonl"), whole.getFirst() + "\n{\"number\":2,\"ca");
    var rows = table();
    Files.writeString(
        folder.resolve("logs/calls.csv"), String.join("\n", rows.subList(0, 3)) + "\n");
    open().close();
    assertThat(json()).isEqualTo(whole);
    assertThat(table()).isEqualTo(rows);
  }

  @Test
  void a_lost_journal_does_not_begin_numbers_anew() throws Exception {
    try (var records = open()) {
      IntStream.range(0, 5).forEach(i -> records.add(call("old " + i)));
    }
    try (var files = Files.walk(folder.resolve("data"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    try (var records = open()) {
      records.add(call("new"));
      records.flush();
      assertThat(records.recent()).extracting(NumberedCall::number).containsExactly(6L);
    }
  }

  @Test
  void files_begin_anew_before_they_grow_too_big_and_the_oldest_go() throws Exception {
    try (var records = CallRecords.open(folder.resolve("data"), folder.resolve("logs"), 20_000)) {
      for (int i = 0; i < 300; i++) {
        records.add(call("call " + i));
      }
      records.flush();
    }
    try (var files = Files.list(folder.resolve("logs"))) {
      var names = files.map(f -> f.getFileName().toString()).toList();
      assertThat(names)
          .contains("calls.jsonl", "calls.1.jsonl", "calls.4.jsonl")
          .doesNotContain("calls.5.jsonl");
    }
    assertThat(Files.size(folder.resolve("logs/calls.jsonl"))).isLessThan(21_000);
    assertThat(Files.readAllLines(folder.resolve("logs/calls.1.csv")).getFirst())
        .isEqualTo(CallTable.head());
    assertThat(json().getLast()).startsWith("{\"number\":300,");
  }

  @Test
  void the_journal_and_the_memory_stay_bounded() throws Exception {
    try (var records = open()) {
      for (int i = 0; i < 2 * CallRecords.KEPT + 50; i++) {
        records.add(missed("call " + i));
        if (i % 500 == 0) {
          records.flush();
        }
      }
      records.flush();
      assertThat(records.recent()).hasSize(CallRecords.KEPT);
      assertThat(records.recent().getFirst().number()).isEqualTo(2 * CallRecords.KEPT + 50);
      assertThat(records.lost()).isZero();
    }
    assertThat(Files.size(folder.resolve("data/calls.journal"))).isLessThan(250_000);
    try (var records = open()) {
      assertThat(records.recent()).hasSize(CallRecords.KEPT);
    }
  }

  @Test
  void a_journal_of_something_else_is_skipped_record_by_record() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    try (var journal = Journal.open(folder.resolve("data/calls.journal"), _ -> {})) {
      journal.append(new byte[] {9, 1, 2});
      journal.append(new byte[0]);
      journal.append(CallRecordCodec.encode(4, call("good")));
      journal.commit();
    }
    try (var records = open()) {
      assertThat(records.recent()).extracting(NumberedCall::number).containsExactly(4L);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "=1+1|'=1+1",
        "@SUM(A1)|'@SUM(A1)",
        "+49301234|+49301234",
        "+cmd|'+cmd",
        "-5|-5",
        "a,b|\"a,b\"",
        "a\"b|\"a\"\"b\"",
        "plain|plain"
      })
  void a_caller_cannot_put_a_formula_into_the_table(String text, String cell) {
    assertThat(CallTable.cell(text)).isEqualTo(cell);
    assertThat(CallTable.cell("two\r\nlines")).isEqualTo("two  lines");
  }

  @Test
  void what_was_flushed_survives_a_kill() throws Exception {
    var child = ChildJvm.of(Child.class, folder.toString()).start();
    try (var out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.lines().anyMatch("flushed"::equals)).isTrue();
    } finally {
      child.destroyForcibly().waitFor();
    }
    Files.writeString(folder.resolve("logs/calls.jsonl"), "{\"num", StandardOpenOption.APPEND);
    try (var records = open()) {
      assertThat(records.recent())
          .hasSizeGreaterThanOrEqualTo(50)
          .anySatisfy(c -> assertThat(c.call()).isEqualTo(call("call 49")));
      assertThat(json()).hasSize(records.recent().size());
    }
  }

  /** Writes calls until it is killed. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      var folder = Path.of(args[0]);
      var records = CallRecords.open(folder.resolve("data"), folder.resolve("logs"));
      for (int i = 0; i < 50; i++) {
        records.add(call("call " + i));
      }
      records.flush();
      System.out.println("flushed");
      Duration ever = Duration.ofHours(1);
      while (!ever.isZero()) {
        records.add(call("later"));
        records.flush();
      }
    }
  }
}
