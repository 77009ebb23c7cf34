package dev.islet.dns.fast;

import dev.islet.core.net.Prefix;
import java.nio.ByteBuffer;
import java.util.List;

/** Networks as numbers, to be asked without an address object. */
final class Networks {
  private static final long MAPPED = 0xFFFFL;

  private final long[] four;
  private final long[] fourMasks;
  private final long[] six; // pairs
  private final long[] sixMasks;

  Networks(List<Prefix> networks) {
    var v4 = networks.stream().filter(Prefix::isIpv4).toList();
    var v6 = networks.stream().filter(p -> !p.isIpv4()).toList();
    four = new long[v4.size()];
    fourMasks = new long[v4.size()];
    for (int i = 0; i < four.length; i++) {
      fourMasks[i] = mask(v4.get(i).length() + 32) & 0xFFFF_FFFFL;
      four[i] = ByteBuffer.wrap(v4.get(i).address().getAddress()).getInt() & 0xFFFF_FFFFL;
    }
    six = new long[v6.size() * 2];
    sixMasks = new long[v6.size() * 2];
    for (int i = 0; i < six.length; i += 2) {
      var network = v6.get(i / 2);
      var bytes = ByteBuffer.wrap(network.address().getAddress());
      six[i] = bytes.getLong();
      six[i + 1] = bytes.getLong();
      sixMasks[i] = mask(Math.min(64, network.length()));
      sixMasks[i + 1] = mask(Math.max(0, network.length() - 64));
    }
  }

  /** Whether an address lies in one; IPv4 comes as {@code ::ffff:a.b.c.d}. */
  boolean allow(long high, long low) {
    if (high == 0 && low >>> 32 == MAPPED) {
      for (int i = 0; i < four.length; i++) {
        if ((low & fourMasks[i]) == four[i]) {
          return true;
        }
      }
      return false;
    }
    for (int i = 0; i < six.length; i += 2) {
      if ((high & sixMasks[i]) == six[i] && (low & sixMasks[i + 1]) == six[i + 1]) {
        return true;
      }
    }
    return false;
  }

  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << 64 - bits;
  }
}
