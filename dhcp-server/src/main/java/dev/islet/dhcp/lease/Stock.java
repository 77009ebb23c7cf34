package dev.islet.dhcp.lease;

import dev.islet.dhcp.lease.SubnetLeases.Choice;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.subnet.ClassPool;
import dev.islet.dhcp.subnet.Pool;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The addresses of one pool that nobody has, and which of them comes next.
 *
 * <p>Choosing takes no search, however full the pool is. Addresses never given come from a cursor
 * that walks the pool once; addresses that came back wait in a set ordered by how long they have
 * been free, so that the one whose last client has been away longest goes first.
 */
final class Stock {
  /** Free since before anything was recorded: offered once and never taken. */
  static final long NEVER_USED = Long.MIN_VALUE;

  private record Free(long since, Ip4 address) {}

  private final ClassPool pool;
  private final TreeSet<Free> free =
      new TreeSet<>(Comparator.comparingLong(Free::since).thenComparing(Free::address));
  private final Map<Ip4, Free> freeByAddress = new HashMap<>();
  private final Pool.Cursor cursor;
  private long taken;
  private int strangers;

  Stock(ClassPool pool) {
    this.pool = pool;
    this.cursor = pool.pool().cursor();
  }

  boolean contains(Ip4 address) {
    return pool.pool().contains(address);
  }

  /** Whether a client may have addresses of it. */
  boolean isFor(Client client) {
    return pool.classes().isEmpty()
        || client.classes().stream().anyMatch(c -> pool.classes().contains(c.name()));
  }

  /** Whether it is for members of some classes only. */
  boolean isReserved() {
    return !pool.classes().isEmpty();
  }

  /** How many addresses nobody has or is offered. */
  long left() {
    return pool.pool().size() - taken;
  }

  /** How many are offered to clients that nobody knows. */
  int strangers() {
    return strangers;
  }

  /** So many more are offered to clients that nobody knows. */
  void strangers(int more) {
    strangers += more;
  }

  /** So many more addresses are in use. */
  void taken(int more) {
    taken += more;
  }

  /** The address that comes next. */
  Optional<Choice> next(Predicate<Ip4> known) {
    if (!free.isEmpty() && free.first().since() == NEVER_USED) {
      return Choice.of(free.first().address(), "nobody ever had it");
    }
    while (cursor.hasNext()) {
      var address = cursor.next();
      if (!known.test(address) && !freeByAddress.containsKey(address)) {
        // Waits among the free ones, so that it is not lost if nobody takes it now.
        put(address, NEVER_USED);
        return Choice.of(address, "nobody ever had it");
      }
    }
    return free.isEmpty()
        ? Optional.empty()
        : Choice.of(free.first().address(), "it has been free for longest");
  }

  /** An address waits to be given, free since then. */
  void put(Ip4 address, long since) {
    take(address);
    var entry = new Free(since, address);
    free.add(entry);
    freeByAddress.put(address, entry);
  }

  /** An address waits no longer. */
  void take(Ip4 address) {
    var entry = freeByAddress.remove(address);
    if (entry != null) {
      free.remove(entry);
    }
  }
}
