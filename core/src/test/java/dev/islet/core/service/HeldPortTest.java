package dev.islet.core.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.config.HostPort;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has which port, from files as Linux has them. */
class HeldPortTest {
  private static final String HEADING =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout"
          + " inode\n";

  @TempDir Path proc;

  private static String row(String local, String state, int inode) {
    return "   0: %s 00000000:0000 %s 00000000:00000000 00:00000000 00000000   101        0 %d 2\n"
        .formatted(local, state, inode);
  }

  @Test
  void tables_of_linux_tell_address_state_and_holder() throws Exception {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(
        proc.resolve("net/tcp"),
        HEADING + row("3500007F:0035", "0A", 11) + row("0100007F:1234", "01", 12));
    Files.writeString(proc.resolve("net/udp"), HEADING + row("00000000:0043", "07", 13));
    Files.writeString(
        proc.resolve("net/tcp6"),
        HEADING + row("00000000000000000000000001000000:0050", "0A", 14) + "torn li");
    var fds = Files.createDirectories(proc.resolve("77/fd"));
    Files.writeString(proc.resolve("77/comm"), "systemd-resolve\n");
    Files.writeString(proc.resolve("77/cmdline"), "/usr/lib/systemd/systemd-resolved\0-x\0");
    Files.createSymbolicLink(fds.resolve("3"), Path.of("socket:[11]"));
    Files.createSymbolicLink(fds.resolve("4"), Path.of("/dev/null"));

    var held = HeldPort.read(proc);

    assertThat(held)
        .extracting(h -> (h.udp() ? "udp " : "tcp ") + HostPort.format(h.address()))
        .containsExactly("tcp 127.0.0.53:53", "tcp [0:0:0:0:0:0:0:1]:80", "udp 0.0.0.0:67");
    assertThat(held.getFirst().holder())
        .contains(
            new HeldPort.Holder(77, "systemd-resolve", "/usr/lib/systemd/systemd-resolved -x"));
    assertThat(held.getLast().holder()).isEmpty();
  }

  @Test
  void an_address_is_blocked_by_itself_and_by_all_addresses() {
    var one = new HeldPort(false, HostPort.parse("127.0.0.53:53"), java.util.Optional.empty());
    assertThat(one.blocks(false, HostPort.parse("127.0.0.53:53"))).isTrue();
    assertThat(one.blocks(false, HostPort.parse("0.0.0.0:53"))).isTrue();
    assertThat(one.blocks(false, HostPort.parse("[::]:53"))).isFalse();
    assertThat(one.blocks(false, HostPort.parse("127.0.0.1:53"))).isFalse();
    assertThat(one.blocks(true, HostPort.parse("0.0.0.0:53"))).isFalse();
    assertThat(one.blocks(false, HostPort.parse("0.0.0.0:54"))).isFalse();
    var all = new HeldPort(true, HostPort.parse("0.0.0.0:67"), java.util.Optional.empty());
    assertThat(all.blocks(true, HostPort.parse("192.168.7.1:67"))).isTrue();
  }

  @Test
  void a_socket_of_this_process_is_found_with_its_holder() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(HeldPort.read(Path.of("/proc")))
          .filteredOn(h -> !h.udp() && h.address().getPort() == socket.getLocalPort())
          .singleElement()
          .satisfies(
              h ->
                  assertThat(h.holder())
                      .map(HeldPort.Holder::pid)
                      .contains((int) ProcessHandle.current().pid()));
    }
  }
}
