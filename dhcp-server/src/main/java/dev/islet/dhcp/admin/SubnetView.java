package dev.islet.dhcp.admin;

import dev.islet.dhcp.lease.LeaseEngine;

/**
 * How full a subnet is, as it is shown.
 *
 * @param pool addresses any client may get
 * @param bound addresses clients have, reserved ones included
 * @param offered addresses held for clients that have not answered yet
 */
public record SubnetView(String subnet, long pool, int bound, int offered, long leaseSeconds) {
  /** The view of a subnet's usage. */
  public static SubnetView of(LeaseEngine.Usage usage) {
    return new SubnetView(
        usage.subnet().toString(),
        usage.pool(),
        usage.bound(),
        usage.offered(),
        usage.subnet().terms().lease().toSeconds());
  }
}
