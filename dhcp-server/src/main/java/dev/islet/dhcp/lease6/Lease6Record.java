package dev.islet.dhcp.lease6;

import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;

/**
 * All that is kept of one address or prefix: the last record replaces those before it.
 *
 * @param address :: in a record that only marks the time
 * @param length 128 for an address
 * @param duid whose it is; empty in quarantine
 * @param iaid which of the client's associations it belongs to
 * @param until when the state ends, at the latest that was promised; nanoseconds of the lease clock
 * @param name the label the client has in DNS, or had there when its lease ended; may be empty
 * @param at when this was written; nanoseconds of the lease clock
 */
public record Lease6Record(
    Ip6 address,
    int length,
    LeaseState state,
    Octets duid,
    int iaid,
    long until,
    String name,
    long at) {
  /** A record that only says that time has come this far. */
  static Lease6Record mark(long at) {
    return new Lease6Record(Ip6.NONE, 0, LeaseState.FREE, Octets.EMPTY, 0, at, "", at);
  }

  /** Whether it only marks the time. */
  public boolean isMark() {
    return address.isNone();
  }

  /** {@code 2001:db8::1} or {@code 2001:db8:100::/56}. */
  public String what() {
    return length == 128 ? address.toString() : address + "/" + length;
  }
}
