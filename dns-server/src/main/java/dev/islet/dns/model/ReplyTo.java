package dev.islet.dns.model;

/** The way back to whoever sent a message; never blocks, and forgets a peer that has gone. */
@FunctionalInterface
public interface ReplyTo {
  void send(byte[] message);
}
