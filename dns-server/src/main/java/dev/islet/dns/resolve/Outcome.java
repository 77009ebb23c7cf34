package dev.islet.dns.resolve;

/** What became of an exchange. */
sealed interface Outcome {
  /**
   * A reply with our id and question came from the server.
   *
   * @param rcode with the upper bits of EDNS
   * @param edns whether it has an OPT record
   * @param cookie the server's part; empty if there is none
   * @param sameCase whether the question came back in the case it was sent in
   */
  record Replied(byte[] message, int rcode, boolean edns, byte[] cookie, boolean sameCase)
      implements Outcome {}

  /** The reply was cut (TC): ask over TCP. */
  record Cut() implements Outcome {}

  /** All fits but the case of the name: a forgery, or a server that does not keep case. */
  record OtherCase() implements Outcome {}

  /** So many datagrams that did not fit that somebody may be guessing: ask over TCP. */
  record Guessed() implements Outcome {}

  /** Nothing until the deadline. */
  record Silent() implements Outcome {}

  /** Sending or connecting failed, or the stream brought something else. */
  record Broken(String why) implements Outcome {}
}
