package dev.islet.core.net.socket;

/** A change to a routing table, see {@link Netlink#apply}. */
public sealed interface NetlinkChange {
  /** The route it is about. */
  NetlinkRoute route();

  /** Makes a route; fails with EEXIST where one of that destination and metric is. */
  record Add(NetlinkRoute route) implements NetlinkChange {}

  /**
   * Puts a route in the place of the one of that destination and metric, whosever it is, or makes
   * it.
   */
  record Replace(NetlinkRoute route) implements NetlinkChange {}

  /**
   * Takes away the route of that destination, table, metric and protocol, whatever its hops; fails
   * with ESRCH where there is none.
   */
  record Delete(NetlinkRoute route) implements NetlinkChange {}
}
