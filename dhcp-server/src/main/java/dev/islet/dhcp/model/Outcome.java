package dev.islet.dhcp.model;

/** What became of a message or a lease; the label of a counter. */
public enum Outcome {
  OFFERED,
  GRANTED,
  RENEWED,
  REFUSED_NAK,
  INFORMED,
  RELEASED,
  EXPIRED,
  DECLINED,
  CONFLICT,
  /** No address was left. */
  EXHAUSTED,
  /** The client chose another server. */
  OTHER_SERVER,
  /** RFC 2131 asks for silence: no record of this client. */
  UNKNOWN_CLIENT,
  /** No configured subnet belongs to the link the message came from. */
  UNKNOWN_LINK,
  /** The message makes no sense in any state. */
  NONSENSE,
  /** The bytes are not a DHCP request. */
  MALFORMED,
  /** It is of a class of clients that gets nothing. */
  REFUSED_CLASS,
  /** It would have taken what is kept for known clients. */
  GUARDED,
  /** The client, or strangers on its link, sent too much. */
  RATE_LIMITED,
  /** The lease could not be made durable, so nothing was promised. */
  NOT_STORED,
  /** The reply could not be sent. */
  NOT_SENT,
  /** A host asked for routers. */
  SOLICITED,
  /** Hosts were told about this router. */
  ADVERTISED,
  /** Another router told of itself. */
  OTHER_ROUTER,
  /** Another DHCP server answered on a link. */
  ROGUE_SERVER,
  NAME_ADDED,
  NAME_REMOVED,
  NAME_REFUSED,
  NAME_CONFLICT,
  NAME_RETRIED
}
