package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;

/** One address that has been given at least once; changed only by {@link LeaseTable}. */
final class Lease {
  final Ip4 address;
  LeaseState state;
  ClientKey owner;
  HardwareAddress hardware;

  /** When the state ends; when it began, if FREE. */
  long until;

  /** What the lease file says; at least what was promised, 0 if it is not known to be there. */
  long durableUntil;

  /** When the soonest timer set for it comes. */
  long timer = Engine.NEVER;

  /** The label it has in DNS, or empty. */
  String name = "";

  /** The label it had in DNS before it ended, or empty. */
  String lastName = "";

  Lease(Ip4 address, LeaseState state, ClientKey owner, HardwareAddress hardware, long until) {
    this.address = address;
    this.state = state;
    this.owner = owner;
    this.hardware = hardware;
    this.until = until;
  }

  /** When time does something to it. */
  long deadline() {
    return state == LeaseState.FREE ? Engine.NEVER : until;
  }

  /** What is written down: at least what was promised. */
  LeaseRecord record(long now) {
    return record(now, state == LeaseState.BOUND ? Math.max(until, durableUntil) : until);
  }

  /** What was promised. */
  LeaseRecord promise(long now) {
    return record(now, until);
  }

  private LeaseRecord record(long now, long end) {
    var label = state == LeaseState.BOUND ? name : lastName;
    return new LeaseRecord(address, state, owner, hardware, end, label, now);
  }
}
