package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.SOL_IP;
import static dev.islet.core.net.socket.Libc.SOL_IPV6;
import static dev.islet.core.net.socket.Libc.SOL_SOCKET;

import dev.islet.core.net.Nic;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A UDP socket of Linux. */
final class LinuxUdpSocket implements UdpSocket {
  private static final int IP_TOS = 1;
  private static final int IP_TTL = 2;
  private static final int IP_RECVTTL = 12;
  private static final int IP_FREEBIND = 15;
  private static final int IP_MULTICAST_TTL = 33;
  private static final int IP_MULTICAST_LOOP = 34;
  private static final int IPV6_UNICAST_HOPS = 16;
  private static final int IPV6_MULTICAST_HOPS = 18;
  private static final int IPV6_MULTICAST_LOOP = 19;
  private static final int IPV6_V6ONLY = 26;
  private static final int IPV6_RECVHOPLIMIT = 51;
  private static final int IPV6_TCLASS = 67;

  private final MessageSocket socket;
  private final InetSocketAddress local;

  private LinuxUdpSocket(MessageSocket socket, InetSocketAddress local) {
    this.socket = socket;
    this.local = local;
  }

  static UdpSocket open(UdpOptions options) throws IOException {
    var address = options.bind().getAddress();
    if (!(address instanceof Inet6Address)) {
      return open(options, Libc.AF_INET);
    }
    try {
      return open(options, Libc.AF_INET6);
    } catch (SocketException e) {
      if (!address.isAnyLocalAddress() || options.ipv6Only() || ipv6Works()) {
        throw e;
      }
      // A kernel without IPv6, as in many containers: "all addresses" are those of IPv4.
      var all4 = InetAddress.getByAddress(new byte[4]);
      return open(
          options.withBind(new InetSocketAddress(all4, options.bind().getPort())), Libc.AF_INET);
    }
  }

  private static boolean ipv6Works() {
    return java.nio.file.Files.exists(java.nio.file.Path.of("/proc/net/if_inet6"));
  }

  private static UdpSocket open(UdpOptions options, int family) throws IOException {
    var socket = MessageSocket.open(family, Libc.SOCK_DGRAM, 0);
    try {
      common(socket, options);
      if (family == Libc.AF_INET6) {
        ipv6(socket, options);
      }
      if (family == Libc.AF_INET || !options.ipv6Only()) {
        ipv4(socket, options);
      }
      if (options.multicastNic().isPresent()) {
        socket.multicastNic(options.multicastNic().get().index());
      }
      socket.bind(options.bind());
      return new LinuxUdpSocket(socket, socket.local());
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static void common(MessageSocket socket, UdpOptions options) throws IOException {
    if (options.reusePort()) {
      socket.set(SOL_SOCKET, Libc.SO_REUSEPORT, 1);
    }
    if (options.reuseAddress()) {
      socket.set(SOL_SOCKET, Libc.SO_REUSEADDR, 1);
    }
    if (options.broadcast()) {
      socket.set(SOL_SOCKET, Libc.SO_BROADCAST, 1);
    }
    if (options.device().isPresent()) {
      socket.device(options.device().get());
    }
    if (options.freebind()) {
      socket.set(SOL_IP, IP_FREEBIND, 1); // IPv6 sockets heed it too
    }
    // The forced options go beyond net.core.rmem_max but need CAP_NET_ADMIN.
    if (options.receiveBuffer() > 0
        && !socket.trySet(SOL_SOCKET, Libc.SO_RCVBUFFORCE, options.receiveBuffer())) {
      socket.set(SOL_SOCKET, Libc.SO_RCVBUF, options.receiveBuffer());
    }
    if (options.sendBuffer() > 0
        && !socket.trySet(SOL_SOCKET, Libc.SO_SNDBUFFORCE, options.sendBuffer())) {
      socket.set(SOL_SOCKET, Libc.SO_SNDBUF, options.sendBuffer());
    }
  }

  private static void ipv4(MessageSocket socket, UdpOptions options) throws IOException {
    if (options.ttl() > 0) {
      socket.set(SOL_IP, IP_TTL, options.ttl());
    }
    if (options.multicastTtl() > 0) {
      socket.set(SOL_IP, IP_MULTICAST_TTL, options.multicastTtl());
    }
    if (!options.multicastLoop()) {
      socket.set(SOL_IP, IP_MULTICAST_LOOP, 0);
    }
    if (options.tos() > 0) {
      socket.set(SOL_IP, IP_TOS, options.tos());
    }
    if (options.receiveTtl()) {
      socket.set(SOL_IP, IP_RECVTTL, 1);
    }
  }

  private static void ipv6(MessageSocket socket, UdpOptions options) throws IOException {
    socket.set(SOL_IPV6, IPV6_V6ONLY, options.ipv6Only() ? 1 : 0);
    if (options.ttl() > 0) {
      socket.set(SOL_IPV6, IPV6_UNICAST_HOPS, options.ttl());
    }
    if (options.multicastTtl() > 0) {
      socket.set(SOL_IPV6, IPV6_MULTICAST_HOPS, options.multicastTtl());
    }
    if (!options.multicastLoop()) {
      socket.set(SOL_IPV6, IPV6_MULTICAST_LOOP, 0);
    }
    if (options.tos() > 0) {
      socket.set(SOL_IPV6, IPV6_TCLASS, options.tos());
    }
    if (options.receiveTtl()) {
      socket.set(SOL_IPV6, IPV6_RECVHOPLIMIT, 1);
    }
  }

  @Override
  public InetSocketAddress local() {
    return local;
  }

  @Override
  public int receive(DatagramBatch batch, Duration timeout) throws IOException {
    return socket.receive(batch, timeout, local.getPort());
  }

  @Override
  public int send(DatagramBatch batch, int count) throws IOException {
    return socket.send(batch, count);
  }

  @Override
  public void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from)
      throws IOException {
    socket.send(payload, to.getAddress(), to.getPort(), from, 0);
  }

  @Override
  public void send(byte[] payload, InetSocketAddress to, @Nullable InetAddress from, Nic nic)
      throws IOException {
    socket.send(payload, to.getAddress(), to.getPort(), from, nic.index());
  }

  @Override
  public void join(InetAddress group, Nic nic) throws IOException {
    socket.join(group, nic);
  }

  @Override
  public void leave(InetAddress group, Nic nic) throws IOException {
    socket.leave(group, nic);
  }

  @Override
  public boolean keepsAskedAddress() {
    return true;
  }

  @Override
  public void omitAskedAddress() throws IOException {
    socket.noteAskedAddress(0);
  }

  @Override
  public void forbidFragments() {
    socket.fragments(false);
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() {
    socket.close();
  }
}
