package dev.islet.core.net.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A port of {@link EpollPoller}. */
final class EpollPort implements UdpPort {
  private final EpollPoller poller;
  private final int fd;
  private final int family;
  private final InetSocketAddress local;
  private final Object owner;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** The sockaddr of the last destination; written only when it changes. */
  private final MemorySegment to = Arena.ofAuto().allocate(SocketAddresses.ROOM, 8);

  private long toHigh;
  private long toLow;
  private int toPort;

  EpollPort(EpollPoller poller, int fd, int family, InetSocketAddress local, Object owner) {
    this.poller = poller;
    this.fd = fd;
    this.family = family;
    this.local = local;
    this.owner = owner;
  }

  int fd() {
    return fd;
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
    boolean four = high == 0 && low >>> 32 == UdpPacket.MAPPED >>> 32;
    if (four != (family == Libc.AF_INET)) {
      return false;
    }
    if (port != toPort || low != toLow || high != toHigh) {
      write(four, high, low, port);
    }
    int bytes = four ? SocketAddresses.IN_BYTES : SocketAddresses.IN6_BYTES;
    return poller.send(fd, packet.offset(), packet.length(), to, bytes) == packet.length();
  }

  private void write(boolean four, long high, long low, int port) {
    to.set(Libc.SHORT, 0, (short) family);
    to.set(Libc.NET_SHORT, 2, (short) port);
    if (four) {
      to.set(Libc.NET_INT, 4, (int) low);
    } else {
      to.set(Libc.NET_LONG, 8, high);
      to.set(Libc.NET_LONG, 16, low);
    }
    toHigh = high;
    toLow = low;
    toPort = port;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      poller.bury(this);
    }
  }

  @Override
  public String toString() {
    return "udp:" + local;
  }
}
