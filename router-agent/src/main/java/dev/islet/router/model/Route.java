package dev.islet.router.model;

import dev.islet.core.net.Prefix;
import java.util.List;

/**
 * One origin's claim that a prefix can be reached.
 *
 * @param prefix what is reached
 * @param hops how; more than one shares the traffic (equal-cost multipath)
 * @param origin who says so
 * @param id tells apart several routes of one origin to one prefix
 * @param distance administrative distance, 0 to 255; 255 is never used
 * @param metric the origin's own measure, comparable only within it; RIP counts hops, 1 to 15
 * @param tag carried along by RIP (RFC 2453 section 4.2), 0 to 65535
 */
public record Route(
    Prefix prefix, List<Hop> hops, Origin origin, String id, int distance, int metric, int tag) {
  public Route {
    hops = List.copyOf(hops);
    if (hops.isEmpty()) {
      throw new IllegalArgumentException("a route needs a hop: " + prefix);
    }
    if (distance < 0 || distance > 255) {
      throw new IllegalArgumentException("distance " + distance + " is not from 0 to 255");
    }
    if (metric < 0) {
      throw new IllegalArgumentException("metric " + metric + " is negative");
    }
    if (tag < 0 || tag > 0xFFFF) {
      throw new IllegalArgumentException("tag " + tag + " is not from 0 to 65535");
    }
  }

  /** The hops as people read them. */
  public String via() {
    var text = new StringBuilder();
    for (var hop : hops) {
      text.append(text.isEmpty() ? "" : ", ").append(hop);
    }
    return text.toString();
  }
}
