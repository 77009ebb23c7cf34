package dev.islet.dhcp.model;

import java.util.Optional;

/** The message types of option 53 (RFC 2132 section 9.6, RFC 3203, RFC 4388). */
public enum MessageType {
  DISCOVER(1),
  OFFER(2),
  REQUEST(3),
  DECLINE(4),
  ACK(5),
  NAK(6),
  RELEASE(7),
  INFORM(8),
  FORCERENEW(9),
  LEASEQUERY(10),
  LEASEUNASSIGNED(11),
  LEASEUNKNOWN(12),
  LEASEACTIVE(13);

  private static final MessageType[] ALL = values();

  private final int code;

  MessageType(int code) {
    this.code = code;
  }

  /** The value on the wire. */
  public int code() {
    return code;
  }

  /** The type of a value on the wire, if it is known. */
  public static Optional<MessageType> of(int code) {
    return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
  }
}
