package dev.islet.core.net.socket;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.BindException;
import java.net.SocketException;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The system calls that sockets need, called through the C library.
 *
 * <p>Every call returns the result or the <em>negated errno</em>, as the kernel itself does, and
 * throws nothing: a hot path looks at the number, everybody else hands it to {@link #check}.
 *
 * <p>There is one call shape for all: six 64-bit words in, one out. On the 64-bit Linux ABIs
 * (x86-64 System V, AAPCS64, RISC-V) integers and pointers ride in registers that the callee reads
 * as narrow as it declared them, so the same linked handle calls any function of up to six such
 * arguments. Linking a shape takes about ten milliseconds on a PC and more on a Pi; this way it is
 * paid once, at the first socket, and not at all where no socket is opened. The function is an
 * argument of the handle; an int result is narrowed by the caller in here.
 *
 * <p>Memory is passed by address: whoever calls keeps its segment reachable until the call returns.
 */
final class Libc {
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int AF_PACKET = 17;
  static final int SOCK_STREAM = 1;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;

  static final int SOL_IP = 0;
  static final int SOL_SOCKET = 1;
  static final int SOL_IPV6 = 41;
  static final int SOL_PACKET = 263;
  static final int SOL_NETLINK = 270;

  static final int SO_REUSEADDR = 2;
  static final int SO_BROADCAST = 6;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_RCVTIMEO = 20;
  static final int SO_BINDTODEVICE = 25;
  static final int SO_ATTACH_FILTER = 26;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;

  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;
  static final int MSG_NOSIGNAL = 0x4000;
  static final int MSG_WAITFORONE = 0x10000;

  static final int SHUT_RDWR = 2;
  static final int POLLIN = 1;

  static final int EPERM = 1;
  static final int EINTR = 4;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EMSGSIZE = 90;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENOBUFS = 105;

  /** A 64-bit word at any alignment. */
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** A 32-bit word in the machine's order at any alignment. */
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** A 16-bit word in the machine's order at any alignment. */
  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** A 16-bit word in network order. */
  static final ValueLayout.OfShort NET_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** A 32-bit word in network order. */
  static final ValueLayout.OfInt NET_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  /** A 64-bit word in network order. */
  static final ValueLayout.OfLong NET_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private Libc() {}

  /**
   * Whether this machine has what this class calls; decided by its name, without linking. The
   * system property {@code islet.net=nio} says no.
   */
  static boolean usable() {
    return !"nio".equals(System.getProperty("islet.net"))
        && "Linux".equals(System.getProperty("os.name"))
        && switch (System.getProperty("os.arch", "").toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64", "aarch64", "riscv64" -> true;
          default -> false;
        };
  }

  /** Says who needs what, where {@link #usable} is false. */
  static void requireLinux(String what) throws SocketException {
    if (!usable()) {
      throw new SocketException(what + " need 64-bit Linux and islet.net other than nio");
    }
  }

  /** The one handle, linked when first called. */
  private static final class Call {
    static final AddressLayout POINTER = ValueLayout.ADDRESS;
    static final MethodHandle WORDS =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    static final long ERRNO =
        Linker.Option.captureStateLayout()
            .byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    /** Where a call of this thread leaves its errno. */
    static final ThreadLocal<MemorySegment> STATE =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    static final MemorySegment SOCKET = find("socket");
    static final MemorySegment BIND = find("bind");
    static final MemorySegment GETSOCKNAME = find("getsockname");
    static final MemorySegment SETSOCKOPT = find("setsockopt");
    static final MemorySegment GETSOCKOPT = find("getsockopt");
    static final MemorySegment SENDTO = find("sendto");
    static final MemorySegment RECVFROM = find("recvfrom");
    static final MemorySegment SENDMSG = find("sendmsg");
    static final MemorySegment RECVMSG = find("recvmsg");
    static final MemorySegment SENDMMSG = find("sendmmsg");
    static final MemorySegment RECVMMSG = find("recvmmsg");
    static final MemorySegment SHUTDOWN = find("shutdown");
    static final MemorySegment POLL = find("poll");
    static final MemorySegment IOCTL = find("ioctl");
    static final MemorySegment GETIFADDRS = find("getifaddrs");
    static final MemorySegment FREEIFADDRS = find("freeifaddrs");
    static final MemorySegment EVENTFD = find("eventfd");
    static final MemorySegment WRITE = find("write");
    static final MemorySegment CLOSE = find("close");

    private static MemorySegment find(String function) {
      return Linker.nativeLinker()
          .defaultLookup()
          .find(function)
          .orElseThrow(() -> new UnsupportedOperationException("no function " + function));
    }
  }

  /** A function of the C library, for {@link #call}. */
  static MemorySegment function(String name) {
    return Call.find(name);
  }

  /** Calls a function with six words; the result or the negated errno. */
  static long call(MemorySegment function, long a, long b, long c, long d, long e, long f) {
    var state = Call.STATE.get();
    try {
      long result = (long) Call.WORDS.invokeExact(function, state, a, b, c, d, e, f);
      // An int result fills half the register and the rest may be anything. No length that these
      // calls return has all of its low 32 bits set.
      return (int) result == -1 ? -state.get(ValueLayout.JAVA_INT, Call.ERRNO) : result;
    } catch (RuntimeException | Error unexpected) {
      throw unexpected;
    } catch (Throwable unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  /** {@code socket(2)}, always closed on exec; the descriptor. */
  static int socket(int domain, int type, int protocol) {
    return (int) call(Call.SOCKET, domain, type | SOCK_CLOEXEC, protocol, 0, 0, 0);
  }

  /** {@code bind(2)} to a sockaddr. */
  static int bind(int fd, MemorySegment address, long length) {
    return (int) call(Call.BIND, fd, address.address(), length, 0, 0, 0);
  }

  /** {@code getsockname(2)}; {@code length} holds the room in and the length out. */
  static int getsockname(int fd, MemorySegment address, MemorySegment length) {
    return (int) call(Call.GETSOCKNAME, fd, address.address(), length.address(), 0, 0, 0);
  }

  /** {@code setsockopt(2)} with the whole segment as value. */
  static int setsockopt(int fd, int level, int option, MemorySegment value) {
    return (int) call(Call.SETSOCKOPT, fd, level, option, value.address(), value.byteSize(), 0);
  }

  /** {@code setsockopt(2)} of an int. */
  static int setsockopt(int fd, int level, int option, int value) {
    try (var arena = Arena.ofConfined()) {
      return setsockopt(fd, level, option, arena.allocateFrom(ValueLayout.JAVA_INT, value));
    }
  }

  /** {@code getsockopt(2)} of an int that is not negative. */
  static int getsockopt(int fd, int level, int option) {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(ValueLayout.JAVA_INT);
      var length = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
      int rc = (int) call(Call.GETSOCKOPT, fd, level, option, value.address(), length.address(), 0);
      return rc < 0 ? rc : value.get(ValueLayout.JAVA_INT, 0);
    }
  }

  /** {@code sendto(2)}; an address of {@link MemorySegment#NULL} for a connected socket. */
  static long sendto(
      int fd, MemorySegment data, long length, int flags, MemorySegment to, long toLength) {
    return call(Call.SENDTO, fd, data.address(), length, flags, to.address(), toLength);
  }

  /** {@code recvfrom(2)}; {@link MemorySegment#NULL} twice if the sender does not matter. */
  static long recvfrom(
      int fd, MemorySegment into, int flags, MemorySegment from, MemorySegment fromLength) {
    return call(
        Call.RECVFROM,
        fd,
        into.address(),
        into.byteSize(),
        flags,
        from.address(),
        fromLength.address());
  }

  /** {@code sendmsg(2)} of a msghdr. */
  static long sendmsg(int fd, MemorySegment header, int flags) {
    return call(Call.SENDMSG, fd, header.address(), flags, 0, 0, 0);
  }

  /** {@code recvmsg(2)} into a msghdr. */
  static long recvmsg(int fd, MemorySegment header, int flags) {
    return call(Call.RECVMSG, fd, header.address(), flags, 0, 0, 0);
  }

  /** {@code sendmmsg(2)} of mmsghdrs at an address. */
  static int sendmmsg(int fd, long headers, int count, int flags) {
    return (int) call(Call.SENDMMSG, fd, headers, count, flags, 0, 0);
  }

  /** {@code recvmmsg(2)} into mmsghdrs at an address, without its own time-out, which is broken. */
  static int recvmmsg(int fd, long headers, int count, int flags) {
    return (int) call(Call.RECVMMSG, fd, headers, count, flags, 0, 0);
  }

  /** {@code shutdown(2)}. */
  static int shutdown(int fd, int how) {
    return (int) call(Call.SHUTDOWN, fd, how, 0, 0, 0, 0);
  }

  /** {@code poll(2)} of pollfds (fd int, events short, revents short). */
  static int poll(MemorySegment pollfds, int count, int timeoutMillis) {
    return (int) call(Call.POLL, pollfds.address(), count, timeoutMillis, 0, 0, 0);
  }

  /** {@code ioctl(2)} with a struct. */
  static int ioctl(int fd, long request, MemorySegment argument) {
    return (int) call(Call.IOCTL, fd, request, argument.address(), 0, 0, 0);
  }

  /** {@code getifaddrs(3)}; the head of the list is put into eight bytes. */
  static int getifaddrs(MemorySegment head) {
    return (int) call(Call.GETIFADDRS, head.address(), 0, 0, 0, 0, 0);
  }

  /** {@code freeifaddrs(3)}. */
  static void freeifaddrs(long head) {
    call(Call.FREEIFADDRS, head, 0, 0, 0, 0, 0);
  }

  /** {@code eventfd(2)} at zero, closed on exec. */
  static int eventfd() {
    return (int) call(Call.EVENTFD, 0, SOCK_CLOEXEC, 0, 0, 0, 0);
  }

  /** Adds one to an eventfd, which makes it readable. */
  static void signal(int eventfd) {
    try (var arena = Arena.ofConfined()) {
      var one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L);
      call(Call.WRITE, eventfd, one.address(), 8, 0, 0, 0);
    }
  }

  /** {@code close(2)}. */
  static int close(int fd) {
    return (int) call(Call.CLOSE, fd, 0, 0, 0, 0, 0);
  }

  /**
   * The result, if it is one.
   *
   * @param what the call and its object, for the message
   * @throws BindException for EADDRINUSE, EADDRNOTAVAIL and, of a bind, EACCES
   * @throws SocketException for the rest
   */
  static int check(String what, long result) throws IOException {
    if (result >= 0) {
      return (int) result;
    }
    throw exception(what, (int) -result);
  }

  /** An errno as an exception with the system's wording. */
  static IOException exception(String what, int errno) {
    var message = what + ": " + message(errno);
    boolean binding =
        errno == EADDRINUSE || errno == EADDRNOTAVAIL || errno == EACCES && what.startsWith("bind");
    return binding ? new BindException(message) : new SocketException(message);
  }

  static String message(int errno) {
    return switch (errno) {
      case EPERM -> "Operation not permitted";
      case 2 -> "No such file or directory";
      case EBADF -> "Bad file descriptor";
      case EAGAIN -> "Resource temporarily unavailable";
      case 12 -> "Cannot allocate memory";
      case EACCES -> "Permission denied";
      case 17 -> "File exists";
      case 19 -> "No such device";
      case 22 -> "Invalid argument";
      case 24 -> "Too many open files";
      case EMSGSIZE -> "Message too long";
      case 92 -> "Protocol not available";
      case 93 -> "Protocol not supported";
      case 95 -> "Operation not supported";
      case 97 -> "Address family not supported by protocol";
      case EADDRINUSE -> "Address already in use";
      case EADDRNOTAVAIL -> "Cannot assign requested address";
      case 100 -> "Network is down";
      case 101 -> "Network is unreachable";
      case ENOBUFS -> "No buffer space available";
      case 111 -> "Connection refused";
      case 113 -> "No route to host";
      default -> "errno " + errno;
    };
  }
}
