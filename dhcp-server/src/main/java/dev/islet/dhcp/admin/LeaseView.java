package dev.islet.dhcp.admin;

import dev.islet.dhcp.lease.LeaseClock;
import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;

/**
 * A lease as it is shown.
 *
 * @param client the hardware address
 * @param identity what it is known by
 * @param until when the state ends, on the wall clock, or when it began if the address is free
 */
public record LeaseView(
    Ip4 address,
    LeaseState state,
    HardwareAddress client,
    String identity,
    String name,
    String until) {
  /** The view of a record. */
  public static LeaseView of(LeaseRecord record, LeaseClock clock) {
    return new LeaseView(
        record.address(),
        record.state(),
        record.hardware(),
        record.owner().toString(),
        record.name(),
        clock.wallOf(record.until()).toString());
  }
}
