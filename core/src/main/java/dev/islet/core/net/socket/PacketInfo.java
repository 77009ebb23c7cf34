package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.LONG;
import static dev.islet.core.net.socket.Libc.NET_INT;

import java.lang.foreign.MemorySegment;

/**
 * The control messages beside a datagram that tell and set its address on this side (ip(7)
 * IP_PKTINFO, RFC 3542 section 6).
 *
 * <pre>
 *   cmsghdr:     length u64 | level i32 | type i32 | data, the next at a multiple of eight
 *   in_pktinfo:  interface i32 | own address to answer from 4 | address in the header 4
 *   in6_pktinfo: address 16 | interface u32
 * </pre>
 *
 * <p>What is read goes to the slot's {@code about}, see {@link DatagramBatch}. Multicast and
 * broadcast cannot be a source: there the kernel's own choice for IPv4, or none for IPv6, is kept.
 */
final class PacketInfo {
  static final int IP_TTL = 2;
  static final int IP_PKTINFO = 8;
  static final int IPV6_PKTINFO = 50;
  static final int IPV6_HOPLIMIT = 52;

  // In about: the local address's family, the interface, two addresses, flags, the TTL.
  static final int FAMILY = 0;
  static final int NIC = 4;
  static final int ASKED = 8;
  static final int SOURCE = 24;
  static final int FLAGS = 40;
  static final int TTL = 44;

  /** The datagram was longer than the slot. */
  static final int TRUNCATED = 1;

  /** The interface was set by the sender, not noted by the receiver. */
  static final int NIC_CHOSEN = 2;

  private static final int HEADER = 16;

  private PacketInfo() {}

  static void clear(MemorySegment m, long about) {
    for (int i = 0; i < DatagramBatch.ABOUT; i += 8) {
      m.set(LONG, about + i, 0);
    }
  }

  /** Reads the control messages of a received datagram. */
  static void read(MemorySegment m, long control, long length, long about) {
    clear(m, about);
    long at = control;
    long end = control + Math.min(length, DatagramBatch.CONTROL);
    while (at + HEADER <= end) {
      long size = m.get(LONG, at);
      if (size < HEADER || at + size > end) {
        return;
      }
      int level = m.get(INT, at + 8);
      int type = m.get(INT, at + 12);
      long data = at + HEADER;
      if (level == Libc.SOL_IP && type == IP_PKTINFO) {
        m.set(INT, about + FAMILY, Libc.AF_INET);
        m.set(INT, about + NIC, m.get(INT, data));
        m.set(INT, about + SOURCE, m.get(INT, data + 4));
        m.set(INT, about + ASKED, m.get(INT, data + 8));
      } else if (level == Libc.SOL_IPV6 && type == IPV6_PKTINFO) {
        if (!SocketAddresses.mapped(m, data)) { // a mapped one has its IP_PKTINFO beside it
          six(m, data, about);
        }
      } else if (level == Libc.SOL_IP && type == IP_TTL
          || level == Libc.SOL_IPV6 && type == IPV6_HOPLIMIT) {
        m.set(INT, about + TTL, m.get(INT, data));
      }
      at += size + 7 & ~7L;
    }
  }

  private static void six(MemorySegment m, long data, long about) {
    long high = m.get(LONG, data);
    long low = m.get(LONG, data + 8);
    m.set(INT, about + FAMILY, Libc.AF_INET6);
    m.set(INT, about + NIC, m.get(INT, data + 16));
    m.set(LONG, about + ASKED, high);
    m.set(LONG, about + ASKED + 8, low);
    if (m.get(Libc.BYTE, data) != (byte) 0xFF) {
      m.set(LONG, about + SOURCE, high);
      m.set(LONG, about + SOURCE + 8, low);
    }
  }

  /**
   * Writes the control message that makes a datagram leave as {@code about} says.
   *
   * @param name the remote, in the socket's family
   * @return its length; 0 if the system is to choose everything
   */
  static int write(MemorySegment m, long control, long about, long name) {
    boolean six = SocketAddresses.family(m, name) == Libc.AF_INET6;
    return six && !SocketAddresses.mapped(m, name + 8)
        ? write6(m, control, about, name + 8)
        : write4(m, control, about, six ? name + 20 : name + 4);
  }

  private static int write4(MemorySegment m, long control, long about, long remote) {
    int source = m.get(INT, about + FAMILY) == Libc.AF_INET ? m.get(INT, about + SOURCE) : 0;
    // 224.0.0.0 and above: groups and 255.255.255.255 have no route of their own.
    boolean byNic = chosen(m, about) || (m.get(NET_INT, remote) & 0xE000_0000) == 0xE000_0000;
    int nic = byNic ? m.get(INT, about + NIC) : 0;
    if (source == 0 && nic == 0) {
      return 0;
    }
    m.set(LONG, control, HEADER + 12);
    m.set(INT, control + 8, Libc.SOL_IP);
    m.set(INT, control + 12, IP_PKTINFO);
    m.set(INT, control + 16, nic);
    m.set(INT, control + 20, source);
    m.set(LONG, control + 24, 0);
    return 32;
  }

  private static int write6(MemorySegment m, long control, long about, long remote) {
    boolean known = m.get(INT, about + FAMILY) == Libc.AF_INET6;
    long high = known ? m.get(LONG, about + SOURCE) : 0;
    long low = known ? m.get(LONG, about + SOURCE + 8) : 0;
    boolean byNic = chosen(m, about) || scoped(m, remote) || known && scoped(m, about + SOURCE);
    int nic = byNic ? m.get(INT, about + NIC) : 0;
    if ((high | low) == 0 && nic == 0) {
      return 0;
    }
    m.set(LONG, control, HEADER + 20);
    m.set(INT, control + 8, Libc.SOL_IPV6);
    m.set(INT, control + 12, IPV6_PKTINFO);
    m.set(LONG, control + 16, high);
    m.set(LONG, control + 24, low);
    m.set(LONG, control + 32, nic & 0xFFFF_FFFFL);
    return 40;
  }

  private static boolean chosen(MemorySegment m, long about) {
    return (m.get(INT, about + FLAGS) & NIC_CHOSEN) != 0;
  }

  /** Multicast ff00::/8 and link-local fe80::/10 mean nothing without an interface. */
  private static boolean scoped(MemorySegment m, long address) {
    int first = m.get(NET_INT, address) >>> 22;
    return first >>> 2 == 0xFF || first == 0xFE80 >>> 6;
  }
}
