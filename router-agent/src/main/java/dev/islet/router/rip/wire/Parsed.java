package dev.islet.router.rip.wire;

/** What came of reading a datagram. */
public sealed interface Parsed {
  /**
   * It is a RIP message.
   *
   * @param message without its authentication
   * @param proof what it carries to prove its origin; not checked yet
   */
  record Good(RipMessage message, Proof proof) implements Parsed {}

  /**
   * It is not.
   *
   * @param offset of the fault, in bytes from the start of the datagram
   * @param reason what is wrong there, few words, from a small fixed set
   */
  record Malformed(int offset, String reason) implements Parsed {}
}
