package dev.islet.dns.zone;

import dev.islet.dns.wire.WireName;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * The owners of a zone's NSEC records, or of its NSEC3 records, in canonical order (RFC 4034
 * section 6.1), which is the order of the hashes as well: tells who comes before a name. Immutable.
 */
public final class Order {
  static final Order NONE = new Order(new byte[0][]);

  /** On the wire, each in its own case: a million names are a million small arrays. */
  private final byte[][] names;

  /** How many labels all names end in, as the first and the last do. */
  private final int common;

  /**
   * The beginning of each name's label before those: in the same order, with the same for many, and
   * side by side, so that a search seldom looks at the names themselves.
   */
  private final long[] heads;

  private Order(byte[][] names) {
    this.names = names;
    this.common = names.length == 0 ? 0 : WireName.common(names[0], 0, names[names.length - 1], 0);
    this.heads = new long[names.length];
    Arrays.setAll(heads, i -> WireName.head(names[i], 0, common));
  }

  /** This order with some names more and some less; none is both. */
  public Order with(Collection<Name> come, Collection<Name> gone) {
    if (come.isEmpty() && gone.isEmpty()) {
      return this;
    }
    var fresh = sorted(come);
    var without = sorted(gone);
    var next = new byte[names.length + fresh.length][];
    int to = 0;
    int at = 0;
    int left = 0;
    for (var name : names) {
      while (at < fresh.length && compare(fresh[at], name) < 0) {
        next[to++] = fresh[at++];
      }
      if (at < fresh.length && compare(fresh[at], name) == 0) {
        at++; // it is there already
      }
      while (left < without.length && compare(without[left], name) < 0) {
        left++;
      }
      if (left == without.length || compare(without[left], name) != 0) {
        next[to++] = name;
      }
    }
    while (at < fresh.length) {
      next[to++] = fresh[at++];
    }
    return new Order(Arrays.copyOf(next, to));
  }

  private static byte[][] sorted(Collection<Name> names) {
    return names.stream().sorted().distinct().map(Name::toWire).toArray(byte[][]::new);
  }

  public boolean holds(Name name) {
    return search(name) >= 0;
  }

  public boolean isEmpty() {
    return names.length == 0;
  }

  /** The name itself or the nearest before it; before the first comes the last. */
  public Optional<Name> atOrBefore(Name name) {
    var found = atOrBefore(name.toWire(), 0);
    return found == null ? Optional.empty() : Optional.of(name(found));
  }

  /**
   * The same for a name given as bytes, without allocating; null if nothing is in order.
   *
   * @param key holds the name on the wire from {@code from} on, in any case
   */
  public byte @Nullable [] atOrBefore(byte[] key, int from) {
    if (names.length == 0) {
      return null;
    }
    int at = search(key, from);
    int before = at >= 0 ? at : -at - 2;
    return names[before < 0 ? names.length - 1 : before];
  }

  /** The nearest before a name, never itself unless it is the only one. */
  public Optional<Name> before(Name name) {
    if (names.length == 0) {
      return Optional.empty();
    }
    int at = search(name);
    int before = (at >= 0 ? at : -at - 1) - 1;
    return Optional.of(name(names[before < 0 ? names.length - 1 : before]));
  }

  /** All in order. */
  public List<Name> names() {
    return Arrays.stream(names).map(Order::name).toList();
  }

  /** The nearest after a name; after the last comes the first. */
  public Optional<Name> after(Name name) {
    if (names.length == 0) {
      return Optional.empty();
    }
    int at = search(name);
    int next = at >= 0 ? at + 1 : -at - 1;
    return Optional.of(name(names[next == names.length ? 0 : next]));
  }

  private int search(Name name) {
    return search(name.toWire(), 0);
  }

  /** Where a name is; if it is not there, minus the place it would have, less one. */
  private int search(byte[] key, int from) {
    int low = 0;
    int high = names.length - 1;
    boolean beside = high < 0 || WireName.common(names[0], 0, key, from) < common;
    long head = beside ? 0 : WireName.head(key, from, common);
    while (low <= high) {
      int middle = low + high >>> 1;
      long there = heads[middle];
      int side =
          beside || there == head
              ? WireName.compare(names[middle], 0, key, from)
              : Long.compareUnsigned(there, head);
      if (side == 0) {
        return middle;
      }
      if (side < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  private static int compare(byte[] a, byte[] b) {
    return WireName.compare(a, 0, b, 0);
  }

  private static Name name(byte[] wire) {
    try {
      return new Name(wire);
    } catch (IOException e) {
      throw new IllegalStateException("a name that was written cannot be read", e);
    }
  }
}
