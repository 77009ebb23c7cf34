package dev.islet.dns.policy;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.util.List;

/**
 * A set of networks. Empty means nobody.
 *
 * @param networks in no order
 */
public record Acl(List<Prefix> networks) {
  public Acl {
    networks = List.copyOf(networks);
  }

  /** Whether an address lies in one of the networks. */
  public boolean allows(InetAddress address) {
    for (var network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
