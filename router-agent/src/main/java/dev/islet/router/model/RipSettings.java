package dev.islet.router.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How RIP runs.
 *
 * @param ports the interfaces it speaks on
 * @param port UDP port, 520 unless in a lab
 * @param update time between periodic updates; each is offset by up to a sixth of it at random
 * @param timeout a route not heard of for so long is unreachable
 * @param garbage an unreachable route is told so for so long, then forgotten
 * @param holdMin least pause between triggered updates
 * @param holdMax greatest pause between triggered updates
 * @param redistribute origins whose best routes are told besides RIP's own
 * @param redistributeMetric metric of routes of other origins, 1 to 15
 * @param acceptV1 whether messages of version 1 are listened to
 * @param maxRoutes how many learned prefixes are kept; more are refused and counted
 * @param distance administrative distance of learned routes
 * @param importFilter judges what is learned
 * @param exportFilter judges what is told
 */
public record RipSettings(
    List<Port> ports,
    int port,
    Duration update,
    Duration timeout,
    Duration garbage,
    Duration holdMin,
    Duration holdMax,
    Set<Origin> redistribute,
    int redistributeMetric,
    boolean acceptV1,
    int maxRoutes,
    int distance,
    RouteFilter importFilter,
    RouteFilter exportFilter) {
  /** The group of all RIP-2 routers (RFC 2453 section 4.5). */
  public static final String GROUP = "224.0.0.9";

  public RipSettings {
    ports = List.copyOf(ports);
    redistribute = Set.copyOf(redistribute);
  }

  /** The settings of an interface, if RIP speaks there. */
  public Optional<Port> port(String nic) {
    return ports.stream().filter(p -> p.nic().equals(nic)).findFirst();
  }

  /**
   * An interface RIP speaks on.
   *
   * @param nic its name
   * @param passive listens only; nothing is multicast there
   * @param cost added to the metric of what is heard there (RFC 2453 section 3.9.2), 1 to 15
   * @param horizon what is told there about routes learned there
   * @param auth how messages prove their origin
   * @param neighbors routers told by unicast besides or, on a passive interface, instead
   */
  public record Port(
      String nic,
      boolean passive,
      int cost,
      Horizon horizon,
      RipAuth auth,
      List<InetAddress> neighbors) {
    public Port {
      neighbors = List.copyOf(neighbors);
    }
  }

  /** What is told to a network about routes learned from it (RFC 2453 section 3.4.3). */
  public enum Horizon {
    /** That they are unreachable through us. */
    POISON,
    /** Nothing. */
    SIMPLE,
    /** Everything; for teaching only. */
    OFF
  }
}
