package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.Ip4;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** What is due when, soonest first; every timer can be taken back. */
final class Timers {
  record Timer(long at, Ip4 address) {}

  private final TreeSet<Timer> timers =
      new TreeSet<>(Comparator.comparingLong(Timer::at).thenComparing(Timer::address));

  void set(long at, Ip4 address) {
    if (at != Engine.NEVER) {
      timers.add(new Timer(at, address));
    }
  }

  void cancel(long at, Ip4 address) {
    timers.remove(new Timer(at, address));
  }

  long next() {
    return timers.isEmpty() ? Engine.NEVER : timers.first().at();
  }

  /** Takes the first timer that is due. */
  Optional<Timer> due(long now) {
    return timers.isEmpty() || timers.first().at() > now
        ? Optional.empty()
        : Optional.ofNullable(timers.pollFirst());
  }

  void clear() {
    timers.clear();
  }
}
