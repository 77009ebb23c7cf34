package dev.islet.dns.transport.upstream;

/** Who hears what a {@link Talk} brings. */
interface Ear {
  /**
   * The reply.
   *
   * @param message with the id of the question
   */
  void replied(Ask ask, byte[] message);

  /** There will be no reply to this one; the connection is good for others. */
  void refused(Ask ask, String why);

  /** The server wants no more questions on this connection. */
  void leaving();
}
