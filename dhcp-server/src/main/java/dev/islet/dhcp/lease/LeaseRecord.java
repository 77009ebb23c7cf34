package dev.islet.dhcp.lease;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;

/**
 * All that is kept of one address: the last record of an address replaces those before it.
 *
 * @param address 0.0.0.0 in a record that only marks the time
 * @param until when the state ends, at the latest that was promised to anybody; nanoseconds of the
 *     {@link LeaseClock}
 * @param name the label the client has in DNS, or had there when its lease ended; may be empty
 * @param at when this was written; nanoseconds of the {@link LeaseClock}
 */
public record LeaseRecord(
    Ip4 address,
    LeaseState state,
    ClientKey owner,
    HardwareAddress hardware,
    long until,
    String name,
    long at) {
  private static final HardwareAddress NONE = new HardwareAddress(0, Octets.EMPTY);

  /** A record that only says that time has come this far. */
  static LeaseRecord mark(long at) {
    return new LeaseRecord(Ip4.NONE, LeaseState.FREE, ClientKey.NOBODY, NONE, Engine.NEVER, "", at);
  }

  /** Whether it only marks the time. */
  public boolean isMark() {
    return address.isNone();
  }
}
