package dev.islet.dns.transport.secure;

import dev.islet.dns.transport.TcpLimits;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts who is connected; safe for many threads. */
final class Admission {
  private final TcpLimits limits;
  private final Map<InetAddress, Integer> byClient = new HashMap<>();
  private int open;

  Admission(TcpLimits limits) {
    this.limits = limits;
  }

  /** Lets one in, or says which limit it is over. */
  synchronized Optional<String> enter(InetAddress client) {
    if (byClient.getOrDefault(client, 0) >= limits.perClient()) {
      return Optional.of("tls-per-client");
    }
    if (open >= limits.connections()) {
      return Optional.of("tls-connections");
    }
    open++;
    byClient.merge(client, 1, Integer::sum);
    return Optional.empty();
  }

  synchronized void leave(InetAddress client) {
    open--;
    byClient.computeIfPresent(client, (ip, n) -> n == 1 ? null : n - 1);
  }

  synchronized int open() {
    return open;
  }
}
