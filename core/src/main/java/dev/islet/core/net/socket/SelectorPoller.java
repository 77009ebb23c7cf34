package dev.islet.core.net.socket;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** The poller of systems that are not 64-bit Linux. */
final class SelectorPoller implements UdpPoller {
  private static final int AT_ONCE = 8;

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM + 1);
  private final UdpPacket packet = new UdpPacket(buffer);
  private final AtomicInteger open = new AtomicInteger();
  private final ReentrantLock polling = new ReentrantLock();
  private final Object binding = new Object();
  private volatile boolean closed;

  private SelectorPoller(Selector selector) {
    this.selector = selector;
  }

  static SelectorPoller open() throws IOException {
    return new SelectorPoller(Selector.open());
  }

  @Override
  public UdpPort bind(InetSocketAddress local, int tos, Object owner) throws IOException {
    var channel =
        DatagramChannel.open(
            local.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET);
    try {
      channel.configureBlocking(false);
      if (tos != 0) {
        channel.setOption(StandardSocketOptions.IP_TOS, tos);
      }
      channel.bind(local);
      var port =
          new SelectorPort(this, channel, (InetSocketAddress) channel.getLocalAddress(), owner);
      synchronized (binding) {
        if (closed) {
          throw new SocketException("the poller is closed");
        }
        channel.register(selector, SelectionKey.OP_READ, port);
        open.incrementAndGet();
      }
      selector.wakeup();
      return port;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public int poll(Sink sink, Duration timeout) throws IOException {
    polling.lock();
    try {
      if (closed) {
        return -1;
      }
      if (timeout.isZero()) {
        selector.selectNow();
      } else {
        selector.select(Math.max(1, timeout.toMillis()));
      }
      int packets = 0;
      for (var key : selector.selectedKeys()) {
        packets += receive((SelectorPort) key.attachment(), sink);
      }
      selector.selectedKeys().clear();
      return closed ? -1 : packets;
    } finally {
      polling.unlock();
    }
  }

  private int receive(SelectorPort port, Sink sink) {
    int packets = 0;
    try {
      while (packets < AT_ONCE) {
        buffer.clear();
        if (!(port.channel().receive(buffer) instanceof InetSocketAddress from)) {
          return packets;
        }
        packets++;
        int length = buffer.position();
        if (length <= MAX_DATAGRAM) {
          buffer.clear();
          packet.at(0, length, 0);
          sender(from);
          sink.packet(port, packet);
        }
      }
    } catch (IOException e) {
      // Closed by another thread, or an error of an earlier send that some systems report here:
      // neither ends the polling of the other ports.
      return packets;
    }
    return packets;
  }

  private void sender(InetSocketAddress from) {
    var bytes = ByteBuffer.wrap(from.getAddress().getAddress());
    if (bytes.remaining() == 4) {
      packet.from(0, UdpPacket.MAPPED | bytes.getInt() & 0xFFFF_FFFFL, from.getPort());
    } else {
      packet.from(bytes.getLong(), bytes.getLong(), from.getPort());
    }
  }

  void closed(SelectorPort port) {
    try {
      port.channel().close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    open.decrementAndGet();
    // The descriptor is given back in the next round.
    selector.wakeup();
  }

  @Override
  public void wake() {
    selector.wakeup();
  }

  @Override
  public int ports() {
    return open.get();
  }

  @Override
  public void close() {
    synchronized (binding) {
      if (closed) {
        return;
      }
      closed = true;
    }
    selector.wakeup();
    polling.lock();
    try {
      for (var key : selector.keys()) {
        if (key.attachment() instanceof SelectorPort port) {
          port.close();
        }
      }
      selector.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } finally {
      polling.unlock();
    }
  }
}
