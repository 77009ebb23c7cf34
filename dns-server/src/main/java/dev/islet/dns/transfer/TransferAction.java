package dev.islet.dns.transfer;

import dev.islet.dns.model.DnsEvent;

/** What the {@link TransferEngine} wants done. */
public sealed interface TransferAction {
  /**
   * Send a NOTIFY and wait for its answer; the answer or its lack is an event.
   *
   * @param message to be signed if the peer has a key
   */
  record Notify(long exchange, Peer peer, byte[] message) implements TransferAction {}

  /** Tell who listens to the trace. */
  record Tell(DnsEvent event) implements TransferAction {}
}
