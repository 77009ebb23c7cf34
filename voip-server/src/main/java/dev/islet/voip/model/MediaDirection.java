package dev.islet.voip.model;

/** Which way media is wanted, seen from the party that wrote the description (RFC 8866 §6.7). */
public enum MediaDirection {
  SENDRECV,
  SENDONLY,
  RECVONLY,
  INACTIVE;

  /** Whether the party that wrote this does not want to hear the other: it holds the call. */
  public boolean holds() {
    return this == SENDONLY || this == INACTIVE;
  }

  /** The attribute as it stands in a description, without {@code a=}. */
  public String attribute() {
    return switch (this) {
      case SENDRECV -> "sendrecv";
      case SENDONLY -> "sendonly";
      case RECVONLY -> "recvonly";
      case INACTIVE -> "inactive";
    };
  }
}
