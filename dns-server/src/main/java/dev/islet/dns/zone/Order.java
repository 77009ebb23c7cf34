package dev.islet.dns.zone;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.Name;

/**
 * The owners of a zone's NSEC records, or of its NSEC3 records, in canonical order (RFC 4034
 * section 6.1), which is the order of the hashes as well: tells who comes before a name. Immutable.
 */
public final class Order {
  static final Order NONE = new Order(new Name[0]);

  private final Name[] names;

  private Order(Name[] names) {
    this.names = names;
  }

  /** This order with some names more and some less; none is both. */
  public Order with(Collection<Name> come, Collection<Name> gone) {
    if (come.isEmpty() && gone.isEmpty()) {
      return this;
    }
    var fresh = come.stream().filter(n -> !holds(n)).sorted().distinct().toArray(Name[]::new);
    Set<Name> without = new HashSet<>(gone);
    var next = new Name[names.length + fresh.length];
    int to = 0;
    int at = 0;
    for (var name : names) {
      while (at < fresh.length && fresh[at].compareTo(name) < 0) {
        next[to++] = fresh[at++];
      }
      if (without.isEmpty() || !without.contains(name)) {
        next[to++] = name;
      }
    }
    while (at < fresh.length) {
      next[to++] = fresh[at++];
    }
    return new Order(Arrays.copyOf(next, to));
  }

  public boolean holds(Name name) {
    return Arrays.binarySearch(names, name) >= 0;
  }

  public boolean isEmpty() {
    return names.length == 0;
  }

  /** The name itself or the nearest before it; before the first comes the last. */
  public Optional<Name> atOrBefore(Name name) {
    if (names.length == 0) {
      return Optional.empty();
    }
    int at = Arrays.binarySearch(names, name);
    int before = at >= 0 ? at : -at - 2;
    return Optional.of(names[before < 0 ? names.length - 1 : before]);
  }

  /** The nearest before a name, never itself unless it is the only one. */
  public Optional<Name> before(Name name) {
    if (names.length == 0) {
      return Optional.empty();
    }
    int at = Arrays.binarySearch(names, name);
    int before = (at >= 0 ? at : -at - 1) - 1;
    return Optional.of(names[before < 0 ? names.length - 1 : before]);
  }

  /** All in order. */
  public List<Name> names() {
    return List.of(names);
  }

  /** The nearest after a name; after the last comes the first. */
  public Optional<Name> after(Name name) {
    if (names.length == 0) {
      return Optional.empty();
    }
    int at = Arrays.binarySearch(names, name);
    int next = at >= 0 ? at + 1 : -at - 1;
    return Optional.of(names[next == names.length ? 0 : next]);
  }
}
