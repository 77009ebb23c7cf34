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
import java.util.function.Supplier;
import org.xbill.DNS.Name;

/**
 * The latest differences of the zones that may be transferred, whatever made them: updates, reloads
 * or a transfer from a primary. Those of one zone never hold more records than the zone itself,
 * since then the whole is shorter (RFC 1995 section 5).
 *
 * <p>Each step knows a digest of the zone before and after it. So steps that were kept over a
 * restart are used only if they lead to exactly the zone that is served then.
 */
public final class History {
  private static final int LEAST_RECORDS = 1_000;

  /**
   * A step with what it leads from and to.
   *
   * @param before digest of the zone before it
   * @param after digest of the zone after it
   */
  public record Step(Name zone, Digest before, Difference difference, Digest after) {}

  /** Where steps are kept; told in their order, one at a time. */
  public interface Shelf {
    /** Keeps nothing. */
    Shelf NONE = (step, all) -> {};

    /**
     * Keeps one more.
     *
     * @param all gives every step that is still of use, with this one
     */
    void keep(Step step, Supplier<List<Step>> all);
  }

  private final Map<Name, Deque<Step>> byZone = new HashMap<>();
  private Set<Name> wanted = Set.of();
  private Shelf shelf = Shelf.NONE;

  /** Takes the steps from before, and where to keep those to come; before the first zone. */
  public synchronized void open(List<Step> before, Shelf where) {
    before.forEach(this::append);
    shelf = where;
  }

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
      if (old.isEmpty() && next.isPresent()) {
        returned(next.get());
      } else if (old.isPresent() && next.isPresent() && old.get() != next.get()) {
        learn(old.get(), next.get());
      }
    }
  }

  /** Steps from before it was away are good if they lead to it. */
  private void returned(Zone zone) {
    var steps = byZone.get(zone.origin());
    if (steps != null && !steps.getLast().after().equals(Digest.of(zone))) {
      byZone.remove(zone.origin());
    }
  }

  private void append(Step step) {
    var steps = byZone.computeIfAbsent(step.zone(), n -> new ArrayDeque<>());
    if (!steps.isEmpty() && !steps.getLast().after().equals(step.before())) {
      steps.clear(); // something lies between that was not kept
    }
    steps.addLast(step);
  }

  private void learn(Zone old, Zone next) {
    if (!Serial.isAfter(next.serial(), old.serial())) {
      if (next.serial() != old.serial() || !next.sameAs(old)) {
        byZone.remove(next.origin()); // no way leads from the one to the other
      }
      return;
    }
    var difference = Difference.between(old, next);
    var known = byZone.get(next.origin());
    var before = known == null ? Digest.of(old) : known.getLast().after();
    var step = new Step(next.origin(), before, difference, before.after(difference));
    append(step);
    var steps = byZone.getOrDefault(next.origin(), new ArrayDeque<>());
    long most = Math.max(LEAST_RECORDS, next.records().count());
    long size = steps.stream().mapToLong(s -> s.difference().size()).sum();
    while (size > most) {
      size -= steps.removeFirst().difference().size();
    }
    if (steps.isEmpty()) {
      byZone.remove(next.origin());
    }
    shelf.keep(step, this::all);
  }

  private synchronized List<Step> all() {
    return byZone.values().stream().flatMap(Deque::stream).toList();
  }

  /**
   * The steps from a serial to exactly the zone given; empty if they are not known.
   *
   * @param serial that the asker has
   */
  public synchronized Optional<List<Difference>> since(long serial, Zone zone) {
    var way = new ArrayList<Difference>();
    for (var kept : byZone.getOrDefault(zone.origin(), new ArrayDeque<>())) {
      var step = kept.difference();
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
