package dev.islet.dns.chain;

import dev.islet.core.net.Prefix;
import dev.islet.dns.filter.Clients;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * What some askers see in place of what all see: zones of its own over the common ones, and a
 * recursion of its own. Common zones that it does not have are seen as they are, with what updates
 * change in them.
 */
public final class View {
  private final String name;
  private final Clients clients;
  private final Set<Name> keys;
  private final List<Zone> own;
  private final Optional<Acl> recursion;
  private final SpecialNames special;
  private volatile @Nullable Seen seen;

  private record Seen(Zones common, Zones all) {}

  /**
   * @param keys whoever signs with one of them sees this, from anywhere
   * @param own in place of the common zones of the same names
   * @param recursion who of its askers gets names that are not ours; as for all without it
   * @param special names that never leave, apart from the common zones and those of its own
   */
  public View(
      String name,
      Clients clients,
      Set<Name> keys,
      List<Zone> own,
      Optional<Acl> recursion,
      SpecialNames special) {
    this.name = name;
    this.clients = clients;
    this.keys = Set.copyOf(keys);
    this.own = List.copyOf(own);
    this.recursion = recursion;
    this.special = special;
  }

  public String name() {
    return name;
  }

  Optional<Acl> recursion() {
    return recursion;
  }

  SpecialNames special() {
    return special;
  }

  boolean has(Name key) {
    return keys.contains(key);
  }

  /** Where its askers are; those who sign with its keys may be anywhere. */
  List<Prefix> networks() {
    return clients.networks();
  }

  /** How exactly an asker is named; -1 if not at all. */
  int closeness(InetAddress address) {
    return clients.closeness(address, Optional.empty());
  }

  /** The zones that its askers see; made anew when a common one has changed. */
  Zones over(Zones common) {
    var now = seen;
    if (now == null || now.common() != common) {
      var all = common;
      for (var zone : own) {
        all = all.with(zone);
      }
      now = new Seen(common, all);
      seen = now;
    }
    return now.all();
  }
}
