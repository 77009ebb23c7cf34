package dev.islet.voip.model;

/**
 * One header field as it stands in a message, unfolded (RFC 3261 §7.3).
 *
 * @param name in its long form and usual spelling where the name is a known one
 * @param value without surrounding space; each character is one byte of the wire, so that any
 *     charset passes through unharmed
 */
public record SipHeader(String name, String value) {
  /** Whether this is a header of that name; case does not matter. */
  public boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
