package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Room for several datagrams outside the heap, with their addresses, laid out as the kernel takes
 * and gives them. Made once by a thread and used again for each batch; not thread-safe. The memory
 * goes back when the batch is no longer reachable.
 *
 * <p>An answer written over its question and given its new {@link #length(int, int)} is ready to be
 * sent: the slot still holds who asked and which of our addresses was asked. A slot of length zero
 * is not sent.
 */
public final class DatagramBatch {
  // One slot's parts, each in an array of its own so that the kernel's are contiguous:
  //   mmsghdr 64: name ptr 0, namelen 8, iov ptr 16, iovlen 24, control ptr 32, controllen 40,
  //               flags 48, (end of msghdr 56) msg_len 56
  //   iovec 16:   base 0, length 8
  //   name 32:    sockaddr_in or sockaddr_in6 of the remote
  //   control 128: what came beside the packet, or what goes with it, see PacketInfo
  //   about 48:   family of the local address 0 (0 = none), nic 4, asked address 8, source address
  //               24 (the asked one, or the interface's own where a group or broadcast was asked),
  //               flags 40, TTL 44
  // Headers come twice: those that receive stay as they are, those that send are packed anew each
  // time, since slots of length zero are left out.
  static final int HEADER = 64;
  static final int IOVEC = 16;
  static final int CONTROL = 128;
  static final int ABOUT = 48;

  private final int slots;
  private final int slotBytes;
  private final int stride;
  private final MemorySegment memory;
  private final long inHeaders;
  private final long outHeaders;
  private final long iovecs;
  private final long names;
  private final long controls;
  private final long abouts;
  private final long payloads;
  private final int[] lengths;
  private final @Nullable ByteBuffer[] views;
  private int localPort;

  /** How many slots no longer look as a receiving call needs them. */
  private int dirty;

  /**
   * @param slots how many datagrams, from 1 to 1024 (the kernel's limit of one call)
   * @param slotBytes the longest datagram, from 1 to 65,535 bytes
   */
  public DatagramBatch(int slots, int slotBytes) {
    if (slots < 1 || slots > 1024 || slotBytes < 1 || slotBytes > 65_535) {
      throw new IllegalArgumentException(
          slots + " slots of " + slotBytes + " bytes are not 1-1024 slots of 1-65535 bytes");
    }
    this.slots = slots;
    this.slotBytes = slotBytes;
    // Each payload begins on a cache line of its own, an odd number of them apart: at even
    // distances
    // they would crowd the few places of a cache that such addresses share.
    this.stride = (slotBytes + 63) & ~63 | 64;
    this.inHeaders = 0;
    this.outHeaders = inHeaders + (long) slots * HEADER;
    this.iovecs = outHeaders + (long) slots * HEADER;
    this.names = iovecs + (long) slots * IOVEC;
    this.controls = names + (long) slots * SocketAddresses.ROOM;
    this.abouts = controls + (long) slots * CONTROL;
    this.payloads = (abouts + (long) slots * ABOUT + 63) & ~63L;
    this.memory = Arena.ofAuto().allocate(payloads + (long) slots * stride, 64);
    this.lengths = new int[slots];
    this.views = new @Nullable ByteBuffer[slots];
    this.dirty = slots;
    for (int i = 0; i < slots; i++) {
      memory.set(LONG, iovec(i), memory.address() + offset(i));
      long header = inHeaders + (long) i * HEADER;
      header(header, i);
      memory.set(LONG, header + 32, memory.address() + control(i));
    }
  }

  /** How many datagrams fit. */
  public int slots() {
    return slots;
  }

  /** The longest datagram that fits, in bytes. */
  public int slotBytes() {
    return slotBytes;
  }

  /**
   * The datagram in a slot, from position 0 to its length as limit; {@code clear()} gives the whole
   * slot to write to. The same buffer each time, so that nothing is allocated.
   */
  public ByteBuffer payload(int i) {
    var view = views[i];
    if (view == null) {
      view = memory.asSlice(offset(i), slotBytes).asByteBuffer();
      views[i] = view;
    }
    return view.clear().limit(lengths[i]);
  }

  /** The length of the datagram in a slot; 0 if there is nothing to send. */
  public int length(int i) {
    return lengths[i];
  }

  /** Sets the length of what was written into a slot; 0 keeps it from being sent. */
  public void length(int i, int bytes) {
    if (bytes < 0 || bytes > slotBytes) {
      throw new IllegalArgumentException(bytes + " bytes do not fit a slot of " + slotBytes);
    }
    lengths[i] = bytes;
  }

  /** A copy of the datagram in a slot. */
  public byte[] bytes(int i) {
    var copy = new byte[lengths[i]];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset(i), copy, 0, copy.length);
    return copy;
  }

  /** Copies a datagram into a slot and sets its length. */
  public void bytes(int i, byte[] datagram) {
    put(i, datagram, datagram.length);
  }

  /** Copies the first bytes of an array into a slot and sets its length. */
  public void put(int i, byte[] from, int length) {
    length(i, length);
    MemorySegment.copy(from, 0, memory, ValueLayout.JAVA_BYTE, offset(i), length);
  }

  /** Whether the datagram received was longer than the slot. */
  public boolean truncated(int i) {
    return (memory.get(INT, about(i) + PacketInfo.FLAGS) & PacketInfo.TRUNCATED) != 0;
  }

  /** Who sent the datagram, or who is to get it. */
  public InetSocketAddress remote(int i) {
    return SocketAddresses.read(memory, name(i));
  }

  /** Sets who is to get the datagram. */
  public void remote(int i, InetSocketAddress address) {
    var ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException("the remote " + address + " is a name, not an address");
    }
    SocketAddresses.write(memory, name(i), ip, address.getPort());
  }

  /** The remote's port, without allocating. */
  public int remotePort(int i) {
    return SocketAddresses.port(memory, name(i));
  }

  /**
   * Copies the remote's address, for tables keyed by client, without allocating.
   *
   * @return how many bytes it has, 4 or 16
   */
  public int remoteAddress(int i, byte[] into) {
    long at = name(i);
    boolean six = SocketAddresses.family(memory, at) == Libc.AF_INET6;
    boolean mapped = six && SocketAddresses.mapped(memory, at + 8);
    int length = six && !mapped ? 16 : 4;
    long from = !six ? at + 4 : mapped ? at + 20 : at + 8;
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, from, into, 0, length);
    return length;
  }

  /** The upper half of the remote's address as a number; 0 for IPv4. Allocates nothing. */
  public long remoteHigh(int i) {
    long at = name(i);
    return SocketAddresses.family(memory, at) == Libc.AF_INET6
        ? memory.get(Libc.NET_LONG, at + 8)
        : 0;
  }

  /** The lower half; an IPv4 address is the one that it is mapped to, {@code ::ffff:a.b.c.d}. */
  public long remoteLow(int i) {
    long at = name(i);
    return SocketAddresses.family(memory, at) == Libc.AF_INET6
        ? memory.get(Libc.NET_LONG, at + 16)
        : 0xFFFF_0000_0000L | memory.get(Libc.NET_INT, at + 4) & 0xFFFF_FFFFL;
  }

  /** Copies the datagram in a slot into an array that has room for it; its length. */
  public int get(int i, byte[] into) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset(i), into, 0, lengths[i]);
    return lengths[i];
  }

  /**
   * Which address of ours was asked, a group or broadcast address included. The address part is the
   * wildcard where the system did not tell.
   */
  public InetSocketAddress local(int i) {
    long at = about(i);
    return switch (memory.get(INT, at)) {
      case Libc.AF_INET ->
          new InetSocketAddress(SocketAddresses.four(memory, at + PacketInfo.ASKED), localPort);
      case Libc.AF_INET6 ->
          new InetSocketAddress(
              SocketAddresses.six(memory, at + PacketInfo.ASKED, memory.get(INT, at + 4)),
              localPort);
      default -> new InetSocketAddress(localPort);
    };
  }

  /** Sets the source address of a datagram to send; null lets the system choose. */
  public void local(int i, @Nullable InetAddress from) {
    long at = about(i);
    if (from == null) {
      memory.set(INT, at, 0);
      return;
    }
    boolean six = from.getAddress().length == 16;
    memory.set(INT, at, six ? Libc.AF_INET6 : Libc.AF_INET);
    SocketAddresses.bytes(memory, at + PacketInfo.ASKED, from);
    SocketAddresses.bytes(memory, at + PacketInfo.SOURCE, from);
  }

  /** The index of the interface it came in by; 0 where the system did not tell. */
  public int nic(int i) {
    return memory.get(INT, about(i) + 4);
  }

  /**
   * The TTL or hop limit it arrived with; 0 unless the socket was {@linkplain
   * UdpOptions#withReceiveTtl opened to note it}.
   */
  public int ttl(int i) {
    return memory.get(INT, about(i) + PacketInfo.TTL);
  }

  /**
   * Sets the index of the interface a datagram leaves by; 0 lets the routing table choose. A reply
   * to a group, a broadcast or a link-local address leaves by the interface its question came in
   * by, without this call.
   */
  public void nic(int i, int index) {
    long at = about(i);
    memory.set(INT, at + 4, index);
    memory.set(INT, at + PacketInfo.FLAGS, index == 0 ? 0 : PacketInfo.NIC_CHOSEN);
  }

  /** Empties a slot that is to be filled and sent without having been received. */
  public void clear(int i) {
    lengths[i] = 0;
    PacketInfo.clear(memory, about(i));
    memory.asSlice(name(i), SocketAddresses.ROOM).fill((byte) 0);
  }

  /** All the memory, for flyweights that read and write in place. */
  public MemorySegment segment() {
    return memory;
  }

  /** Where the payload of a slot begins in {@link #segment}. */
  public long offset(int i) {
    return payloads + (long) i * stride;
  }

  /** Makes the slots ready for a receiving call; the address of the first header. */
  long toReceive() {
    for (int i = 0; i < dirty; i++) {
      long header = inHeaders + (long) i * HEADER;
      memory.set(INT, header + 8, SocketAddresses.ROOM);
      memory.set(LONG, header + 40, CONTROL);
      memory.set(LONG, iovec(i) + 8, slotBytes);
    }
    dirty = 0;
    return memory.address() + inHeaders;
  }

  /** Takes note of what a receiving call has filled. */
  void received(int count, int port) {
    dirty = Math.max(dirty, count);
    localPort = port;
    for (int i = 0; i < count; i++) {
      long header = inHeaders + (long) i * HEADER;
      PacketInfo.read(memory, control(i), memory.get(LONG, header + 40), about(i));
      int flags = memory.get(INT, header + 48);
      if ((flags & Libc.MSG_TRUNC) != 0) {
        memory.set(INT, about(i) + PacketInfo.FLAGS, PacketInfo.TRUNCATED);
      }
      lengths[i] = Math.min(slotBytes, memory.get(INT, header + 56));
    }
  }

  /** For a socket that receives without the headers; the slot's remote is set apart. */
  void received(int i, int length, int port) {
    localPort = port;
    PacketInfo.clear(memory, about(i));
    lengths[i] = length;
  }

  /**
   * Packs headers for the slots below {@code count} that have something to send.
   *
   * @param family of the socket; a slot whose remote is of a family it cannot reach is left out
   * @return how many headers, from {@link #toSend}
   */
  int pack(int count, int family) {
    dirty = Math.max(dirty, count);
    int packed = 0;
    for (int i = 0; i < count; i++) {
      if (lengths[i] == 0) {
        continue;
      }
      long name = name(i);
      int remote = SocketAddresses.family(memory, name);
      if (remote != family) {
        if (remote != Libc.AF_INET || family != Libc.AF_INET6) {
          continue;
        }
        SocketAddresses.map(memory, name);
      }
      memory.set(LONG, iovec(i) + 8, lengths[i]);
      long header = outHeaders + (long) packed * HEADER;
      header(header, i);
      memory.set(
          INT,
          header + 8,
          family == Libc.AF_INET ? SocketAddresses.IN_BYTES : SocketAddresses.IN6_BYTES);
      int controls = PacketInfo.write(memory, control(i), about(i), name);
      memory.set(LONG, header + 32, controls == 0 ? 0 : memory.address() + control(i));
      memory.set(LONG, header + 40, controls);
      packed++;
    }
    return packed;
  }

  /** The address of a packed header. */
  long toSend(int packed) {
    return memory.address() + outHeaders + (long) packed * HEADER;
  }

  private void header(long header, int i) {
    memory.set(LONG, header, memory.address() + name(i));
    memory.set(LONG, header + 16, memory.address() + iovec(i));
    memory.set(LONG, header + 24, 1);
  }

  private long iovec(int i) {
    return iovecs + (long) i * IOVEC;
  }

  private long name(int i) {
    return names + (long) i * SocketAddresses.ROOM;
  }

  private long control(int i) {
    return controls + (long) i * CONTROL;
  }

  private long about(int i) {
    return abouts + (long) i * ABOUT;
  }
}
