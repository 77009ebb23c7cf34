package dev.islet.voip.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address and port as three numbers, so that comparing sources of packets allocates nothing.
 * IPv4 addresses are held as IPv4-mapped ones (RFC 4291 §2.5.5.2). Mutable: the relay's thread has
 * one.
 */
public final class MediaSource {
  private static final long MAPPED = 0xFFFF_0000_0000L;

  private long high;
  private long low;
  private int port;

  /** Holds an IPv4 address, as 32 bits in network order. */
  public void four(int address, int newPort) {
    high = 0;
    low = MAPPED | address & 0xFFFF_FFFFL;
    port = newPort;
  }

  /** Holds the two halves of an IPv6 address, in network order. */
  public void six(long newHigh, long newLow, int newPort) {
    high = newHigh;
    low = newLow;
    port = newPort;
  }

  public void set(MediaSource other) {
    high = other.high;
    low = other.low;
    port = other.port;
  }

  public void set(InetSocketAddress address) {
    var bytes = address.getAddress().getAddress();
    if (bytes.length == 4) {
      four((int) number(bytes, 0, 4), address.getPort());
    } else {
      six(number(bytes, 0, 8), number(bytes, 8, 8), address.getPort());
    }
  }

  /** Holds nothing: equal to no source of a packet. */
  public void clear() {
    six(0, 0, 0);
  }

  public boolean isSet() {
    return port != 0;
  }

  public boolean same(MediaSource other) {
    return low == other.low && high == other.high && port == other.port;
  }

  public boolean sameAddress(MediaSource other) {
    return low == other.low && high == other.high;
  }

  public boolean isFour() {
    return high == 0 && (low & 0xFFFF_FFFF_0000_0000L) == MAPPED;
  }

  /** Upper half of the address. */
  public long high() {
    return high;
  }

  /** Lower half of the address. */
  public long low() {
    return low;
  }

  /** Changes the port alone. */
  public void port(int newPort) {
    port = newPort;
  }

  public int port() {
    return port;
  }

  /** A copy for people and system calls. */
  public InetSocketAddress toAddress() {
    var bytes = new byte[isFour() ? 4 : 16];
    for (int i = 0; i < bytes.length; i++) {
      int back = bytes.length - 1 - i;
      bytes[i] = (byte) ((back < 8 ? low : high) >>> 8 * (back & 7));
    }
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = from; i < from + count; i++) {
      value = value << 8 | bytes[i] & 0xFF;
    }
    return value;
  }

  @Override
  public String toString() {
    return isSet() ? toAddress().toString() : "unset";
  }
}
