package dev.islet.core.net.socket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class EpollPollerTest extends UdpPollerContract {
  @Override
  UdpPoller open() throws IOException {
    return EpollPoller.open();
  }

  @Test
  void theKernelTellsWhenADatagramCame() throws Exception {
    try (var poller = open();
        var from = new DatagramSocket(at("127.0.0.1"))) {
      var in = poller.bind(at("127.0.0.1"), 0, "in");
      long before = System.currentTimeMillis();
      from.send(new DatagramPacket(new byte[] {1}, 1, in.local()));
      poller.poll(
          (_, packet) ->
              assertThat(packet.wallNanos() / 1_000_000)
                  .isBetween(before - 5, System.currentTimeMillis() + 5),
          LONG);
    }
  }

  @Test
  void packetsAllocateNothing() throws Exception {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (var poller = open();
        var from = new DatagramSocket(at("127.0.0.1"));
        var to = new DatagramSocket(at("127.0.0.1"))) {
      var in = poller.bind(at("127.0.0.1"), 0, "in");
      int target = to.getLocalPort();
      UdpPoller.Sink sink =
          (port, packet) -> port.send(packet, packet.high(), packet.low(), target);
      var datagram = new DatagramPacket(new byte[172], 172, in.local());
      int packets = 20_000;
      long allocated = 0;
      for (int i = 0; i < 3 * packets; i++) {
        from.send(datagram);
        long before = threads.getCurrentThreadAllocatedBytes();
        poller.poll(sink, LONG);
        // The first rounds run in the interpreter, which allocates what the compiler later spares.
        allocated += i < 2 * packets ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertThat(allocated).isLessThan(packets); // less than a byte each: none
    }
  }
}
