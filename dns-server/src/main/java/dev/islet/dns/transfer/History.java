package dev.islet.dns.transfer;

import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;

/**
 * The latest differences of the zones that may be transferred, whatever made them: updates, reloads
 * or a transfer from a primary. Those of one zone never hold more records than the zone itself,
 * since then the whole is shorter (RFC 1995 section 5).
 */
public final class History {
  private static final int LEAST_RECORDS = 1_000;

  private final Map<Name, Deque<Difference>> byZone = new HashMap<>();
  private Set<Name> wanted = Set.of();

  /** The zones whose differences are worth keeping; those of others are forgotten. */
  public synchronized void keep(Set<Name> zones) {
    wanted = Set.copyOf(zones);
    byZone.keySet().retainAll(wanted);
  }

  /** Learns what is about to be published in place of what. */
  public synchronized void observe(Zones before, Zones after) {
    for (var origin : wanted) {
      var old = before.at(origin);
      var next = after.at(origin);
      if (old.isPresent() && next.isPresent() && old.get() != next.get()) {
        learn(old.get(), next.get());
      }
    }
  }

  private void learn(Zone old, Zone next) {
    if (!Serial.isAfter(next.serial(), old.serial())) {
      if (next.serial() != old.serial() || !next.sameAs(old)) {
        byZone.remove(next.origin()); // no way leads from the one to the other
      }
      return;
    }
    var steps = byZone.computeIfAbsent(next.origin(), n -> new ArrayDeque<>());
    steps.addLast(Difference.between(old, next));
    long most = Math.max(LEAST_RECORDS, next.records().count());
    long size = steps.stream().mapToLong(Difference::size).sum();
    while (size > most) {
      size -= steps.removeFirst().size();
    }
  }

  /**
   * The steps from a serial to exactly the zone given; empty if they are not known.
   *
   * @param serial that the asker has
   */
  public synchronized Optional<List<Difference>> since(long serial, Zone zone) {
    var way = new ArrayList<Difference>();
    for (var step : byZone.getOrDefault(zone.origin(), new ArrayDeque<>())) {
      if (!way.isEmpty() || step.from().getSerial() == serial) {
        way.add(step);
        if (step.to().getSerial() == zone.serial()) {
          return Optional.of(way);
        }
      }
    }
    return Optional.empty();
  }
}
