package dev.islet.voip.transport.sip;

import dev.islet.core.net.socket.DatagramBatch;
import dev.islet.core.net.socket.UdpOptions;
import dev.islet.core.net.socket.UdpSocket;
import dev.islet.voip.model.Flow;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * SIP over UDP on one listening address: a platform thread receives, the exchange's thread sends.
 */
public final class UdpEdge implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.voip");
  private static final Duration ROUND = Duration.ofMillis(500);
  private static final int SLOTS = 32;
  private static final int KERNEL_QUEUE = 4 << 20;

  private final UdpSocket socket;
  private final Intake intake;
  private final DatagramBatch in;
  private final DatagramBatch out;
  private final LongAdder unsent = new LongAdder();
  private final Thread thread;
  private int waiting;

  private UdpEdge(UdpSocket socket, int maxMessage, Intake intake) {
    this.socket = socket;
    this.intake = intake;
    this.in = new DatagramBatch(SLOTS, maxMessage);
    this.out = new DatagramBatch(SLOTS, maxMessage);
    this.thread =
        Thread.ofPlatform().name("sip-udp-" + socket.local().getPort()).unstarted(this::receive);
  }

  /**
   * Binds and begins to receive.
   *
   * @param maxMessage bytes of the longest message taken
   */
  public static UdpEdge open(InetSocketAddress listen, int maxMessage, Intake intake)
      throws IOException {
    var socket = UdpSocket.open(UdpOptions.on(listen).withReceiveBuffer(KERNEL_QUEUE));
    var edge = new UdpEdge(socket, maxMessage, intake);
    edge.thread.start();
    return edge;
  }

  /** Where it is bound. */
  public InetSocketAddress local() {
    return socket.local();
  }

  /** Messages that the system would not take. */
  public long unsent() {
    return unsent.sum();
  }

  /** Puts a message into the batch that {@link #flush} sends. Of the exchange's thread. */
  void send(Flow flow, byte[] bytes) {
    if (bytes.length > out.slotBytes()) {
      flush();
      single(flow, bytes);
      return;
    }
    out.clear(waiting);
    out.bytes(waiting, bytes);
    out.remote(waiting, flow.remote());
    out.local(waiting, source(flow));
    waiting++;
    if (waiting == out.slots()) {
      flush();
    }
  }

  /** Sends what was put together. */
  void flush() {
    if (waiting == 0) {
      return;
    }
    int count = waiting;
    waiting = 0;
    try {
      unsent.add(count - socket.send(out, count));
    } catch (IOException e) {
      unsent.add(count);
    }
  }

  private void single(Flow flow, byte[] bytes) {
    try {
      socket.send(bytes, flow.remote(), source(flow));
    } catch (IOException e) {
      unsent.increment();
    }
  }

  private static @org.jspecify.annotations.Nullable InetAddress source(Flow flow) {
    var address = flow.local().getAddress();
    return address.isAnyLocalAddress() ? null : address;
  }

  private void receive() {
    while (true) {
      try {
        int count = socket.receive(in, ROUND);
        if (count < 0) {
          return;
        }
        for (int i = 0; i < count; i++) {
          take(i);
        }
      } catch (IOException | RuntimeException e) {
        // One bad datagram must not silence the port.
        LOG.log(Level.WARNING, "receiving failed port=" + socket.local().getPort(), e);
      }
    }
  }

  private void take(int i) {
    var remote = in.remote(i);
    if (remote.getPort() == 0) {
      return; // nobody can be answered there
    }
    var flow = new Flow(Flow.Transport.UDP, local(i, remote), remote, 0);
    if (in.truncated(i)) {
      intake.dropped(flow, "longer than " + in.slotBytes() + " bytes", in.bytes(i));
      return;
    }
    intake.datagram(flow, in.bytes(i));
  }

  private InetSocketAddress local(int i, InetSocketAddress remote) {
    var asked = in.local(i);
    if (!asked.getAddress().isAnyLocalAddress()) {
      return asked;
    }
    var bound = socket.local();
    return bound.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(towards(remote), bound.getPort())
        : bound;
  }

  /** Where the system does not tell which address was asked: the one it would answer from. */
  private static InetAddress towards(InetSocketAddress remote) {
    try (var probe = new DatagramSocket()) {
      probe.connect(remote);
      return probe.getLocalAddress();
    } catch (SocketException e) {
      return InetAddress.getLoopbackAddress();
    }
  }

  @Override
  public void close() {
    socket.close();
    try {
      thread.join(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
