package dev.islet.router.fib;

import dev.islet.core.net.Prefix;
import dev.islet.router.fib.FibRoute.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Wanted and held routes, and the changes between. Pure: it answers with what to do and believes it
 * done until it is told otherwise. Not thread-safe: the router's loop owns it.
 *
 * <p>Routes found at the first comparison that nobody wants are inherited: left by an earlier life
 * that ended without farewell. They are kept, since forwarding goes on over them, until they are
 * wanted again, withdrawn, or swept at the end of the grace time.
 */
public final class FibTable {
  private final Map<Prefix, FibRoute> wanted = new LinkedHashMap<>();
  private final Map<Slot, FibRoute> held = new LinkedHashMap<>();
  private final Map<Prefix, Set<Slot>> inherited = new HashMap<>();
  private boolean grace = true;
  private boolean compared;

  /** A prefix shall be reached so. */
  public List<FibOp> want(FibRoute route) {
    wanted.put(route.prefix(), route);
    return compared ? mend(route) : List.of();
  }

  /** A prefix shall not be reached any more. */
  public List<FibOp> unwant(Prefix prefix) {
    var ops = new ArrayList<FibOp>();
    var route = wanted.remove(prefix);
    if (route != null && compared) {
      disinherit(route.slot());
      var there = held.remove(route.slot());
      if (there != null) {
        ops.add(new FibOp.Delete(there));
      }
    }
    return ops;
  }

  /**
   * Compares with what the kernel holds of ours.
   *
   * @return what mends the difference, additions before deletions
   */
  public List<FibOp> compare(Collection<FibRoute> kernel) {
    held.clear();
    for (var route : kernel) {
      held.put(route.slot(), route);
    }
    inherited.values().forEach(slots -> slots.retainAll(held.keySet()));
    inherited.values().removeIf(Set::isEmpty);
    var surplus = new ArrayList<FibRoute>();
    for (var route : kernel) {
      var want = wanted.get(route.prefix());
      if (want != null && want.slot().equals(route.slot())) {
        continue;
      }
      if (want == null && grace && (!compared || isInherited(route.slot()))) {
        inherited.computeIfAbsent(route.prefix(), prefix -> new HashSet<>()).add(route.slot());
      } else {
        surplus.add(route);
      }
    }
    compared = true;
    var ops = new ArrayList<FibOp>();
    for (var want : wanted.values()) {
      ops.addAll(mend(want));
    }
    for (var route : surplus) {
      held.remove(route.slot());
      disinherit(route.slot());
      ops.add(new FibOp.Delete(route));
    }
    return ops;
  }

  /** The grace time is over: inherited routes nobody wants go. */
  public List<FibOp> sweep() {
    grace = false;
    var ops = new ArrayList<FibOp>();
    for (var slots : inherited.values()) {
      for (var slot : slots) {
        take(slot).ifPresent(ops::add);
      }
    }
    inherited.clear();
    return ops;
  }

  /** The farewell: everything of ours goes. */
  public List<FibOp> clear() {
    wanted.clear();
    grace = false;
    inherited.clear();
    var ops = new ArrayList<FibOp>();
    held.values().forEach(route -> ops.add(new FibOp.Delete(route)));
    held.clear();
    return ops;
  }

  /** A change was refused: what should be there now is not believed to be. */
  public void failed(FibRoute route) {
    held.remove(route.slot(), route);
  }

  /** Whether a notice of the kernel about a route of ours contradicts what we believe. */
  public boolean contradicts(FibRoute route, boolean gone) {
    var there = held.get(route.slot());
    return gone ? route.equals(there) : !route.equals(there);
  }

  /** Whether one of ours is believed to be in this place. */
  public boolean holds(Slot slot) {
    return held.containsKey(slot);
  }

  /** What is believed to be in the kernel. */
  public List<FibRoute> held() {
    return List.copyOf(held.values());
  }

  /** How many inherited routes wait for somebody to want them. */
  public int inherited() {
    return inherited.values().stream().mapToInt(Set::size).sum();
  }

  /** How many wanted routes are not there. */
  public int missing() {
    int n = 0;
    for (var want : wanted.values()) {
      if (!want.equals(held.get(want.slot()))) {
        n++;
      }
    }
    return n;
  }

  private List<FibOp> mend(FibRoute want) {
    var ops = new ArrayList<FibOp>(2);
    disinherit(want.slot());
    var there = Optional.ofNullable(held.put(want.slot(), want));
    if (there.isEmpty()) {
      ops.add(new FibOp.Add(want));
    } else if (!there.get().equals(want)) {
      ops.add(new FibOp.Replace(there.get(), want));
    }
    // One of ours at another metric: a configuration before this one.
    var others = inherited.remove(want.prefix());
    if (others != null) {
      for (var slot : others) {
        take(slot).ifPresent(ops::add);
      }
    }
    return ops;
  }

  private Optional<FibOp> take(Slot slot) {
    return Optional.ofNullable(held.remove(slot)).map(FibOp.Delete::new);
  }

  private boolean isInherited(Slot slot) {
    return inherited.getOrDefault(slot.prefix(), Set.of()).contains(slot);
  }

  private void disinherit(Slot slot) {
    var slots = inherited.get(slot.prefix());
    if (slots != null) {
      slots.remove(slot);
      if (slots.isEmpty()) {
        inherited.remove(slot.prefix());
      }
    }
  }
}
