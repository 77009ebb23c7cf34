package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.BYTE;
import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.LONG;
import static dev.islet.core.net.socket.Libc.NET_SHORT;
import static dev.islet.core.net.socket.Libc.SHORT;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/**
 * Sends and receives IP packets by link-layer address ({@code AF_PACKET}, cooked): reaches a
 * machine that has no IP address yet, as a DHCP server must (RFC 2131 section 4.1). Needs
 * CAP_NET_RAW. Linux only. One thread receives at a time; any thread may send.
 */
public final class PacketSocket implements AutoCloseable {
  /** The EtherType of IPv4. */
  public static final int IPV4 = 0x0800;

  /** The EtherType of ARP. */
  public static final int ARP = 0x0806;

  /** The EtherType of IPv6. */
  public static final int IPV6 = 0x86DD;

  // sockaddr_ll: family u16 0 | protocol be16 2 | index i32 4 | hardware type u16 8 |
  //              kind u8 10 | address length u8 11 | address 12..19
  private static final int LINK_BYTES = 20;
  private static final int PACKET_AUXDATA = 8;
  private static final int CHECKSUM_NOT_READY = 8;
  private static final int MAX_PACKET = 65_535;

  private final Descriptor descriptor;
  private final Nic nic;
  private final int etherType;

  // Of the one receiver: msghdr 0, iovec 56, name 72, control 96, payload 192.
  private static final int IOVEC = 56;
  private static final int NAME = 72;
  private static final int CONTROL = 96;
  private static final int CONTROL_BYTES = 96;
  private static final int PAYLOAD = CONTROL + CONTROL_BYTES;
  private final MemorySegment in = Arena.ofAuto().allocate(PAYLOAD + MAX_PACKET, 8);
  private volatile long source;
  private volatile boolean checksumReady = true;

  private PacketSocket(Descriptor descriptor, Nic nic, int etherType) {
    this.descriptor = descriptor;
    this.nic = nic;
    this.etherType = etherType;
    in.set(LONG, 0, in.address() + NAME);
    in.set(LONG, 16, in.address() + IOVEC);
    in.set(LONG, 24, 1);
    in.set(LONG, 32, in.address() + CONTROL);
    in.set(LONG, IOVEC, in.address() + PAYLOAD);
    in.set(LONG, IOVEC + 8, MAX_PACKET);
  }

  /**
   * Opens a socket that sees every packet of a type that reaches the interface.
   *
   * @param etherType like {@link #IPV4}
   * @throws SocketException without CAP_NET_RAW, or elsewhere than on Linux
   */
  public static PacketSocket open(Nic nic, int etherType) throws IOException {
    return open(nic, etherType, PacketFilter.everything());
  }

  /** Opens a socket that sees the packets a filter lets through; the kernel drops the others. */
  public static PacketSocket open(Nic nic, int etherType, PacketFilter filter) throws IOException {
    Libc.requireLinux("packet sockets");
    // Protocol 0 hears nothing: no packet can slip in before the filter and the interface are set.
    int fd =
        Libc.check(
            "packet socket (needs CAP_NET_RAW)", Libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM, 0));
    var descriptor = Descriptor.wokenByEvent(fd);
    try (var arena = Arena.ofConfined()) {
      attach(arena, fd, filter.program(etherType));
      Libc.setsockopt(fd, Libc.SOL_PACKET, PACKET_AUXDATA, 1);
      var address = link(arena, nic, etherType);
      Libc.check("bind to " + nic.name(), Libc.bind(fd, address, LINK_BYTES));
      return new PacketSocket(descriptor, nic, etherType);
    } catch (IOException | RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  private static void attach(Arena arena, int fd, long[] program) throws IOException {
    if (program.length == 0) {
      return;
    }
    var instructions = arena.allocateFrom(ValueLayout.JAVA_LONG, program);
    var filter = arena.allocate(16, 8); // struct sock_fprog: count u16 0, instructions 8
    filter.set(SHORT, 0, (short) program.length);
    filter.set(LONG, 8, instructions.address());
    Libc.check(
        "attach filter", Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, filter));
  }

  private static MemorySegment link(Arena arena, Nic nic, int etherType) {
    var address = arena.allocate(LINK_BYTES, 8);
    address.set(SHORT, 0, (short) Libc.AF_PACKET);
    address.set(NET_SHORT, 2, (short) etherType);
    address.set(INT, 4, nic.index());
    return address;
  }

  /** The interface it was opened on. */
  public Nic nic() {
    return nic;
  }

  /**
   * Sends a packet that begins with its IP header, whose checksums are right, to a link-layer
   * address.
   */
  public void send(MacAddress to, byte[] ipPacket) throws IOException {
    if (!descriptor.enter()) {
      throw new ClosedChannelException();
    }
    try (var arena = Arena.ofConfined()) {
      var address = link(arena, nic, etherType);
      address.set(BYTE, 11, (byte) 6);
      MemorySegment.copy(to.toBytes(), 0, address, BYTE, 12, 6);
      var data = arena.allocateFrom(BYTE, ipPacket);
      long n;
      do {
        n =
            Libc.sendto(
                descriptor.fd(), data, ipPacket.length, Libc.MSG_NOSIGNAL, address, LINK_BYTES);
      } while (n == -Libc.EINTR);
      Libc.check("send to " + to + " on " + nic.name(), n);
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Waits for one packet, beginning with its IP header; what does not fit is cut.
   *
   * @return its length, at most that of {@code into}; 0 when the time has passed; -1 once closed
   */
  public int receive(byte[] into, Duration timeout) throws IOException {
    if (!descriptor.enter()) {
      return -1;
    }
    try {
      int ready = descriptor.await(timeout);
      if (ready <= 0) {
        return ready;
      }
      in.set(INT, 8, SocketAddresses.ROOM - 8);
      in.set(LONG, 40, CONTROL_BYTES);
      long n = Libc.recvmsg(descriptor.fd(), in, Libc.MSG_DONTWAIT);
      if (n == -Libc.EAGAIN || n == -Libc.EINTR) {
        return 0;
      }
      Libc.check("receive on " + nic.name(), n);
      var mac = new byte[6];
      MemorySegment.copy(in, BYTE, NAME + 12, mac, 0, 6);
      source = MacAddress.of(mac, 0).bits();
      checksumReady =
          in.get(LONG, 40) < 20 || (in.get(INT, CONTROL + 16) & CHECKSUM_NOT_READY) == 0;
      int length = (int) Math.min(n, into.length);
      MemorySegment.copy(in, BYTE, PAYLOAD, into, 0, length);
      return length;
    } finally {
      descriptor.leave();
    }
  }

  /** The link-layer address that the packet received last came from. */
  public MacAddress source() {
    return new MacAddress(source);
  }

  /**
   * Whether the UDP or TCP checksum of the packet received last can be checked. False for packets
   * of the same machine, a virtual machine or a container beside us, whose checksum was left to a
   * network card that they never crossed.
   */
  public boolean checksumReady() {
    return checksumReady;
  }

  /** Until it is closed. */
  public boolean isOpen() {
    return descriptor.isOpen();
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
