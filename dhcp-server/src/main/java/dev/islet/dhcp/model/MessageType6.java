package dev.islet.dhcp.model;

import java.util.Optional;

/** The message types of DHCPv6 (RFC 8415 section 7.3). */
public enum MessageType6 {
  SOLICIT,
  ADVERTISE,
  REQUEST,
  CONFIRM,
  RENEW,
  REBIND,
  REPLY,
  RELEASE,
  DECLINE,
  RECONFIGURE,
  INFORMATION_REQUEST,
  RELAY_FORWARD,
  RELAY_REPLY;

  private static final MessageType6[] ALL = values();

  /** The value on the wire. */
  public int code() {
    return ordinal() + 1;
  }

  /** The type of a value on the wire, if it is known. */
  public static Optional<MessageType6> of(int code) {
    return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
  }
}
