package dev.islet.dhcp.model;

import java.time.Duration;

/** What became of a client's wish for an address: the part of the trace most programs want. */
public sealed interface DhcpEvent extends DhcpTrace {
  /** Whom it is about. */
  HardwareAddress client();

  /**
   * The client has the address; the acknowledgement is durable and on its way.
   *
   * @param lease for how long
   */
  record Granted(HardwareAddress client, Ip4 address, Duration lease) implements DhcpEvent {
    @Override
    public String note() {
      return client + " has " + address + " for " + lease.toSeconds() + " s (RFC 2131 4.3.2)";
    }
  }

  /** The address is free again: given back, run out, or taken from the client. */
  record Released(HardwareAddress client, Ip4 address) implements DhcpEvent {
    @Override
    public String note() {
      return address + " of " + client + " is free again";
    }
  }

  /** The client gets nothing from this message: refused by a NAK, or met with silence. */
  record Refused(HardwareAddress client, String why) implements DhcpEvent {
    @Override
    public String note() {
      return client + " gets nothing: " + why;
    }
  }
}
