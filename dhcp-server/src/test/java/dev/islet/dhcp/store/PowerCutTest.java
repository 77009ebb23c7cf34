package dev.islet.dhcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is left on the disk after the power went, every lease that was acknowledged is there.
 */
class PowerCutTest {
  private static final int ADDRESSES = 40;

  private final Random random = new Random(4);
  private final Map<Ip4, LeaseRecord> acknowledged = new HashMap<>();
  private final Map<Ip4, LeaseRecord> written = new HashMap<>();
  private long time;

  private LeaseRecord any() {
    var address = new Ip4(0x0A4D_0032 + random.nextInt(ADDRESSES));
    var hardware =
        HardwareAddress.parse("02:00:00:00:00:%02x".formatted(random.nextInt(ADDRESSES)));
    boolean bound = random.nextInt(4) > 0;
    return new LeaseRecord(
        address,
        bound ? LeaseState.BOUND : LeaseState.FREE,
        ClientKey.of(hardware),
        hardware,
        ++time + 1_000_000,
        "n" + time,
        time);
  }

  /** Some leases, one commit, and only then are they acknowledged. */
  private void batch(LeaseJournal<LeaseRecord> journal) throws IOException {
    append(journal);
    journal.commit();
    acknowledged.putAll(written);
    written.clear();
  }

  private void append(LeaseJournal<LeaseRecord> journal) {
    for (int n = random.nextInt(1, 6); n > 0; n--) {
      var record = any();
      journal.append(record);
      written.put(record.address(), record);
    }
  }

  private static Map<Ip4, LeaseRecord> read(Path file) throws IOException {
    var found = new HashMap<Ip4, LeaseRecord>();
    LeaseJournal.open(file, r -> found.put(r.address(), r)).close();
    return found;
  }

  /** What was acknowledged is there, or something newer that was written after it. */
  private static void compare(
      Map<Ip4, LeaseRecord> found, Map<Ip4, LeaseRecord> promised, String where) {
    promised.forEach(
        (address, record) -> {
          var there = found.get(address);
          assertThat(there).as(address + " " + where).isNotNull();
          if (!record.equals(there)) {
            assertThat(there.at()).as(address + " " + where).isGreaterThan(record.at());
          }
        });
  }

  @Test
  void a_thousand_cuts_at_any_byte_after_a_sync(@TempDir Path folder) throws Exception {
    var file = folder.resolve("leases.journal");
    var cut = folder.resolve("cut").resolve("leases.journal");
    Files.createDirectory(cut.getParent());
    int cuts = 0;
    try (var journal = LeaseJournal.open(file, r -> {})) {
      while (cuts < 1_000) {
        batch(journal);
        int durable = Files.readAllBytes(file).length;
        var promised = Map.copyOf(acknowledged);
        // The next batch gets to the disk in part: none, all, or up to any byte, some of it rotten.
        append(journal);
        journal.commit();
        var bytes = Files.readAllBytes(file);
        acknowledged.putAll(written);
        for (int i = 0; i < 8; i++, cuts++) {
          int length =
              switch (i) {
                case 0 -> durable;
                case 1 -> bytes.length;
                default -> durable + random.nextInt(bytes.length - durable + 1);
              };
          var left = Arrays.copyOf(bytes, length);
          if (i > 4 && length > durable) {
            left[durable + random.nextInt(length - durable)] ^= (byte) (1 << random.nextInt(8));
          }
          Files.write(cut, left);
          compare(read(cut), promised, "after a cut at " + length + " of " + bytes.length);
        }
        if (random.nextInt(20) == 0) {
          journal.tidy(() -> acknowledged.values().stream());
        }
      }
    }
    assertThat(cuts).isGreaterThanOrEqualTo(1_000);
  }

  // ---- a file system that stops in the middle of everything

  private static final long EXT4_SHUTDOWN = 0x8004587DL;
  private static final int WITHOUT_FLUSHING_ITS_LOG = 2;

  private static boolean run(String... command) throws Exception {
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private static int shutdown(Path folder) throws Throwable {
    var linker = Linker.nativeLinker();
    var find = linker.defaultLookup();
    var open =
        linker.downcallHandle(
            find.find("open").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    var ioctl =
        linker.downcallHandle(
            find.find("ioctl").orElseThrow(),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    var close =
        linker.downcallHandle(
            find.find("close").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int fd = (int) open.invokeExact(arena.allocateFrom(folder.toString()), 0);
      var how = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_FLUSHING_ITS_LOG);
      int result = (int) ioctl.invokeExact(fd, EXT4_SHUTDOWN, how);
      int ignored = (int) close.invokeExact(fd);
      return result + Math.min(0, ignored);
    }
  }

  @Test
  void twenty_cuts_of_a_real_file_system(@TempDir Path folder) throws Throwable {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root to mount a file");
    var image = folder.resolve("disk.img");
    var disk = Files.createDirectory(folder.resolve("disk"));
    try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(24 << 20);
    }
    assumeTrue(run("mkfs.ext4", "-q", "-F", image.toString()), "needs mkfs.ext4");
    var leases = disk.resolve("leases.journal");
    for (int cut = 0; cut < 20; cut++) {
      assumeTrue(
          run("mount", "-o", "loop", image.toString(), disk.toString()),
          "needs loop devices to mount a file");
      try {
        compare(read(leases), acknowledged, "before cut " + cut);
        var journal = LeaseJournal.open(leases, r -> {});
        for (int n = random.nextInt(1, 12); n > 0; n--) {
          batch(journal);
          if (random.nextInt(6) == 0) {
            journal.tidy(() -> acknowledged.values().stream());
          }
        }
        append(journal);
        written.clear(); // nobody was told of these
        assumeTrue(shutdown(disk) == 0, "needs ext4 that can be shut down");
        try {
          journal.close();
        } catch (RuntimeException e) {
          // the disk is gone, as it should be
        }
      } finally {
        assertThat(run("umount", disk.toString())).isTrue();
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(20);
  }
}
