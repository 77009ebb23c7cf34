package dev.islet.ftp.account;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers failed logins per address over all connections, and for how long an address has to wait
 * before its next try is looked at: nothing for the first few, then one second, doubled with each
 * further failure up to a limit. Nobody is made to wait in a thread; tries that come too early are
 * refused without looking at the password.
 *
 * <p>An IPv6 client owns a /64, so that counts as one address. The table is bounded: the address
 * not heard of for longest is forgotten first.
 */
public final class BackOff {
  private static final int ADDRESSES = 4096;

  private record Past(int failures, long until, long last) {}

  private final int free;
  private final long limit;
  private final Map<String, Past> table =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Past> eldest) {
          return size() > ADDRESSES;
        }
      };

  /**
   * @param free failures without consequence
   * @param limit the longest wait; a failure is forgotten after twice that without another
   */
  public BackOff(int free, Duration limit) {
    this.free = free;
    this.limit = limit.toNanos();
  }

  /** How long the address has to wait still, in nanoseconds; 0 if it may try. */
  public synchronized long wait(InetAddress address, long now) {
    var past = table.get(key(address));
    return past == null ? 0 : Math.max(0, past.until() - now);
  }

  /** Notes a failure. */
  public synchronized void failed(InetAddress address, long now) {
    var key = key(address);
    var past = table.get(key);
    int failures = past == null || now - past.last() > 2 * limit ? 1 : past.failures() + 1;
    long wait =
        failures <= free ? 0 : Math.min(limit, 1_000_000_000L << Math.min(30, failures - free - 1));
    table.put(key, new Past(failures, now + wait, now));
  }

  /** Forgets the failures of an address. */
  public synchronized void succeeded(InetAddress address) {
    table.remove(key(address));
  }

  /** How many addresses are remembered. */
  public synchronized int size() {
    return table.size();
  }

  private static String key(InetAddress address) {
    var bytes = address.getAddress();
    return HexFormat.of()
        .formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
  }
}
