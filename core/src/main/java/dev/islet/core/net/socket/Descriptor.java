package dev.islet.core.net.socket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor that is closed only when the last call on it has returned: the kernel
 * gives its number to the next file at once, and a late call would hit that one.
 *
 * <p>{@link #close} wakes a thread that waits in a call. A socket of the Internet families is woken
 * by {@code shutdown(2)}, which costs a waiting receiver nothing while it is open; packet and
 * netlink sockets do not know that call, so their receivers {@link #await} in {@code poll(2)} on an
 * {@code eventfd(2)} as well.
 *
 * <pre>{@code
 * if (!descriptor.enter()) return -1;
 * try { … descriptor.fd() … } finally { descriptor.leave(); }
 * }</pre>
 */
final class Descriptor implements AutoCloseable {
  private static final int CLOSED = Integer.MIN_VALUE;
  private static final int NO_EVENT = -1;

  private final int fd;
  private final int event;
  private final MemorySegment polled;

  /** How many calls are under way; the sign bit says that it is closed. */
  private final AtomicInteger calls = new AtomicInteger();

  private final CountDownLatch gone = new CountDownLatch(1);

  private Descriptor(int fd, int event) {
    this.fd = fd;
    this.event = event;
    this.polled = Arena.ofAuto().allocate(16, 8);
    polled.set(Libc.INT, 0, fd);
    polled.set(Libc.SHORT, 4, (short) Libc.POLLIN);
    polled.set(Libc.INT, 8, event);
    polled.set(Libc.SHORT, 12, (short) Libc.POLLIN);
  }

  /** One whose receiver waits in the receiving call itself: UDP and raw IP sockets. */
  static Descriptor wokenByShutdown(int fd) {
    return new Descriptor(fd, NO_EVENT);
  }

  /** One whose receiver waits in {@link #await}: packet and netlink sockets. */
  static Descriptor wokenByEvent(int fd) throws IOException {
    int event = Libc.eventfd();
    if (event < 0) {
      Libc.close(fd);
      throw Libc.exception("eventfd", -event);
    }
    return new Descriptor(fd, event);
  }

  int fd() {
    return fd;
  }

  boolean isOpen() {
    return calls.get() >= 0;
  }

  /** Begins a call; false if it is closed. Each true is followed by one {@link #leave}. */
  boolean enter() {
    while (true) {
      int now = calls.get();
      if (now < 0) {
        return false;
      }
      if (calls.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  void leave() {
    if (calls.decrementAndGet() == CLOSED) {
      release();
    }
  }

  /**
   * Waits, between {@link #enter} and {@link #leave}, until something can be read. One thread at a
   * time.
   *
   * @return 1 when it can, 0 when the time has passed, -1 once closed
   */
  int await(Duration timeout) throws IOException {
    long end = System.nanoTime() + nanos(timeout);
    while (true) {
      long left = Math.max(0, end - System.nanoTime());
      int millis = (int) Math.min(Integer.MAX_VALUE, (left + 999_999) / 1_000_000);
      int rc = Libc.poll(polled, 2, millis);
      if (!isOpen()) {
        return -1;
      }
      if (rc > 0) {
        return 1;
      }
      if (rc < 0 && rc != -Libc.EINTR) {
        throw Libc.exception("poll", -rc);
      }
      if (left == 0) {
        return 0;
      }
    }
  }

  /** Wakes whoever waits, and returns once the descriptor is given back; may be repeated. */
  @Override
  public void close() {
    int before = calls.getAndUpdate(n -> n | CLOSED);
    if (before == 0) {
      release();
      return;
    }
    if (before > 0) {
      if (event == NO_EVENT) {
        Libc.shutdown(fd, Libc.SHUT_RDWR);
      } else {
        Libc.signal(event);
      }
    }
    try {
      gone.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    Libc.close(fd);
    if (event != NO_EVENT) {
      Libc.close(event);
    }
    gone.countDown();
  }

  /** Long enough durations are for ever, without an overflow. */
  static long nanos(Duration timeout) {
    return timeout.getSeconds() > 1_000_000_000L ? Long.MAX_VALUE / 4 : timeout.toNanos();
  }
}
