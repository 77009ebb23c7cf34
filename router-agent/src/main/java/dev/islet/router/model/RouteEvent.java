package dev.islet.router.model;

import dev.islet.core.net.Prefix;
import java.net.InetAddress;

/** What became of routes and neighbours: the events an application usually wants. */
public sealed interface RouteEvent extends RouterEvent {
  /**
   * A prefix has a new best route.
   *
   * @param via how it leaves, for people
   * @param by whose route won
   */
  record Learned(Prefix prefix, String via, Origin by) implements RouteEvent {
    @Override
    public String note() {
      return prefix + " is reached via " + via + ", says " + by.name();
    }
  }

  /** A prefix has no usable route left. */
  record Lost(Prefix prefix) implements RouteEvent {
    @Override
    public String note() {
      return prefix + " cannot be reached any more: no candidate is left";
    }
  }

  /** A neighbouring router was heard for the first time, or has gone silent. */
  record NeighborState(InetAddress id, State state) implements RouteEvent {
    @Override
    public String note() {
      return switch (state) {
        case UP -> "neighbour " + id.getHostAddress() + " speaks RIP";
        case DOWN ->
            "neighbour "
                + id.getHostAddress()
                + " is heard no more: silent for the route time-out, or its link is down";
      };
    }
  }

  /** Whether a neighbour is heard. */
  enum State {
    UP,
    DOWN
  }
}
