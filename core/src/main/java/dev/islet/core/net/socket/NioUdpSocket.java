package dev.islet.core.net.socket;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of the JDK, for systems other than Linux. It does not know which address was asked,
 * so a reply leaves from the one that the routing table prefers; {@code device}, {@code ttl},
 * {@code freebind} and {@code receiveTtl} are refused rather than ignored.
 */
final class NioUdpSocket implements UdpSocket {
  private record Membership(InetAddress group, int nic) {}

  private final DatagramChannel channel;
  private final Selector selector;
  private final InetSocketAddress local;
  private final Map<Membership, MembershipKey> memberships = new ConcurrentHashMap<>();

  private NioUdpSocket(DatagramChannel channel, Selector selector) throws IOException {
    this.channel = channel;
    this.selector = selector;
    this.local = (InetSocketAddress) channel.getLocalAddress();
  }

  static UdpSocket open(UdpOptions options) throws IOException {
    if (options.device().isPresent()
        || options.ttl() > 0
        || options.freebind()
        || options.receiveTtl()) {
      throw new SocketException(
          "device, ttl, freebind and receiveTtl need the Linux socket; this one is the JDK's");
    }
    boolean six = options.bind().getAddress() instanceof Inet6Address;
    var channel =
        DatagramChannel.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
    try {
      set(channel, options);
      channel.bind(options.bind());
      channel.configureBlocking(false);
      var selector = Selector.open();
      channel.register(selector, SelectionKey.OP_READ);
      return new NioUdpSocket(channel, selector);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void set(DatagramChannel channel, UdpOptions options) throws IOException {
    if (options.reusePort()) {
      channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
    if (options.reuseAddress()) {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    }
    if (options.broadcast()) {
      channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
    }
    if (options.receiveBuffer() > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, options.receiveBuffer());
    }
    if (options.sendBuffer() > 0) {
      channel.setOption(StandardSocketOptions.SO_SNDBUF, options.sendBuffer());
    }
    if (options.tos() > 0) {
      channel.setOption(StandardSocketOptions.IP_TOS, options.tos());
    }
    if (options.multicastTtl() > 0) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, options.multicastTtl());
    }
    if (!options.multicastLoop()) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
    }
    if (options.multicastNic().isPresent()) {
      channel.setOption(
          StandardSocketOptions.IP_MULTICAST_IF, networkInterface(options.multicastNic().get()));
    }
  }

  private static NetworkInterface networkInterface(Nic nic) throws SocketException {
    var found = NetworkInterface.getByIndex(nic.index());
    if (found == null) {
      throw new SocketException("No such device: " + nic.name());
    }
    return found;
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  @Override
  public int receive(DatagramBatch batch, Duration timeout) throws IOException {
    long end = System.nanoTime() + Descriptor.nanos(timeout);
    try {
      while (true) {
        int n = take(batch);
        long left = (end - System.nanoTime() + 999_999) / 1_000_000;
        if (n > 0 || left <= 0) {
          return channel.isOpen() ? n : -1;
        }
        selector.select(_ -> {}, left);
        if (!channel.isOpen()) {
          return -1;
        }
      }
    } catch (ClosedChannelException | java.nio.channels.ClosedSelectorException e) {
      return -1;
    }
  }

  private int take(DatagramBatch batch) throws IOException {
    int n = 0;
    while (n < batch.slots()) {
      var room = batch.payload(n).clear();
      var from = channel.receive(room);
      if (from == null) {
        break;
      }
      batch.received(n, room.position(), local.getPort());
      batch.remote(n, (InetSocketAddress) from);
      if (!local.getAddress().isAnyLocalAddress()) {
        batch.local(n, local.getAddress());
      }
      n++;
    }
    return n;
  }

  @Override
  public int send(DatagramBatch batch, int count) throws IOException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
    int sent = 0;
    for (int i = 0; i < count; i++) {
      if (batch.length(i) > 0) {
        try {
          sent += channel.send(batch.payload(i), batch.remote(i)) > 0 ? 1 : 0;
        } catch (ClosedChannelException e) {
          throw e;
        } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
          continue; // this datagram cannot leave; the others can, and the count tells
        }
      }
    }
    return sent;
  }

  @Override
  public void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from)
      throws IOException {
    channel.send(ByteBuffer.wrap(payload), to);
  }

  @Override
  public void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from, Nic nic)
      throws IOException {
    synchronized (this) {
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, networkInterface(nic));
      channel.send(ByteBuffer.wrap(payload), to);
    }
  }

  @Override
  public void join(InetAddress group, Nic nic) throws IOException {
    memberships.put(new Membership(group, nic.index()), channel.join(group, networkInterface(nic)));
  }

  @Override
  public void leave(InetAddress group, Nic nic) throws IOException {
    var key = memberships.remove(new Membership(group, nic.index()));
    if (key == null) {
      throw new SocketException(group.getHostAddress() + " was not joined on " + nic.name());
    }
    key.drop();
  }

  @Override
  public boolean keepsAskedAddress() {
    return false;
  }

  @Override
  public void omitAskedAddress() {} // it never notes it

  @Override
  public void forbidFragments() {}

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    for (var resource : List.of(channel, selector)) {
      try {
        resource.close();
      } catch (IOException e) {
        System.getLogger("islet.net")
            .log(System.Logger.Level.WARNING, "closing the socket on " + local + " failed", e);
      }
    }
  }
}
