package dev.islet.dns.transport.secure;

import dev.islet.dns.transport.TcpLimits;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts who is connected, and makes room when all places are taken: whoever has not finished its
 * handshake for longest goes, else whoever has been idle for longest (RFC 7766 section 6.2.3), so
 * that those who only hold connections do not keep out those who ask. Safe for many threads.
 */
final class Admission {
  private final TcpLimits limits;
  private final Map<InetAddress, Integer> byClient = new HashMap<>();

  /** The longest connected first. */
  private final Set<Visit> open = new LinkedHashSet<>();

  Admission(TcpLimits limits) {
    this.limits = limits;
  }

  /** Lets one in, or says which limit it is over. */
  synchronized Optional<String> enter(Visit visit) {
    if (byClient.getOrDefault(visit.client(), 0) >= limits.perClient()) {
      return Optional.of("tls-per-client");
    }
    if (open.size() >= limits.connections()) {
      var idlest = idlest();
      if (idlest == null) {
        return Optional.of("tls-connections");
      }
      leave(idlest);
      idlest.evict();
    }
    open.add(visit);
    byClient.merge(visit.client(), 1, Integer::sum);
    return Optional.empty();
  }

  synchronized void leave(Visit visit) {
    if (open.remove(visit)) {
      byClient.computeIfPresent(visit.client(), (ip, n) -> n == 1 ? null : n - 1);
    }
  }

  synchronized int open() {
    return open.size();
  }

  private @Nullable Visit idlest() {
    Visit idlest = null;
    long since = Long.MAX_VALUE;
    for (var visit : open) {
      if (!visit.isEstablished()) {
        return visit;
      }
      long idle = visit.idleSince();
      if (idle < since) {
        since = idle;
        idlest = visit;
      }
    }
    return idlest;
  }
}
