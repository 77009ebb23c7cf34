package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.BYTE;
import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.NET_INT;
import static dev.islet.core.net.socket.Libc.NET_SHORT;
import static dev.islet.core.net.socket.Libc.SHORT;

import java.lang.foreign.MemorySegment;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * {@code struct sockaddr_in} and {@code sockaddr_in6} in memory.
 *
 * <pre>
 *   sockaddr_in:  family u16 | port be16 | address 4 | zero 8                    = 16 bytes
 *   sockaddr_in6: family u16 | port be16 | flow be32 | address 16 | scope id u32 = 28 bytes
 * </pre>
 */
final class SocketAddresses {
  static final int IN_BYTES = 16;
  static final int IN6_BYTES = 28;

  /** Room for either, kept at a multiple of eight. */
  static final int ROOM = 32;

  private SocketAddresses() {}

  static int family(MemorySegment m, long at) {
    return m.get(SHORT, at) & 0xFFFF;
  }

  static int port(MemorySegment m, long at) {
    return m.get(NET_SHORT, at + 2) & 0xFFFF;
  }

  /** Writes the address in its own family; the length of the struct. */
  static int write(MemorySegment m, long at, InetAddress address, int port) {
    if (address instanceof Inet6Address six) {
      m.set(SHORT, at, (short) Libc.AF_INET6);
      m.set(NET_SHORT, at + 2, (short) port);
      m.set(INT, at + 4, 0);
      bytes(m, at + 8, six);
      m.set(INT, at + 24, six.getScopeId());
      return IN6_BYTES;
    }
    m.set(SHORT, at, (short) Libc.AF_INET);
    m.set(NET_SHORT, at + 2, (short) port);
    bytes(m, at + 4, address);
    m.set(Libc.LONG, at + 8, 0);
    return IN_BYTES;
  }

  /** Writes the address in a socket's family: IPv4 becomes mapped (RFC 4291 section 2.5.5.2). */
  static int write(MemorySegment m, long at, InetAddress address, int port, int family) {
    int length = write(m, at, address, port);
    return family == Libc.AF_INET6 && length == IN_BYTES ? map(m, at) : length;
  }

  /** Turns a sockaddr_in in place into the sockaddr_in6 of the mapped address. */
  static int map(MemorySegment m, long at) {
    int four = m.get(INT, at + 4);
    m.set(SHORT, at, (short) Libc.AF_INET6);
    m.set(INT, at + 4, 0);
    m.set(Libc.LONG, at + 8, 0);
    m.set(NET_INT, at + 16, 0xFFFF);
    m.set(INT, at + 20, four);
    m.set(INT, at + 24, 0);
    return IN6_BYTES;
  }

  /** Whether sixteen bytes are {@code ::ffff:a.b.c.d}. */
  static boolean mapped(MemorySegment m, long at) {
    return m.get(Libc.LONG, at) == 0 && m.get(NET_INT, at + 8) == 0xFFFF;
  }

  static InetSocketAddress read(MemorySegment m, long at) {
    return switch (family(m, at)) {
      case Libc.AF_INET -> new InetSocketAddress(four(m, at + 4), port(m, at));
      case Libc.AF_INET6 -> new InetSocketAddress(six(m, at + 8, m.get(INT, at + 24)), port(m, at));
      default -> throw new IllegalStateException("the slot holds no address");
    };
  }

  static InetAddress four(MemorySegment m, long at) {
    return address(copy(m, at, 4), 0);
  }

  /** Sixteen bytes; a mapped address comes out as IPv4. */
  static InetAddress six(MemorySegment m, long at, int scope) {
    return mapped(m, at) ? four(m, at + 12) : address(copy(m, at, 16), scope);
  }

  /** Writes the four or sixteen bytes of an address. */
  static void bytes(MemorySegment m, long at, InetAddress address) {
    MemorySegment.copy(
        address.getAddress(), 0, m, BYTE, at, address instanceof Inet4Address ? 4 : 16);
  }

  private static byte[] copy(MemorySegment m, long at, int length) {
    var bytes = new byte[length];
    MemorySegment.copy(m, BYTE, at, bytes, 0, length);
    return bytes;
  }

  private static InetAddress address(byte[] bytes, int scope) {
    try {
      return scope == 0
          ? InetAddress.getByAddress(bytes)
          : Inet6Address.getByAddress(null, bytes, scope);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
