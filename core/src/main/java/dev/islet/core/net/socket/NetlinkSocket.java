package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.Libc.INT;
import static dev.islet.core.net.socket.Libc.SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A bound NETLINK_ROUTE socket: datagrams out, datagrams in. One thread receives at a time. */
final class NetlinkSocket implements AutoCloseable {
  private static final int NETLINK_ROUTE = 0;
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;
  private static final int NETLINK_GET_STRICT_CHK = 12;
  private static final int QUEUE_BYTES = 4 << 20;

  // The kernel fills up to 32 KiB of a dump at once, and asks for no more room than is offered.
  private static final int ROOM = 64 << 10;

  private final Descriptor descriptor;
  private final MemorySegment in = Arena.ofAuto().allocate(ROOM, 8);
  private final ByteBuffer view = in.asByteBuffer();

  private NetlinkSocket(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * @param groups multicast groups to hear, their numbers
   */
  static NetlinkSocket open(int... groups) throws IOException {
    if (!Libc.usable()) {
      throw new SocketException("rtnetlink is only there on Linux");
    }
    int fd =
        Libc.check("netlink socket", Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW, NETLINK_ROUTE));
    var descriptor = Descriptor.wokenByEvent(fd);
    try (var arena = Arena.ofConfined()) {
      if (Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, QUEUE_BYTES) < 0) {
        Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, QUEUE_BYTES); // as far as allowed
      }
      // Older kernels lack these: then there is less to read, or more to sort out.
      Libc.setsockopt(fd, Libc.SOL_NETLINK, NETLINK_EXT_ACK, 1);
      Libc.setsockopt(fd, Libc.SOL_NETLINK, NETLINK_CAP_ACK, 1);
      Libc.setsockopt(fd, Libc.SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
      var address = arena.allocate(12, 4); // sockaddr_nl: family u16, pad u16, port u32, groups u32
      address.set(SHORT, 0, (short) Libc.AF_NETLINK);
      Libc.check("bind netlink socket", Libc.bind(fd, address, 12));
      for (int group : groups) {
        Libc.check(
            "netlink group " + group,
            Libc.setsockopt(fd, Libc.SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group));
      }
      return new NetlinkSocket(descriptor);
    } catch (IOException | RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** Sends what lies between position 0 and the buffer's position to the kernel. */
  void send(ByteBuffer messages) throws IOException {
    if (!descriptor.enter()) {
      throw new ClosedChannelException();
    }
    try (var arena = Arena.ofConfined()) {
      int length = messages.position();
      var data = arena.allocate(length, 8);
      data.copyFrom(MemorySegment.ofBuffer(messages.duplicate().flip()));
      var kernel = arena.allocate(12, 4);
      kernel.set(SHORT, 0, (short) Libc.AF_NETLINK);
      kernel.set(INT, 4, 0);
      long n;
      do {
        n = Libc.sendto(descriptor.fd(), data, length, Libc.MSG_NOSIGNAL, kernel, 12);
      } while (n == -Libc.EINTR);
      Libc.check("send to the kernel", n);
    } finally {
      descriptor.leave();
    }
  }

  /**
   * Waits for a datagram.
   *
   * @return it, valid until the next call; with nothing in it when the time has passed; null once
   *     closed
   * @throws LostException if the kernel's queue ran over
   */
  @Nullable ByteBuffer receive(Duration timeout) throws IOException {
    if (!descriptor.enter()) {
      return null;
    }
    try {
      int ready = descriptor.await(timeout);
      if (ready < 0) {
        return null;
      }
      view.clear().limit(0);
      if (ready == 0) {
        return view;
      }
      long n =
          Libc.recvfrom(
              descriptor.fd(), in, Libc.MSG_DONTWAIT, MemorySegment.NULL, MemorySegment.NULL);
      if (n == -Libc.EAGAIN || n == -Libc.EINTR) {
        return view;
      }
      if (n == -Libc.ENOBUFS) {
        throw new LostException();
      }
      Libc.check("receive from the kernel", n);
      return view.limit((int) n);
    } finally {
      descriptor.leave();
    }
  }

  /** The kernel's queue ran over. */
  static final class LostException extends IOException {
    private static final long serialVersionUID = 1;

    LostException() {
      super("the kernel's netlink queue ran over, messages are lost");
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
