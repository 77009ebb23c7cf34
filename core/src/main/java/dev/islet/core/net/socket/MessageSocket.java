package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.LONG;
import static dev.islet.core.net.socket.Libc.SOL_IP;
import static dev.islet.core.net.socket.Libc.SOL_IPV6;
import static dev.islet.core.net.socket.Libc.SOL_SOCKET;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What UDP and raw IP sockets share: batches in and out, groups, options. */
final class MessageSocket implements AutoCloseable {
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_MTU_DISCOVER = 23;
  private static final int PMTUDISC_WANT = 1;
  private static final int PMTUDISC_PROBE = 3;
  private static final int IP_MULTICAST_IF = 32;
  private static final int IP_ADD_MEMBERSHIP = 35;
  private static final int IP_DROP_MEMBERSHIP = 36;
  private static final int IP_MULTICAST_ALL = 49;
  private static final int IPV6_MULTICAST_IF = 17;
  private static final int IPV6_JOIN_GROUP = 20;
  private static final int IPV6_LEAVE_GROUP = 21;
  private static final int IPV6_MULTICAST_ALL = 29;
  private static final int IPV6_RECVPKTINFO = 49;

  private final Descriptor descriptor;
  private final int fd;
  private final int family;
  private final boolean takesIpv4;

  /** Whether what is sent is never cut into fragments. */
  private volatile boolean whole;

  /** The SO_RCVTIMEO in force, in microseconds; 0 = none. */
  private volatile long waitMicros;

  private MessageSocket(int fd, int family, boolean takesIpv4) {
    this.takesIpv4 = takesIpv4;
    this.descriptor = Descriptor.wokenByShutdown(fd);
    this.fd = fd;
    this.family = family;
  }

  /** An unbound socket that notes the address each datagram was sent to. */
  static MessageSocket open(int family, int type, int protocol) throws IOException {
    int fd = Libc.check("socket", Libc.socket(family, type, protocol));
    boolean takesIpv4 = family == Libc.AF_INET || type == Libc.SOCK_DGRAM;
    var socket = new MessageSocket(fd, family, takesIpv4);
    try {
      socket.noteAskedAddress(1);
      if (family == Libc.AF_INET6) {
        socket.trySet(SOL_IPV6, IPV6_MULTICAST_ALL, 0);
      }
      if (socket.takesIpv4) {
        // Without this a socket gets every group that any program of the machine has joined.
        socket.trySet(SOL_IP, IP_MULTICAST_ALL, 0);
      }
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * @param whether 1 if the address that each datagram was sent to is to be noted, else 0
   */
  void noteAskedAddress(int whether) throws IOException {
    if (family == Libc.AF_INET6) {
      set(SOL_IPV6, IPV6_RECVPKTINFO, whether);
    }
    if (takesIpv4) {
      set(SOL_IP, PacketInfo.IP_PKTINFO, whether);
    }
  }

  /**
   * Whether datagrams may be cut where a link is too narrow. If not, what others say of a path's
   * width is not believed either.
   */
  void fragments(boolean allowed) {
    whole = !allowed;
    int how = allowed ? PMTUDISC_WANT : PMTUDISC_PROBE;
    if (family == Libc.AF_INET6) {
      trySet(SOL_IPV6, IPV6_MTU_DISCOVER, how);
    }
    if (takesIpv4) {
      trySet(SOL_IP, IP_MTU_DISCOVER, how);
    }
  }

  /** Whether what was refused for its length may be sent again, in fragments from now on. */
  private boolean nowInFragments(long result) {
    if (result != -Libc.EMSGSIZE || !whole) {
      return false;
    }
    fragments(true);
    return true;
  }

  int family() {
    return family;
  }

  boolean isOpen() {
    return descriptor.isOpen();
  }

  void set(int level, int option, int value) throws IOException {
    Libc.check(
        "setsockopt " + level + "/" + option + " = " + value,
        Libc.setsockopt(fd, level, option, value));
  }

  /** Sets an option that an older kernel may lack. */
  boolean trySet(int level, int option, int value) {
    return Libc.setsockopt(fd, level, option, value) == 0;
  }

  void device(String name) throws IOException {
    try (var arena = Arena.ofConfined()) {
      Libc.check(
          "bind to interface " + name,
          Libc.setsockopt(fd, SOL_SOCKET, Libc.SO_BINDTODEVICE, arena.allocateFrom(name)));
    }
  }

  void bind(InetSocketAddress address) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocate(SocketAddresses.ROOM, 8);
      int length =
          address.getAddress().isAnyLocalAddress() && family == Libc.AF_INET6
              ? any6(name, address.getPort())
              : SocketAddresses.write(name, 0, address.getAddress(), address.getPort(), family);
      Libc.check("bind " + address, Libc.bind(fd, name, length));
    }
  }

  private static int any6(MemorySegment name, int port) {
    name.set(Libc.SHORT, 0, (short) Libc.AF_INET6);
    name.set(Libc.NET_SHORT, 2, (short) port);
    return SocketAddresses.IN6_BYTES;
  }

  InetSocketAddress local() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocate(SocketAddresses.ROOM, 8);
      var length = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddresses.ROOM);
      Libc.check("getsockname", Libc.getsockname(fd, name, length));
      return SocketAddresses.read(name, 0);
    }
  }

  /** The interface that multicast leaves by. */
  void multicastNic(int index) throws IOException {
    if (family == Libc.AF_INET6) {
      set(SOL_IPV6, IPV6_MULTICAST_IF, index);
    } else {
      membership(IP_MULTICAST_IF, null, index);
    }
  }

  void join(InetAddress group, Nic nic) throws IOException {
    group(group, nic, IP_ADD_MEMBERSHIP, IPV6_JOIN_GROUP);
  }

  void leave(InetAddress group, Nic nic) throws IOException {
    group(group, nic, IP_DROP_MEMBERSHIP, IPV6_LEAVE_GROUP);
  }

  private void group(InetAddress group, Nic nic, int option4, int option6) throws IOException {
    if (!group.isMulticastAddress()) {
      throw new IllegalArgumentException(group.getHostAddress() + " is not a multicast group");
    }
    enter();
    try {
      if (group.getAddress().length == 4) {
        membership(option4, group, nic.index());
      } else {
        try (var arena = Arena.ofConfined()) {
          var request = arena.allocate(20, 8); // struct ipv6_mreq: group 16, interface 4
          SocketAddresses.bytes(request, 0, group);
          request.set(INT, 16, nic.index());
          Libc.check(
              group.getHostAddress() + " on " + nic.name(),
              Libc.setsockopt(fd, SOL_IPV6, option6, request));
        }
      }
    } finally {
      descriptor.leave();
    }
  }

  /** {@code struct ip_mreqn}: group 4, own address 4, interface 4. */
  private void membership(int option, @Nullable InetAddress group, int nic) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var request = arena.allocate(12, 8);
      if (group != null) {
        SocketAddresses.bytes(request, 0, group);
      }
      request.set(INT, 8, nic);
      Libc.check(
          (group == null ? "multicast" : group.getHostAddress()) + " on interface " + nic,
          Libc.setsockopt(fd, SOL_IP, option, request));
    }
  }

  /** See {@link UdpSocket#receive}. */
  int receive(DatagramBatch batch, Duration timeout, int port) throws IOException {
    if (!descriptor.enter()) {
      return -1;
    }
    try {
      int flags = Libc.MSG_WAITFORONE;
      if (timeout.isZero()) {
        flags = Libc.MSG_DONTWAIT;
      } else {
        waitAtMost(timeout);
      }
      int n;
      do {
        n = Libc.recvmmsg(fd, batch.toReceive(), batch.slots(), flags);
      } while (n == -Libc.EINTR);
      if (!descriptor.isOpen()) {
        return -1;
      }
      if (n == -Libc.EAGAIN) {
        return 0;
      }
      Libc.check("recvmmsg", n);
      batch.received(n, port);
      return n;
    } finally {
      Reference.reachabilityFence(batch);
      descriptor.leave();
    }
  }

  /** Sets SO_RCVTIMEO where it differs; receivers keep to one time-out, so it hardly ever does. */
  private void waitAtMost(Duration timeout) throws IOException {
    long micros = Math.max(1, Descriptor.nanos(timeout) / 1_000);
    if (micros == waitMicros) {
      return;
    }
    try (var arena = Arena.ofConfined()) {
      var time = arena.allocate(16, 8); // struct timeval: seconds 8, microseconds 8
      time.set(LONG, 0, micros / 1_000_000);
      time.set(LONG, 8, micros % 1_000_000);
      Libc.check("SO_RCVTIMEO", Libc.setsockopt(fd, SOL_SOCKET, Libc.SO_RCVTIMEO, time));
    }
    waitMicros = micros;
  }

  /** See {@link UdpSocket#send(DatagramBatch, int)}. */
  int send(DatagramBatch batch, int count) throws IOException {
    enter();
    try {
      int packed = batch.pack(count, family);
      int sent = 0;
      int next = 0;
      while (next < packed) {
        int n = Libc.sendmmsg(fd, batch.toSend(next), packed - next, Libc.MSG_NOSIGNAL);
        if (n > 0) {
          sent += n;
          next += n;
        } else if (!descriptor.isOpen()) {
          throw new ClosedChannelException();
        } else if (n != -Libc.EINTR && !nowInFragments(n)) {
          next++; // the error is of the first datagram of this call: without it, go on
        }
      }
      return sent;
    } finally {
      Reference.reachabilityFence(batch);
      descriptor.leave();
    }
  }

  /** Sends one datagram; a nic of 0 lets the routing table choose. */
  void send(byte[] payload, InetAddress to, int port, @Nullable InetAddress from, int nic)
      throws IOException {
    if (from != null && (from.getAddress().length == 4) != (to.getAddress().length == 4)) {
      throw new IllegalArgumentException(
          "cannot send from " + from.getHostAddress() + " to " + to.getHostAddress());
    }
    if (family == Libc.AF_INET && to.getAddress().length != 4) {
      throw new SocketException(
          "Address family not supported: " + to.getHostAddress() + " from an IPv4 socket");
    }
    enter();
    // One slot as in DatagramBatch, for this call: header, vector, name, control, about, payload.
    try (var arena = Arena.ofConfined()) {
      long vector = DatagramBatch.HEADER;
      long name = vector + DatagramBatch.IOVEC;
      long control = name + SocketAddresses.ROOM;
      long about = control + DatagramBatch.CONTROL;
      long data = about + DatagramBatch.ABOUT;
      var m = arena.allocate(data + payload.length, 8);
      MemorySegment.copy(payload, 0, m, Libc.BYTE, data, payload.length);
      if (from != null) {
        boolean six = from.getAddress().length == 16;
        m.set(INT, about + PacketInfo.FAMILY, six ? Libc.AF_INET6 : Libc.AF_INET);
        SocketAddresses.bytes(m, about + PacketInfo.SOURCE, from);
      }
      if (nic != 0) {
        m.set(INT, about + PacketInfo.NIC, nic);
        m.set(INT, about + PacketInfo.FLAGS, PacketInfo.NIC_CHOSEN);
      }
      m.set(LONG, 0, m.address() + name);
      m.set(INT, 8, SocketAddresses.write(m, name, to, port, family));
      m.set(LONG, vector, m.address() + data);
      m.set(LONG, vector + 8, payload.length);
      m.set(LONG, 16, m.address() + vector);
      m.set(LONG, 24, 1);
      int controls = PacketInfo.write(m, control, about, name);
      m.set(LONG, 32, controls == 0 ? 0 : m.address() + control);
      m.set(LONG, 40, controls);
      long n;
      do {
        n = Libc.sendmsg(fd, m, Libc.MSG_NOSIGNAL);
      } while (n == -Libc.EINTR || nowInFragments(n));
      if (n < 0 && !descriptor.isOpen()) {
        throw new ClosedChannelException();
      }
      Libc.check("send to " + to.getHostAddress(), n);
    } finally {
      descriptor.leave();
    }
  }

  private void enter() throws ClosedChannelException {
    if (!descriptor.enter()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
