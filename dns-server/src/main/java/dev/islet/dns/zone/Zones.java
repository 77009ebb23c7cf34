package dev.islet.dns.zone;

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

  private Zones(Map<Name, Zone> byOrigin) {
    this.byOrigin = byOrigin;
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

  private @Nullable Zone look(Name origin) {
    return byOrigin.get(origin);
  }
}
