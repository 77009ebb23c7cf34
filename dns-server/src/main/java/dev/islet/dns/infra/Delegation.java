package dev.islet.dns.infra;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;

/**
 * Who serves a zone, as its parent says it (RFC 1034 section 4.2.1).
 *
 * @param servers names of servers with the addresses that came as glue; none if none came
 * @param dies when it is no longer true, nanoseconds
 */
public record Delegation(Name zone, Map<Name, List<InetAddress>> servers, long dies) {
  /** More names, or more addresses of one, are not looked at (the NXNS attack). */
  static final int MAX_SERVERS = 20;

  private static final int MAX_ADDRESSES = 8;

  public Delegation {
    var kept = new LinkedHashMap<Name, List<InetAddress>>();
    for (boolean withGlue : new boolean[] {true, false}) {
      for (var entry : servers.entrySet()) {
        if (kept.size() < MAX_SERVERS && withGlue != entry.getValue().isEmpty()) {
          kept.put(entry.getKey(), few(entry.getValue()));
        }
      }
    }
    servers = java.util.Collections.unmodifiableMap(kept);
  }

  private static List<InetAddress> few(List<InetAddress> all) {
    return List.copyOf(all.subList(0, Math.min(MAX_ADDRESSES, all.size())));
  }

  /** How many addresses came as glue. */
  public int glue() {
    return servers.values().stream().mapToInt(List::size).sum();
  }

  /** A server under the zone's own name without glue cannot be found: that would go in a circle. */
  public boolean findable(Name server) {
    return !server.subdomain(zone) || zone.equals(Name.root);
  }

  /** All glue of both, this one's first. */
  Delegation completedBy(Delegation other) {
    var all = new LinkedHashMap<Name, List<InetAddress>>();
    servers.forEach(
        (name, addresses) -> {
          var known = new ArrayList<>(addresses);
          if (known.isEmpty()) {
            known.addAll(other.servers.getOrDefault(name, List.of()));
          }
          all.put(name, known);
        });
    return new Delegation(zone, all, dies);
  }
}
