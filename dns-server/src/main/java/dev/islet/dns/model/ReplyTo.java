package dev.islet.dns.model;

import java.util.function.Consumer;

/**
 * The way back to whoever sent a message; never blocks, and forgets a peer that has gone. One of
 * its methods is called, once.
 */
@FunctionalInterface
public interface ReplyTo {
  void send(byte[] message);

  /** There will be no reply: whoever keeps a place for it gives that back. */
  default void nothing() {}

  /** One that wants to know if nothing will come. */
  static ReplyTo of(Consumer<byte[]> reply, Runnable silence) {
    return new ReplyTo() {
      @Override
      public void send(byte[] message) {
        reply.accept(message);
      }

      @Override
      public void nothing() {
        silence.run();
      }
    };
  }
}
