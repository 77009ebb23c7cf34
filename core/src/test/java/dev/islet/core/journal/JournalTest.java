package dev.islet.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("state").resolve("leases.journal");
  }

  static List<String> read(Path file) throws IOException {
    var records = new ArrayList<String>();
    Journal.open(file, r -> records.add(UTF_8.decode(r).toString())).close();
    return records;
  }

  private static byte[] record(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void whatWasCommittedIsReplayedInOrder() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      journal.append(record("one"));
      journal.append(record(""));
      journal.append(record("three"));
      assertThat(journal.records()).isZero();
      assertThat(journal.size()).isEqualTo(16);
      assertThat(journal.sizeToBe()).isEqualTo(16 + 3 * 8 + 8);
      journal.commit();
      assertThat(journal.records()).isEqualTo(3);
      assertThat(journal.sizeToBe()).isEqualTo(journal.size());
      assertThat(journal.size()).isEqualTo(16 + 3 * 8 + 8).isEqualTo(Files.size(file()));
      journal.commit();
      assertThat(journal.size()).isEqualTo(Files.size(file()));
    }
    try (var journal = Journal.open(file(), _ -> {})) {
      assertThat(journal.records()).isEqualTo(3);
      journal.append(record("four"));
      // closing commits
    }
    assertThat(read(file())).containsExactly("one", "", "three", "four");
  }

  @Test
  void cuttingTheFileAtEveryByteKeepsExactlyTheWholeRecords() throws Exception {
    var texts = IntStream.range(0, 12).mapToObj(i -> "record " + "x".repeat(i * 3) + i).toList();
    var ends = new ArrayList<Long>();
    try (var journal = Journal.open(file(), _ -> {})) {
      for (var text : texts) {
        journal.append(record(text));
        journal.commit();
        ends.add(journal.size());
      }
    }
    var whole = Files.readAllBytes(file());
    for (int length = 0; length <= whole.length; length++) {
      var cut = folder.resolve("cut");
      Files.write(cut, java.util.Arrays.copyOf(whole, length));
      int at = length;
      int expected = (int) ends.stream().filter(end -> end <= at).count();
      assertThat(read(cut)).as("cut at %d", length).isEqualTo(texts.subList(0, expected));
      // and it can be appended to
      try (var journal = Journal.open(cut, _ -> {})) {
        journal.append(record("more"));
      }
      assertThat(read(cut)).hasSize(expected + 1).last().isEqualTo("more");
      assertThat(folder.resolve("cut.damaged")).doesNotExist();
    }
  }

  @Test
  void aFlippedBitNeverYieldsAWrongRecordAndTheRestIsKeptAside() throws Exception {
    var texts = List.of("alpha", "bravo bravo", "charlie", "delta");
    try (var journal = Journal.open(file(), _ -> {})) {
      texts.forEach(text -> journal.append(record(text)));
    }
    var good = Files.readAllBytes(file());
    long last = good.length - 8 - 5;
    for (int bit = 0; bit < good.length * 8; bit++) {
      var bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      var flipped = Files.createDirectories(folder.resolve("bit" + bit)).resolve("j");
      Files.write(flipped, bad);
      List<String> got = read(flipped);
      assertThat(texts.subList(0, got.size())).as("bit %d", bit).isEqualTo(got);
      if (bit / 8 < 16) {
        assertThat(got).as("a damaged header is mended").isEqualTo(texts);
      } else {
        assertThat(got).hasSizeLessThan(4);
        var aside = flipped.resolveSibling("j.damaged");
        if (bit / 8 < last) {
          assertThat(Files.readAllBytes(aside))
              .as("bit %d: what follows is kept for people", bit)
              .isEqualTo(java.util.Arrays.copyOfRange(bad, (int) Files.size(flipped), bad.length));
        }
      }
      assertThat(read(flipped)).as("and stays so").isEqualTo(got);
    }
  }

  @Test
  void anEarlierDamagedCopyIsNotOverwritten() throws Exception {
    for (int round = 0; round < 2; round++) {
      try (var journal = Journal.open(file(), _ -> {})) {
        journal.append(record("a"));
        journal.append(record("b"));
      }
      var bytes = Files.readAllBytes(file());
      bytes[16 + 8] ^= 1;
      Files.write(file(), bytes);
      assertThat(read(file())).isEmpty();
    }
    assertThat(file().resolveSibling("leases.journal.damaged")).exists();
    assertThat(file().resolveSibling("leases.journal.damaged-2")).exists();
  }

  @Test
  void zerosAtTheEndAreCutOff() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      journal.append(record("a"));
    }
    var bytes = Files.readAllBytes(file());
    Files.write(file(), java.util.Arrays.copyOf(bytes, bytes.length + 5000));
    assertThat(read(file())).containsExactly("a");
    assertThat(Files.size(file())).isEqualTo(bytes.length);
    assertThat(file().resolveSibling("leases.journal.damaged")).doesNotExist();
  }

  @Test
  void randomBytesAreNoRecords() throws Exception {
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      var noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      var bytes = new byte[16 + noise.length];
      System.arraycopy(JournalFormat.header(), 0, bytes, 0, 16);
      System.arraycopy(noise, 0, bytes, 16, noise.length);
      var file = folder.resolve("noise" + round);
      Files.write(file, bytes);
      assertThat(read(file)).isEmpty();
    }
  }

  @Test
  void anotherFileIsNotTouched() throws Exception {
    var text = "this is not a journal but somebody's text\n".repeat(5);
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);
    assertThatThrownBy(() -> read(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a journal");
    assertThat(Files.readString(file())).isEqualTo(text);
  }

  @Test
  void aNewerVersionIsNotTouched() throws Exception {
    read(file());
    var header = java.nio.ByteBuffer.wrap(Files.readAllBytes(file()));
    header.putInt(8, 2);
    var crc = new java.util.zip.CRC32C();
    crc.update(header.array(), 0, 12);
    header.putInt(12, (int) crc.getValue());
    Files.write(file(), header.array());
    assertThatThrownBy(() -> read(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("newer");
  }

  @Test
  void aSecondOpenIsRefused() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      assertThatThrownBy(() -> read(file()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("open already");
      journal.append(record("a"));
    }
    assertThat(read(file())).containsExactly("a");
  }

  @Test
  void aRecordTooLongIsRefused() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      assertThatThrownBy(() -> journal.append(new byte[Journal.MAX_RECORD + 1]))
          .isInstanceOf(IllegalArgumentException.class);
      journal.append(new byte[Journal.MAX_RECORD]);
    }
    var lengths = new ArrayList<Integer>();
    Journal.open(file(), r -> lengths.add(r.remaining())).close();
    assertThat(lengths).containsExactly(Journal.MAX_RECORD);
  }

  @Test
  void aClosedJournalRefuses() throws Exception {
    var journal = Journal.open(file(), _ -> {});
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.append(record("a"))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> journal.compact(_ -> {})).isInstanceOf(IllegalStateException.class);
    journal.commit(); // nothing waits
  }

  @Test
  void manyThreadsShareFlushesAndEachFindsItsRecordsDurable() throws Exception {
    int threads = 16;
    int each = 50;
    try (var journal = Journal.open(file(), _ -> {});
        var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      var start = new CountDownLatch(1);
      var tasks =
          IntStream.range(0, threads)
              .mapToObj(
                  t ->
                      pool.submit(
                          (Callable<Void>)
                              () -> {
                                start.await();
                                for (int i = 0; i < each; i++) {
                                  journal.append(record(t + ":" + i));
                                  journal.commit();
                                  assertThat(Files.size(file())).isGreaterThan(16);
                                }
                                return null;
                              }))
              .toList();
      start.countDown();
      for (var task : tasks) {
        task.get(60, TimeUnit.SECONDS);
      }
      assertThat(journal.records()).isEqualTo(threads * each);
    }
    var all = read(file());
    for (int t = 0; t < threads; t++) {
      var prefix = t + ":";
      assertThat(all.stream().filter(r -> r.startsWith(prefix)))
          .containsExactlyElementsOf(IntStream.range(0, each).mapToObj(i -> prefix + i).toList());
    }
  }

  @Test
  void anInterruptHarmsNothing() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      Thread.currentThread().interrupt();
      journal.append(record("a"));
      journal.commit();
      journal.compact(out -> out.accept(record("b")));
      assertThat(Thread.interrupted()).isTrue();
      journal.append(record("c"));
      journal.commit();
    }
    assertThat(read(file())).containsExactly("b", "c");
  }

  @Test
  void compactionReplacesTheContent() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      for (int i = 0; i < 1000; i++) {
        journal.append(record("old " + i));
      }
      journal.commit();
      journal.append(record("covered by the snapshot"));
      journal.compact(
          out -> {
            out.accept(record("state 1"));
            journal.append(record("came meanwhile"));
            out.accept(record("state 2"));
          });
      assertThat(journal.records()).isEqualTo(2);
      journal.commit();
      assertThat(journal.size()).isEqualTo(Files.size(file()));
      journal.append(record("after"));
    }
    assertThat(read(file())).containsExactly("state 1", "state 2", "came meanwhile", "after");
    assertThat(file().resolveSibling("leases.journal.compacting")).doesNotExist();
  }

  @Test
  void aFailingSnapshotLeavesTheOldContentAndWhatWaits() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      journal.append(record("a"));
      journal.commit();
      journal.append(record("b"));
      assertThatThrownBy(
              () ->
                  journal.compact(
                      out -> {
                        out.accept(record("x"));
                        journal.append(record("c"));
                        throw new IllegalStateException("no");
                      }))
          .hasMessage("no");
      assertThatThrownBy(
              () ->
                  journal.compact(
                      _ -> {
                        try {
                          journal.commit();
                        } catch (IOException e) {
                          throw new AssertionError(e);
                        }
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("its own journal");
      assertThat(file().resolveSibling("leases.journal.compacting")).doesNotExist();
    }
    assertThat(read(file())).containsExactly("a", "b", "c");
  }

  @Test
  void aCompactionCutShortAtAnyByteLeavesTheOldContent() throws Exception {
    try (var journal = Journal.open(file(), _ -> {})) {
      journal.append(record("old"));
    }
    var other = folder.resolve("other");
    try (var journal = Journal.open(other, _ -> {})) {
      journal.append(record("new 1"));
      journal.append(record("new 2"));
    }
    var fresh = Files.readAllBytes(other);
    var temporary = file().resolveSibling("leases.journal.compacting");
    for (int length = 0; length <= fresh.length; length++) {
      Files.write(temporary, java.util.Arrays.copyOf(fresh, length));
      assertThat(read(file())).containsExactly("old");
      assertThat(temporary).doesNotExist();
    }
    // and once renamed, the new one
    Files.write(temporary, fresh);
    Files.move(temporary, file(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    assertThat(read(file())).containsExactly("new 1", "new 2");
  }
}
