package dev.islet.voip.model;

/** A SIP message, request or response, with the parts that every decision needs already read. */
public sealed interface SipMessage permits SipRequest, SipResponse {
  /** The fields every message must have. */
  Vitals vitals();

  /** All header fields, those of {@link #vitals()} among them. */
  SipHeaders headers();

  /** The body; not copied, do not change it. */
  byte[] body();

  /** One line that names the message: {@code INVITE sip:101@home.arpa} or {@code 180 Ringing}. */
  String title();
}
