package dev.islet.dns.transport;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An asker's address as numbers, as the fast lane takes it.
 *
 * @param high the upper half; 0 for IPv4
 * @param low the lower half; {@code ::ffff:a.b.c.d} for IPv4
 */
public record ClientAddress(long high, long low) {
  /** Of an address. */
  public static ClientAddress of(InetAddress address) {
    var wide = ByteBuffer.allocate(16);
    var ip = address.getAddress();
    if (ip.length == 4) {
      wide.putInt(8, 0xFFFF).position(12);
    }
    wide.put(ip);
    return new ClientAddress(wide.getLong(0), wide.getLong(8));
  }
}
