package dev.islet.dns.transport.upstream;

/** A question on its way to a server. */
final class Ask {
  final long exchange;
  final byte[] message;

  /** Whether it was sent before, over a connection that was lost. */
  boolean again;

  /** When it was last sent. */
  long sentAt;

  Ask(long exchange, byte[] message) {
    this.exchange = exchange;
    this.message = message;
  }
}
