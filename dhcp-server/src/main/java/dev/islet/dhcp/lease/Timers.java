package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.Ip4;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** What is due when, soonest first; every timer can be taken back. */
final class Timers {
  /** What a timer ends. */
  enum Kind {
    OFFER,
    LEASE,
    PROBE
  }

  record Timer(long at, Ip4 address, Kind kind) {}

  private final TreeSet<Timer> timers =
      new TreeSet<>(
          Comparator.comparingLong(Timer::at)
              .thenComparing(Timer::address)
              .thenComparing(Timer::kind));

  void set(long at, Ip4 address, Kind kind) {
    if (at != Engine.NEVER) {
      timers.add(new Timer(at, address, kind));
    }
  }

  void cancel(long at, Ip4 address, Kind kind) {
    timers.remove(new Timer(at, address, kind));
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
