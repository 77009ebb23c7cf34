package dev.islet.dhcp.lease;

import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.Ip4;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Leases by something they hold: one array of them, looked through from where the key's hash points
 * to, until a hole (open addressing). A map of the JDK takes five times the memory. What a lease is
 * found by must not change while it is in here.
 *
 * @param <K> what they are found by
 */
final class LeaseIndex<K> {
  private static final int LEAST = 16;

  private final ToIntFunction<K> hashOfKey;
  private final ToIntFunction<Lease> hash;
  private final BiPredicate<Lease, K> has;
  private @Nullable Lease[] slots = new @Nullable Lease[LEAST];
  private int size;

  private LeaseIndex(
      ToIntFunction<K> hashOfKey, ToIntFunction<Lease> hash, BiPredicate<Lease, K> has) {
    this.hashOfKey = hashOfKey;
    this.hash = hash;
    this.has = has;
  }

  static LeaseIndex<Ip4> byAddress() {
    return new LeaseIndex<>(
        a -> Lease.spread(a.bits()), l -> Lease.spread(l.address().bits()), Lease::isAt);
  }

  static LeaseIndex<ClientKey> byOwner() {
    return new LeaseIndex<>(Lease::hash, Lease::ownerHash, Lease::isOf);
  }

  @Nullable Lease get(K key) {
    return slots[find(key)];
  }

  boolean contains(K key) {
    return get(key) != null;
  }

  /** All of them, in no order. */
  Stream<Lease> all() {
    return Arrays.stream(slots).filter(Objects::nonNull).map(l -> (Lease) l);
  }

  /** Puts a lease in, in place of another one with the same key. */
  void put(K key, Lease lease) {
    int at = find(key);
    if (slots[at] == null && 3 * ++size > 2 * slots.length) {
      grow();
      at = find(key);
    }
    slots[at] = lease;
  }

  /** Takes a lease out, if it is the one with this key. */
  void remove(K key, Lease lease) {
    int hole = find(key);
    if (slots[hole] != lease) {
      return;
    }
    size--;
    slots[hole] = null;
    // Those behind move up, or the hole would hide them.
    int mask = slots.length - 1;
    for (int i = hole + 1 & mask; ; i = i + 1 & mask) {
      var next = slots[i];
      if (next == null) {
        return;
      }
      int home = hash.applyAsInt(next) & mask;
      if ((i - home & mask) >= (i - hole & mask)) {
        slots[hole] = next;
        slots[i] = null;
        hole = i;
      }
    }
  }

  /** Where a key is, or would be. */
  private int find(K key) {
    int mask = slots.length - 1;
    int at = hashOfKey.applyAsInt(key) & mask;
    for (var lease = slots[at]; lease != null && !has.test(lease, key); lease = slots[at]) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    var old = slots;
    slots = new @Nullable Lease[2 * old.length];
    int mask = slots.length - 1;
    for (var lease : old) {
      if (lease != null) {
        int at = hash.applyAsInt(lease) & mask;
        while (slots[at] != null) {
          at = at + 1 & mask;
        }
        slots[at] = lease;
      }
    }
  }
}
