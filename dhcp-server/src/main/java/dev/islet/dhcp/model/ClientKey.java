package dev.islet.dhcp.model;

/**
 * Who a lease belongs to: the client identifier of option 61 where one was sent, else the hardware
 * address (RFC 2131 section 4.2).
 *
 * @param kind what the value is
 * @param value an identifier of at most 32 bytes, its SHA-256 digest if it was longer, or hardware
 *     type and address
 */
public record ClientKey(Kind kind, Octets value) {
  /** Longest client identifier that is kept as it is. */
  public static final int LONGEST = 32;

  /** Nobody: the owner of an address whose last client has moved on. */
  public static final ClientKey NOBODY = new ClientKey(Kind.NOBODY, Octets.EMPTY);

  /** What identifies a client. The order is part of the lease file. */
  public enum Kind {
    NOBODY,
    HARDWARE,
    CLIENT_ID,
    CLIENT_ID_DIGEST,
    CIRCUIT,
    /** The DUID of a client that asks by DHCPv6, whole. */
    DUID
  }

  /** A client that sent no option 61. */
  public static ClientKey of(HardwareAddress hardware) {
    return new ClientKey(Kind.HARDWARE, Octets.of((byte) hardware.type()).plus(hardware.address()));
  }

  @Override
  public String toString() {
    return switch (kind) {
      case NOBODY -> "nobody";
      case HARDWARE -> "hw " + value;
      case CLIENT_ID -> "id " + value;
      case CLIENT_ID_DIGEST -> "id# " + value;
      case CIRCUIT -> "circuit " + value;
      case DUID -> "duid " + value;
    };
  }
}
