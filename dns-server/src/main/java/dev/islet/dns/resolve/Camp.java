package dev.islet.dns.resolve;

import dev.islet.dns.cache.CacheKey;
import dev.islet.dns.infra.Delegation;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Where a {@link Walk} stands: a zone, and what came of asking its servers so far. */
final class Camp {
  /** How often a silent server is asked. */
  static final int TRIES = 3;

  final Delegation zone;

  /** Where the zone was learnt on this walk; null if it is remembered from another. */
  final @Nullable Camp before;

  /** Which server of that camp referred here. */
  final @Nullable InetAddress by;

  /** The name asked for last. */
  @Nullable Name asked;

  /** Whether the zone answered for that name, so that the next is due. */
  boolean passed;

  /** Whether to ask for the whole name only. */
  boolean whole;

  /** A name above the whole one that was denied. */
  @Nullable Name doubted;

  private final Map<InetAddress, Integer> tries = new HashMap<>();
  private final Set<InetAddress> gaveUp = new HashSet<>();
  private final Set<CacheKey> lookedUp = new HashSet<>();
  private final Set<CacheKey> awaited = new HashSet<>();
  private final Map<Name, List<InetAddress>> found = new HashMap<>();

  Camp(Delegation zone, @Nullable Camp before, @Nullable InetAddress by) {
    this.zone = zone;
    this.before = before;
    this.by = by;
  }

  /** Whether no server of the zone could even be asked: the referral that led here may be wrong. */
  boolean deserted() {
    return asked == null;
  }

  /** Whether there are servers beside the one that referred to another camp. */
  boolean others(Camp onward, Walks walks) {
    if (onward.by != null) {
      gaveUp.add(onward.by);
    }
    return !candidates(walks).isEmpty()
        || zone.servers().keySet().stream()
            .anyMatch(s -> zone.findable(s) && !lookedUp.contains(Walks.address(s, Type.A)));
  }

  Name name() {
    return zone.zone();
  }

  /** Addresses of the zone's servers that are worth asking. */
  List<InetAddress> candidates(Walks walks) {
    long now = walks.stage.now();
    var all = new LinkedHashSet<InetAddress>();
    for (var entry : zone.servers().entrySet()) {
      var server = entry.getKey();
      all.addAll(entry.getValue());
      all.addAll(found.getOrDefault(server, List.of()));
      if (entry.getValue().isEmpty()) {
        all.addAll(walks.recalled(server));
      }
    }
    var open = new ArrayList<InetAddress>();
    for (var address : all) {
      if (!gaveUp.contains(address)
          && tries(address) < TRIES
          && walks.mayAsk(address)
          && !walks.servers.isLame(address, name(), now)) {
        open.add(address);
      }
    }
    return open;
  }

  int tries(InetAddress server) {
    return tries.getOrDefault(server, 0);
  }

  /** The server was silent. */
  void tried(InetAddress server) {
    tries.merge(server, 1, Integer::sum);
  }

  /** The server is of no use for this name. */
  void giveUp(InetAddress server) {
    gaveUp.add(server);
  }

  /** All servers get another chance with the whole name. */
  void askWhole() {
    whole = true;
    gaveUp.clear();
    tries.replaceAll((server, times) -> TRIES - 1);
  }

  /** An address that may be found by a look-up, each given once; null if there is none left. */
  @Nullable CacheKey toLookUp(boolean six) {
    for (int type : six ? new int[] {Type.A, Type.AAAA} : new int[] {Type.A}) {
      for (var server : zone.servers().keySet()) {
        var address = Walks.address(server, type);
        if (zone.findable(server) && lookedUp.add(address)) {
          return address;
        }
      }
    }
    return null;
  }

  int lookups() {
    return lookedUp.size();
  }

  void await(CacheKey address) {
    awaited.add(address);
  }

  boolean awaits() {
    return !awaited.isEmpty();
  }

  /** A look-up is over; false if it was for another camp. */
  boolean arrived(CacheKey address, List<InetAddress> addresses) {
    if (!awaited.remove(address)) {
      return false;
    }
    found(address.question().name(), addresses);
    return true;
  }

  void found(Name server, List<InetAddress> addresses) {
    found.computeIfAbsent(server, n -> new ArrayList<>()).addAll(addresses);
  }
}
