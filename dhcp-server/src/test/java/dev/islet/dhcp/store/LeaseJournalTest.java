package dev.islet.dhcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseJournalTest {
  private static LeaseRecord any(Random random) {
    var mac = new byte[6];
    random.nextBytes(mac);
    var hardware = new HardwareAddress(1, Octets.of(mac));
    var id = new byte[2 + random.nextInt(31)];
    random.nextBytes(id);
    var owner =
        switch (random.nextInt(3)) {
          case 0 -> ClientKey.of(hardware);
          case 1 -> new ClientKey(ClientKey.Kind.CLIENT_ID, Octets.of(id));
          default -> ClientKey.NOBODY;
        };
    return new LeaseRecord(
        new Ip4(random.nextInt()),
        LeaseState.values()[random.nextInt(3)],
        owner,
        hardware,
        random.nextLong(),
        "n".repeat(random.nextInt(64)),
        random.nextLong());
  }

  @Test
  void a_record_reads_back_and_takes_at_most_128_bytes() {
    var random = new Random(1);
    int longest = 0;
    for (int i = 0; i < 20_000; i++) {
      var record = any(random);
      var bytes = LeaseCodec.encode(record);
      longest = Math.max(longest, bytes.length);
      assertThat(LeaseCodec.decode(ByteBuffer.wrap(bytes))).contains(record);
      LeaseCodec.decode(ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length)));
    }
    assertThat(longest).isLessThanOrEqualTo(128);
  }

  @Test
  void a_record_of_another_version_is_skipped() {
    var bytes = LeaseCodec.encode(any(new Random(2)));
    bytes[0] = 99;
    assertThat(LeaseCodec.decode(ByteBuffer.wrap(bytes))).isEmpty();
    assertThat(LeaseCodec.decode(ByteBuffer.wrap(Arrays.copyOf(bytes, 3)))).isEmpty();
  }

  @Test
  void the_file_is_rewritten_when_it_has_grown_and_says_the_same(@TempDir Path folder)
      throws Exception {
    var file = folder.resolve("new").resolve("leases.journal");
    var random = new Random(3);
    var record = any(random);
    try (var journal = LeaseJournal.open(file, r -> {})) {
      for (int i = 0; i < 5_000; i++) {
        record =
            new LeaseRecord(
                record.address(), record.state(), record.owner(), record.hardware(), i, "x", i);
        journal.append(record);
      }
      journal.commit();
      var last = record;
      long before = journal.size();
      journal.tidy(() -> java.util.stream.Stream.of(last));
      assertThat(journal.size()).isLessThan(before / 100);
    }
    var replayed = new ArrayList<LeaseRecord>();
    LeaseJournal.open(file, replayed::add).close();
    assertThat(replayed).containsExactly(record);
  }
}
