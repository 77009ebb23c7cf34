package dev.islet.dns.transfer;

import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Whom to tell that a zone has changed.
 *
 * @param targets named by the operator
 * @param servers whether the hosts of the zone's NS records are told too, as far as zones of ours
 *     know their addresses
 * @param key for the latter
 */
public record NotifyPolicy(List<Peer> targets, boolean servers, Optional<TsigKey> key) {
  private static final int PORT = 53;

  public NotifyPolicy {
    targets = List.copyOf(targets);
  }

  /** The secondaries of a zone; the primary that its SOA names is none (RFC 1996 section 2). */
  public List<Peer> of(Zones zones, Zone zone) {
    var peers = new LinkedHashSet<>(targets);
    if (servers) {
      zone.at(zone.origin(), Type.NS)
          .ifPresent(
              ns ->
                  ns.records()
                      .forEach(
                          r -> {
                            var host = ((NSRecord) r).getTarget();
                            if (!host.equals(zone.start().getHost())) {
                              addresses(zones, host)
                                  .forEach(
                                      a ->
                                          peers.add(new Peer(new InetSocketAddress(a, PORT), key)));
                            }
                          }));
    }
    return List.copyOf(peers);
  }

  private static Set<InetAddress> addresses(Zones zones, Name host) {
    var found = new LinkedHashSet<InetAddress>();
    for (int type : new int[] {Type.A, Type.AAAA}) {
      var set = zones.find(host, type).flatMap(z -> z.at(host, type));
      set.ifPresent(
          s ->
              s.records()
                  .forEach(
                      r -> {
                        switch (r) {
                          case ARecord a -> found.add(a.getAddress());
                          case AAAARecord aaaa -> found.add(aaaa.getAddress());
                          default -> {}
                        }
                      }));
    }
    return found;
  }
}
