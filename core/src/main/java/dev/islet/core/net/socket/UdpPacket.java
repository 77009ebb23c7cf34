package dev.islet.core.net.socket;

import java.nio.ByteBuffer;

/**
 * A received datagram where it lies; one object serves all of a {@link UdpPoller}. The sender's
 * address is two numbers, IPv4 as an IPv4-mapped address (RFC 4291 section 2.5.5.2), so that
 * looking at it allocates nothing.
 */
public final class UdpPacket {
  static final long MAPPED = 0xFFFF_0000_0000L;

  private final ByteBuffer buffer;
  private int offset;
  private int length;
  private long high;
  private long low;
  private int port;
  private long wallNanos;

  UdpPacket(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  void at(int newOffset, int newLength, long newWallNanos) {
    offset = newOffset;
    length = newLength;
    wallNanos = newWallNanos;
  }

  void from(long newHigh, long newLow, int newPort) {
    high = newHigh;
    low = newLow;
    port = newPort;
  }

  /** The bytes lie in here, from {@link #offset}; use absolute reads. */
  public ByteBuffer buffer() {
    return buffer;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /** Upper half of the sender's address. */
  public long high() {
    return high;
  }

  /** Lower half of the sender's address. */
  public long low() {
    return low;
  }

  /** The sender's port. */
  public int port() {
    return port;
  }

  /**
   * When the kernel took it, in nanoseconds of the wall clock since the Unix epoch; 0 where the
   * system does not tell.
   */
  public long wallNanos() {
    return wallNanos;
  }
}
