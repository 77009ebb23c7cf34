package dev.islet.dhcp.wire;

/** What came of reading bytes: a message, or where and why they are none. */
public sealed interface Decoded {
  /** A well-formed message. */
  record Ok(Message message) implements Decoded {}

  /**
   * No message.
   *
   * @param offset in the bytes given, where reading failed
   * @param reason one clause for people
   */
  record Malformed(int offset, String reason) implements Decoded {}
}
