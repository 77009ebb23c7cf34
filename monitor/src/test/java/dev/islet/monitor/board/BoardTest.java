package dev.islet.monitor.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.transport.KernelFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as a Raspberry Pi 4 has them, and those of this machine. */
class BoardTest {
  private static final String STAT =
      """
      cpu  10 0 10 70 10 0 0 0 0 0
      cpu0 5 0 5 35 5 0 0 0 0 0
      cpu1 5 0 5 35 5 0 0 0 0 0
      intr 12345 0 0
      ctxt 99
      """;

  private static final String STAT_LATER =
      """
      cpu  40 0 20 110 20 0 10 0 0 0
      cpu0 35 0 5 55 5 0 0 0 0 0
      cpu1 5 0 15 55 15 0 10 0 0 0
      """;

  private static Readings readings(long nanos, String stat, String netDev, String disk) {
    return new Readings(
        nanos,
        stat,
        "0.52 0.58 0.59 1/389 12345\n",
        """
        MemTotal:        3884360 kB
        MemFree:         1200000 kB
        MemAvailable:    2913270 kB
        SwapTotal:        102396 kB
        SwapFree:         102140 kB
        """,
        netDev,
        disk,
        "179:2",
        "1500000\n",
        "48312\n",
        "50005\n",
        null);
  }

  private static final String NET =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo:  123456     789    0    0    0     0          0         0   123456     789    0    0    0     0       0          0
        eth0: 1000000    5000    1    0    0     0          0        10  2000000    4000    2    0    0     0       0          0
      """;

  private static final String DISK =
      """
       179       0 mmcblk0 3000 900 200000 5000 2000 1500 90000 30000 0 20000 35000 0 0 0 0 0 0
       179       2 mmcblk0p2 2900 800 190000 4900 1990 1490 80000 29900 0 19900 34800 0 0 0 0 0 0
      """;

  @Test
  void a_pi_is_read_whole() {
    var before = readings(0, STAT, NET, DISK);
    var now =
        readings(
            2_000_000_000L,
            STAT_LATER,
            NET.replace("1000000", "1010000").replace("2000000", "2004000"),
            DISK.replace("190000", "190400").replace("80000", "80008"));
    var view = new BoardView(before, now);
    var board = view.board("/data", 32L << 30, 8L << 30);
    assertThat(board.cpu()).isEqualTo(0.5);
    assertThat(board.cores()).containsExactly(0.6, 0.4);
    assertThat(board.load()).containsExactly(0.52, 0.58, 0.59);
    assertThat(board.frequency()).isEqualTo(1_500_000_000L);
    assertThat(board.memory().total()).isEqualTo(3_884_360L * 1024);
    assertThat(board.memory().used()).isBetween(0.24, 0.26);
    assertThat(board.memory().swapUsed()).isEqualTo(256 * 1024);
    assertThat(board.disk().readRate()).isEqualTo(400 * 512 / 2.0);
    assertThat(board.disk().writeRate()).isEqualTo(8 * 512 / 2.0);
    assertThat(board.temperature()).isEqualTo(48.312);
    assertThat(board.throttle().now()).containsExactly("under-voltage", "throttled");
    assertThat(board.throttle().since()).containsExactly("under-voltage", "throttled");
    var nics =
        view.interfaces(
            Map.of("eth0", new BoardView.Link(true, java.util.List.of("192.168.7.1/24"))));
    assertThat(nics).extracting("name").containsExactly("lo", "eth0");
    assertThat(nics.get(1).rxRate()).isEqualTo(5000);
    assertThat(nics.get(1).txRate()).isEqualTo(2000);
    assertThat(nics.get(1).up()).isTrue();
  }

  @Test
  void what_is_not_there_or_begins_anew_is_unknown_and_not_zero() {
    var nothing = new Readings(0, null, null, null, null, null, null, null, null, null, null);
    var board = new BoardView(nothing, nothing).board("/", null, null);
    assertThat(board.cpu()).isNull();
    assertThat(board.cores()).isEmpty();
    assertThat(board.load()).isEmpty();
    assertThat(board.memory().total()).isNull();
    assertThat(board.memory().used()).isNull();
    assertThat(board.temperature()).isNull();
    assertThat(board.throttle()).isNull();
    var before = readings(0, STAT, NET, DISK);
    var fewer = readings(1_000_000_000L, STAT, NET.replace("1000000", "10"), DISK);
    assertThat(new BoardView(before, fewer).interfaces(Map.of()).get(1).rxRate()).isNull();
  }

  @Test
  void junk_is_unknown() {
    assertThat(CpuTimes.parse("cpu a b c d e\ncpu0\n").all()).isNull();
    assertThat(MemInfo.parse("MemTotal: lots kB\n").total()).isNull();
    assertThat(NetDev.parse("eth0: 1 2 3\n: x\n")).isEmpty();
    assertThat(DiskStats.parse("179 2 mmcblk0p2 1\n", "179:2")).isNull();
    assertThat(ThrottleFlags.parse("error")).isNull();
    assertThat(ThrottleFlags.alarm("1\n").now()).containsExactly("under-voltage");
    assertThat(ThrottleFlags.alarm("0\n").now()).isEmpty();
    assertThat(ThrottleFlags.parse("0x80000").since()).containsExactly("soft-temperature-limit");
  }

  @Test
  void the_device_is_that_of_the_longest_mount_point() {
    var mounts =
        """
        22 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw
        30 22 8:1 / /mnt/usb\\040stick rw - ext4 /dev/sda1 rw
        31 22 0:40 / /run rw - tmpfs tmpfs rw
        """;
    assertThat(DiskStats.device(mounts, "/mnt/usb stick/data")).isEqualTo("8:1");
    assertThat(DiskStats.device(mounts, "/mnt/usb stickers")).isEqualTo("179:2");
    assertThat(DiskStats.device("", "/")).isNull();
  }

  @Test
  void files_are_found_where_a_pi_has_them(@TempDir Path root) throws Exception {
    write(root, "proc/stat", STAT);
    write(root, "proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
    write(root, "proc/sys/kernel/hostname", "pi\n");
    write(root, "proc/uptime", "12345.67 40000.00\n");
    write(root, "sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", "600000\n");
    write(root, "sys/class/thermal/thermal_zone0/type", "cpu-thermal\n");
    write(root, "sys/class/thermal/thermal_zone0/temp", "51121\n");
    write(root, "sys/devices/platform/soc/soc:firmware/get_throttled", "0\n");
    write(root, "sys/class/hwmon/hwmon1/name", "rpi_volt\n");
    write(root, "sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n");
    var files = new KernelFiles(root, root);
    var read = files.read(1);
    assertThat(files.host().model()).isEqualTo("Raspberry Pi 4 Model B Rev 1.4");
    assertThat(files.host().uptime()).isEqualTo(12_345);
    var board = new BoardView(read, read).board("/", null, null);
    assertThat(board.temperature()).isEqualTo(51.121);
    assertThat(board.frequency()).isEqualTo(600_000_000L);
    assertThat(board.throttle().now()).isEmpty();
    assertThat(board.cpu()).as("nothing has passed").isNull();
  }

  @Test
  void this_machine_is_read() {
    var files = new KernelFiles(Path.of("/"), Path.of("").toAbsolutePath());
    var read = files.read(1);
    var board = new BoardView(read, read).board(files.path(), files.total(), files.free());
    assertThat(board.memory().total()).isGreaterThan(100L << 20);
    assertThat(board.load()).hasSize(3);
    assertThat(board.disk().total()).isPositive();
    assertThat(new BoardView(read, read).interfaces(files.links()))
        .anySatisfy(nic -> assertThat(nic.name()).isEqualTo("lo"));
    assertThat(files.resident()).isGreaterThan(1 << 20);
  }

  private static void write(Path root, String file, String text) throws Exception {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
