package dev.islet.dns.zone;

import dev.islet.dns.wire.NameKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** All zones of ours at one moment; immutable. */
public final class Zones {
  public static final Zones NONE = new Zones(Map.of(), Set.of());

  private final Map<Name, Zone> byOrigin;
  private final Set<Name> unavailable;

  /** The same by the hash of the name, for {@code nearest}. */
  private final @Nullable Zone[] slots;

  private final int mask;
  private final int deepest;

  private Zones(Map<Name, Zone> byOrigin, Set<Name> unavailable) {
    this.byOrigin = byOrigin;
    this.unavailable = unavailable;
    this.slots = new @Nullable Zone[Math.max(4, Integer.highestOneBit(byOrigin.size()) * 4)];
    this.mask = slots.length - 1;
    int most = 0;
    for (var zone : byOrigin.values()) {
      if (unavailable.stream().anyMatch(u -> u.subdomain(zone.origin()))) {
        continue; // only the slow lane tells its names from those of the unavailable zone
      }
      most = Math.max(most, zone.depth());
      int slot = zone.originHash() & mask;
      while (slots[slot] != null) {
        slot = slot + 1 & mask;
      }
      slots[slot] = zone;
    }
    this.deepest = most;
  }

  public static Zones of(Collection<Zone> zones) {
    var map = new LinkedHashMap<Name, Zone>();
    zones.forEach(z -> map.put(z.origin(), z));
    return new Zones(map, Set.of());
  }

  /** These zones with one put in the place of that of the same origin. */
  public Zones with(Zone zone) {
    var map = new LinkedHashMap<>(byOrigin);
    map.put(zone.origin(), zone);
    var missing = new HashSet<>(unavailable);
    missing.remove(zone.origin());
    return new Zones(map, missing);
  }

  /** These zones, with one of ours whose content is not known or too old to be told. */
  public Zones unavailable(Name origin) {
    var map = new LinkedHashMap<>(byOrigin);
    map.remove(origin);
    var missing = new HashSet<>(unavailable);
    missing.add(origin);
    return new Zones(map, missing);
  }

  /** These zones without one. */
  public Zones without(Name origin) {
    var map = new LinkedHashMap<>(byOrigin);
    map.remove(origin);
    var missing = new HashSet<>(unavailable);
    missing.remove(origin);
    return new Zones(map, missing);
  }

  /** Whether no zone of ours is unavailable. */
  public boolean areAvailable() {
    return unavailable.isEmpty();
  }

  /** Whether the nearest zone above a name is ours, but unavailable. */
  public boolean isUnavailable(Name name) {
    for (int up = 0; !unavailable.isEmpty() && up < name.labels(); up++) {
      var origin = up == 0 ? name : new Name(name, up);
      if (unavailable.contains(origin)) {
        return true;
      }
      if (byOrigin.containsKey(origin)) {
        return false;
      }
    }
    return false;
  }

  public Collection<Zone> all() {
    return byOrigin.values();
  }

  public Optional<Zone> at(Name origin) {
    return Optional.ofNullable(byOrigin.get(origin));
  }

  /**
   * The zone that answers: the nearest above the name, and for DS the parent's (RFC 4035 3.1.4).
   */
  public Optional<Zone> find(Name name, int type) {
    Zone child = null;
    for (int up = 0; up < name.labels(); up++) {
      var zone = look(up == 0 ? name : new Name(name, up));
      if (zone != null && up == 0 && type == Type.DS && name.labels() > 1) {
        child = zone;
      } else if (zone != null) {
        return Optional.of(zone);
      }
    }
    return Optional.ofNullable(child);
  }

  /**
   * What {@link #find} finds, without allocating; null if there is none.
   *
   * @param type that is asked for: of the zone's own name, DS is the parent's
   */
  public @Nullable Zone nearest(NameKey name, int type) {
    var zone = type == Type.DS && name.labels() > 0 ? above(name, 1) : null;
    return zone == null ? above(name, 0) : zone;
  }

  /** The zone nearest above a name without its first labels. */
  private @Nullable Zone above(NameKey name, int without) {
    for (int i = Math.max(without, name.labels() - deepest); i <= name.labels(); i++) {
      int from = name.start(i);
      for (int slot = name.hash(i) & mask; ; slot = slot + 1 & mask) {
        var zone = slots[slot];
        if (zone == null) {
          break;
        }
        if (zone.isOrigin(name.bytes(), from, name.length() - from, name.hash(i))) {
          return zone;
        }
      }
    }
    return null;
  }

  private @Nullable Zone look(Name origin) {
    return byOrigin.get(origin);
  }
}
