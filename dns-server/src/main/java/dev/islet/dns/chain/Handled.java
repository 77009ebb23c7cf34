package dev.islet.dns.chain;

/** What became of a message that was handed to the {@link Gate}. */
public sealed interface Handled {
  /** Send this back. */
  record Reply(byte[] message) implements Handled {}

  /** The reply will come by the {@link dev.islet.dns.model.ReplyTo}, exactly once. */
  record Later() implements Handled {}

  /** There is no reply. */
  record Silence() implements Handled {}
}
