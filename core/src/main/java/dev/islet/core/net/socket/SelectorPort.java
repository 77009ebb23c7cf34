package dev.islet.core.net.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A port of {@link SelectorPoller}. */
final class SelectorPort implements UdpPort {
  private final SelectorPoller poller;
  private final DatagramChannel channel;
  private final InetSocketAddress local;
  private final Object owner;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The last destination, so that not every packet makes one. */
  private @Nullable InetSocketAddress to;

  private long toHigh;
  private long toLow;

  SelectorPort(
      SelectorPoller poller, DatagramChannel channel, InetSocketAddress local, Object owner) {
    this.poller = poller;
    this.channel = channel;
    this.local = local;
    this.owner = owner;
  }

  DatagramChannel channel() {
    return channel;
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  @Override
  public Object owner() {
    return owner;
  }

  @Override
  public boolean send(UdpPacket packet, long high, long low, int port) {
    var bytes = packet.buffer().duplicate();
    bytes.limit(packet.offset() + packet.length()).position(packet.offset());
    try {
      var destination = to;
      if (destination == null || destination.getPort() != port || toHigh != high || toLow != low) {
        destination = new InetSocketAddress(address(high, low), port);
        to = destination;
        toHigh = high;
        toLow = low;
      }
      return channel.send(bytes, destination) == packet.length();
    } catch (IOException | RuntimeException e) {
      // No route, buffer full, wrong family, port being closed: all the same to a relay, which
      // counts it; the library throws unchecked exceptions for some of them.
      return false;
    }
  }

  private static InetAddress address(long high, long low) throws IOException {
    // A mapped address comes out as IPv4.
    return InetAddress.getByAddress(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      poller.closed(this);
    }
  }
}
