package dev.islet.dns.chain;

import java.util.Iterator;

/** What became of a message that was handed to the {@link Gate}. */
public sealed interface Handled {
  /** Send this back. */
  record Reply(byte[] message) implements Handled {}

  /** Send these one after another, each made when the one before has left; never over UDP. */
  record Sequence(Iterator<byte[]> messages) implements Handled {}

  /** The reply comes by the {@link dev.islet.dns.model.ReplyTo}, once, or word that none will. */
  record Later() implements Handled {}

  /** There is no reply. */
  record Silence() implements Handled {}
}
