package dev.islet.dhcp.model;

/** What an address is doing. The order is part of the lease file. */
public enum LeaseState {
  /** Nobody has it; its last client is remembered and gets it back if it can. */
  FREE,
  /** A client has it. */
  BOUND,
  /** Somebody unknown uses it; it rests for a while. */
  QUARANTINED
}
