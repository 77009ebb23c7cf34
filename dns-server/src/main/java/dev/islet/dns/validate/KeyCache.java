package dev.islet.dns.validate;

import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/** What was found out about names as zones; the least used go first. */
final class KeyCache {
  private final int most;
  private final LinkedHashMap<Name, ZoneKeys> known = new LinkedHashMap<>(64, 0.75f, true);

  KeyCache(int most) {
    this.most = most;
  }

  @Nullable ZoneKeys get(Name name, long now) {
    var keys = known.get(name);
    if (keys != null && keys.until() <= now) {
      known.remove(name);
      return null;
    }
    return keys;
  }

  void put(Name name, ZoneKeys keys) {
    known.put(name, keys);
    if (known.size() > most) {
      known.remove(known.firstEntry().getKey());
    }
  }

  /** What was found bogus may be found true with what others say. */
  void removeBogus() {
    known.values().removeIf(k -> k instanceof ZoneKeys.Bogus);
  }

  void remove(Name name) {
    known.remove(name);
  }

  void clear() {
    known.clear();
  }

  int size() {
    return known.size();
  }
}
