package dev.islet.dns.zone;

import dev.islet.dns.wire.NameKey;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** All zones of ours at one moment; immutable. */
public final class Zones {
  public static final Zones NONE = new Zones(Map.of());

  private final Map<Name, Zone> byOrigin;

  /** The same by the hash of the name, for {@link #nearest}. */
  private final @Nullable Zone[] slots;

  private final int mask;
  private final int deepest;

  private Zones(Map<Name, Zone> byOrigin) {
    this.byOrigin = byOrigin;
    this.slots = new @Nullable Zone[Math.max(4, Integer.highestOneBit(byOrigin.size()) * 4)];
    this.mask = slots.length - 1;
    int most = 0;
    for (var zone : byOrigin.values()) {
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
    return new Zones(map);
  }

  /** These zones with one put in the place of that of the same origin. */
  public Zones with(Zone zone) {
    var map = new LinkedHashMap<>(byOrigin);
    map.put(zone.origin(), zone);
    return new Zones(map);
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
   * The zone nearest above a name, without allocating; null if there is none. DS at the top of a
   * zone is the parent's and not for this.
   */
  public @Nullable Zone nearest(NameKey name) {
    for (int i = Math.max(0, name.labels() - deepest); i <= name.labels(); i++) {
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
