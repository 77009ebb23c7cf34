package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.LONG;
import static dev.islet.core.net.socket.Libc.NET_INT;
import static dev.islet.core.net.socket.Libc.NET_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The poller of Linux.
 *
 * <p>A port's descriptor is closed by the polling thread alone, between two rounds: the kernel
 * gives the number to the next file at once, and an event of the round under way would hit that
 * one.
 */
final class EpollPoller implements UdpPoller {
  private static final int EVENTS = 256;
  private static final int SLOTS = 8;
  private static final int CONTROL = 64;
  private static final int MMSGHDR = 64;
  private static final int IOVEC = 16;
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int SO_TIMESTAMPNS = 35;
  private static final int IP_TOS = 1;
  private static final int IPV6_TCLASS = 67;
  private static final int IPV6_V6ONLY = 26;

  /** {@code struct epoll_event} is packed on x86-64 only. */
  private static final boolean PACKED =
      Arrays.asList("amd64", "x86_64").contains(System.getProperty("os.arch"));

  private static final int EVENT = PACKED ? 12 : 16;
  private static final int EVENT_DATA = PACKED ? 4 : 8;

  /** The calls that only this class makes. */
  private static final class Call {
    static final MemorySegment CREATE = Libc.function("epoll_create1");
    static final MemorySegment CONTROL = Libc.function("epoll_ctl");
    static final MemorySegment WAIT = Libc.function("epoll_wait");
    static final MemorySegment SEND = Libc.function("sendto");
    static final MemorySegment READ = Libc.function("read");
  }

  private final int epoll;
  private final int event;
  private final MemorySegment memory =
      Arena.ofAuto()
          .allocate(
              (long) EVENTS * EVENT
                  + 8
                  + SLOTS * (MMSGHDR + IOVEC + SocketAddresses.ROOM + CONTROL),
              8);
  private final MemorySegment data = Arena.ofAuto().allocate((long) SLOTS * MAX_DATAGRAM, 64);
  private final long headers = (long) EVENTS * EVENT;
  private final long vectors = headers + SLOTS * MMSGHDR;
  private final long names = vectors + SLOTS * IOVEC;
  private final long controls = names + (long) SLOTS * SocketAddresses.ROOM;
  private final long counter = controls + (long) SLOTS * CONTROL;
  private final UdpPacket packet = new UdpPacket(data.asByteBuffer());

  private final ReentrantLock polling = new ReentrantLock();
  private final ConcurrentLinkedQueue<EpollPort> dying = new ConcurrentLinkedQueue<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Object binding = new Object();

  /** By descriptor; grown by copying, so that the polling thread reads without a lock. */
  private volatile @Nullable EpollPort[] ports = new EpollPort[64];

  private volatile boolean closed;

  private EpollPoller(int epoll, int event) {
    this.epoll = epoll;
    this.event = event;
    for (int i = 0; i < SLOTS; i++) {
      long header = headers + (long) i * MMSGHDR;
      long vector = vectors + (long) i * IOVEC;
      memory.set(LONG, vector, data.address() + (long) i * MAX_DATAGRAM);
      memory.set(LONG, vector + 8, MAX_DATAGRAM);
      memory.set(LONG, header, memory.address() + names + (long) i * SocketAddresses.ROOM);
      memory.set(LONG, header + 16, memory.address() + vector);
      memory.set(LONG, header + 24, 1);
      memory.set(LONG, header + 32, memory.address() + controls + (long) i * CONTROL);
      rearm(i);
    }
  }

  static EpollPoller open() throws IOException {
    int epoll = Libc.check("epoll_create1", Libc.call(Call.CREATE, EPOLL_CLOEXEC, 0, 0, 0, 0, 0));
    int event = Libc.eventfd();
    if (event < 0) {
      Libc.close(epoll);
      throw Libc.exception("eventfd", -event);
    }
    var poller = new EpollPoller(epoll, event);
    try {
      poller.watch(event);
    } catch (IOException e) {
      poller.close();
      throw e;
    }
    return poller;
  }

  @Override
  public UdpPort bind(InetSocketAddress local, int tos, Object owner) throws IOException {
    boolean six = local.getAddress() instanceof Inet6Address;
    int family = six ? Libc.AF_INET6 : Libc.AF_INET;
    int fd = Libc.check("socket", Libc.socket(family, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK, 0));
    try (var arena = Arena.ofConfined()) {
      if (six) {
        Libc.check("IPV6_V6ONLY", Libc.setsockopt(fd, Libc.SOL_IPV6, IPV6_V6ONLY, 1));
      }
      if (tos != 0) {
        int level = six ? Libc.SOL_IPV6 : Libc.SOL_IP;
        Libc.check("traffic class", Libc.setsockopt(fd, level, six ? IPV6_TCLASS : IP_TOS, tos));
      }
      Libc.check("SO_TIMESTAMPNS", Libc.setsockopt(fd, Libc.SOL_SOCKET, SO_TIMESTAMPNS, 1));
      var name = arena.allocate(SocketAddresses.ROOM, 8);
      int length = SocketAddresses.write(name, 0, local.getAddress(), local.getPort());
      Libc.check("bind " + local, Libc.bind(fd, name, length));
      var room = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddresses.ROOM);
      Libc.check("getsockname", Libc.getsockname(fd, name, room));
      var port = new EpollPort(this, fd, family, SocketAddresses.read(name, 0), owner);
      synchronized (binding) {
        if (closed) {
          throw new SocketException("the poller is closed");
        }
        remember(port);
        try {
          watch(fd);
        } catch (IOException e) {
          ports[fd] = null;
          throw e;
        }
        open.incrementAndGet();
      }
      return port;
    } catch (IOException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private void remember(EpollPort port) {
    var now = ports;
    if (port.fd() >= now.length) {
      now = Arrays.copyOf(now, Math.max(port.fd() + 1, 2 * now.length));
    }
    now[port.fd()] = port;
    ports = now; // also publishes the element
  }

  private void watch(int fd) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var wanted = arena.allocate(16, 8);
      wanted.set(INT, 0, EPOLLIN);
      wanted.set(LONG, EVENT_DATA, fd);
      Libc.check(
          "epoll_ctl", Libc.call(Call.CONTROL, epoll, EPOLL_CTL_ADD, fd, wanted.address(), 0, 0));
    }
  }

  @Override
  public int poll(Sink sink, Duration timeout) throws IOException {
    polling.lock();
    try {
      if (closed) {
        return -1;
      }
      release();
      int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
      int ready = (int) Libc.call(Call.WAIT, epoll, memory.address(), EVENTS, millis, 0, 0);
      if (ready == -Libc.EINTR) {
        ready = 0; // a round without packets, but perhaps the last one
      }
      if (ready < 0) {
        throw Libc.exception("epoll_wait", -ready);
      }
      int packets = 0;
      var known = ports;
      for (int i = 0; i < ready; i++) {
        int fd = (int) memory.get(LONG, (long) i * EVENT + EVENT_DATA);
        if (fd == event) {
          Libc.call(Call.READ, event, memory.address() + counter, 8, 0, 0, 0);
          continue;
        }
        // A port bound after the array was read is met again in the next round.
        var port = fd < known.length ? known[fd] : null;
        if (port != null) {
          packets += receive(port, sink);
        }
      }
      return closed ? -1 : packets;
    } finally {
      polling.unlock();
    }
  }

  private int receive(EpollPort port, Sink sink) {
    int got = Libc.recvmmsg(port.fd(), memory.address() + headers, SLOTS, Libc.MSG_DONTWAIT);
    for (int i = 0; i < got; i++) {
      long header = headers + (long) i * MMSGHDR;
      int length = memory.get(INT, header + 56);
      if ((memory.get(INT, header + 48) & Libc.MSG_TRUNC) == 0) {
        packet.at(i * MAX_DATAGRAM, length, arrival(i, memory.get(LONG, header + 40)));
        sender(names + (long) i * SocketAddresses.ROOM);
        sink.packet(port, packet);
      }
      rearm(i);
    }
    return Math.max(0, got);
  }

  /** The kernel has written lengths into the header; they must be room again. */
  private void rearm(int slot) {
    long header = headers + (long) slot * MMSGHDR;
    memory.set(INT, header + 8, SocketAddresses.ROOM);
    memory.set(LONG, header + 40, CONTROL);
    memory.set(INT, header + 48, 0);
  }

  /** The one control message: length u64, level i32, type i32, then seconds and nanoseconds. */
  private long arrival(int slot, long controlLength) {
    long at = controls + (long) slot * CONTROL;
    if (controlLength < 32
        || memory.get(INT, at + 8) != Libc.SOL_SOCKET
        || memory.get(INT, at + 12) != SO_TIMESTAMPNS) {
      return 0;
    }
    return memory.get(LONG, at + 16) * 1_000_000_000L + memory.get(LONG, at + 24);
  }

  private void sender(long name) {
    int port = SocketAddresses.port(memory, name);
    if (SocketAddresses.family(memory, name) == Libc.AF_INET) {
      packet.from(0, UdpPacket.MAPPED | memory.get(NET_INT, name + 4) & 0xFFFF_FFFFL, port);
    } else {
      packet.from(memory.get(NET_LONG, name + 8), memory.get(NET_LONG, name + 16), port);
    }
  }

  long send(int fd, int offset, int length, MemorySegment to, int toLength) {
    int flags = Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL;
    return Libc.call(Call.SEND, fd, data.address() + offset, length, flags, to.address(), toLength);
  }

  void bury(EpollPort port) {
    dying.add(port);
    wake();
  }

  private void release() {
    while (dying.poll() instanceof EpollPort port) {
      synchronized (binding) {
        if (ports[port.fd()] == port) {
          ports[port.fd()] = null;
          open.decrementAndGet();
          Libc.close(port.fd()); // leaves the epoll set by itself
        }
      }
    }
  }

  @Override
  public void wake() {
    synchronized (binding) {
      if (!closed) {
        Libc.signal(event);
      }
    }
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
      // In this order: a round that takes the signal sees that it was the last one.
      closed = true;
      Libc.signal(event);
    }
    polling.lock();
    try {
      for (var port : ports) {
        if (port != null) {
          Libc.close(port.fd());
        }
      }
      ports = new EpollPort[0];
      open.set(0);
      Libc.close(event);
      Libc.close(epoll);
    } finally {
      polling.unlock();
    }
  }
}
