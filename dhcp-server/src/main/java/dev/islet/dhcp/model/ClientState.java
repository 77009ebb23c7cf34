package dev.islet.dhcp.model;

/** The state a client must be in, told from what its message carries (RFC 2131 section 4.3.2). */
public enum ClientState {
  /** Looks for servers. */
  INIT,
  /** Chose one of several offers: server identifier and requested address are present. */
  SELECTING,
  /** Remembers an address from before its restart: requested address, no server identifier. */
  INIT_REBOOT,
  /** Extends its lease with the server that gave it: own address filled in, sent to us alone. */
  RENEWING,
  /** Extends its lease with any server: own address filled in, sent to everybody. */
  REBINDING,
  /** Has an address and only asks for parameters, gives it back, or complains about it. */
  BOUND,
  /** The message fits no state. */
  UNKNOWN
}
