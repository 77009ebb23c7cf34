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
  //   control 96: what came beside the packet, or what goes with it
  //   about 48:   family of the local address 0 (0 = none), nic 4, asked address 8, source address
  //               24 (the asked one, or the interface's own where a group or broadcast was asked),
  //               flags 40
  static final int HEADER = 64;
  static final int IOVEC = 16;
  static final int CONTROL = 96;
  static final int ABOUT = 48;

  private static final int SOURCE = 24;
  private static final int ASKED = 8;
  private static final int FLAGS = 40;
  private static final int TRUNCATED = 1;
  private static final int NIC_CHOSEN = 2;

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
    this.stride = (slotBytes + 63) & ~63; // a payload begins on a cache line of its own
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
    length(i, datagram.length);
    MemorySegment.copy(datagram, 0, memory, ValueLayout.JAVA_BYTE, offset(i), datagram.length);
  }

  /** Whether the datagram received was longer than the slot. */
  public boolean truncated(int i) {
    return (memory.get(INT, about(i) + FLAGS) & TRUNCATED) != 0;
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

  /**
   * Which address of ours was asked, a group or broadcast address included. The address part is the
   * wildcard where the system did not tell.
   */
  public InetSocketAddress local(int i) {
    long at = about(i);
    return switch (memory.get(INT, at)) {
      case Libc.AF_INET ->
          new InetSocketAddress(SocketAddresses.four(memory, at + ASKED), localPort);
      case Libc.AF_INET6 ->
          new InetSocketAddress(
              SocketAddresses.six(memory, at + ASKED, memory.get(INT, at + 4)), localPort);
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
    SocketAddresses.bytes(memory, at + ASKED, from);
    SocketAddresses.bytes(memory, at + SOURCE, from);
  }

  /** The index of the interface it came in by; 0 where the system did not tell. */
  public int nic(int i) {
    return memory.get(INT, about(i) + 4);
  }

  /**
   * Sets the index of the interface a datagram leaves by; 0 lets the routing table choose. A reply
   * to a group, a broadcast or a link-local address leaves by the interface its question came in
   * by, without this call.
   */
  public void nic(int i, int index) {
    long at = about(i);
    memory.set(INT, at + 4, index);
    memory.set(INT, at + FLAGS, index == 0 ? 0 : NIC_CHOSEN);
  }

  /** Empties a slot that is to be filled and sent without having been received. */
  public void clear(int i) {
    lengths[i] = 0;
    memory.asSlice(about(i), ABOUT).fill((byte) 0);
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

  private long name(int i) {
    return names + (long) i * SocketAddresses.ROOM;
  }

  private long about(int i) {
    return abouts + (long) i * ABOUT;
  }
}
