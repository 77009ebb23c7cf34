package dev.islet.ftp.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts control connections, all and by address, over all listeners. */
final class Admission {
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();
  private int all;
  private volatile int most;
  private volatile int mostPerAddress;

  Admission(int most, int mostPerAddress) {
    limit(most, mostPerAddress);
  }

  /** Other limits, for connections from here on. */
  void limit(int total, int perAddress) {
    this.most = total;
    this.mostPerAddress = perAddress;
  }

  /** Lets a connection in and counts it, or tells why not. */
  synchronized Optional<String> enter(InetAddress address) {
    int mine = byAddress.getOrDefault(address, 0);
    if (all >= most) {
      return Optional.of("too many connections");
    }
    if (mine >= mostPerAddress) {
      return Optional.of("too many connections from your address");
    }
    all++;
    byAddress.put(address, mine + 1);
    return Optional.empty();
  }

  synchronized void leave(InetAddress address) {
    all--;
    byAddress.computeIfPresent(address, (a, n) -> n > 1 ? n - 1 : null);
  }
}
